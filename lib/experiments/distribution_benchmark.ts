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
import { type CommunityRow, type DistributionPlace, placesOf } from "./distribution_places.ts";
import { filesOf, policyWords, readPolicyFiles } from "./policy_file.ts";
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
  ...["trade-only", "self-consumption", "threshold"],
  ...["dynamic-programming", "dynamic-programming-calibrated"],
  UNTRAINED,
  LEARNED,
];

const KNOWN: readonly string[] = [...policyNames, UNTRAINED, LEARNED];

const HEADER = [
  ...["policy", "seeds", "captured %", "95 %", "worst %"],
  ...["of the best rival", "95 %", "worst", "worse off", "violations", "µs/decision"],
];

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
      inputs: filesOf(own),
      files: [
        // The Markdown also has times, which are never the same again.
        ...["distribution.csv", "communities.csv"],
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
