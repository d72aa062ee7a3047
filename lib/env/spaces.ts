/**
 * What an agent sees and says, by name: the spaces of one environment.
 *
 * An observation has two blocks: `common`, alike for all homes of a community, and `own`, of the home
 * itself, with one block per store slot. Homes have as many store slots of a kind as the home with the
 * most stores of that kind; empty slots are zeros. Features are in natural units; learning
 * normalises them. "Ahead" features are means over blocks of hours from now, of which nothing beyond
 * the end of the episode counts.
 *
 * | common feature | meaning |
 * | --- | --- |
 * | `hourSin` … `weekend` | clock and calendar |
 * | `daysLeft` | what is left of the episode, at most 1. [d] |
 * | `importPricePerKwh` … `lowestFeedInPerKwh` | tariff now, and its extremes among the published slots; an own feature where tariffs differ by home |
 * | `ceilingShare` | price of a kWh from the grid with its CO2, now and ahead, between lowest feed-in (0) and highest ceiling (1); with the tariff |
 * | `carbonKgPerKwh` | CO2 of imports now and ahead |
 * | `…LimitTightness` | 1 / (1 + limit per home in kW): 0 is no limit, 1 an outage |
 * | `lastPriceShare` | last clearing price between feed-in (0) and import (1), ½ if none |
 * | `lastCommunityNetKw`, `communityPeakKw` | last slot and peak so far, per home |
 * | `communityCapacityKwh` … `communityDischargeLimitKw` | all stores, per home |
 * | `communityNetLoadKw` | mean load − sun of the homes, now and ahead |
 * | `netLoadShare` | energy of all homes' load − sun from now to the end of a block, as a share of what all stores hold, at most ±4 |
 *
 * | own feature | meaning |
 * | --- | --- |
 * | `pvCapacityKw`, `loadKw`, `pvKw` | panels, load and sun now |
 * | `netLoadKw` | load − sun, now and ahead |
 * | `envelopeImportKw`, `envelopeExportKw` | the most that it may take and give now; only on a network |
 * | `monthPeakKw` | highest import in the month so far; only where homes are charged for it |
 * | `battery.capacityKwh`, … | of the store in that slot: capacity, share that is full, what it can do now, its ratings and what it must charge |
 * | `car.chargeEfficiency`, … | of a store that is no battery, beside these: what a kWh charged stores, now and over the day to come; what is drawn from it; what still lacks for what is known, such as an announced departure, and the hours left for it (where nobody says when, as the last time, and until it has more likely left than not); the share of the day to come in which it can charge; the chance that it leaves in this slot, where nobody says when |
 *
 * An action has two numbers per store slot, meant to lie in [−1, 1]: what energy is worth at the
 * present state of charge, and how far that falls over the capacity ({@link ../market/curves.ts}).
 * Where orders are inelastic there is one number per store slot, its power from full discharge to
 * full charge, and two for the order: the share of the net position, and its price.
 *
 * @module
 */

import type { Store } from "../stores/store.ts";
import { aheadHours } from "./ahead.ts";
import { calendarNames } from "./calendar.ts";
import type { EnvironmentConfig } from "./config.ts";

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

const tariffNames = [
  "importPricePerKwh",
  "feedInTariffPerKwh",
  "highestImportPricePerKwh",
  "lowestImportPricePerKwh",
  "highestCeilingPerKwh",
  "lowestFeedInPerKwh",
  ...ahead("importPricePerKwh"),
  "ceilingShare",
  ...ahead("ceilingShare"),
];

/** Published features that have nothing to do with the tariff, in order. */
export const publishedNames: readonly string[] = [
  ...calendarNames,
  "daysLeft",
  "carbonKgPerKwh",
  ...ahead("carbonKgPerKwh"),
  "importLimitTightness",
  "exportLimitTightness",
];

const communityNames = [
  "lastPriceShare",
  "lastCommunityNetKw",
  "communityPeakKw",
  "communityCapacityKwh",
  "communityEnergyKwh",
  "communityChargeLimitKw",
  "communityDischargeLimitKw",
  "communityNetLoadKw",
  ...ahead("communityNetLoadKw"),
  "netLoadShare",
  ...ahead("netLoadShare"),
];

const homeNames = ["pvCapacityKw", "loadKw", "pvKw", "netLoadKw", ...ahead("netLoadKw")];

/** Features of a home on a network, in order. */
const envelopeNames = ["envelopeImportKw", "envelopeExportKw"];

/** Features of a store, in order. */
export const storeFeatures = [
  "capacityKwh",
  "socFraction",
  "chargeLimitKw",
  "dischargeLimitKw",
  "ratedChargeKw",
  "ratedDischargeKw",
  "requiredChargeKw",
] as const;

