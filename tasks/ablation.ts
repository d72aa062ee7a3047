/**
 * `deno task ablation`: trains the reference and variants that each change one thing, and compares
 * them on validation days, so that no choice is made by looking at test days.
 *
 * @module
 */

import { oneOf } from "../lib/text/nearest.ts";
import { splitDays } from "../lib/data/split.ts";
import { type Ablation, ablationExperiment, ablations } from "../lib/experiments/ablations.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { rowsCsv } from "../lib/text/csv.ts";
import { compare, contendersOf, type Rung, rungOf } from "../lib/evaluation/ladder.ts";
import { episodeCosts } from "../lib/evaluation/kpis.ts";
import type { Interval } from "../lib/evaluation/statistics.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { main } from "../lib/cli/task.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { PROVENANCE_FILE, thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { FIRST_SEED, firstSeeds } from "../lib/experiments/seeds.ts";
import { setupOf } from "../lib/experiments/setup_data.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import { markdownTable, markdownText, NONE, percent, table } from "../lib/cli/table.ts";
import { laidOut } from "../lib/cli/terminal.ts";
import { ending } from "../lib/cli/ending.ts";
import { interval } from "../lib/experiments/result_tables.ts";
import { shellPath } from "../lib/text/shell.ts";
import { seedPolicies, trainedModels } from "../lib/experiments/seed_models.ts";
import { TRAINING_FILES } from "../lib/experiments/training_history.ts";

const HEADER = [
  "variant",
  "captured %",
  "95 %",
  "against the first, points",
  "efficiency %",
  "price gap /kWh",
  "worse off",
];

await main({
  name: "ablation",
  summary: "Trains variants of the reference that each change one thing, and compares them.",
  options: {
    seeds: { type: "integer", default: 3, min: 1, help: "training seeds, from 42 on" },
    timesteps: { type: "integer", default: 300_000, min: 1, help: "length of each training" },
    only: {
      type: "string",
      placeholder: "a,b",
      help: `some of ${ablations.map(({ name }) => name).join(", ")} (default: all)`,
    },
    out: {
      type: "string",
      default: "runs/ablation",
      placeholder: "DIR",
      help: "results, and models to be used again",
    },
  },
  async run({ seeds, timesteps, only, out }) {
    const chosen = chooseAblations(only);
    const setup = setupOf("R1");
    catchStop("the slot or the iteration in work");
    using _lock = await lockFolder(out);
    const source = { data: "synthetic", prosumers: setup.syntheticProsumers! };
    const dataset = await loadDataset(source);
    const { environment: config } = parseExperiment(setup.experiment, setup.name);
    const firstSlots = splitDays(dataset, config).validation;
    const afterSlot = () =>
      endIfAsked(`the models are saved in ${out}/, and the same command goes on from there`);
    const played = { dataset, config, firstSlots, seed: FIRST_SEED, afterSlot };
    using solver = createSolver();
    const bound = await planOptimum(played, solver);
    const trainings = firstSeeds(seeds);
    const folderOf = ({ name }: Ablation, seed: number) => `${name}/seed-${seed}`;
    const making = {
      commands: [thisCommand("ablation")],
      module: new URL("../lib/evaluation/evaluate.ts", import.meta.url).href,
      configuration: Object.fromEntries(
        chosen.map((ablation) => [ablation.name, ablationExperiment(ablation, timesteps)]),
      ),
      seeds: trainings,
      source,
      dataset,
      files: [
        "ablation.csv",
        ...chosen.flatMap((ablation) =>
          trainings.flatMap((seed) =>
            TRAINING_FILES.map((file) => `${folderOf(ablation, seed)}/${file}`)
          )
        ),
      ],
    };
    const results: Result[] = [];
    for (const ablation of chosen) {
      console.log(`\n${laidOut(`${ablation.name}: ${ablation.what}`)}`);
      const models = await trainedModels({
        seeds: trainings,
        folderOf: (seed) => `${out}/${folderOf(ablation, seed)}`,
        config: ablationExperiment(ablation, timesteps),
        source,
        say: console.log,
      });
      const evaluation = await evaluate(played, seedPolicies(models), bound);
      const yardstick = {
        alone: episodeCosts(evaluation.reference),
        optimum: Array.from(bound.cost),
      };
      const [contender] = contendersOf(evaluation);
      const first = results.at(0)?.contender;
      results.push({
        ablation,
        contender,
        rung: rungOf(contender, yardstick),
        difference: first === undefined
          ? null
          : compare(contender, first, yardstick)?.difference ?? null,
      });
    }
    const title = `${setup.title}: ${timesteps} timesteps, ${seeds} seeds, ` +
      `${firstSlots.length} validation days`;
    const rows = results.map(cells);
    const files = {
      "ablation.csv": rowsCsv(
        results.map((row) => ({ ...csvRow(row), currency: dataset.community.currency })),
      ),
      "ablation.md": `**${markdownText(title)}**\n\n${markdownTable(HEADER, rows)}\n`,
    };
    await writeTogether(out, files, [PROVENANCE_FILE]);
    await writeProvenance(out, making);
    console.log(`\n${laidOut(title)}\n\n${table(HEADER, rows)}`);
    console.log(ending("Table (ablation.csv, ablation.md) and models", out, {
      "Make it again": `deno task reproduce ${shellPath(out)}`,
    }));
  },
});

/** What came of a variant. */
interface Result {
  readonly ablation: Ablation;
  readonly contender: ReturnType<typeof contendersOf>[number];
  readonly rung: Rung;
  /** Captured share − that of the first; `null` for the first itself. */
  readonly difference: Interval | null;
}

function chooseAblations(only: string | undefined): readonly Ablation[] {
  if (only === undefined) return ablations;
  return only.split(",").map((text) => {
    const chosen = oneOf("--only", text.trim(), ablations.map(({ name }) => name));
    return ablations.find(({ name }) => name === chosen)!;
  });
}

function csvRow({ ablation, rung, difference }: Result) {
  const { policy: _policy, microsecondsPerDecision: _time, ...rest } = rung;
  return {
    variant: ablation.name,
    ...rest,
    difference: difference?.estimate ?? null,
    differenceLow: difference?.low ?? null,
    differenceHigh: difference?.high ?? null,
  };
}

function cells({ ablation, rung, difference }: Result): (string | number)[] {
  const points = (share: number) => `${share < 0 ? "" : "+"}${percent(share)}`;
  return [
    `${ablation.name}: ${ablation.what}`,
    percent(rung.captured),
    interval(rung.capturedLow, rung.capturedHigh),
    difference === null
      ? NONE
      : `${points(difference.estimate)} [${points(difference.low)}, ${points(difference.high)}]`,
    percent(rung.marketEfficiency),
    rung.competitivePriceGapPerKwh?.toFixed(3) ?? NONE,
    rung.prosumersWorseOff,
  ];
}
