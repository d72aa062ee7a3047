import { assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { outcome, refuses, startTask, succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const write = async (folder: string, spec: unknown) => {
  const path = `${folder}/spec.json`;
  await Deno.writeTextFile(path, JSON.stringify(spec));
  return path;
};

const lines = async (path: string) => (await Deno.readTextFile(path)).trimEnd().split("\n");

Deno.test("sweep: in a folder, with means, CSV, chart and models; again adds nothing, another shares", () =>
  inFolder(async (parent) => {
    const folder = ["--folder", `${parent}/sweeps`];
    const spec = {
      name: "learning-rate",
      source: { prosumers: 2 },
      configuration: { ppo: { totalTimesteps: 50 }, training: { communities: 1 } },
      parameters: { "ppo.learningRate": [0.001, 0.002] },
      judge: "none",
      metric: "validationCost",
      seeds: 2,
    };
    const first = await succeeds("sweep", [await write(parent, spec), ...folder]);
    assertStringIncludes(first.stdout, "Sweep learning-rate: 4 jobs, 4 added");
    assertMatch(first.stdout, /^learningRate 0\.002 +2( +-?[\d.]+){3}$/m);
    const out = `${parent}/sweeps/learning-rate`;
    const header = "configuration,ppo.learningRate,metric,seeds,mean,low,high";
    assertEquals((await lines(`${out}/results.csv`))[0], header);
    const jobs = await lines(`${out}/jobs.csv`);
    assertEquals(jobs.length, 5);
    assertStringIncludes(await Deno.readTextFile(`${out}/results.svg`), "validationCost");

    const wider = { ...spec, name: "wider", seeds: 3 };
    const second = await succeeds("sweep", [await write(parent, wider), ...folder]);
    assertStringIncludes(second.stdout, "Sweep wider: 6 jobs, 2 added, 4 there already");
    const shared = (await lines(`${parent}/sweeps/wider/jobs.csv`)).filter((row) =>
      jobs.includes(row)
    );
    assertEquals(shared.length, 5, "the header and four rows are those of the first sweep");

    const models = await succeeds("sweep", ["results", "wider", "--with-models", ...folder]);
    assertStringIncludes(models.stdout, "6");
    const texts = await Promise.all(
      ["1-seed42", "1-seed43"].map((name) =>
        Deno.readTextFile(`${parent}/sweeps/wider/models/${name}/model.json`)
      ),
    );
    assertNotEquals(texts[0], texts[1]);
    await refuses("sweep", [await write(parent, { ...spec, seeds: 5 }), ...folder], "another name");
    await refuses("sweep", ["results", "widr", ...folder], "did you mean wider?");
    await refuses(
      "sweep",
      ["results", "wider", "--metric", "x", ...folder],
      "--metric must be one",
    );
    const status = await succeeds("sweep", ["status", ...folder]);
    assertMatch(status.stdout, /^wider +6 +6 +0 +0 +0 +0 +nothing$/m);
  }));

Deno.test("sweep: what fails is tried again, then dead with its error; retry and cancel by name", () =>
  inFolder(async (parent) => {
    const folder = ["--folder", `${parent}/sweeps`];
    const { stdout } = await succeeds("data", [
      ...["synthesize", "--prosumers", "2", "--days", "3", "--out", `${parent}/homes`],
    ]);
    assertStringIncludes(stdout, "homes");
    const spec = await write(parent, {
      name: "doomed",
      source: { data: `${parent}/homes` },
      configuration: { ppo: { totalTimesteps: 50 } },
      seeds: 1,
      retries: 1,
    });
    // Three days are too few for a week: the training refuses them.
    const child = startTask("sweep", [spec, ...folder]);
    const { code, stderr } = outcome(await child.output());
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /^error: 1 of 1 jobs are dead; deno task sweep dead doomed says why/m);
    const dead = await succeeds("sweep", ["dead", "doomed", ...folder]);
    assertMatch(dead.stdout, /^as it is +42 +0 +2 .*episode/m);
    const retried = await succeeds("sweep", ["retry", "doomed", ...folder]);
    assertStringIncludes(retried.stdout, "1 jobs of doomed are tried again");
    const cancelled = await succeeds("sweep", ["cancel", "doomed", ...folder]);
    assertStringIncludes(cancelled.stdout, "1 jobs of doomed were cancelled");
  }));

for (
  const [args, message] of [
    [["nothing.json"], "nothing.json does not exist; name a JSON file, or one of ablation, pareto"],
    [
      ["stats", "x"],
      'the command must be one of status, results, dead, retry, cancel, got "stats"',
    ],
    [["results"], "results needs the name of a sweep"],
    [["ablation", "--queue", "http://ann:secret@h"], "got http://…"],
    [
      ["ablation", "--queue", "postgres://ann:secret@127.0.0.1:1/lab"],
      "ann:***@127.0.0.1:1/lab (ECO",
    ],
  ] as const
) {
  Deno.test(`sweep: ${args.join(" ").replace("secret", "…")} is one clear line`, () =>
    inFolder((parent) => refuses("sweep", [...args, "--folder", `${parent}/none`], message)));
}

Deno.test("sweep: a question about a folder without a queue makes none", () =>
  inFolder(async (parent) => {
    await refuses("sweep", ["status", "--folder", `${parent}/none`], "there is no queue in");
    assertEquals(await Array.fromAsync(Deno.readDir(parent)), []);
  }));
