/**
 * What agents say before a slot: a few numbers for each home, or the value curves of its stores, step
 * by step. Where orders are inelastic only the numbers count.
 *
 * @module
 */

import type { MarketBook } from "../market/market_book.ts";
import { energyAfterKwh, type Store } from "../stores/store.ts";
import { homePeakPrice } from "./billing.ts";
import { numberOfPower } from "./inelastic.ts";
import { HIGHEST_CEILING, LOWEST_FEED_IN } from "./published.ts";
import type { World } from "./world.ts";

/** Value curves of all stores, see {@link ../market/market_book.ts}. */
export type ValueCurves = Pick<
  MarketBook,
  "steps" | "stepCount" | "stepFromKwh" | "stepValuePerKwh"
>;

/** What agents say; policies write it. */
export interface Decision {
  /** Numbers of every home, as the action space names them. `[rows × numbers]` */
  readonly numbers: Float64Array;
  /** Value curves by store; where `stepCount` is 0, the home's numbers are the curve. */
  readonly curves: ValueCurves;
  /**
   * Factor on each store's values, 1 unless a study of misreports says otherwise; it stays from slot
   * to slot. `[communities × stores]`
   */
  readonly valueFactor: Float64Array;
}

/** Least and largest value of stored energy that numbers can say. [currency/kWh] */
export interface ValueRange {
  /** Below it a store would sell to the grid at once. */
  least: number;
  /** Above it a store would buy from the grid at once. */
  most: number;
}

/** How far beyond the grid's prices values reach, so that their ends mean "at once". */
const BELOW = 0.9, ABOVE = 1.05;

/** Least share of the range by which a value falls over the capacity. */
export const LEAST_FALL = 0.01;

/**
 * The range of values of store `s` in a slot: from 0.9·ηd·(lowest published feed-in − wear) to
 * 1.05·highest published ceiling ÷ ηc. Of a heat pump, which stores more than it takes, from
 * 0.9·lowest published feed-in ÷ ηc, so that it can also leave sun to be sold.
 */
export function valueRange(
  { config, stores, tariffs, publishedTariffs }: World,
  s: number,
  slot: number,
  left: number,
  into: ValueRange,
): ValueRange {
  const store = stores[s];
  const table = publishedTariffs[tariffs.classOf[store.owner]];
  const at = table.find(slot, left);
  const feedIn = table.values[at + LOWEST_FEED_IN] - config.cost.wearPricePerKwh;
  const ceiling = table.values[at + HIGHEST_CEILING];
  const chargeEfficiency = store.chargeEfficiency[slot * store.stride];
  const sold = store.dischargeEfficiency * feedIn;
  const least = chargeEfficiency > 1
    ? Math.min(sold, table.values[at + LOWEST_FEED_IN] / chargeEfficiency)
    : sold;
  const most = ceiling / chargeEfficiency;
  into.least = least > 0 ? BELOW * least : least / BELOW;
  into.most = Math.max(into.least, most > 0 ? ABOVE * most : most / ABOVE);
  return into;
}

/**
 * Says that store `k` is to run at a power, whatever the price between those of the grid: a value
 * curve that steps at the energy that this leads to, or the number that asks for it. Where the
 * connection binds and the price leaves the grid's, the store gives way before load is shed or sun
 * curtailed. Policies call it in `act`.
 *
 * @param k Row of the store.
 * @param powerKw Power, charging > 0; cut to what is feasible. [kW]
 */
export function decidePower(world: World, decision: Decision, k: number, powerKw: number): void {
  const { stores, homes, spaces, state } = world;
  const c = Math.floor(k / stores.length), s = k % stores.length;
  const slot = state.firstSlot[c] + state.step;
  const required = state.requiredChargeKw[k];
  const least = required > 0 ? required : -state.dischargeLimitKw[k];
  const power = Math.min(state.chargeLimitKw[k], Math.max(least, powerKw));
  if (spaces.action.orders === "inelastic") {
    const row = c * homes + stores[s].owner;
    const at = row * spaces.action.names.length + spaces.slotOfStore[s];
    decision.numbers[at] = numberOfPower(power, least, state.chargeLimitKw[k]);
    return;
  }
  const { least: low, most: high } = valueRange(
    world,
    s,
    slot,
    world.slotsPerEpisode - state.step,
    range,
  );
  const store = stores[s];
  // A leaky store must be worth more, to charge or to keep, and so must one whose home pays for peaks.
  const leak = Math.max(1, store.dtHours / store.effectiveHours);
  const peak = homePeakPrice(world, c, store.owner, slot) / store.dtHours;
  const worth = (high + peak / store.chargeEfficiency[slot * store.stride]) * leak;
  // Who wants no more than what must be charged leaves its price to what missing it costs.
  const until = power > required ? power : Math.min(0, power);
  decideCurve(decision, k, reckonedKwh(store, slot, state.energyKwh[k], until), worth, low);
}

/**
 * Energy to which a power leads as the market reckons it: at constant efficiencies, also where those
 * of the store depend on the power. [kWh]
 */
function reckonedKwh(store: Store, slot: number, energyKwh: number, powerKw: number): number {
  const storedKw = powerKw > 0
    ? powerKw * store.chargeEfficiency[slot * store.stride]
    : powerKw / store.dischargeEfficiency;
  return energyAfterKwh(store, slot, energyKwh, 0) + store.effectiveHours * storedKw;
}

/**
 * Says what energy is worth to store `k`: `belowPerKwh` up to an energy at the end of the slot, and
 * `abovePerKwh` beyond it.
 */
export function decideCurve(
  { curves }: Decision,
  k: number,
  energyKwh: number,
  belowPerKwh: number,
  abovePerKwh: number,
): void {
  const at = k * curves.steps;
  curves.stepCount[k] = 2;
  curves.stepFromKwh[at] = 0;
  curves.stepValuePerKwh[at] = belowPerKwh;
  curves.stepFromKwh[at + 1] = energyKwh;
  curves.stepValuePerKwh[at + 1] = abovePerKwh;
}

/**
 * Says by numbers that the value of store `k` falls by `fallPerKwh` with every kWh [currency/kWh²],
 * as far as numbers reach, and that at the present energy it is `valuePerKwh`, given that fall.
 *
 * @returns Where the number of the value stands; that of the fall follows.
 */
export function decideLine(
  world: World,
  { numbers }: Decision,
  k: number,
  fallPerKwh: number,
  valuePerKwh: (fallPerKwh: number) => number,
): number {
  const { stores, homes, spaces, state, slotsPerEpisode } = world;
  const c = Math.floor(k / stores.length), s = k % stores.length, store = stores[s];
  const slot = state.firstSlot[c] + state.step;
  const { least, most } = valueRange(world, s, slot, slotsPerEpisode - state.step, range);
  const width = most - least;
  const row = c * homes + store.owner;
  const at = row * spaces.action.names.length + 2 * spaces.slotOfStore[s];
  const share = width > 0 ? fallPerKwh * store.nominalKwh / width : 0;
  const fall = Math.min(1, Math.max(LEAST_FALL, share));
  const value = valuePerKwh(fall * width / store.nominalKwh);
  numbers[at] = width > 0 ? bounded(2 * (value - least) / width - 1) : 0;
  numbers[at + 1] = bounded(2 * (fall - LEAST_FALL) / (1 - LEAST_FALL) - 1);
  return at;
}

function bounded(number: number): number {
  return Math.min(1, Math.max(-1, number));
}

const range: ValueRange = { least: 0, most: 0 };
