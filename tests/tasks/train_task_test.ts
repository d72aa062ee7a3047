import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "../../lib/disk/exists.ts";
import { learningCurve } from "../helpers/result_files.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";
import {
  outcome,
  refuses,
  runTask,
  startTask,
  succeeds,
  testRefusals,
} from "../helpers/run_task.ts";

const FILES = [
  "bills.csv",
  "config.json",
  "evaluation_results.csv",
  "learning_curve.csv",
  "model.json",
  "prosumers.csv",
  "provenance.json",
  "summary.csv",
  "summary.json",
];
const SEED = ["--seed", "3"];

Deno.test("train: leaves model, configuration, curve and results, and compares with the rules", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/run`;
    const homes = ["--data", await fewWeeks(`${parent}/homes`)];
    const args = ["--timesteps", "700", ...homes, ...SEED, "--out", out];
    const { code, stdout, stderr } = await runTask("train", args);
    assertEquals(code, 0, stderr);
    assertEquals(await names(out), FILES);
    for (
      const policy of ["learned", "grid-only", "trade-only", "self-consumption", "time-of-use"]
    ) {
      assertMatch(stdout, new RegExp(`^${policy} +\\d`, "m"));
    }
    assertStringIncludes(stdout, `deno task plot ${out}`);
    const summary = JSON.parse(await Deno.readTextFile(`${out}/summary.json`));
    assertEquals(
      summary.policies.map((row: { residualViolations: number }) => row.residualViolations),
      [0, 0, 0, 0, 0],
    );
    await refuses("train", args, `${out} exists already`);

    const evaluated = await succeeds("evaluate", [
      ...["--model", out, "--policies", "learned", "--seed", "3", "--json"],
      ...["--out", `${parent}/evaluation`],
    ]);
    const timeless = ({ microsecondsPerDecision: _, ...row }: Record<string, unknown>) => row;
    assertEquals(
      timeless(JSON.parse(evaluated.stdout).policies[0]),
      timeless(summary.policies[0]),
    );
  });
});

Deno.test("train: stopped and resumed, with one thread or two, it ends with the same model and curve bit for bit", async () => {
  await inFolder(async (parent) => {
    const config = `${parent}/config.json`;
    const training = { communities: 8, validationInterval: 2 };
    await Deno.writeTextFile(config, JSON.stringify({ training }));
    const homes = ["--data", await fewWeeks(`${parent}/homes`)];
    const args = ["--timesteps", "6000", ...homes, ...SEED, "--config", config, "--out"];
    const straight = await runTask("train", [...args, `${parent}/straight`, "--workers", "1"]);
    assertEquals(straight.code, 0, straight.stderr);

    const folder = `${parent}/stopped`;
    const child = startTask("train", [...args, folder, "--workers", "2"]);
    while (!await exists(`${folder}/model.json`)) await new Promise((go) => setTimeout(go, 20));
    child.kill("SIGINT");
    const stopped = outcome(await child.output());
    assertEquals(stopped.code, 130, stopped.stderr);
    assertStringIncludes(stopped.stderr, `--resume ${folder}`);
    assertEquals(await exists(`${folder}/summary.json`), false);

    const resumed = await runTask("train", ["--resume", folder]);
    assertEquals(resumed.code, 0, resumed.stderr);
    for (const file of ["model.json", "evaluation_results.csv"]) {
      const [a, b] = await Promise.all(
        ["straight", "stopped"].map((run) => Deno.readTextFile(`${parent}/${run}/${file}`)),
      );
      assertEquals(a === b, true, file);
    }
    assertEquals(
      await learningCurve(`${parent}/stopped`),
      await learningCurve(`${parent}/straight`),
    );
  });
});

testRefusals("train", [
  [["--timesteps", "0"], "--timesteps must be a whole number of at least 1"],
  [["--prosumers", "0"], "--prosumers must be a whole number of at least 1"],
  [["--timestep", "5"], "did you mean --timesteps?"],
  [["--workers", "0"], "--workers must be a whole number of at least 1"],
  [["--backend", "tfjs", "--workers", "2"], "backend tfjs works on one thread"],
  [["--backend", "gpu"], "--backend must be wasm or tfjs, got gpu"],
  [["--data", "no/such/folder"], "no/such/folder/community.json does not exist"],
  [["--config", "no/such.json"], "no/such.json does not exist"],
  [["--resume", "no/such/run"], "no/such/run is not a model folder"],
  [["--resume", "runs/x", "--seed", "1"], "leave out --seed"],
]);

Deno.test("train: a faulty configuration names file, field and value and leaves nothing behind", async () => {
  await inFolder(async (parent) => {
    const config = `${parent}/config.json`;
    await Deno.writeTextFile(config, '{"environment": {"forecast": {"error": -1}}}');
    const args = ["--config", config, "--out", `${parent}/run`];
    await refuses("train", args, /config.json: environment\.forecast\.error: .*got -1/);
    assertEquals(await names(parent), ["config.json"]);
  });
});
