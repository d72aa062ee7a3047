import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { trainedModels } from "../../lib/experiments/seed_models.ts";
import { readModel } from "../../lib/experiments/trained_model.ts";
import { refuses, succeeds, testRefusals } from "../helpers/run_task.ts";
import { curveColumn } from "../helpers/result_files.ts";
import { fewWeeks, inFolder } from "../helpers/two_homes.ts";

const CONFIG = {
  environment: { episodeDays: 1 },
  training: { communities: 4, validationInterval: 2 },
  ppo: { hiddenSizes: [16] },
};

/** A policy of one number, by random search: what it does best is kept. */
const SEARCH = `
import { stream } from "${new URL("../../lib/random.ts", import.meta.url).href}";
export default {
  name: "search",
  begin(market, { seed }) {
    const { common, own } = market.observationSize;
    const random = stream(seed, "search");
    let timesteps = 0, best = { bias: 0, reward: -Infinity };
    market.reset(seed);
    return {
      get timesteps() {
        return timesteps;
      },
      iterate() {
        const bias = 2 * random.uniform() - 1;
        let reward = 0;
        for (let slot = 0; slot < 24; slot++) {
          const actions = new Float64Array(market.rows * market.actionSize).fill(bias);
          for (const each of market.step(actions).reward) reward += each;
          timesteps += market.rows / market.agentsPerCommunity;
        }
        if (reward > best.reward) best = { bias, reward };
        return { policyLoss: -reward };
      },
      weights() {
        const inputs = common + own, outputs = market.actionSize;
        const parameters = new Float32Array((inputs + 1) * outputs);
        parameters.fill(best.bias, inputs * outputs);
        const unseen = (size) => ({
          count: 0,
          mean: new Float64Array(size),
          squaredDeviations: new Float64Array(size),
        });
        return {
          sizes: [inputs, outputs],
          parameters,
          logStd: new Float32Array(outputs),
          normalizer: { common: unseen(common), own: unseen(own) },
          observationClip: 10,
        };
      },
    };
  },
};`;

Deno.test("algorithm: one from a file is trained, validated, judged and kept like PPO", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/search.ts`, SEARCH);
    await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(CONFIG));
    const { stdout } = await succeeds("train", [
      ...["--algorithm", `${folder}/search.ts`, "--timesteps", "480"],
      ...["--data", await fewWeeks(`${folder}/homes`, 2)],
      ...["--config", `${folder}/config.json`, "--out", `${folder}/run`],
    ]);
    assertMatch(stdout, /^learned /m);
    assertEquals((await curveColumn(`${folder}/run`, "timesteps")).at(-1), "480");
    assertEquals(
      (await curveColumn(`${folder}/run`, "validationCost")).map((cell) => cell !== ""),
      [
        false,
        true,
        false,
        true,
        true,
      ],
    );
    const model = await readModel(`${folder}/run`);
    assertEquals([model.algorithm, model.state, model.weights.sizes.length], ["search", null, 2]);
    const again = ["--model", `${folder}/run`, "--policies", "learned", "--out", `${folder}/again`];
    await succeeds("evaluate", again);
    const costOf = async (place: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${place}/summary.json`)).policies[0].costPerDay;
    assertEquals(await costOf("again"), await costOf("run"));
    await succeeds("export", [`${folder}/run`, "--onnx", `${folder}/policy.onnx`]);
    const algorithm = { name: "search", begin: () => Promise.reject(new Error("begun again")) };
    const options = {
      seeds: [42],
      folderOf: () => `${folder}/run`,
      config: null,
      source: model.source,
      say: () => {},
    };
    const [{ seed }] = await trainedModels({ ...options, algorithm });
    assertEquals(seed, 42);
    await assertRejects(() => trainedModels(options), Error, "was trained by search, not ppo");
    const curve = (await Deno.readTextFile(`${folder}/run/learning_curve.csv`)).split("\n");
    await Deno.writeTextFile(`${folder}/run/learning_curve.csv`, curve.slice(0, 3).join("\n"));
    await assertRejects(
      () => trainedModels({ ...options, algorithm }),
      Error,
      "was stopped at 192 timesteps, and search cannot go on; remove that folder",
    );
    await refuses(
      "train",
      ["--resume", `${folder}/run`],
      "was trained by search, which cannot go on",
    );
  }));

testRefusals("train", [
  [["--algorithm", "a3c"], "--algorithm must be ppo or sac, or a file such as ./mine.ts"],
  [["--algorithm", "docs/pages.ts"], "the default export must be an algorithm"],
  [["--algorithm", "sac", "--resume", "absent"], "--resume goes on with PPO"],
]);
