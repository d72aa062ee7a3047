/**
 * A community as planners see it: its rules, and what of them they take into account.
 *
 * @module
 */

import { endValuePerKwh } from "../env/settle.ts";
import type { World } from "../env/world.ts";
import type { Store } from "../stores/store.ts";
import { type LinearStore, linearStore } from "./linear_store.ts";
import type { Outlook } from "./outlook.ts";

/** What a planner takes into account. */
export interface PlanScope {
  /** Whether homes trade. */
  readonly trades: boolean;
  /** Whether it knows what concerns all homes together: connection limits, peaks and ramps. */
  readonly community: boolean;
  /**
   * How it knows the network, where there is one: by the homes' operating envelopes, as it does where
   * these are kept and nothing is said, or by voltages and lines themselves, as if all homes were
   * coordinated.
   */
  readonly network?: "envelopes" | "flows";
}

/** A community, its rules, and what is taken into account of them. */
export interface Planner {
  /** Rules, tariffs, carbon intensity and limits; of load and sun only the outlook is read. */
  readonly world: World;
  /** What is taken into account. */
  readonly scope: PlanScope;
  /** The stores. */
  readonly stores: readonly LinearStore[];
  /** Names of the stores, for messages. */
  readonly names: readonly string[];
  /** Network fee of each side that a kWh bears in a slot; `null` where nobody can trade. */
  feePerKwh(slot: number): number | null;
  /** Whether importing costs less than exporting earns in some of the slots, for some home. */
  hasInvertedSlot(firstSlot: number, slots: number): boolean;
  /** What a kWh is worth to a store at the end of an outlook. */
  endValuePerKwh(store: Store, outlook: Outlook): number;
}

/** Prepares planning. */
export function createPlanner(world: World, scope: PlanScope): Planner {
  const { dataset: { community, profiles }, config, tariffs } = world;
  const { networkFeePerKwh, orders } = config.market;
  const ceilingOf = (importPrice: number, slot: number) =>
    importPrice + config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  const leastSpread = (slot: number) =>
    Math.min(
      ...tariffs.classes.map(({ importPricePerKwh, feedInTariffPerKwh }) =>
        ceilingOf(importPricePerKwh[slot], slot) - feedInTariffPerKwh[slot]
      ),
    );
  return {
    world,
    scope,
    stores: world.stores.map(linearStore),
    names: world.stores.map(({ owner, name }) => `${community.prosumers[owner].id}'s ${name}`),
    feePerKwh(slot) {
      if (orders === "curves") {
        return Math.max(0, Math.min(networkFeePerKwh, leastSpread(slot) / 2));
      }
      // No order can be placed where the fee of both sides exceeds the spread of the tariffs.
      const fits = tariffs.classes.every(({ importPricePerKwh, feedInTariffPerKwh }) =>
        feedInTariffPerKwh[slot] + networkFeePerKwh <= importPricePerKwh[slot] - networkFeePerKwh
      );
      return fits ? networkFeePerKwh : null;
    },
    hasInvertedSlot(firstSlot, slots) {
      for (let t = firstSlot; t < firstSlot + slots; t++) if (leastSpread(t) < 0) return true;
      return false;
    },
    endValuePerKwh(store, { episodeFirstSlot, firstSlot, slots }) {
      const end = firstSlot + slots;
      return config.endValue === "first-edition"
        ? endValuePerKwh(world, store, episodeFirstSlot, world.slotsPerEpisode)
        : endValuePerKwh(world, store, episodeFirstSlot, end - episodeFirstSlot);
    },
  };
}
