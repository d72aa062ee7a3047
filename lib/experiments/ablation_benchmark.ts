/**
 * The reference and variants that each change one thing, compared on validation days, so that no
 * choice is made by looking at test days.
 *
 * @module
 */

import { laidOut } from "../cli/terminal.ts";
import { markdownTable, markdownText, NONE, percent, table } from "../cli/table.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { episodeCosts } from "../evaluation/kpis.ts";
import { compare, type LadderRow, ladderRow, policyRuns } from "../evaluation/ladder.ts";
import type { Interval } from "../evaluation/statistics.ts";
import { planOptimum } from "../policies/optimum.ts";
import { createSolver } from "../policies/solver.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { oneOf } from "../text/nearest.ts";
import { visible } from "../text/shown.ts";
import { type Ablation, ablationExperiment, ablations } from "./ablations.ts";
import { readAlgorithm } from "./algorithm_file.ts";
import { afterSlotOf, type BenchmarkSetup } from "./benchmark_setup.ts";
import { loadDataset } from "./dataset_source.ts";
import { interval } from "./result_tables.ts";
import { seedPolicies, trainedModels } from "./seed_models.ts";
import { FIRST_SEED, firstSeeds } from "./seeds.ts";
import { setups } from "./setups.ts";
import { TRAINING_FILES } from "./training_history.ts";

/** Training seeds, and timesteps of each training, unless others are asked for. */
const SEEDS = 3;
const TIMESTEPS = 300_000;

const HEADER = [
  "variant",
  "captured %",
  "95 %",
  "against the first, points",
  "inside %",
  "price gap /kWh",
  "worse off",
];

/** What came of a variant. */
interface Result {
  readonly ablation: Ablation;
  readonly run: ReturnType<typeof policyRuns>[number];
  readonly row: LadderRow;
  /** Captured share − that of the first; `null` for the first itself. */
  readonly difference: Interval | null;
}

/** Variants of R1. */
export const ablationSetup: BenchmarkSetup = {
  title: "R1 trained with one thing changed at a time, on validation days",
  flags: ["seeds", "timesteps", "only", "workers"],
  async run({ seeds = SEEDS, timesteps = TIMESTEPS, only, workers }, context) {
    const { out, say } = context;
    const { R1 } = setups;
    const chosen = chooseAblations(only);
    const { source } = R1;
    const dataset = await loadDataset(source);
    const { environment: config } = parseExperiment(R1.experiment, R1.name);
    const firstSlots = splitDays(dataset, config).validation;
    const afterSlot = afterSlotOf(context, visible(out));
    const played = { dataset, config, firstSlots, seed: FIRST_SEED, afterSlot };
    using solver = createSolver();
    const bound = await planOptimum(played, solver);
    const trainings = firstSeeds(seeds);
    const experiments = chosen.map((ablation) => ablationExperiment(ablation, timesteps));
    const results: Result[] = [];
    for (const [k, ablation] of chosen.entries()) {
      say(`\n${laidOut(`${ablation.name}: ${ablation.what}`)}`);
      const models = await trainedModels({
        seeds: trainings,
        folderOf: (seed) => `${out}/${ablation.name}/seed-${seed}`,
        config: experiments[k],
        source,
        workers,
        algorithm: await readAlgorithm(ablation.algorithm ?? "ppo"),
        say,
      });
      const evaluation = await evaluate(played, seedPolicies(models), bound);
      const reference = {
        alone: episodeCosts(evaluation.reference),
        optimum: Array.from(bound.cost),
      };
      const [run] = policyRuns(evaluation);
      const first = results.at(0)?.run;
      results.push({
        ablation,
        run,
        row: ladderRow(run, reference),
        difference: first === undefined ? null : compare(run, first, reference)?.difference ?? null,
      });
    }
    const title = `${R1.title}: ${timesteps} timesteps, ${seeds} seeds, ` +
      `${firstSlots.length} validation days`;
    const { currency } = dataset.community;
    const rows = results.map((result) => ({ ...csvRow(result), currency }));
    return {
      text: `${laidOut(title)}\n\n${table(HEADER, results.map(cells))}`,
      json: { title, variants: rows },
      files: {
        "ablation.csv": rowsCsv(rows),
        "ablation.md": `**${markdownText(title)}**\n\n` +
          markdownTable(HEADER, results.map(cells)) + "\n",
      },
      origin: {
        module: import.meta.url,
        configuration: Object.fromEntries(chosen.map(({ name }, k) => [name, experiments[k]])),
        seeds: trainings,
        source,
        dataset,
        files: [
          "ablation.csv",
          ...chosen.flatMap(({ name }) =>
            trainings.flatMap((seed) =>
              TRAINING_FILES.map((file) => `${name}/seed-${seed}/${file}`)
            )
          ),
        ],
      },
    };
  },
};

function chooseAblations(only: string | undefined): readonly Ablation[] {
  if (only === undefined) return ablations;
  return only.split(",").map((text) => {
    const chosen = oneOf("--only", text.trim(), ablations.map(({ name }) => name));
    return ablations.find(({ name }) => name === chosen)!;
  });
}

function csvRow({ ablation, row, difference }: Result) {
  const { policy: _policy, microsecondsPerDecision: _time, ...rest } = row;
  return {
    variant: ablation.name,
    ...rest,
    difference: difference?.estimate ?? null,
    differenceLow: difference?.low ?? null,
    differenceHigh: difference?.high ?? null,
  };
}

function cells({ ablation, row, difference }: Result): (string | number)[] {
  const points = (share: number) => `${share < 0 ? "" : "+"}${percent(share)}`;
  return [
    `${ablation.name}: ${ablation.what}`,
    percent(row.captured),
    interval(row.capturedLow, row.capturedHigh),
    difference === null
      ? NONE
      : `${points(difference.estimate)} [${points(difference.low)}, ${points(difference.high)}]`,
    percent(row.insideFraction),
    row.competitiveDistancePerKwh?.toFixed(3) ?? NONE,
    row.prosumersWorseOff,
  ];
}
