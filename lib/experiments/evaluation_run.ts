/**
 * Policies on the same days with the same forecasts, as `deno task evaluate` compares them: rules,
 * planners, policies from files, and learned ones from a model or from several training seeds.
 *
 * @module
 */

import { say as print } from "../cli/terminal.ts";
import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { applyScenario, parseScenario } from "../data/scenarios.ts";
import type { FileContent } from "../disk/whole_files.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Bound } from "../evaluation/bound.ts";
import { evaluate, type Evaluation } from "../evaluation/evaluate.ts";
import {
  type FlexibilityWorth,
  flexibilityWorth,
  waitingKinds,
} from "../evaluation/flexibility.ts";
import { rowsCsv } from "../text/csv.ts";
import { forecastSkill } from "../evaluation/forecast_skill.ts";
import { ladderOf } from "../evaluation/ladder.ts";
import type { PlayOptions } from "../evaluation/records.ts";
import { createPolicy, everyPolicyName } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Policy } from "../policies/policy.ts";
import { rulePolicyNames } from "../policies/rule_based.ts";
import type { Solver } from "../policies/solver.ts";
import { shown } from "../text/shown.ts";
import { slotsPerDay } from "../units.ts";
import type { BenchmarkFlags } from "./benchmark_setup.ts";
import { type DatasetFlags, datasetSource, loadDataset } from "./dataset_source.ts";
import { parseSplit, playedEpisodes } from "./episodes.ts";
import { ladderFiles, type TitledLadder } from "./ladder_files.ts";
import { recordsGb, requireMemory } from "./memory_needed.ts";
import { filesOf, policyWords, readPolicyFiles } from "./policy_file.ts";
import type { ResultOrigin } from "./provenance.ts";
import { evaluationFiles, runStem } from "./run_folder.ts";
import { readExperiment, seedPolicies, trainedModels, withTimesteps } from "./seed_models.ts";
import { FIRST_SEED, firstSeeds, seedFolder } from "./seeds.ts";
import { loadForModel, policyOf, readModel } from "./trained_model.ts";

const LEARNED = "learned";

/** Longest episode of which the optimum is planned whatever the number of homes. [d] */
const LONGEST_PLANNED_DAYS = 31;

/** Slots × homes up to which longer ones are: a year of hours of eleven homes, about 1 GB of memory. */
const MOST_PLANNED_SLOTS = 100_000;

/** Names of policies that can be compared. */
export const COMPARED: readonly string[] = [...everyPolicyName, LEARNED];

/** What may be asked for; see `deno task evaluate --help`. */
export interface EvaluationFlags
  extends
    DatasetFlags,
    Pick<BenchmarkFlags, "model" | "policies" | "days" | "seed" | "seeds" | "timesteps"> {
  /** Part of the days. */
  readonly split: string;
  /** What befalls the community. */
  readonly scenario: string;
  /** How far forecasts err, in the place of what the agents were trained with. */
  readonly "forecast-error"?: number | undefined;
  /** Whether it is told what cars, heat pumps and appliances are worth in a year. */
  readonly flexibility?: boolean | undefined;
  /** File with the rules of the game, and with `seeds` the configuration of trainings. */
  readonly config?: string | undefined;
}

/** Who plays what. */
export interface EvaluationPlan {
  /** What is compared, in a line. */
  readonly title: string;
  /** The days. */
  readonly days: PlayOptions;
  /** The policies. */
  readonly policies: readonly Policy[];
  /** Whether means over training seeds are compared. */
  readonly isLadder: boolean;
  /** Whether devices that wait are valued. */
  readonly flexibility: boolean;
  /** What the results are made from. */
  readonly origin: Omit<ResultOrigin, "commands" | "files">;
}

/** What came of it. */
export interface EvaluationRun {
  /** The policies' books and indicators. */
  readonly evaluation: Evaluation;
  /** Means over training seeds with their intervals; `null` where there is one or no bound. */
  readonly ladder: TitledLadder | null;
  /** What devices are worth that wait; empty where nobody asked. */
  readonly flexibility: readonly FlexibilityWorth[];
  /** Results by name. */
  readonly files: Readonly<Record<string, FileContent>>;
  /** What they are made from. */
  readonly origin: Omit<ResultOrigin, "commands">;
}

