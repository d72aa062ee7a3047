import { assertEquals, assertMatch } from "@std/assert";
import { refuses, runTask, succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder } from "../helpers/two_homes.ts";

type Step = readonly [task: Parameters<typeof runTask>[0], args: readonly string[]];

const MODEL = ["model.json", "evaluation_results.csv"];
const SMALL = ["--timesteps", "700", "--seed", "3"];

/** Runs steps in a folder and answers the fingerprints of everything that they made. */
async function made(
  parent: string,
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  await Deno.mkdir(parent);
  for (const [task, args] of steps) {
    const out = `${parent}/${task}`;
    await succeeds(task, [...args, "--out", out], env);
    results[task] = await provenance(out);
  }
  return results;
}

async function provenance(folder: string) {
  const { results, data, configuration } = JSON.parse(
    await Deno.readTextFile(`${folder}/provenance.json`),
  );
  return { results, data, configuration };
}

Deno.test("reproducible: another process, number of threads, order of tasks, time zone and locale change no bit", async () => {
  await inFolder(async (parent) => {
    const data = `${parent}/homes`;
    const start = ["--start", "2025-03-28T00:00:00+02:00"];
    const homes = [
      "synthesize",
      "--prosumers",
      "3",
      "--days",
      "24",
      ...start,
      "--out",
      data,
    ];
    await succeeds("data", homes);
    const evaluate: Step = ["evaluate", [
      ...["--data", data, "--days", "2", "--policies", "zero-intelligence,mpc"],
    ]];
    const train = (workers: string): Step => [
      "train",
      [...SMALL, "--data", data, "--workers", workers],
    ];
    const [here, there] = [
      await made(`${parent}/a`, [train("1"), evaluate], {
        TZ: "UTC",
        LANG: "C",
        LC_ALL: "C",
      }),
      await made(`${parent}/b`, [evaluate, train("2")], {
        TZ: "Pacific/Chatham",
        LANG: "de_DE.UTF-8",
        LC_ALL: "de_DE.UTF-8",
      }),
    ];
    for (const task of Object.keys(here)) assertEquals(there[task], here[task], task);
    for (const file of MODEL) {
      const [a, b] = await Promise.all(
        ["a", "b"].map((run) => Deno.readTextFile(`${parent}/${run}/train/${file}`)),
      );
      assertEquals(a === b, true, file);
    }
  });
});

Deno.test("reproduce: an evaluation comes out the same again, and a changed file is named", () =>
  inFolder(async (parent) => {
    const folder = `${parent}/run`, homes = await fewWeeks(`${parent}/homes`);
    const args = ["--data", homes, "--policies", "grid-only", "--days", "1", "--out", folder];
    await succeeds("evaluate", args);
    const same = await succeeds("reproduce", [folder]);
    assertMatch(same.stdout, /^summary\.csv +([0-9a-f]{12}) +\1 +same$/m);
    assertMatch(same.stdout, /All 5 files came out the same/);
    assertEquals(/^note:/m.test(same.stdout), false, same.stdout);

    const recorded = JSON.parse(await Deno.readTextFile(`${folder}/provenance.json`));
    recorded.versions.deno = "2.0.0";
    recorded.data.hash = "0".repeat(64);
    await Deno.writeTextFile(`${folder}/provenance.json`, JSON.stringify(recorded));
    await Deno.writeTextFile(`${folder}/summary.csv`, "policy\n");
    const { code, stdout, stderr } = await runTask("reproduce", [folder]);
    assertEquals(code, 1);
    assertMatch(stdout, new RegExp(`^note: deno was 2.0.0, now ${Deno.version.deno}`, "m"));
    assertMatch(stdout, /^note: data was 0{12}, now [0-9a-f]{12}$/m);
    assertMatch(stdout, /^summary\.csv .* the file was changed since it was recorded$/m);
    assertMatch(stderr, /error: 1 of 5 files of \S+ did not come out the same\n$/);
  }));

Deno.test("reproduce: what cannot be made again is one clear line", async () => {
  await inFolder(async (parent) => {
    const line = (message: string) => refuses("reproduce", [parent], message);
    await line("has no provenance.json");
    const write = (content: unknown) =>
      Deno.writeTextFile(`${parent}/provenance.json`, JSON.stringify(content));
    await write({ whole: true });
    await line("provenance.json: commands");
    const train = (from: number, to: number) => ({ task: "train", arguments: [], from, to });
    const good = {
      whole: true,
      commands: [train(0, 900)],
      configuration: {},
      seeds: [42],
      data: { source: { data: "synthetic" }, hash: "" },
      inputs: {},
      versions: {},
      code: { module: "lib/mod.ts", sources: "", commit: "unknown" },
      results: {},
    };
    await write({ ...good, whole: false });
    await line('"deno task train" was stopped; let it end first');
    await write({ ...good, commands: [{ task: "../evil", arguments: [] }] });
    await line(
      'the task must be one of train, evaluate, benchmark, got "../evil"',
    );
    await write({ ...good, code: { ...good.code, module: "../evil.ts" } });
    await line("code.module: must be a module in lib/");
    await write({ ...good, inputs: { [`${parent}/model.json`]: "" } });
    await line("model.json is gone, from which these results were made; put it back");
    await write({ ...good, commands: [train(300, 900)] });
    await line("what led to timestep 300 is not known");
    await write({ ...good, commands: [{ task: "train", arguments: ["--resume", "elsewhere"] }] });
    await line("what led to timestep 0 is not known");
    await write({ ...good, commands: [train(0, 900), train(300, 600)] });
    await line("stopped at timestep 300 of 900 and then given the end 600");
  });
});
