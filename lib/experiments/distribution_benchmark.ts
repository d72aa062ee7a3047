/**
 * Policies in the communities of the distribution W that training never saw.
 *
 * Every community counts alike: its captured share is one number, whatever its size, and intervals are
 * over training seeds and communities.
 *
 * @module
 */

import { markdownTable, microseconds, NONE, percent, table } from "../cli/table.ts";
import { laidOut } from "../cli/terminal.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { policyOfRun, TRAINED } from "../evaluation/ladder.ts";
import { crossedBootstrap, type Interval, mean, type Scores } from "../evaluation/statistics.ts";
import { createPolicy, policyNames } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { visible } from "../text/shown.ts";
import {
  afterSlotOf,
  type BenchmarkContext,
  type BenchmarkFlags,
  type BenchmarkResult,
  type BenchmarkSetup,
} from "./benchmark_setup.ts";
import { loadDataset } from "./dataset_source.ts";
import { drawCommunity, PARTS } from "./distribution.ts";
import { playedWeeks } from "./distribution_costs.ts";
import { policyWords, readPolicyFiles } from "./policy_file.ts";
import { interval } from "./result_tables.ts";
import { seedPolicies, trainedModels, withTimesteps } from "./seed_models.ts";
import { FIRST_SEED, firstSeeds } from "./seeds.ts";
import { setups } from "./setups.ts";
import { TRAINING_FILES } from "./training_history.ts";
import { UNTRAINED, untrainedPolicies } from "./untrained.ts";

/** Training seeds, unless another number is asked for: each trains for minutes. */
const SEEDS = 3;

const LEARNED = "learned";

/** Whom to ask for unless it is said; planners over whole communities take hours. */
const POLICIES: readonly string[] = [
  ...["trade-only", "self-consumption", "threshold", "dynamic-programming"],
  UNTRAINED,
  LEARNED,
];

const KNOWN: readonly string[] = [...policyNames, UNTRAINED, LEARNED];

const HEADER = [
  ...["policy", "seeds", "captured %", "95 %", "worst %"],
  ...["of the best rival", "95 %", "worst", "worse off", "violations", "µs/decision"],
];

/** What a run did in a community. */
interface CommunityRow {
  readonly community: number;
  readonly homes: number;
  readonly slotHours: number;
  readonly policy: string;
  readonly captured: number | null;
  readonly prosumersWorseOff: number;
  readonly residualViolations: number;
  readonly microsecondsPerDecision: number;
}

/** The benchmark. */
export const distributionSetup: BenchmarkSetup = {
  title: setups.W.title,
  flags: ["policies", "seeds", "timesteps", "workers"],
  run: judge,
};

async function judge(flags: BenchmarkFlags, context: BenchmarkContext): Promise<BenchmarkResult> {
  const { out, say } = context;
  const { experiment, source } = setups.W;
  const names = flags.policies === undefined
    ? POLICIES
    : policyWords("--policies", flags.policies, KNOWN);
  const own = await readPolicyFiles(names, KNOWN);
  const config = withTimesteps(parseExperiment(experiment, "W"), flags.timesteps);
  const trains = names.includes(LEARNED);
  const seeds = firstSeeds(trains || names.includes(UNTRAINED) ? flags.seeds ?? SEEDS : 0);
  const folderOf = (seed: number) => `${out}/seed-${seed}`;
  const { workers } = flags;
  const models = trains
    ? await trainedModels({ seeds, folderOf, config, source, workers, say })
    : [];
  const dataset = await loadDataset(source);
  using planning = createSolver({ workers: 1 });
  using solver = createSolver();
  const policies: Policy[] = [];
  for (const name of names) {
    if (name === LEARNED) policies.push(...seedPolicies(models));
    else if (name === UNTRAINED) policies.push(...untrainedPolicies(seeds, config, dataset));
    else policies.push(own.get(name) ?? createPolicy(name, { seed: FIRST_SEED, solver: planning }));
  }
  say(`\nPlaying a week of ${PARTS.test} communities under ${names.join(", ")}`);
  const afterSlot = afterSlotOf(context, visible(out));
  using progress = context.startProgress(PARTS.test, "communities");
  const rows: CommunityRow[] = [];
  for (let index = 0; index < PARTS.test; index++) {
    const drawn = drawCommunity("test", index);
    const played = { ...playedWeeks(drawn), afterSlot };
    const { summary } = await evaluate(played, policies, await planOptimum(played, solver));
    const { community: { prosumers }, profiles: { grid } } = drawn.dataset;
    rows.push(...summary.map((each) => ({
      community: index,
      homes: prosumers.length,
      slotHours: grid.dtHours,
      policy: each.policy,
      captured: each.captured,
      prosumersWorseOff: each.prosumersWorseOff,
      residualViolations: each.residualViolations,
      microsecondsPerDecision: each.microsecondsPerDecision,
    })));
    progress?.update(index + 1, "");
  }
  const places = placesOf(rows);
  const title = `W: ${setups.W.title}` +
    (trains ? `, training seeds ${seeds.join(", ")}` : "");
  return {
    text: `${laidOut(title)}\n\n${table(HEADER, places.map(cells))}\n\n${laidOut(LEGEND)}`,
    json: { title, policies: places, communities: rows, timesteps: config.ppo.totalTimesteps },
    files: {
      "distribution.csv": rowsCsv(places),
      "communities.csv": rowsCsv(rows),
      "distribution.md": `**${title}**\n\n${
        markdownTable(HEADER, places.map(cells))
      }\n\n${LEGEND}\n`,
    },
    origin: {
      module: import.meta.url,
      configuration: config,
      seeds: seeds.length > 0 ? seeds : [FIRST_SEED],
      source,
      dataset,
      inputs: [...own.keys()],
      files: [
        ...["distribution.csv", "communities.csv", "distribution.md"],
        ...trains
          ? seeds.flatMap((seed) => TRAINING_FILES.map((file) => `seed-${seed}/${file}`))
          : [],
      ],
    },
  };
}

