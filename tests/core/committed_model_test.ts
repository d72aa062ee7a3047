import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { datasetHash } from "../../lib/data/hash.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { type Split, splitDays } from "../../lib/data/split.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { setups } from "../../lib/experiments/setups.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { marketShards } from "../../lib/ppo/market_shards.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import { loadDataset } from "../../lib/experiments/dataset_source.ts";
import { type Model, policyOf } from "../../lib/experiments/trained_model.ts";
import { readProvenance } from "../../lib/experiments/provenance.ts";
import { fileFingerprint } from "../../lib/experiments/fingerprints.ts";
import { committedModel, modelFolder, skipped } from "../helpers/committed_model.ts";

const committed = await committedModel();

/** A test of the model, its data and their split. */
function test(name: string, run: (model: Model, dataset: Dataset, split: Split) => Promise<void>) {
  Deno.test({
    name: `committed model: ${name}${skipped(committed)}`,
    ignore: committed === null,
    async fn() {
      const dataset = await loadDataset(committed!.source);
      await run(committed!, dataset, splitDays(dataset, committed!.config.environment));
    },
  });
}

test("it was trained on the set-up and the data that it names", async (model, dataset) => {
  assertEquals(model.config, parseExperiment(setups.R1.experiment, "R1"));
  assertEquals(model.datasetHash, await datasetHash(dataset));
  assertEquals(model.state!.timesteps >= model.config.ppo.totalTimesteps, true);
});

test("its provenance names the data, the seed and the files as they are", async (model) => {
  const { whole, data, seeds, configuration, results } = await readProvenance(modelFolder);
  assertEquals([whole, data.hash, seeds], [true, model.datasetHash, [model.seed]]);
  assertEquals(configuration, model.config);
  assertEquals(Object.keys(results), ["config.json", "learning_curve.csv", "model.json"]);
  for (const [name, fingerprint] of Object.entries(results)) {
    assertEquals(await fileFingerprint(modelFolder, name), fingerprint, name);
  }
});

test("training it again begins with the same row of its curve", async (model, dataset, split) => {
  const { environment, training, ppo } = model.config;
  const market = marketShards(dataset, environment, { ...training, firstSlots: split.train });
  using trainer = await createTrainer(market, ppo, model.seed, { workers: 1 });
  const [header, row] = (await Deno.readTextFile(`${modelFolder}/learning_curve.csv`)).split("\n");
  const cells = row.split(",");
  const written = Object.fromEntries(header.split(",").map((name, k) => [name, cells[k]]));
  for (const [name, value] of Object.entries(trainer.iterate())) {
    if (name in written) assertEquals(written[name], value === null ? "" : String(value), name);
  }
});

test(
  "it captures most of what is possible in weeks it never saw, and at its start much less",
  async (model, dataset, split) => {
    const { environment: config, training, ppo } = model.config;
    const firstSlots = split.test.filter((_, k) => k % 3 === 0);
    const days = { dataset, config, firstSlots, seed: 7 };
    const market = marketShards(dataset, config, { ...training, firstSlots: split.train });
    using trainer = await createTrainer(market, ppo, model.seed, { workers: 1 });
    using solver = createSolver();
    const { summary: [full, begun] } = await evaluate(
      days,
      [policyOf(model, model.actor), policyOf(model, trainer.policy())],
      await planOptimum(days, solver),
    );
    assertGreater(full.captured!, 0.95);
    assertLess(begun.captured!, full.captured! - 0.1);
    assertEquals([full.residualViolations, full.prosumersWorseOff], [0, 0]);
  },
);