/** Rules of the game, data, noise, and the learned policies, which may be none. */
interface Cast {
  readonly config: EnvironmentConfig;
  readonly dataset: Dataset;
  readonly seed: number;
  readonly learned: readonly Policy[];
  readonly from: Pick<ResultOrigin, "configuration" | "seeds" | "source" | "inputs">;
}

type Say = (line: string) => void;

/**
 * Loads all that is needed, and trains models of several seeds that are not there.
 *
 * @throws {Error} In one line, if something does not fit.
 */
export async function planEvaluation(
  flags: EvaluationFlags,
  solver: Solver,
  say: Say,
): Promise<EvaluationPlan> {
  const names = namesIn(flags);
  const own = await readPolicyFiles(names, COMPARED);
  const scenario = parseScenario(flags.scenario);
  const split = parseSplit(flags.split);
  const { config: rules, dataset: original, seed, learned, from } = await castOf(flags, say);
  const error = flags["forecast-error"] ?? rules.forecast.error;
  const { config, firstSlots } = playedEpisodes(
    original,
    { ...rules, forecast: { ...rules.forecast, error } },
    split,
    flags.days,
  );
  requireShortPlans(names, { dataset: original, config });
  const dataset = applyScenario(priced(original, config.tariffs), scenario);
  if (flags.flexibility && waitingKinds(dataset).size === 0) {
    throw new Error(
      "--flexibility is about cars, heat pumps and appliances, and there are none; add --cars 4, or " +
        "leave it out",
    );
  }
  const policies = names.flatMap((name) =>
    name === LEARNED ? learned : own.get(name) ?? createPolicy(name, { seed, solver })
  );
  const slots = config.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  requireMemory(
    recordsGb(dataset, policies.length, firstSlots.length, slots),
    `the books of ${policies.length} policies over ${firstSlots.length} episodes`,
    "take fewer days with --days, or fewer policies with --policies",
  );
  return {
    title: `${shown(dataset.community.name)}: ` +
      (split === "all"
        ? `${config.episodeDays} days in one episode`
        : `${firstSlots.length} ${split} episode${firstSlots.length === 1 ? "" : "s"}`) +
      `, scenario ${scenario}`,
    days: { dataset, config, firstSlots, seed },
    policies,
    isLadder: flags.seeds !== undefined,
    flexibility: flags.flexibility ?? false,
    origin: {
      ...from,
      module: import.meta.url,
      dataset: original,
      inputs: [...from.inputs ?? [], ...filesOf(own)],
    },
  };
}

/** Plays the days under all policies, and plans the optimum that they are measured by. */
export async function runEvaluation(
  { title, days, policies, isLadder, flexibility, origin }: EvaluationPlan,
  solver: Solver,
  afterSlot: () => Promise<void>,
): Promise<EvaluationRun> {
  const { dataset } = days;
  const bound = await boundOf(days, solver);
  const evaluation = await evaluate({ ...days, afterSlot }, policies, bound);
  const { currency } = dataset.community;
  const ladder = !isLadder || bound === null ? null : {
    title,
    currency,
    targets: [],
    exploitability: null,
    forecastSkill: forecastSkill(days),
    ...ladderOf(evaluation, bound),
  };
  const worth: FlexibilityWorth[] = [];
  for (const [k, policy] of policies.entries()) {
    // A plan that is made once, of devices that wait, says nothing of those that do not.
    if (!flexibility || policy.name.startsWith("optimum")) continue;
    worth.push(
      ...await flexibilityWorth({ ...days, afterSlot }, policy, evaluation.records[k]),
    );
  }
  const files = {
    ...evaluationFiles(evaluation, dataset, ladder),
    ...(worth.length === 0
      ? {}
      : { "flexibility.csv": rowsCsv(worth.map((row) => ({ ...row, currency }))) }),
    ...(ladder === null ? {} : ladderFiles(ladder)),
  };
  const recorded = Object.keys(files).filter((name) => !name.endsWith(".md"));
  return { evaluation, ladder, flexibility: worth, files, origin: { ...origin, files: recorded } };
}

/** The optimum of the days; `null`, and a line that says so, where its program is too large. */
export async function boundOf(days: PlayOptions, solver: Solver): Promise<Bound | null> {
  if (canPlan(days)) return await planOptimum(days, solver);
  print(
    `There is no optimum of ${
      sizeOf(days)
    } in one piece, captured stays empty; weeks have one, with ` +
      "--split test",
    "stderr",
  );
  return null;
}

