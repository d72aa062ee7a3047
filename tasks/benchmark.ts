/**
 * `deno task benchmark`: the whole ladder, from doing nothing to perfect foresight, on a reference
 * set-up.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { shellPath } from "../lib/text/shell.ts";
import { visible } from "../lib/text/shown.ts";
import { splitDays } from "../lib/data/split.ts";
import type { FileContent } from "../lib/disk/whole_files.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { type Ladder, ladderOf } from "../lib/evaluation/ladder.ts";
import type { PlayOptions } from "../lib/evaluation/records.ts";
import { type Setup, setups } from "../lib/experiments/setups.ts";
import { checkTargets } from "../lib/experiments/targets.ts";
import { createPolicy, policyNames } from "../lib/policies/catalog.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { createSolver, type Solver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { captured } from "../lib/report/figures/captured.ts";
import { main } from "../lib/cli/task.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { spread } from "../lib/experiments/episodes.ts";
import { policyWords, readPolicyFiles } from "../lib/experiments/policy_file.ts";
import { figureFiles } from "../lib/report/figure_files.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { ladderFiles, ladderText, type TitledLadder } from "../lib/experiments/ladder_files.ts";
import { CURVE_FILE, LearningCurve } from "../lib/experiments/curve_file.ts";
import { PROVENANCE_FILE, thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { EVALUATION_FILES, evaluationFiles, writeResults } from "../lib/experiments/run_folder.ts";
import { FIRST_SEED, firstSeeds } from "../lib/experiments/seeds.ts";
import { prepareSetup, R2_FOLDER, setupOf } from "../lib/experiments/setup_data.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import {
  type SeedModel,
  seedPolicies,
  trainedModels,
  withTimesteps,
} from "../lib/experiments/seed_models.ts";
import { TRAINING_FILES } from "../lib/experiments/training_history.ts";
import { transfer, TRANSFER_FILE } from "../lib/experiments/transfer.ts";

const LEARNED = "learned";

/** Learned agents stand above all that has no foresight. */
const LADDER = policyNames.flatMap((name) =>
  name === "optimum-no-trade" ? [LEARNED, name] : [name]
);

await main({
  name: "benchmark",
  summary: "Puts every policy on one ladder, from doing nothing to perfect foresight.",
  options: {
    setup: {
      type: "string",
      default: "R1",
      placeholder: Object.keys(setups).join("|"),
      help: Object.values(setups).map(({ name, title }) => `${name} is a ${title}`).join("; "),
    },
    policies: {
      type: "string",
      placeholder: "a,b",
      help: `some of ${LADDER.join(", ")}, or files such as ./mine.ts whose default export is a ` +
        "policy (default: all that are named)",
    },
    seeds: { type: "integer", default: 5, min: 1, help: "training seeds, from 42 on" },
    days: { type: "integer", min: 1, help: "so many test days, spread evenly (default: all)" },
    timesteps: { type: "integer", min: 1, help: "length of a training (default: the reference)" },
    data: {
      type: "string",
      placeholder: "DIR|URL",
      help: `R2: where the homes are, imported or as CityLearn has them (default ${R2_FOLDER})`,
    },
    workers: {
      type: "integer",
      min: 1,
      help: "threads that train; the result is the same (default: a thread per core)",
    },
    transfer: {
      type: "boolean",
      help: "R1: the same agents in communities of other sizes as well",
    },
    out: {
      type: "string",
      placeholder: "DIR",
      help: "results, and models in seed-<N>/ to be used again (default runs/benchmark-<setup>)",
    },
    wide: { type: "boolean", help: "show every indicator; ladder.csv has them in any case" },
    json: { type: "boolean", help: "print ladder.json and nothing else" },
  },
  async run(flags) {
    const setup = setupOf(flags.setup);
    const { json, days, data, workers, out = `runs/benchmark-${setup.name}` } = flags;
    if (flags.transfer && setup.syntheticProsumers === null) {
      throw new Error("--transfer goes with R1, whose community can be made of any size");
    }
    const names = flags.policies === undefined
      ? LADDER
      : policyWords("--policies", flags.policies, LADDER);
    if (flags.transfer && !names.includes(LEARNED)) {
      throw new Error("--transfer is about learned agents; add learned to --policies");
    }
    const own = await readPolicyFiles(names, LADDER);
    const say = json ? console.error : console.log;
    const config = withTimesteps(parseExperiment(setup.experiment, setup.name), flags.timesteps);
    catchStop("the slot or the iteration in work");
    using _lock = await lockFolder(out);
    const source = await prepareSetup(setup, data, out);
    const dataset = await loadDataset(source);
    const firstSlots = spread(splitDays(dataset, config.environment).test, days);
    const folderOf = (seed: number) => `${out}/seed-${seed}`;
    const seeds = names.includes(LEARNED) ? firstSeeds(flags.seeds) : [];
    const making = {
      commands: [thisCommand("benchmark")],
      module: new URL("../lib/evaluation/evaluate.ts", import.meta.url).href,
      configuration: config,
      seeds: seeds.length > 0 ? seeds : [FIRST_SEED],
      source,
      dataset,
      inputs: [...own.keys()],
      files: [
        ...EVALUATION_FILES,
        ...["ladder.csv", "ladder.json"],
        ...(flags.transfer ? [TRANSFER_FILE] : []),
        ...seeds.flatMap((seed) => TRAINING_FILES.map((file) => `seed-${seed}/${file}`)),
      ],
    };
    const models = seeds.length === 0
      ? []
      : await trainedModels({ seeds, folderOf, config, source, workers, say });

    const afterSlot = () =>
      endIfAsked(
        `the models are saved in ${visible(out)}/, and the same command goes on from there`,
      );
    const played = { dataset, config: config.environment, firstSlots, seed: FIRST_SEED, afterSlot };
    using solver = createSolver();
    say(`\nPlaying ${firstSlots.length} test days under ${names.join(", ")}`);
    const { ladder, files } = await climb(setup, played, { names, own, models }, solver);
    const sizes = flags.transfer
      ? await transfer({ models, played, solver, days, afterSlot, say })
      : null;
    const record = {
      setup: setup.name,
      forecastSeed: FIRST_SEED,
      timesteps: config.ppo.totalTimesteps,
      trainings: await trainings(models),
      ...(sizes === null ? {} : { transfer: sizes.rows }),
    };
    const results = {
      ...files,
      ...ladderFiles(ladder, record),
      ...(sizes === null ? {} : { [TRANSFER_FILE]: sizes.csv }),
    };
    await writeResults(out, results, [PROVENANCE_FILE]);
    await writeProvenance(out, making);
    if (json) return console.log(await Deno.readTextFile(`${out}/ladder.json`));
    console.log(`\n${ladderText(ladder, flags.wide)}`);
    if (sizes !== null) console.log(`\n${sizes.text}`);
    console.log(ending("Ladder, chart (captured.png) and models", out, {
      "Look at a day": `deno task plot ${shellPath(out)}`,
      "Make it again": `deno task reproduce ${shellPath(out)}`,
    }));
  },
});