/**
 * Features of a store that is no battery, behind the others. Those of the day to come are as far as it is
 * known, and beyond that as the store did before ({@link ../stores/foresight.ts}).
 */
export const waitingFeatures = [
  "chargeEfficiency",
  "meanChargeEfficiency",
  "drainKw",
  "meanDrainKw",
  "neededKwh",
  "hoursToNeed",
  "chargeableShare",
  "leavingChance",
] as const;

/** Features of stores of a kind, in order. */
export function featuresOf(kind: string): readonly string[] {
  return kind === "battery" ? storeFeatures : [...storeFeatures, ...waitingFeatures];
}

/** Number of tariff features. */
export const TARIFF_SIZE: number = tariffNames.length;

/** A place for a store in every home. */
export interface StoreSlot {
  /** Kind of the stores that lie here. */
  readonly kind: string;
  /** Names its features. */
  readonly name: string;
  /** Where its features begin in the own block. */
  readonly at: number;
}

/** What agents see. */
export interface ObservationSpace {
  /** Features of the common block, in order. */
  readonly common: readonly string[];
  /** Features of the own block, in order. */
  readonly own: readonly string[];
  /** Whether tariffs differ by home, so that they are own features. */
  readonly ownTariffs: boolean;
  /** Whether homes see operating envelopes. */
  readonly envelopes: boolean;
  /** Whether homes are charged for peaks of their own, so that these are own features. */
  readonly ownPeaks: boolean;
  /** Places of stores in the own block. */
  readonly storeSlots: readonly StoreSlot[];
}

/** What agents say. */
export interface ActionSpace {
  /** Numbers of a home, in order, each meant to lie in [−1, 1]. */
  readonly names: readonly string[];
  /** What they are. */
  readonly orders: EnvironmentConfig["market"]["orders"];
}

/** The spaces of an environment, and where each store lies in them. */
export interface Spaces {
  /** What agents see. */
  readonly observation: ObservationSpace;
  /** What agents say. */
  readonly action: ActionSpace;
  /** Store slot of each store. `[stores]` */
  readonly slotOfStore: Int32Array;
}

/** Spaces for the stores of a community. */
export function createSpaces(
  stores: readonly Store[],
  { ownTariffs, ownPeaks, envelopes }: Pick<
    ObservationSpace,
    "ownTariffs" | "ownPeaks" | "envelopes"
  >,
  orders: EnvironmentConfig["market"]["orders"],
): Spaces {
  const places = storePlaces(stores);
  const kinds = [...new Set(stores.map(({ kind }) => kind))].sort();
  const names = kinds.flatMap((kind) => {
    const most = stores.reduce(
      (n, store, s) => store.kind === kind ? Math.max(n, places[s]) : n,
      0,
    );
    return Array.from({ length: most + 1 }, (_, k) => ({ kind, k }));
  });
  const before = [
    ...(ownTariffs ? tariffNames : []),
    ...homeNames,
    ...(ownPeaks ? ["monthPeakKw"] : []),
    ...(envelopes ? envelopeNames : []),
  ];
  let at = before.length;
  const storeSlots = names.map(({ kind, k }) => {
    const slot = { kind, name: k === 0 ? kind : `${kind}${k + 1}`, at };
    at += featuresOf(kind).length;
    return slot;
  });
  return {
    observation: {
      common: [...publishedNames, ...(ownTariffs ? [] : tariffNames), ...communityNames],
      own: [
        ...before,
        ...storeSlots.flatMap(({ kind, name }) =>
          featuresOf(kind).map((each) => `${name}.${each}`)
        ),
      ],
      ownTariffs,
      envelopes,
      ownPeaks,
      storeSlots,
    },
    action: {
      names: orders === "curves"
        ? storeSlots.flatMap(({ name }) => [`${name}.value`, `${name}.fall`])
        : [...storeSlots.map(({ name }) => `${name}.power`), "share", "price"],
      orders,
    },
    slotOfStore: Int32Array.from(
      stores,
      ({ kind }, s) => names.findIndex((each) => each.kind === kind && each.k === places[s]),
    ),
  };
}

/** Which of its home's stores of the same kind each store is, from 0. */
function storePlaces(stores: readonly Store[]): number[] {
  const seen = new Map<string, number>();
  return stores.map(({ owner, kind }) => {
    const place = seen.get(`${owner} ${kind}`) ?? 0;
    seen.set(`${owner} ${kind}`, place + 1);
    return place;
  });
}

/**
 * Position of a feature or number in a list of names.
 *
 * @throws {RangeError} If there is none of this name.
 */
export function indexOfName(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new RangeError(`there is no "${name}" among ${names.join(", ")}`);
  return index;
}
