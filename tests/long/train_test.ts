import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { readModel } from "../../lib/experiments/trained_model.ts";
import { curveColumn, learningCurve } from "../helpers/result_files.ts";
import { refuses, succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder } from "../helpers/two_homes.ts";

Deno.test("train: both backends learn the same, to rounding", async () => {
  await inFolder(async (parent) => {
    const homes = ["--data", await fewWeeks(`${parent}/homes`)];
    const [kernels, tensors] = await Promise.all(["wasm", "tfjs"].map(async (backend) => {
      const out = `${parent}/${backend}`;
      const args = [
        "--timesteps",
        "1600",
        ...homes,
        "--seed",
        "3",
        "--backend",
        backend,
        "--out",
        out,
      ];
      await succeeds("train", args);
      const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
      assertEquals(config.ppo.backend, backend);
      const { policies } = JSON.parse(await Deno.readTextFile(`${out}/summary.json`));
      return policies[0].costPerDay;
    }));
    assertAlmostEquals(kernels / tensors, 1, 1e-3);
  });
});

Deno.test("train: a finished run can be given another end, and its report tells both, or neither where that is not known", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/run`;
    const homes = await fewWeeks(`${parent}/homes`);
    await succeeds("train", ["--timesteps", "700", "--data", homes, "--out", folder]);
    const before = await learningCurve(folder);
    await succeeds("train", ["--resume", folder, "--timesteps", "1500"]);
    const after = await learningCurve(folder);
    assertEquals(after.slice(0, before.length), before);
    assertEquals(after.length, before.length + 1);
    const { ppo } = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
    assertEquals(ppo.totalTimesteps, 1500);
    const less = ["--resume", folder, "--timesteps", "900"];
    await refuses("train", less, / \S+ is already at 1536 timesteps; /);
    const report = async () => {
      await succeeds("report", ["--run", folder, "--out", parent]);
      return await Deno.readTextFile(`${parent}/run-run.html`);
    };
    const page = await report();
    assertStringIncludes(page, `deno task train --data ${homes} --out runs/again --timesteps 700`);
    assertStringIncludes(page, "deno task train --resume runs/again --timesteps 1500");
    await Deno.remove(`${folder}/provenance.json`);
    assertMatch(await report(), /It cannot be made again: .* has no provenance/);
  });
});

Deno.test("algorithm: SAC learns, and the same seed learns the same", () =>
  inFolder(async (folder) => {
    const config = {
      environment: { episodeDays: 1 },
      training: { communities: 4, validationInterval: 2 },
      ppo: { hiddenSizes: [16] },
    };
    await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config));
    const weights = async (run: string) => {
      await succeeds("train", [
        ...["--algorithm", "sac", "--timesteps", "480", "--prosumers", "2"],
        ...["--config", `${folder}/config.json`, "--out", run],
      ]);
      return (await readModel(run)).weights.parameters;
    };
    const once = await weights(`${folder}/a`);
    const costs = (await curveColumn(`${folder}/a`, "validationCost"))
      .filter((cell) => cell !== "").map(Number);
    assertGreater(costs[0], Math.min(...costs), "the best is better than the first");
    assertEquals(await weights(`${folder}/b`), once);
  }));

Deno.test("ablation: trains what is chosen and compares it with the first", async () => {
  const out = await Deno.makeTempDir();
  const args = ["--only", "reference,narrow", "--seeds", "1", "--timesteps", "3000", "--out", out];
  const { stdout } = await succeeds("benchmark", ["--setup", "ablation", ...args]);
  assertMatch(stdout, /1 seeds, 4 validation days/);
  const [header, reference, narrow] = (await Deno.readTextFile(`${out}/ablation.csv`)).split("\n");
  const captured = header.split(",").indexOf("captured");
  assert(Number(reference.split(",")[captured]) > 0.4, reference);
  assertMatch(narrow, /^narrow,/);
  assertMatch(
    await Deno.readTextFile(`${out}/ablation.md`),
    /\| narrow: two hidden layers of 32 \|/,
  );
  await Deno.remove(out, { recursive: true });
});
