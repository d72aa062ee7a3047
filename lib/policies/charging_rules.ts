/**
 * Rules for what waits for energy: cars, heat pumps and appliances, as people and simple controllers
 * charge them. A battery waits for nothing; it does what {@link ./rule_based.ts} says.
 *
 * | rule | power |
 * | --- | --- |
 * | `at-once` | as much as there is room for |
 * | `last-moment` | what must be charged, and no more |
 * | `evenly` | what is needed by the hours that are left for it |
 * | `cheapest` | what is needed, in the cheapest of the slots that are left for it |
 * | `with-sun` | what the home's own sun gives beyond its load |
 * | `by-clock` | as much as there is room for, from noon to four, when it is warmest |
 *
 * Whatever a rule says, what must be charged is charged: a departure that is announced is met where it
 * can be, and heat is there when it is asked for. Where no departure is announced a car charges at once.
 *
 * @module
 */

import { localTime } from "../units.ts";
import type { World } from "../env/world.ts";
import { needs } from "../stores/foresight.ts";
import type { Store } from "../stores/store.ts";

/** A rule by name. */
export type ChargingRule =
  | "at-once"
  | "last-moment"
  | "evenly"
  | "cheapest"
  | "with-sun"
  | "by-clock";

/** Hours in which a heat pump runs by the clock: those in which it is warmest. [h] */
const CLOCK = { from: 12, to: 16 } as const;

/** Whether a store waits for energy, which it is otherwise supplied with from outside. */
export function waits({ unmetPricePerKwh }: Store): boolean {
  return unmetPricePerKwh !== null;
}

/**
 * Power that a rule wants store `k` to take, beyond what must be charged. [kW]
 *
 * @param k Row of the store.
 * @param surplusKw What the home's sun gives beyond its load, as far as known; below 0 a deficit. [kW]
 */
export function chargingKw(
  rule: ChargingRule,
  world: World,
  k: number,
  surplusKw: number,
): number {
  const { stores, state, dataset: { profiles: { grid } } } = world;
  const store = stores[k % stores.length];
  const slot = state.firstSlot[Math.floor(k / stores.length)] + state.step;
  const looksAhead = rule === "evenly" || rule === "cheapest" || rule === "last-moment";
  if (looksAhead && isSilent(store)) return Infinity;
  switch (rule) {
    case "at-once":
      return Infinity;
    case "last-moment":
      return 0;
    case "with-sun":
      return Math.max(0, surplusKw);
    case "by-clock": {
      const { hourOfDay } = localTime(grid, slot);
      return hourOfDay >= CLOCK.from && hourOfDay < CLOCK.to ? Infinity : 0;
    }
    case "evenly": {
      const { energyKwh, slots } = needs(store);
      const at = slot * store.stride;
      const lackingKwh = energyKwh[at] - state.energyKwh[k];
      return slots[at] === 0 ? 0 : Math.max(0, lackingKwh) / (slots[at] * storedPerKw(store, slot));
    }
    case "cheapest":
      return cheapestKw(world, store, slot, state.energyKwh[k]);
  }
}

/** Whether nobody says when a store will be needed. */
function isSilent(store: Store): boolean {
  return store.leavingChance !== null;
}

/** Stored by a kW over a slot. [kWh/kW] */
function storedPerKw({ effectiveHours, chargeEfficiency, stride }: Store, slot: number): number {
  return effectiveHours * chargeEfficiency[slot * stride];
}

/** What is left for this slot when the cheaper ones that are left charge all that they can. [kW] */
function cheapestKw(
  { dataset: { profiles }, config, tariffs }: World,
  store: Store,
  slot: number,
  energyKwh: number,
): number {
  const { importPricePerKwh } = tariffs.classes[tariffs.classOf[store.owner]];
  const priceOf = (t: number) =>
    (importPricePerKwh[t] + config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[t]) /
    storedPerKw(store, t);
  const { energyKwh: needed, slots } = needs(store);
  const at = slot * store.stride;
  const price = priceOf(slot);
  let left = needed[at] - energyKwh;
  for (let t = slot + 1; t < Math.min(importPricePerKwh.length, slot + slots[at]); t++) {
    if (priceOf(t) < price) left -= store.chargeKw[t * store.stride] * storedPerKw(store, t);
  }
  return Math.max(0, left) / storedPerKw(store, slot);
}