/** Who climbs the ladder. */
interface Cast {
  /** Words of `--policies`, in order. */
  readonly names: readonly string[];
  /** Policies from files, by their word. */
  readonly own: ReadonlyMap<string, Policy>;
  /** What `learned` stands for. */
  readonly models: readonly SeedModel[];
}

/** Plays all policies: the ladder, and the files with their books and the chart. */
async function climb(
  setup: Setup,
  played: PlayOptions,
  { names, own, models }: Cast,
  solver: Solver,
): Promise<{ ladder: TitledLadder; files: Readonly<Record<string, FileContent>> }> {
  const { seed, dataset, firstSlots } = played;
  // One Worker: every policy then decides on one thread, and their times can be compared.
  using planning = createSolver({ workers: 1 });
  const policies = names.flatMap((name): readonly Policy[] =>
    name === LEARNED
      ? seedPolicies(models)
      : [own.get(name) ?? createPolicy(name, { seed, solver: planning })]
  );
  const bound = await planOptimum(played, solver);
  const evaluation = await evaluate(played, policies, bound);
  const ladder = ladderOf(evaluation, bound);
  const subject = `${setup.name}: ${setup.title}`;
  const titled = {
    title: `${subject}; ${firstSlots.length} test days` +
      (models.length === 0 ? "" : `, training seeds ${models.map(({ seed }) => seed).join(", ")}`),
    currency: dataset.community.currency,
    targets: targetsOf(setup, ladder),
    ...ladder,
  };
  const files = {
    ...evaluationFiles(evaluation, dataset),
    ...figureFiles({ captured: captured(ladder.rungs, { subject }) }),
  };
  return { ladder: titled, files };
}

function targetsOf({ targets }: Setup, { rungs, comparison }: Ladder) {
  const [learned, mpc] = ["learned", "mpc"]
    .map((name) => rungs.find(({ policy }) => policy === name)!);
  return comparison === null ? [] : checkTargets(learned, mpc, comparison, targets);
}

/** How each model came about. */
async function trainings(models: readonly SeedModel[]) {
  return await Promise.all(models.map(async ({ seed, folder }) => {
    const curve = await LearningCurve.resume(`${folder}/${CURVE_FILE}`, Infinity);
    return { seed, folder, seconds: curve.secondsBefore };
  }));
}
