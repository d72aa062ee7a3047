import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { ablations } from "../../lib/experiments/ablations.ts";
import { Identities, jobId } from "../../lib/sweep/identity.ts";
import { queuePlace } from "../../lib/sweep/place.ts";
import { shippedSpecs } from "../../lib/sweep/shipped.ts";
import { parseSweep } from "../../lib/sweep/spec.ts";
import { withoutPassword } from "../../lib/text/shown.ts";

const probe = { name: "try", kind: "probe" };

Deno.test("sweep: variants × parameters, the last parameter fastest, a path of the configuration set", () => {
  const { configurations, seeds } = parseSweep({
    name: "grid",
    configuration: { ppo: { totalTimesteps: 500, epochs: 2 } },
    variants: [{ name: "a", change: { "environment.episodeDays": 1 } }, { name: "b", change: {} }],
    parameters: { "ppo.gaeLambda": [0.9, 1], "source.prosumers": [3, 4] },
    seeds: 2,
  }, "x");
  assertEquals(seeds, [42, 43]);
  assertEquals(configurations.map(({ label }) => label).slice(0, 3), [
    "a, gaeLambda 0.9, prosumers 3",
    "a, gaeLambda 0.9, prosumers 4",
    "a, gaeLambda 1, prosumers 3",
  ]);
  assertEquals(configurations.length, 8);
  const [{ content }, , , , last] = configurations;
  assert(content.kind === "train" && last.content.kind === "train");
  assertEquals(content.source, { data: "synthetic", prosumers: 3 });
  assertEquals(content.experiment.environment.episodeDays, 1);
  assertEquals(last.content.experiment.environment.episodeDays, 7);
  const { totalTimesteps, epochs, gaeLambda } = content.experiment.ppo;
  assertEquals({ totalTimesteps, epochs, gaeLambda }, {
    ...{ totalTimesteps: 500, epochs: 2, gaeLambda: 0.9 },
  });
});

Deno.test("sweep: those that come along are what the benchmarks compare", () => {
  const sweeps = Object.entries(shippedSpecs).map(([name, spec]) => parseSweep(spec(), name));
  assertEquals(
    sweeps.map(({ name, configurations, seeds }) => [
      ...[name, configurations.length, seeds.length],
    ]),
    [["ablation", ablations.filter(({ algorithm }) => algorithm === undefined).length, 3], [
      "pareto",
      40,
      1,
    ], ["city", 1, 1]],
  );
});

const faults: readonly (readonly [spec: unknown, message: string])[] = [
  [[], "x: must be an object with a name and a set-up"],
  [
    { ...probe, drawz: 3 },
    'x: unknown key "drawz"; did you mean draws?; a sweep of the kind probe takes',
  ],
  [{ ...probe, kind: "prob" }, 'x: kind must be one of train, play, city, probe, got "prob"'],
  [{ kind: "probe" }, "x: name: "],
  [{ ...probe, name: "../x" }, "x: name: must be 1 to 40 small letters"],
  [{ ...probe, seeds: 0 }, "x: seeds: "],
  [{ ...probe, seeds: [1, 1] }, "x: seeds: every seed may come once"],
  [{ ...probe, draws: "many" }, "x: draws: "],
  [{ ...probe, parameters: { draws: [] } }, "x: parameters.draws: "],
  [{ ...probe, parameters: { "__proto__.x": [1] } }, "x: "],
  [{ ...probe, parameters: { "ppo.epochs": [1] } }, "x: "],
  [
    { ...probe, parameters: { draws: [1, 2], milliseconds: [1, 2] }, seeds: 300_000 },
    "1200000 jobs",
  ],
  [{ name: "t", setup: "R99" }, "x: setup: "],
  [{ name: "t", setup: "R2" }, "x: source: the homes of R2 are in a folder"],
  [
    { name: "t", source: { data: "a", prosumers: 3, cars: 1 } },
    "x: source: prosumers and cars go with the embedded community",
  ],
  [{ name: "t", configuration: { ppo: { gamma: 1 } } }, "gamma"],
  [{ name: "t", parameters: { "ppo.gamma": [1] } }, "gamma"],
  [{ name: "t", kind: "play", policy: "magic" }, "x: policy: "],
  [{ name: "c", kind: "city", prosumers: 1e9, prosumersEach: 1 }, "x: asks for 300000000 jobs"],
  [{ name: "c", kind: "city", prosumers: 10, policy: "mpc" }, "x: policy: "],
];
for (const [spec, message] of faults) {
  Deno.test(`sweep: ${JSON.stringify(spec)} is one clear line`, () => {
    const { message: said } = assertThrows(() => parseSweep(spec, "x"), Error);
    assert(said.includes(message), said);
    assert(!said.includes("\n"), said);
  });
}

Deno.test("sweep: a job is its configuration, seed, data and code, wherever the data are", async () => {
  const code = { digest: "c", commit: "", deno: "" };
  const id = (spec: object, digest = "c") =>
    new Identities({ ...code, digest }).configuration(
      parseSweep({ name: "a", ...spec }, "x").configurations[0].content,
    );
  const small = { source: { prosumers: 2 }, judge: "none" };
  const first = await id(small);
  assertEquals(await id({ judge: "none", source: { prosumers: 2, data: "synthetic" } }), first);
  const others = [
    await id({ ...small, source: { prosumers: 3 } }),
    await id({ ...small, configuration: { ppo: { epochs: 3 } } }),
    await id({ ...small, judge: "test" }),
    await id(small, "d"),
  ];
  assertEquals(new Set([first, ...others]).size, 5);
  assertNotEquals(await jobId(first, 1, 0), await jobId(first, 2, 0));
  assertNotEquals(await jobId(first, 1, 0), await jobId(first, 1, 1));
});

Deno.test("sweep: no address keeps its password, whatever is in it", () => {
  for (const secret of ["pw", "p/w", "p@w", "p:w?#", "%20"]) {
    const text = withoutPassword(`cannot reach postgres://ann:${secret}@db:5432/lab (away)`);
    assertEquals(text, "cannot reach postgres://ann:***@db:5432/lab (away)");
  }
  assertEquals(
    withoutPassword("postgres://db/lab?user=a&password=b&x=1"),
    "postgres://db/lab?user=a&password=***&x=1",
  );
  assertEquals(withoutPassword("see https://example.org:80/a"), "see https://example.org:80/a");
});

Deno.test("sweep: a queue in a folder is refused on Windows, one on a server is not", async () => {
  const { build } = Deno;
  const set = (value: typeof build) => Object.defineProperty(Deno, "build", { value });
  try {
    set({ ...build, os: "windows" });
    await assertRejects(
      () => queuePlace(undefined, "runs"),
      Error,
      "a queue in a folder needs Unix sockets, which Windows has not; name a PostgreSQL server",
    );
    assertEquals((await queuePlace("postgres://lab@db/lab", "runs")).kind, "server");
  } finally {
    set(build);
  }
  assertEquals((await queuePlace(undefined, "runs")).kind, "folder");
});
