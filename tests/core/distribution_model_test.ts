import { assertEquals, assertGreater } from "@std/assert";
import { datasetHash } from "../../lib/data/hash.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { loadDataset } from "../../lib/experiments/dataset_source.ts";
import { drawCommunity } from "../../lib/experiments/distribution.ts";
import { playedWeeks } from "../../lib/experiments/distribution_costs.ts";
import { fileFingerprint } from "../../lib/experiments/fingerprints.ts";
import { readProvenance } from "../../lib/experiments/provenance.ts";
import { setups } from "../../lib/experiments/setups.ts";
import { policyOf, readModel } from "../../lib/experiments/trained_model.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";

const folder = new URL("../../data/models/W", import.meta.url).pathname;

Deno.test("model of the distribution: it is that of the set-up W, and its files are as they were made", async () => {
  const model = await readModel(folder);
  assertEquals(model.config, parseExperiment(setups.W.experiment, "W"));
  assertEquals(model.datasetHash, await datasetHash(await loadDataset(setups.W.source)));
  const { results } = await readProvenance(folder);
  for (const [name, fingerprint] of Object.entries(results)) {
    assertEquals(await fileFingerprint(folder, name), fingerprint, name);
  }
});

Deno.test("model of the distribution: in communities that it never saw it is near the planner, far above the rule", async () => {
  const model = await readModel(folder);
  using solver = createSolver();
  for (const index of [7, 26]) {
    const played = playedWeeks(drawCommunity("test", index));
    const rivals = ["threshold", "dynamic-programming"]
      .map((name) => createPolicy(name, { seed: 1, solver }));
    const policies = [policyOf(model, model.actor), ...rivals];
    const { summary } = await evaluate(played, policies, await planOptimum(played, solver));
    const [learned, threshold, programmed] = summary.map(({ captured }) => captured!);
    assertGreater(learned, 0.97 * programmed, `community ${index}`);
    assertGreater(learned, threshold, `community ${index}`);
    assertEquals(summary[0].residualViolations, 0);
  }
});
