import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { datasetHash } from "../../lib/data/hash.ts";
import { splitDays } from "../../lib/data/split.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { setups } from "../../lib/experiments/setups.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { marketShards } from "../../lib/ppo/market_shards.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import { loadDataset } from "../../lib/experiments/dataset_source.ts";
import { policyOf, readModel } from "../../lib/experiments/trained_model.ts";
import { readProvenance } from "../../lib/experiments/provenance.ts";
import { fileFingerprint } from "../../lib/experiments/fingerprints.ts";

const folder = new URL("../../data/models/R1", import.meta.url).pathname;
const model = await readModel(folder);
const dataset = await loadDataset(model.source);
const split = splitDays(dataset, model.config.environment);

Deno.test("committed model: it was trained on the set-up and the data that it names", async () => {
  assertEquals(model.config, parseExperiment(setups.R1.experiment, "R1"));
  assertEquals(model.datasetHash, await datasetHash(dataset));
  assertEquals(model.state.timesteps >= model.config.ppo.totalTimesteps, true);
});

Deno.test("committed model: its provenance names the data, the seed and the files as they are", async () => {
  const { whole, data, seeds, configuration, results } = await readProvenance(folder);
  assertEquals([whole, data.hash, seeds], [true, model.datasetHash, [model.seed]]);
  assertEquals(configuration, model.config);
  assertEquals(Object.keys(results), ["learning_curve.csv", "model.json"]);
  for (const [name, fingerprint] of Object.entries(results)) {
    assertEquals(await fileFingerprint(folder, name), fingerprint, name);
  }
});

Deno.test("committed model: training it again begins with the same row of its curve", async () => {
  const { environment, training, ppo } = model.config;
  const market = marketShards(dataset, environment, { ...training, firstSlots: split.train });
  using trainer = await createTrainer(market, ppo, model.seed, { workers: 1 });
  const [header, row] = (await Deno.readTextFile(`${folder}/learning_curve.csv`)).split("\n");
  const cells = row.split(",");
  const written = Object.fromEntries(header.split(",").map((name, k) => [name, cells[k]]));
  // Later rows differ: this model was trained when the normaliser divided what stood still.
  for (const [name, value] of Object.entries(trainer.iterate())) {
    if (name in written) assertEquals(Number(written[name]), value, name);
  }
});

Deno.test("committed model: it captures most of what is possible on days it never saw, and a short training less", async () => {
  const { environment: config, training, ppo } = model.config;
  const firstSlots = split.test.filter((_, k) => k % 6 === 0);
  const days = { dataset, config, firstSlots, seed: 7 };
  const market = marketShards(dataset, config, { ...training, firstSlots: split.train });
  const short = { ...ppo, totalTimesteps: 4 * training.communities * ppo.rolloutSteps };
  using trainer = await createTrainer(market, short, model.seed, { workers: 1 });
  while (!trainer.done) trainer.iterate();
  using solver = createSolver();
  const { summary: [full, begun] } = await evaluate(
    days,
    [policyOf(model, model.actor), policyOf(model, trainer.policy())],
    await planOptimum(days, solver),
  );
  assertGreater(full.captured!, 0.9);
  assertLess(begun.captured!, full.captured! - 0.1);
  assertEquals([full.residualViolations, full.prosumersWorseOff], [0, 0]);
});
