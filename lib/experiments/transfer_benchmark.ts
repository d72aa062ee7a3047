/**
 * Learned agents in communities of other sizes than the one they were trained in, as they are.
 *
 * @module
 */

import { laidOut } from "../cli/terminal.ts";
import { percent, table } from "../cli/table.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { ladderOf, type LadderRow } from "../evaluation/ladder.ts";
import { createPolicy } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import { createSolver } from "../policies/solver.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { visible } from "../text/shown.ts";
import { afterSlotOf, type BenchmarkSetup } from "./benchmark_setup.ts";
import { loadDataset } from "./dataset_source.ts";
import { spread } from "./episodes.ts";
import { SEEDS } from "./ladder_benchmark.ts";
import { interval } from "./result_tables.ts";
import { seedPolicies, trainedModels, withTimesteps } from "./seed_models.ts";
import { FIRST_SEED, firstSeeds } from "./seeds.ts";
import { setups } from "./setups.ts";
import { TRAINING_FILES } from "./training_history.ts";

/** Households of the communities. */
const SIZES: readonly number[] = [3, 10, 30, 100];

const HEADER = ["prosumers", "policy", "captured %", "95 %", "inside %", "worse off"];

/** A row of `transfer.csv`: a policy in a community of some size. */
type TransferRow = LadderRow & { readonly prosumers: number; readonly currency: string };

/** Agents of R1 in communities of 3 to 100 homes. */
export const transferSetup: BenchmarkSetup = {
  title: `agents of R1 in communities of ${SIZES.join(", ")} homes`,
  flags: ["seeds", "days", "timesteps", "workers", "model"],
  async run(flags, context) {
    const { out, say } = context;
    const stem = flags.model ?? out;
    const { R1 } = setups;
    const config = withTimesteps(parseExperiment(R1.experiment, R1.name), flags.timesteps);
    const { source } = R1;
    const seeds = firstSeeds(flags.seeds ?? SEEDS);
    const { workers } = flags;
    const folderOf = (seed: number) => `${stem}/seed-${seed}`;
    const models = await trainedModels({ seeds, folderOf, config, source, workers, say });
    const afterSlot = afterSlotOf(context, visible(stem));
    using solver = createSolver();
    const rows: TransferRow[] = [];
    for (const prosumers of SIZES) {
      say(`Playing a community of ${prosumers}`);
      const dataset = await loadDataset({ data: "synthetic", prosumers });
      const firstSlots = spread(
        splitDays(dataset, config.environment).test,
        config.environment,
        flags.days,
      );
      const played = {
        dataset,
        config: config.environment,
        firstSlots,
        seed: FIRST_SEED,
        afterSlot,
      };
      const mpc = createPolicy("mpc", { seed: FIRST_SEED, solver });
      const bound = await planOptimum(played, solver);
      const evaluation = await evaluate(played, [mpc, ...seedPolicies(models)], bound);
      const { currency } = dataset.community;
      rows.push(...ladderOf(evaluation, bound).rows.map((r) => ({ prosumers, ...r, currency })));
    }
    const own = flags.model === undefined;
    return {
      text: `${laidOut("The same agents in communities of other sizes")}\n\n` +
        table(HEADER, rows.map(cells)),
      json: { transfer: rows },
      files: { "transfer.csv": rowsCsv(rows) },
      origin: {
        module: import.meta.url,
        configuration: config,
        seeds,
        source,
        dataset: await loadDataset(source),
        inputs: own ? [] : seeds.map((seed) => `${folderOf(seed)}/model.json`),
        files: [
          "transfer.csv",
          ...own ? seeds.flatMap((seed) => TRAINING_FILES.map((f) => `seed-${seed}/${f}`)) : [],
        ],
      },
    };
  },
};

function cells(row: TransferRow): (string | number)[] {
  return [
    row.prosumers,
    row.policy,
    percent(row.captured),
    interval(row.capturedLow, row.capturedHigh),
    percent(row.insideFraction),
    row.prosumersWorseOff,
  ];
}
