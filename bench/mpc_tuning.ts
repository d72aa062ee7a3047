/**
 * How far model-predictive control should look, and for how many scenarios it should plan: what it
 * captures on validation weeks, which no ladder plays. Writes `docs/results/mpc_tuning.csv`.
 *
 *     deno run -A bench/mpc_tuning.ts [SET-UP …]
 *
 * Set-ups are those whose homes are made up; R1 unless others are named.
 *
 * @module
 */

import { splitDays } from "../lib/data/split.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { FIRST_SEED } from "../lib/experiments/seeds.ts";
import { type Setup, setups } from "../lib/experiments/setups.ts";
import { mpcPolicy } from "../lib/policies/mpc.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { rowsCsv } from "../lib/text/csv.ts";
import { oneOf } from "../lib/text/nearest.ts";

/** Hours ahead, and scenarios; `null` plans on the forecast alone. */
const VARIANTS: readonly (readonly [hours: number, scenarios: number | null])[] = [
  ...[12, 24, 36, 48].map((hours) => [hours, null] as const),
  ...[[24, 8], [24, 16]] as const,
];

const names = Deno.args.length > 0 ? Deno.args : ["R1"];

using solver = createSolver({ workers: 1 });
const rows = [];
for (const name of names) {
  const setup: Setup = setups[oneOf("set-up", name, Object.keys(setups)) as keyof typeof setups];
  if (setup.source === null) throw new Error(`${name} has no homes of its own`);
  const dataset = await loadDataset(setup.source);
  const { environment: config } = parseExperiment(setup.experiment, setup.name);
  const { validation: firstSlots } = splitDays(dataset, config);
  const options = { dataset, config, firstSlots, seed: FIRST_SEED };
  const bound = await planOptimum(options, solver);
  for (const [horizonHours, scenarios] of VARIANTS) {
    const horizonSlots = Math.round(horizonHours / dataset.profiles.grid.dtHours);
    const policy = mpcPolicy(solver, { horizonSlots, ...(scenarios !== null && { scenarios }) });
    const { summary } = await evaluate(options, [policy], bound);
    const { captured, microsecondsPerDecision } = summary.find((row) =>
      row.policy === policy.name
    )!;
    rows.push({
      setup: setup.name,
      weeks: firstSlots.length,
      horizonHours,
      scenarios: scenarios ?? 1,
      captured,
      microsecondsPerDecision,
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
}
await Deno.writeTextFile(new URL("../docs/results/mpc_tuning.csv", import.meta.url), rowsCsv(rows));
