/**
 * What is known in a slot of a store's columns to come, and what is thought of the rest.
 *
 * Known is what {@linkcode Store.knownSlots} says, such as the departure of a car that is plugged in.
 * Beyond it a store is thought to do what it did at the same time a week before, since cars and
 * appliances follow the week. A heat pump follows the weather, which is forecast: of the day to come its
 * heat and efficiency are taken to be foreseen, and what comes later to be as on that day. The error of a
 * weather forecast for a day is left out. Where the data do not reach back a week, the day before; where
 * there is no past at all, what it does now.
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import type { Store } from "./store.ts";

const DAYS_PER_WEEK = 7;

/**
 * Slot whose columns stand for slot `t` as it is seen in slot `now`: itself where it is known.
 *
 * @example
 * ```ts
 * import { foreseenSlot } from "./foresight.ts";
 * import { batteryStore } from "./battery.ts";
 * const battery = {
 *   capacityKwh: 10,
 *   maxChargeKw: 5,
 *   maxDischargeKw: 5,
 *   chargeEfficiency: 0.9,
 *   dischargeEfficiency: 0.9,
 *   selfDischargePerHour: 0,
 *   socMin: 0,
 *   socMax: 1,
 * };
 * const tank = { ...batteryStore(battery, 1, 0), knownSlots: Float64Array.of(1) };
 * if (foreseenSlot(tank, 200, 200) !== 200) throw new Error("the present is known");
 * if (foreseenSlot(tank, 200, 230) !== 230 - 168) throw new Error("a week before");
 * if (foreseenSlot(tank, 50, 60) !== 60 - 24) throw new Error("a day before");
 * const heating = { ...tank, kind: "heat-pump" };
 * if (foreseenSlot(heating, 200, 220) !== 220) throw new Error("as the weather forecast has it");
 * if (foreseenSlot(heating, 200, 230) !== 230 - 24) throw new Error("as on the day to come");
 * ```
 */
export function foreseenSlot(
  { kind, knownSlots, stride, dtHours }: Store,
  now: number,
  t: number,
): number {
  if (t < now + knownSlots[now * stride]) return t;
  const day = Math.round(HOURS_PER_DAY / dtHours), week = DAYS_PER_WEEK * day;
  if (kind === "heat-pump") return t - day * Math.max(0, Math.ceil((t - now + 1) / day) - 1);
  for (const period of [week, day]) {
    const past = t - period * Math.ceil((t - now + 1) / period);
    if (past >= 0) return past;
  }
  return now;
}

/** What a store needs of what is known, by slot. */
export interface Needs {
  /** Stored energy that is needed at the start of the slot, or charged in the next `slots`. [kWh] */
  readonly energyKwh: Float64Array;
  /** Slots in which it can be charged, this one included; 0 where nothing is needed. */
  readonly slots: Int32Array;
}

const needsOf = new WeakMap<Store, Needs>();

/**
 * What has to be in a store, or to come into it, so that nothing known is missed: the most that is taken out
 * or has to be left at the end of a known slot. Losses of the store by itself are left out of account.
 *
 * Of a car that does not say when it leaves it is what was required the last time, and the slots are those
 * after which it has more likely left than not.
 */
export function needs(store: Store): Needs {
  const known = needsOf.get(store);
  if (known !== undefined) return known;
  if (store.leavingChance !== null) {
    return remembered(store, guessedNeeds(store, store.leavingChance));
  }
  const { leastKwh, drainKwh, knownSlots, stride } = store;
  const count = knownSlots.length;
  const energyKwh = new Float64Array(count), slots = new Int32Array(count);
  const endOf = (t: number) => stride === 0 ? t + 1 : Math.min(count, t + knownSlots[t]);
  for (let t = count - 1; t >= 0; t--) {
    const end = endOf(t);
    const drained = drainKwh[t * stride], least = leastKwh[t * stride];
    if (t + 1 < end && endOf(t + 1) === end) {
      // The rest of what is known is what was known a slot later.
      energyKwh[t] = drained + Math.max(least, energyKwh[t + 1]);
      slots[t] = energyKwh[t + 1] > least ? slots[t + 1] + 1 : energyKwh[t] > 0 ? 1 : 0;
      continue;
    }
    let sum = 0;
    for (let k = t; k < end; k++) {
      sum += drainKwh[k * stride];
      if (!(sum + leastKwh[k * stride] > energyKwh[t])) continue;
      energyKwh[t] = sum + leastKwh[k * stride];
      slots[t] = k - t + 1;
    }
  }
  return remembered(store, { energyKwh, slots });
}

function remembered(store: Store, found: Needs): Needs {
  needsOf.set(store, found);
  return found;
}

/** Needs of a car that may leave at any time, while it is there. */
function guessedNeeds(
  { leastKwh, drainKwh, chargeKw }: Store,
  leavingChance: Float64Array,
): Needs {
  const count = leavingChance.length;
  const energyKwh = new Float64Array(count), slots = new Int32Array(count);
  let lastKwh = 0;
  for (let t = 0; t < count; t++) {
    if (chargeKw[t] > 0) {
      energyKwh[t] = lastKwh;
      let staying = 1, until = t;
      while (staying > 0.5 && until < count) staying *= 1 - leavingChance[until++];
      slots[t] = lastKwh > 0 ? until - t : 0;
    }
    if (drainKwh[t] > 0) lastKwh = leastKwh[t] + drainKwh[t];
  }
  return { energyKwh, slots };
}
