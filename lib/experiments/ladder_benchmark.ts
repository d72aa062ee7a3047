/**
 * The whole ladder, from doing nothing to perfect foresight, on a reference set-up.
 *
 * @module
 */

import { rowsCsv } from "../text/csv.ts";
import { departureKinds } from "../data/devices/car.ts";
import { splitDays } from "../data/split.ts";
import { oneOf } from "../text/nearest.ts";
import { slotsPerDay } from "../units.ts";
import { visible } from "../text/shown.ts";
import { evaluate, type Evaluation, REFERENCE_POLICY } from "../evaluation/evaluate.ts";
import { type Exploitability, exploitability } from "../evaluation/exploitability.ts";
import { forecastSkill } from "../evaluation/forecast_skill.ts";
import { type Ladder, ladderOf, policyOfRun, TRAINED } from "../evaluation/ladder.ts";
import { NETWORK_DAY_FILE, NETWORK_FILE } from "../evaluation/network_files.ts";
import type { Bound } from "../evaluation/bound.ts";
import type { PlayOptions, Records } from "../evaluation/records.ts";
import { createPolicy, policyNames } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";
import {
  afterSlotOf,
  type BenchmarkContext,
  type BenchmarkFlags,
  type BenchmarkResult,
  type BenchmarkSetup,
} from "./benchmark_setup.ts";
import { CURVE_FILE, LearningCurve } from "./curve_file.ts";
import { type DatasetSource, datasetSource, loadDataset } from "./dataset_source.ts";
import { episodesOf, spread } from "./episodes.ts";
import { ladderFiles, ladderText } from "./ladder_files.ts";
import {
  networkFiles,
  networkRows,
  networkTable,
  playedWithoutEnvelopes,
  playWithoutEnvelopes,
  safetyCosts,
  safetyTable,
} from "./network_report.ts";
import { filesOf, policyWords, readPolicyFiles } from "./policy_file.ts";
import { EVALUATION_FILES, evaluationFiles } from "./run_folder.ts";
import { type SeedModel, seedPolicies, trainedModels, withTimesteps } from "./seed_models.ts";
import { FIRST_SEED, firstSeeds } from "./seeds.ts";
import { prepareSetup } from "./setup_data.ts";
import type { Setup } from "./setups.ts";
import { checkTargets, type TargetRow } from "./targets.ts";
import { UNTRAINED, untrainedPolicies } from "./untrained.ts";
import { TRAINING_FILES } from "./training_history.ts";

const LEARNED = "learned";

/** Training seeds, unless another number is asked for. */
export const SEEDS = 5;

/** The planner copied, without PPO. */
const IMITATION = "imitation";

/** Who is on a ladder; learned agents stand above all that has no foresight. */
export const LADDER_POLICIES: readonly string[] = policyNames.flatMap((name) =>
  name === "optimum-no-trade" ? [...TRAINED, name] : [name]
);

/** The benchmark of a reference set-up. */
export function ladderSetup(setup: Setup): BenchmarkSetup {
  return {
    title: setup.title,
    flags: [
      ...["policies", "seeds", "days", "timesteps", "workers"] as const,
      ...setup.source === null ? ["data"] as const : [],
      ...hasCars(setup) ? ["departures"] as const : [],
    ],
    run: (flags, context) => climb(setup, flags, context),
  };
}

const hasCars = ({ source }: Setup) => (source?.cars ?? 0) > 0;

/** The homes of a set-up, whose cars may not say when they leave. */
function withDepartures(source: DatasetSource, departures: string | undefined): DatasetSource {
  if (departures === undefined) return source;
  oneOf("--departures", departures, departureKinds);
  return datasetSource({ departures }, source);
}

