import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { testEnvironment } from "../../python/environments.ts";
import { splitDays } from "../../lib/data/split.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { loadDataset } from "../../lib/experiments/dataset_source.ts";
import { policyOf, readModel } from "../../lib/experiments/trained_model.ts";
import { flatRows } from "../../lib/ppo/blocks.ts";
import { isReady, pythonOf } from "../../lib/programs/python_environment.ts";
import { refuses, succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const MODEL = "data/models/R1";
const MOST = 1e-6;
const python = await isReady(testEnvironment) ? pythonOf(testEnvironment) : null;
const root = new URL("../../", import.meta.url);
const absent = python === null
  ? " (no environment here; make it with deno task --cwd python environments)"
  : "";

/** What homes see in a test week, and what the model decides; cut to what the environment takes. */
async function testWeek() {
  const model = await readModel(MODEL);
  const dataset = await loadDataset(model.source);
  const config = model.config.environment;
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: model.seed, firstSlots: [splitDays(dataset, config).test[0]] });
  const act = await policyOf(model, model.actor).begin(env);
  const { common, own } = env.observationSpace;
  const sizes = { common: common.length, own: own.length };
  const observations: number[] = [], actions: number[] = [];
  for (let slot = 0; slot < env.slotsPerEpisode; slot++) {
    const width = env.rows * (common.length + own.length);
    observations.push(...flatRows(env.observation, sizes, new Float64Array(width)));
    await act(env.observation, env.decision);
    actions.push(...env.decision.numbers.map((each) => Math.max(-1, Math.min(1, each))));
    env.step();
  }
  return { observations, actions };
}

/** Exports the model and lays a test week beside it; answers the paths. */
async function exported(folder: string): Promise<string[]> {
  await succeeds("export", [MODEL, "--onnx", `${folder}/policy.onnx`]);
  const week = await testWeek();
  for (const [name, numbers] of Object.entries(week)) {
    await Deno.writeFile(`${folder}/${name}`, new Uint8Array(Float64Array.from(numbers).buffer));
  }
  return [`${folder}/policy.onnx`, `${folder}/observations`, `${folder}/actions`];
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, text(stderr));
  return text(stdout);
}

Deno.test({
  name: "export: onnxruntime decides as the model does over a test week, by names and units" +
    absent,
  ignore: python === null,
  fn: () =>
    inFolder(async (folder) => {
      const script = fileURLToPath(new URL("python/tests/check_onnx.py", root));
      const said = JSON.parse(await run(python!, [script, ...await exported(folder)]));
      assertEquals(said.rows, 168 * 10);
      assert(said.farthest <= MOST, `${said.farthest}`);
      const { observationNames, datasetHash } = await readModel(MODEL);
      const { metadata } = said;
      assertEquals(JSON.parse(metadata["observation.names"]), observationNames);
      assertEquals(JSON.parse(metadata["observation.units"]).length, observationNames.length);
      assertEquals(JSON.parse(metadata["action.names"]), ["battery.value", "battery.fall"]);
      assertEquals(metadata.dataHash, datasetHash);
    }),
});

Deno.test({
  name: "export: the policy of the page is judged as the model is" + absent,
  ignore: python === null,
  fn: () =>
    inFolder(async (folder) => {
      await succeeds("export", [MODEL, "--onnx", `${folder}/policy.onnx`]);
      const page = await Deno.readTextFile(new URL("docs/export.md", root));
      const [, code] = /^```python\n([\s\S]*?)^```$/m.exec(page)!;
      const here = code.replace('"policy.onnx"', JSON.stringify(`${folder}/policy.onnx`));
      await Deno.writeTextFile(`${folder}/onnx_policy.py`, here);
      const policies = "learned,python:onnx_policy:onnx_policy";
      const days = ["--days", "14", "--out", `${folder}/out`];
      await succeeds("evaluate", ["--model", MODEL, "--policies", policies, ...days], {
        PATH: `${dirname(python!)}:${Deno.env.get("PATH")}`,
        PYTHONPATH: folder,
      });
      const text = await Deno.readTextFile(`${folder}/out/summary.json`);
      const [learned, exported] = JSON.parse(text).policies;
      assertAlmostEquals(exported.costPerDay / learned.costPerDay, 1, 1e-5);
    }),
});

Deno.test("export: onnxruntime-web decides as the model does over a test week", () =>
  inFolder(async (folder) => {
    const script = fileURLToPath(new URL("tests/helpers/onnx_web.ts", root));
    const flags = ["run", "-q", "-A", "--no-config", "--no-lock", "--node-modules-dir=none"];
    const features = (await readModel(MODEL)).observationNames.length;
    const args = [...flags, script, String(features), ...await exported(folder)];
    const farthest = Number(await run(Deno.execPath(), args));
    assert(farthest <= MOST, `${farthest}`);
  }));

for (
  const [args, message] of [
    [[MODEL], "say what to write, with --onnx policy.onnx"],
    [["absent", "--onnx", "policy.onnx"], "absent"],
    [[MODEL, "--onnx", "docs"], "docs"],
    [["--onnx", "policy.onnx"], "MODEL"],
  ] as const
) {
  Deno.test(`export: ${args.join(" ")} is one clear line`, () => refuses("export", args, message));
}
