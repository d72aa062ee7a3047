/**
 * A continuous year for a board: what every home pays today, what it would pay with its own battery
 * used well and no neighbours, and under each rule of sharing; and what larger batteries would bring.
 *
 * Nothing is trained. Decisions come from dynamic programming on forecasts: by each home for itself
 * where stores act on the grid's prices alone, on what the community publishes where there is a
 * market.
 *
 * @module
 */

import type { BatterySize } from "../data/battery_sizes.ts";
import { beginningAlike, homesWithBattery, withBatterySizes } from "../data/battery_sizes.ts";
import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { atOwnTariffs, type EnvironmentConfig } from "../env/config.ts";
import { audit } from "../evaluation/audit.ts";
import { communityFlows } from "../evaluation/community_flows.ts";
import { type MonthlyBill, monthlyBills } from "../evaluation/monthly_bills.ts";
import { playRules, RULES_OF_ONE_DISPATCH } from "../evaluation/play_rules.ts";
import type { PlayOptions, Records } from "../evaluation/records.ts";
import { type BilledDays, billedDays, DAYS_PER_YEAR } from "../evaluation/yearly_savings.ts";
import { dynamicProgrammingPolicy } from "../policies/dynamic_programming.ts";
import type { Policy } from "../policies/policy.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { slotsPerDay } from "../units.ts";
import { requireCurves } from "./board_config.ts";
import { playedEpisodes } from "./episodes.ts";
import { recordsGb, requireMemory } from "./memory_needed.ts";

/** What each way of living together is called in tables. */
export const TODAY = "today", ALONE = "own battery";

/** Rules of sharing, the market first. */
export const SHARED_BY: readonly string[] = [
  ...RULES_OF_ONE_DISPATCH.market,
  ...RULES_OF_ONE_DISPATCH.alone.slice(1),
];

/** What came of one way of living together. */
export interface BoardRow {
  /** {@linkcode TODAY}, {@linkcode ALONE}, a mechanism, or the name of an agents' policy. */
  readonly name: string;
  /** Bills of all homes. */
  readonly bills: BilledDays;
  /** By home and month. */
  readonly monthly: readonly MonthlyBill[];
  /** CO2 of the community's net imports in a year. [kg/a] */
  readonly emissionsKgPerYear: number;
  /** Energy of the community from the grid in a year. [kWh/a] */
  readonly importKwhPerYear: number;
  /** Energy between homes in a year. [kWh/a] */
  readonly tradedKwhPerYear: number;
  /** Highest net import of the community. [kW] */
  readonly peakKw: number;
  /** Demand that was not served. [kWh] */
  readonly unservedKwh: number;
  /** Stored energy that lacked, of cars and heat pumps, and came from elsewhere. [kWh] */
  readonly unmetKwh: number;
  /** What the audit found wrong; 0 in a sound run. */
  readonly violations: number;
}

/** The market with batteries of another size. */
export interface BoardSize {
  /** Their size. */
  readonly size: BatterySize;
  /** All batteries of the community together. [kWh] */
  readonly communityKwh: number;
  /** What came of it. */
  readonly row: BoardRow;
}

/** Everything that a board's page is written from. */
export interface BoardYear {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game, the days and what stores hold at first included. */
  readonly config: EnvironmentConfig;
  /** First slot. */
  readonly firstSlot: number;
  /** Seed of the forecasts. */
  readonly seed: number;
  /** Today, the own battery, then each rule. */
  readonly rows: readonly BoardRow[];
  /** The market by size of batteries; empty where there are none. */
  readonly sizes: readonly BoardSize[];
}

/** What to play. */
export interface BoardOptions {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game; an episode is as long as the days. */
  readonly config: EnvironmentConfig;
  /** Seed of the forecasts. */
  readonly seed: number;
  /** Days from the first midnight on; all if left out. */
  readonly days?: number | undefined;
  /** Sizes of batteries to compare; none, present and twice as large if left out. */
  readonly sizes?: readonly BatterySize[] | undefined;
  /** Agents that play the year too, in the market. */
  readonly agents?: Policy;
  /** Waited for after every slot. */
  readonly afterSlot?: () => Promise<void>;
  /** Told of what is played next, and how many slots are done of how many. */
  readonly onPart?: (done: number, all: number, what: string) => void;
}

/** How often homes think anew of what stored energy is worth, where slots are shorter. [h] */
export const REPLAN_HOURS = 0.5;

const PRESENT_AND_OTHERS: readonly BatterySize[] = [{ factor: 0 }, { factor: 1 }, { factor: 2 }];

/**
 * Plays the year under everything that is compared.
 *
 * @throws {Error} If there is no whole day, or orders are inelastic.
 */