/** What is planned in one linear program. */
type Planned = Pick<PlayOptions, "dataset" | "config">;

function slotsOf({ dataset: { profiles: { grid } }, config }: Planned): number {
  return config.episodeDays * slotsPerDay(grid.dtHours);
}

function sizeOf(days: Planned): string {
  return `${days.config.episodeDays} days of ${days.dataset.community.prosumers.length} homes`;
}

function canPlan(days: Planned): boolean {
  return days.config.episodeDays <= LONGEST_PLANNED_DAYS ||
    slotsOf(days) * days.dataset.community.prosumers.length <= MOST_PLANNED_SLOTS;
}

/** Whose plans reach to the end of an episode must not be asked for a year of a whole street. */
function requireShortPlans(names: readonly string[], days: Planned): void {
  const planner = names.find((name) => name.startsWith("optimum"));
  if (planner === undefined || canPlan(days)) return;
  throw new Error(
    `${planner} plans an episode in one linear program, of at most ${LONGEST_PLANNED_DAYS} days or ` +
      `${MOST_PLANNED_SLOTS} slots × homes, got ${
        sizeOf(days)
      }; leave it out of --policies, or take ` +
      "fewer days with --days, or fewer homes",
  );
}

/** The policies to run; what they need must be there. */
function namesIn({ policies: list, model, seeds }: EvaluationFlags): string[] {
  const names = list === undefined
    ? [...rulePolicyNames, ...(model === undefined && seeds === undefined ? [] : [LEARNED])]
    : policyWords("--policies", list, COMPARED);
  if (seeds !== undefined && !names.includes(LEARNED)) {
    throw new Error("--seeds is about learned agents; add learned to --policies, or leave it out");
  }
  if (names.includes(LEARNED) && model === undefined && seeds === undefined) {
    throw new Error(
      "--policies learned needs a trained model: train one with deno task train and name its " +
        "folder with --model, or let --seeds train some",
    );
  }
  return names;
}

async function castOf(flags: EvaluationFlags, say: Say): Promise<Cast> {
  const { model: folder, seeds } = flags;
  if (seeds !== undefined) return await seedsCast(flags, seeds, say);
  if (flags.timesteps !== undefined) {
    throw new Error("--timesteps goes with --seeds, where agents may have to be trained");
  }
  if (folder === undefined) {
    const { environment: config } = await readExperiment(flags.config);
    const source = datasetSource(flags);
    const dataset = await loadDataset(source);
    const seed = flags.seed ?? FIRST_SEED;
    const inputs = flags.config === undefined ? [] : [flags.config];
    const from = { configuration: { environment: config }, seeds: [seed], source, inputs };
    return { config, dataset, seed, learned: [], from };
  }
  const model = await readModel(folder);
  const configuration = flags.config === undefined ? model.config : {
    ...model.config,
    environment: (await readExperiment(flags.config)).environment,
  };
  const source = datasetSource(flags, model.source);
  const seed = flags.seed ?? model.seed;
  return {
    config: configuration.environment,
    dataset: await loadForModel(source, model, folder),
    seed,
    learned: [policyOf(model, model.actor, { warn: (text) => print(text, "stderr") })],
    from: {
      configuration,
      seeds: [seed],
      source,
      inputs: [
        `${folder}/model.json`,
        ...(flags.config === undefined ? [] : [flags.config]),
      ],
    },
  };
}

async function seedsCast(flags: EvaluationFlags, count: number, say: Say): Promise<Cast> {
  const { timesteps } = flags;
  const source = datasetSource(flags);
  const models = await trainedModels({
    seeds: firstSeeds(count),
    folderOf: (seed) => seedFolder(flags.model ?? runStem(source), seed),
    config: flags.config === undefined && timesteps === undefined
      ? null
      : withTimesteps(await readExperiment(flags.config), timesteps),
    source,
    say,
  });
  const { config } = models[0].model;
  return {
    config: config.environment,
    dataset: await loadDataset(source),
    seed: flags.seed ?? FIRST_SEED,
    learned: seedPolicies(models),
    from: {
      configuration: config,
      seeds: models.map(({ seed }) => seed),
      source,
      inputs: models.map(({ folder }) => `${folder}/model.json`),
    },
  };
}