async function climb(
  setup: Setup,
  flags: BenchmarkFlags,
  context: BenchmarkContext,
): Promise<BenchmarkResult> {
  const { out, say, wide } = context;
  const names = flags.policies === undefined
    ? LADDER_POLICIES
    : policyWords("--policies", flags.policies, LADDER_POLICIES);
  const own = await readPolicyFiles(names, LADDER_POLICIES);
  const config = withTimesteps(parseExperiment(setup.experiment, setup.name), flags.timesteps);
  const source = withDepartures(await prepareSetup(setup, flags.data, out), flags.departures);
  const dataset = await loadDataset(source);
  const firstSlots = spread(
    splitDays(dataset, config.environment).test,
    config.environment,
    flags.days,
  );
  const trained = TRAINED.filter((name) => names.includes(name));
  const seeds = trained.length > 0 ? firstSeeds(flags.seeds ?? SEEDS) : [];
  const { workers } = flags;
  const train = async (name: string, folder: string, config: ExperimentConfig) => {
    if (!names.includes(name)) return [];
    const folderOf = (seed: number) => `${folder}/seed-${seed}`;
    return await trainedModels({ seeds, folderOf, config, source, workers, say });
  };
  const models = await train(LEARNED, out, config);
  const imitators = await train(IMITATION, `${out}/${IMITATION}`, imitating(config));
  say(
    `\nPlaying ${episodesOf(config.environment, firstSlots.length)} under ${names.join(", ")}`,
  );
  const played: PlayOptions = {
    dataset,
    config: config.environment,
    firstSlots,
    seed: FIRST_SEED,
    afterSlot: afterSlotOf(context, visible(out)),
  };
  // One Worker: every policy then decides on one thread, and their times can be compared.
  using planning = createSolver({ workers: 1 });
  using solver = createSolver();
  const policies = names.flatMap((name): readonly Policy[] =>
    name === LEARNED
      ? seedPolicies(models)
      : name === IMITATION
      ? seedPolicies(imitators, IMITATION)
      : name === UNTRAINED
      ? untrainedPolicies(seeds, config, dataset)
      : [own.get(name) ?? createPolicy(name, { seed: FIRST_SEED, solver: planning })]
  );
  const bound = await planOptimum(played, solver);
  const { evaluation, without } = await playAll(played, policies, bound, context);
  const ladder = ladderOf(evaluation, bound);
  const safety = await safetyCosts(played, bound, evaluation.reference, solver);
  const watched = networkRows([...evaluation.records, ...without], dataset);
  const departures = flags.departures === undefined ? "" : `, departures ${flags.departures}`;
  const subject = `${setup.name}: ${setup.title}${departures}`;
  const { market } = config.environment;
  const exploited = models.length === 0 || market.orders === "inelastic" || setup.targets === null
    ? null
    : await exploit(played, evaluation, policies, say);
  const titled = {
    title: `${subject}; ${episodesOf(config.environment, firstSlots.length)}` +
      (seeds.length === 0 ? "" : `, training seeds ${seeds.join(", ")}`),
    currency: dataset.community.currency,
    targets: targetsOf(setup, ladder, exploited),
    exploitability: exploited,
    forecastSkill: forecastSkill(played),
    ...ladder,
  };
  const record = {
    setup: setup.name,
    forecastSeed: FIRST_SEED,
    timesteps: config.ppo.totalTimesteps,
    trainings: await trainings(models),
  };
  return {
    text: [
      ladderText(titled, wide),
      networkTable(watched),
      safetyTable(safety, dataset.community.currency),
    ].filter((part) => part !== "").join("\n\n"),
    json: { ...titled, ...record, ...(watched.length > 0 && { network: watched, safety }) },
    files: {
      ...evaluationFiles(evaluation, dataset),
      ...networkFiles([...evaluation.records, ...without], dataset),
      ...(safety.length > 0 && { "safety.csv": rowsCsv(safety) }),
      ...ladderFiles(titled, record),
    },
    chart: { kind: "captured", subject, rows: ladder.rows },
    origin: {
      module: import.meta.url,
      configuration: config,
      seeds: seeds.length > 0 ? seeds : [FIRST_SEED],
      source,
      dataset,
      inputs: filesOf(own),
      files: [
        ...EVALUATION_FILES,
        ...["forecast_skill.csv", "ladder.csv", "ladder.json"],
        ...exploited === null ? [] : ["misreports.csv"],
        ...watched.length === 0 ? [] : [NETWORK_FILE, NETWORK_DAY_FILE, "network_summary.csv"],
        ...safety.length === 0 ? [] : ["safety.csv"],
        ...trainingFiles(models, out),
        ...trainingFiles(imitators, out),
      ],
    },
  };
}

/** Plays all policies, on a network also without its envelopes, and shows how far it is. */
async function playAll(
  played: PlayOptions,
  policies: readonly Policy[],
  bound: Bound,
  { startProgress }: BenchmarkContext,
): Promise<{ readonly evaluation: Evaluation; readonly without: readonly Records[] }> {
  const { dataset, config } = played;
  const slots = config.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  const hasReference = policies.some(({ name }) => name === REFERENCE_POLICY);
  const plays = policies.length + (hasReference ? 0 : 1) +
    playedWithoutEnvelopes(played, policies).length;
  using progress = startProgress(plays * slots, "slots");
  let done = 0;
  const shown: PlayOptions = {
    ...played,
    async afterSlot() {
      const play = Math.floor(done++ / slots) + 1;
      progress?.update(done, `policy ${play} of ${plays}`);
      await played.afterSlot?.();
    },
  };
  const evaluation = await evaluate(shown, policies, bound);
  return { evaluation, without: await playWithoutEnvelopes(shown, policies) };
}

/** Plays the learned agents again with changed values. */
async function exploit(
  played: PlayOptions,
  { records, reference }: Evaluation,
  policies: readonly Policy[],
  say: (line: string) => void,
): Promise<Exploitability> {
  const runs = policies.map((policy, k) => ({ policy, records: records[k] }))
    .filter(({ policy }) => policyOfRun(policy.name) === LEARNED);
  say(
    "Playing the learned agents again, each home in turn misreporting what energy is worth to it",
  );
  const days = played.firstSlots.length * played.config.episodeDays;
  return await exploitability(LEARNED, played, runs, reference, days);
}

function targetsOf(
  { targets }: Setup,
  { rows, comparison }: Ladder,
  exploited: Exploitability | null,
): readonly TargetRow[] {
  if (targets === null || comparison === null || exploited === null) return [];
  return checkTargets({ rows, comparison, exploitability: exploited }, targets);
}

/** The same training without PPO. */
function imitating(config: ExperimentConfig): ExperimentConfig {
  return { ...config, ppo: { ...config.ppo, imitationShare: 1 } };
}

/** Files of models, as they are named from the folder of the results. */
function trainingFiles(models: readonly SeedModel[], out: string): string[] {
  return models.flatMap(({ folder }) =>
    TRAINING_FILES.map((file) => `${folder.slice(out.length + 1)}/${file}`)
  );
}

/** How each model came about. */
async function trainings(models: readonly SeedModel[]) {
  return await Promise.all(models.map(async ({ seed, folder }) => {
    const curve = await LearningCurve.resume(`${folder}/${CURVE_FILE}`, Infinity);
    return { seed, folder, seconds: curve.secondsBefore };
  }));
}