export async function boardYear(options: BoardOptions): Promise<BoardYear> {
  const { seed, agents, afterSlot, onPart } = options;
  const dataset = priced(beginningAlike(options.dataset), options.config.tariffs);
  requireCurves(options.config);
  // A year that begins with empty stores is given nothing that it has not paid for.
  const { config, firstSlots } = playedEpisodes(
    dataset,
    { ...atOwnTariffs(options.config, dataset), initialSoc: 0 },
    "all",
    options.days,
  );
  const slots = config.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  requireMemory(
    recordsGb(dataset, RULES_OF_ONE_DISPATCH.alone.length, 1, slots),
    `the books of ${config.episodeDays} days`,
    "take fewer days with --days",
  );
  const played: PlayOptions = {
    dataset,
    config,
    firstSlots,
    seed,
    ...(afterSlot !== undefined && { afterSlot }),
  };
  const replanSlots = Math.max(1, Math.round(REPLAN_HOURS / dataset.profiles.grid.dtHours));
  const sizes = options.sizes ??
    (homesWithBattery(dataset).length > 0 ? PRESENT_AND_OTHERS : []);
  const { market, alone } = RULES_OF_ONE_DISPATCH;
  const parts: [what: string, play: () => Promise<BoardRow[]>][] = [
    ["today", () => rowsOf(played, rulePolicy("grid-only"), ["grid-only"], [TODAY])],
    [
      "every home by itself",
      () =>
        rowsOf(played, dynamicProgrammingPolicy({ alone: true, replanSlots }), alone, [
          ALONE,
          ...alone.slice(1),
        ]),
    ],
    ["the market", () => rowsOf(played, dynamicProgrammingPolicy({ replanSlots }), market, market)],
  ];
  if (agents !== undefined) {
    parts.push(["trained agents", () => rowsOf(played, agents, ["uniform-price"], [agents.name])]);
  }
  const rows: BoardRow[] = [];
  const all = parts.length + sizes.length;
  for (const [k, [what, play]] of parts.entries()) {
    onPart?.(k * slots, all * slots, what);
    rows.push(...await play());
  }
  const varied: BoardSize[] = [];
  for (const [k, other] of (sizes.length > 0 ? withBatterySizes(dataset, sizes) : []).entries()) {
    onPart?.((parts.length + k) * slots, all * slots, "batteries of another size");
    const communityKwh = homesWithBattery(other)
      .reduce((sum, { battery }) => sum + battery!.capacityKwh, 0);
    const isPresent = batteriesOf(other) === batteriesOf(dataset);
    const [row] = isPresent ? rows.filter(({ name }) => name === market[0]) : await rowsOf(
      { ...played, dataset: other },
      dynamicProgrammingPolicy({ replanSlots }),
      ["uniform-price"],
      ["uniform-price"],
    );
    varied.push({ size: sizes[k], communityKwh, row });
  }
  const order = [TODAY, ALONE, ...SHARED_BY];
  const place = ({ name }: BoardRow) =>
    order.indexOf(name) < 0 ? order.length : order.indexOf(name);
  return {
    dataset,
    config,
    firstSlot: firstSlots[0],
    seed,
    rows: rows.toSorted((a, b) => place(a) - place(b)),
    sizes: varied,
  };
}

function batteriesOf({ community: { prosumers } }: Dataset): string {
  return JSON.stringify(prosumers.map(({ battery }) => battery));
}

async function rowsOf(
  played: PlayOptions,
  policy: Policy,
  mechanisms: readonly string[],
  names: readonly string[],
): Promise<BoardRow[]> {
  const books = await playRules(played, policy, mechanisms);
  return books.map((records, k) => rowOf(names[k], records, played.dataset));
}

function rowOf(name: string, records: Records, dataset: Dataset): BoardRow {
  const { grid } = dataset.profiles;
  const bills = billedDays(records, dataset);
  const flows = communityFlows(records, dataset);
  const perYear = DAYS_PER_YEAR / bills.days;
  return {
    name,
    bills,
    monthly: monthlyBills(records, dataset),
    emissionsKgPerYear: flows.emissionsKg * perYear,
    importKwhPerYear: flows.importKwh * perYear,
    tradedKwhPerYear: flows.tradedKwh * perYear,
    peakKw: flows.netKwh[0].reduce((most, kwh) => Math.max(most, kwh), 0) / grid.dtHours,
    unservedKwh: records.home.unservedKw.reduce((sum, kw) => sum + kw, 0) * grid.dtHours,
    unmetKwh: records.store.unmetKwh.reduce((sum, kwh) => sum + kwh, 0),
    violations: audit(records, dataset).total,
  };
}
