import { assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "../../lib/disk/exists.ts";
import { inFolder, names } from "../helpers/two_homes.ts";
import { outcome, runTask, startTask } from "../helpers/run_task.ts";

const FILES = [
  "config.json",
  "evaluation_results.csv",
  "learning_curve.csv",
  "model.json",
  "prosumers.csv",
  "provenance.json",
  "summary.csv",
  "summary.json",
];
const SMALL = ["--prosumers", "4", "--seed", "3"];

Deno.test("train: leaves model, configuration, curve and results, and compares with the rules", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/run`;
    const args = ["--timesteps", "1600", ...SMALL, "--out", out];
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
    const again = await runTask("train", args);
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, `${out} exists already`);

    const evaluated = await runTask("evaluate", [
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
    const args = ["--timesteps", "6000", ...SMALL, "--config", config, "--out"];
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
    assertEquals(await curve(`${parent}/stopped`), await curve(`${parent}/straight`));
  });
});

Deno.test("train: both backends learn the same, to rounding", async () => {
  await inFolder(async (parent) => {
    const [kernels, tensors] = await Promise.all(["wasm", "tfjs"].map(async (backend) => {
      const out = `${parent}/${backend}`;
      const args = ["--timesteps", "1600", ...SMALL, "--backend", backend, "--out", out];
      const { code, stderr } = await runTask("train", args);
      assertEquals(code, 0, stderr);
      const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
      assertEquals(config.ppo.backend, backend);
      const { policies } = JSON.parse(await Deno.readTextFile(`${out}/summary.json`));
      return policies[0].costPerDay;
    }));
    assertAlmostEquals(kernels / tensors, 1, 1e-3);
  });
});

Deno.test("train: a finished run can be given another end", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/run`;
    await runTask("train", ["--timesteps", "700", ...SMALL, "--out", folder]);
    const before = await curve(folder);
    const { code, stderr } = await runTask("train", ["--resume", folder, "--timesteps", "1500"]);
    assertEquals(code, 0, stderr);
    const after = await curve(folder);
    assertEquals(after.slice(0, before.length), before);
    assertEquals(after.length, before.length + 1);
    const { ppo } = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
    assertEquals(ppo.totalTimesteps, 1500);
    const less = await runTask("train", ["--resume", folder, "--timesteps", "900"]);
    assertEquals(less.code, 1);
    assertMatch(less.stderr, /^error: \S+ is already at 1536 timesteps; [^\n]+\n$/);
  });
});

Deno.test("train: the report of a run that was given another end tells both, and neither where that is not known", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/run`;
    const succeed = async (task: "train" | "report", args: readonly string[]) => {
      const { code, stderr } = await runTask(task, args);
      assertEquals(code, 0, stderr);
    };
    await succeed("train", ["--timesteps", "700", "--prosumers", "3", "--out", folder]);
    await succeed("train", ["--resume", folder, "--timesteps", "1500"]);
    const report = async () => {
      await succeed("report", ["--run", folder, "--out", parent]);
      return await Deno.readTextFile(`${parent}/run-run.html`);
    };
    const page = await report();
    assertStringIncludes(page, "deno task train --prosumers 3 --out runs/again --timesteps 700");
    assertStringIncludes(page, "deno task train --resume runs/again --timesteps 1500");
    await Deno.remove(`${folder}/provenance.json`);
    assertMatch(await report(), /It cannot be made again: .* has no provenance/);
  });
});

/** The learning curve without the time it took. */
async function curve(folder: string): Promise<string[][]> {
  const text = await Deno.readTextFile(`${folder}/learning_curve.csv`);
  const rows = text.trimEnd().split("\n").map((line) => line.split(","));
  const seconds = rows[0].indexOf("seconds");
  return rows.map((row) => row.toSpliced(seconds, 1));
}

const faults: readonly [string[], string][] = [
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
];
for (const [args, message] of faults) {
  Deno.test(`train: ${args.join(" ")} is one clear line`, async () => {
    await inFolder(async (parent) => {
      const out = args.includes("--resume") ? [] : ["--out", `${parent}/run`];
      const { code, stderr } = await runTask("train", [...args, ...out]);
      assertEquals(code, 1);
      assertMatch(stderr, /^error: [^\n]+\n$/);
      assertStringIncludes(stderr, message);
      assertEquals(await names(parent), []);
    });
  });
}

Deno.test("train: a faulty configuration names file, field and value and leaves nothing behind", async () => {
  await inFolder(async (parent) => {
    const config = `${parent}/config.json`;
    await Deno.writeTextFile(config, '{"environment": {"forecast": {"error": -1}}}');
    const args = ["--config", config, "--out", `${parent}/run`];
    const { code, stderr } = await runTask("train", args);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `${config}: environment.forecast.error: `);
    assertStringIncludes(stderr, "got -1");
    assertEquals(await names(parent), ["config.json"]);
  });
});