const LEGEND = "captured: share of the saving that perfect foresight makes possible, mean over " +
  "communities, and in the worst; of the best rival: the same as a share of what the best policy " +
  "without training captures; worse off: homes that pay more than alone with the grid.";

/** A policy's place among the communities; `null` where there is no rival. */
export interface DistributionPlace {
  /** The policy. */
  readonly policy: string;
  /** Training seeds. */
  readonly seeds: number;
  /** Communities that it was judged in. */
  readonly communities: number;
  /** Captured share, mean over communities and seeds. */
  readonly captured: number;
  /** Lower end of its 95 % interval. */
  readonly capturedLow: number;
  /** Upper end. */
  readonly capturedHigh: number;
  /** Captured share in the worst community, mean over seeds. */
  readonly capturedWorst: number;
  /** Captured share ÷ that of the best rival. */
  readonly ofRival: number | null;
  /** Lower end of its 95 % interval. */
  readonly ofRivalLow: number | null;
  /** Upper end. */
  readonly ofRivalHigh: number | null;
  /** The same in the community where it is least. */
  readonly ofRivalWorst: number | null;
  /** Homes that lose against `grid-only`, in the worst seed, over all communities. */
  readonly prosumersWorseOff: number;
  /** Violations that the audit found. */
  readonly residualViolations: number;
  /** Median over communities of the time to decide for one once; not reproducible. [µs] */
  readonly microsecondsPerDecision: number;
}

/**
 * Places of all policies. Communities in which nothing can be saved count for nobody.
 *
 * @param rows What every run did in every community.
 */
export function placesOf(rows: readonly CommunityRow[]): DistributionPlace[] {
  const counting = rows.filter(({ captured }) => captured !== null);
  const runs = [...Map.groupBy(counting, ({ policy }) => policy)];
  const byPolicy = [...Map.groupBy(runs, ([run]) => policyOfRun(run))].map(([policy, own]) => ({
    policy,
    rows: own.map(([, each]) => each),
    scores: own.map(([, each]) => each.map(({ captured }) => captured!)),
  }));
  const average = (scores: Scores) => mean(scores.map((row) => mean(row)));
  const rival = byPolicy
    .filter(({ policy }) => !TRAINED.includes(policy) && !policy.startsWith("optimum"))
    .toSorted((a, b) => average(b.scores) - average(a.scores))[0];
  return byPolicy.map(({ policy, rows, scores }) => {
    const communities = scores[0].length;
    const captured = crossedBootstrap(
      [scores.length],
      communities,
      ([seeds], chosen) => meanOver(scores, seeds, chosen),
    );
    const perCommunity = scores[0].map((_, c) => mean(scores.map((row) => row[c])));
    const against: Interval | null = rival === undefined ? null : crossedBootstrap(
      [scores.length],
      communities,
      ([seeds], chosen) =>
        meanOver(scores, seeds, chosen) / meanOver(rival.scores, Int32Array.of(0), chosen),
    );
    return {
      policy,
      seeds: scores.length,
      communities,
      captured: captured.estimate,
      capturedLow: captured.low,
      capturedHigh: captured.high,
      capturedWorst: Math.min(...perCommunity),
      ofRival: against?.estimate ?? null,
      ofRivalLow: against?.low ?? null,
      ofRivalHigh: against?.high ?? null,
      ofRivalWorst: rival === undefined
        ? null
        : Math.min(...perCommunity.map((share, c) => share / rival.scores[0][c])),
      prosumersWorseOff: Math.max(
        ...rows.map((each) => each.reduce((sum, row) => sum + row.prosumersWorseOff, 0)),
      ),
      residualViolations: rows.flat().reduce((sum, row) => sum + row.residualViolations, 0),
      microsecondsPerDecision: median(rows.flat().map((row) => row.microsecondsPerDecision)),
    };
  });
}

function meanOver(scores: Scores, seeds: Int32Array, communities: Int32Array): number {
  let sum = 0;
  for (const seed of seeds) for (const c of communities) sum += scores[seed][c];
  return sum / (seeds.length * communities.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function cells(place: DistributionPlace): (string | number)[] {
  const ratio = (value: number | null) => value === null ? NONE : value.toFixed(3);
  return [
    place.policy,
    place.seeds,
    percent(place.captured),
    interval(place.capturedLow, place.capturedHigh),
    percent(place.capturedWorst),
    ratio(place.ofRival),
    `${ratio(place.ofRivalLow)} to ${ratio(place.ofRivalHigh)}`,
    ratio(place.ofRivalWorst),
    place.prosumersWorseOff,
    place.residualViolations,
    microseconds(place.microsecondsPerDecision),
  ];
}
