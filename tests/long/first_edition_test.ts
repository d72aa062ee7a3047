import { assertAlmostEquals } from "@std/assert";
import { splitDays } from "../../lib/data/split.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { loadDataset } from "../../lib/experiments/dataset_source.ts";
import { setups } from "../../lib/experiments/setups.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";

// Cost per day in EUR of docs/results/v1/summary_R1.csv, commit c017517.
const firstEdition = [
  ["grid-only", 27.496100471059577],
  ["trade-only", 24.38274550793445],
  ["self-consumption", 24.337336518002896],
  ["time-of-use", 24.215386978369477],
  ["mpc", 16.695529177378635],
  ["optimum", 15.834129293385596],
] as const;

Deno.test("setups: the first edition's rules and planners cost what they cost then", async () => {
  const { experiment, source, name } = setups["first-edition"];
  const { environment: config } = parseExperiment(experiment, name);
  const homes = await loadDataset(source);
  using solver = createSolver();
  const { summary } = await evaluate(
    { dataset: homes, config, firstSlots: splitDays(homes, config).test, seed: 42 },
    firstEdition.map(([policy]) => createPolicy(policy, { seed: 42, solver })),
  );
  firstEdition.forEach(([policy, cost], k) => {
    assertAlmostEquals(summary[k].costPerDay / cost, 1, 1e-9, policy);
  });
});
