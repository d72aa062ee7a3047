import { assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readModel } from "../../lib/experiments/trained_model.ts";
import { refuses, runTask, succeeds } from "../helpers/run_task.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

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
      name: "sizes",
      source: { prosumers: 2 },
      configuration: { ppo: { totalTimesteps: 50 }, training: { communities: 1 } },
      parameters: { "ppo.hiddenSizes": [[8], [400, 400]] },
      judge: "none",
      metric: "validationCost",
      seeds: 2,
    };
    const first = await succeeds("sweep", [await write(parent, spec), ...folder]);
    assertStringIncludes(first.stdout, "Sweep sizes: 4 jobs, 4 added");
    assertMatch(first.stdout, /^hiddenSizes \[8\] +2( +-?[\d.]+){3}$/m);
    const out = `${parent}/sweeps/sizes`;
    const [header, ...means] = await lines(`${out}/results.csv`);
    assertEquals(header, "configuration,ppo.hiddenSizes,metric,seeds,mean,low,high");
    const jobs = await lines(`${out}/jobs.csv`);
    assertEquals(jobs.length, 5);
    // Student's interval of two seeds, from the rows of the jobs.
    const column = jobs[0].split(",").indexOf("validationCost");
    const [a, b] = jobs.slice(1, 3).map((row) => Number(row.split(",")[column]));
    const row = means.find((row) => row.startsWith("hiddenSizes [8],[8],validationCost,"))!;
    const [mean, low, high] = row.split(",").slice(-3).map(Number);
    assertEquals(mean, (a + b) / 2);
    assertAlmostEquals(high - mean, 12.706 * Math.abs(a - b) / 2, 1e-9);
    assertAlmostEquals(mean - low, high - mean, 1e-9);
    assertStringIncludes(await Deno.readTextFile(`${out}/results.svg`), "validationCost");

    const wider = { ...spec, name: "wider", seeds: 3 };
    const second = await succeeds("sweep", [await write(parent, wider), ...folder]);
    assertStringIncludes(second.stdout, "Sweep wider: 6 jobs, 2 added, 4 there already");
    const shared = (await lines(`${parent}/sweeps/wider/jobs.csv`)).filter((row) =>
      jobs.includes(row)
    );
    assertEquals(shared.length, 5, "the header and four rows are those of the first sweep");

    // Small models are in the table, large ones in the shared folder; both come out.
    await succeeds("sweep", ["results", "wider", "--with-models", ...folder]);
    const kept = await names(`${parent}/sweeps/models`);
    assertEquals(kept.length, 3, "three seeds of the larger network");
    for (const [place, size, seed] of [[1, 8, 43], [2, 400, 44]]) {
      const model = await readModel(`${parent}/sweeps/wider/models/${place}-seed${seed}`);
      assertEquals([model.seed, model.config.ppo.hiddenSizes[0]], [seed, size]);
    }
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
    const { code, stderr } = await runTask("sweep", [spec, ...folder]);
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /^error: 1 of 1 jobs are dead; deno task sweep dead doomed says why/m);
    const dead = await succeeds("sweep", ["dead", "doomed", ...folder]);
    assertMatch(dead.stdout, /^as it is +42 +0 +2 .*episode/m);
    const retried = await succeeds("sweep", ["retry", "doomed", ...folder]);
    assertStringIncludes(retried.stdout, "1 jobs of doomed are tried again");
    const cancelled = await succeeds("sweep", ["cancel", "doomed", ...folder]);
    assertStringIncludes(cancelled.stdout, "1 jobs of doomed were cancelled");
  }));
