/**
 * What a Python process may ask to be opened: data, rules, days, and how the market is presented.
 *
 * @module
 */

import { z } from "zod";
import { checked } from "../data/json.ts";
import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { applyScenario, parseScenario } from "../data/scenarios.ts";
import { splitDays } from "../data/split.ts";
import { ledgerColumns } from "../env/columns.ts";
import { type DatasetFlags, datasetSource, loadDataset } from "../experiments/dataset_source.ts";
import { DISTRIBUTION } from "../experiments/distribution.ts";
import { asR2, type Setup, setups } from "../experiments/setups.ts";
import { PROTOCOL } from "../programs/frames.ts";
import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";
import { oneOf } from "../text/nearest.ts";

const schema = z.strictObject({
  protocol: z.int(),
  setup: z.string().max(100).nullable(),
  source: z.strictObject({
    data: z.string().min(1).max(4096).optional(),
    prosumers: z.int().min(1).optional(),
    cars: z.int().min(0).optional(),
    "heat-pumps": z.int().min(0).optional(),
    appliances: z.int().min(0).optional(),
    departures: z.string().max(100).optional(),
    tariff: z.string().max(100).optional(),
    "dt-hours": z.number().optional(),
    feeder: z.string().max(100).optional(),
  }),
  config: z.record(z.string(), z.unknown()),
  scenario: z.string().max(100),
  split: z.enum(["train", "validation", "test"]),
  communities: z.int().min(1).max(65_536),
  reward: z.enum(["cost", "training"]),
  dtype: z.enum(["float32", "float64"]),
  info: z.array(z.string()).max(100),
  books: z.boolean(),
});

/** What is opened. */
export interface Opening {
  /** Homes and their profiles. */
  readonly dataset: Dataset;
  /** Rules of the market, and of the training reward. */
  readonly experiment: ExperimentConfig;
  /** First slots of the episodes to draw from. */
  readonly firstSlots: readonly number[];
  /** Communities that play side by side. */
  readonly communities: number;
  /** Whether homes are rewarded with minus their cost, or as training is. */
  readonly reward: "cost" | "training";
  /** How observations are sent. */
  readonly dtype: "float32" | "float64";
  /** Columns of the books that follow every step. */
  readonly info: readonly (keyof typeof ledgerColumns)[];
  /** Whether the books of episodes are kept and audited at their end. */
  readonly books: boolean;
}

const COLUMNS = Object.keys(ledgerColumns) as (keyof typeof ledgerColumns)[];

/**
 * Reads what is to be opened, and loads its data.
 *
 * @throws {Error} In one line, if something does not fit.
 */
export async function readOpening(asked: unknown): Promise<Opening> {
  const { protocol } = checked(asked, z.object({ protocol: z.int() }), "the first frame");
  if (protocol !== PROTOCOL) {
    throw new Error(
      `the Python package speaks version ${protocol} of the protocol and this engine ${PROTOCOL}; ` +
        "install the package of the same version as the laboratory",
    );
  }
  const options = checked(asked, schema, "options");
  const setup = options.setup === null
    ? null
    : setups[oneOf("setup", options.setup, Object.keys(setups)) as keyof typeof setups];
  const experiment = parseExperiment(merged(setup?.experiment ?? {}, options.config), "config");
  const whole = await dataOf(setup, options.source);
  const scenario = parseScenario(options.scenario);
  return {
    dataset: applyScenario(priced(whole, experiment.environment.tariffs), scenario),
    experiment,
    firstSlots: splitDays(whole, experiment.environment)[options.split],
    communities: options.communities,
    reward: options.reward,
    dtype: options.dtype,
    info: options.info.map((name) => oneOf("info", name, COLUMNS) as keyof typeof ledgerColumns),
    books: options.books,
  };
}

async function dataOf(setup: Setup | null, asked: DatasetFlags): Promise<Dataset> {
  if ((asked.data ?? setup?.source?.data) === DISTRIBUTION) {
    throw new Error(
      `${DISTRIBUTION} is many communities, and one is opened here; name its homes otherwise, and ` +
        `judge a policy on all of it with deno task benchmark --setup ${DISTRIBUTION}`,
    );
  }
  if (setup === null) return await loadDataset(datasetSource(asked));
  if (setup.source !== null) return await loadDataset(datasetSource(asked, setup.source));
  if (asked.data === undefined) {
    throw new Error(
      `the homes of ${setup.name} are no part of the package; name their data set folder with data, ` +
        "which deno task data import-citylearn makes",
    );
  }
  return asR2(await loadDataset(datasetSource(asked)));
}

/** The groups of a configuration with what is asked for over them. */
function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const all = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = all[key];
    all[key] = isGroup(below) && isGroup(value) ? merged(below, value) : value;
  }
  return all;
}
