/**
 * The stores of a community: every device of every home that can move energy in time.
 *
 * @module
 */

import type { Prosumer } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import { batteryStore } from "./battery.ts";
import type { TimeGrid } from "../units.ts";
import { bySlot, deviceStore } from "./device.ts";
import type { Store } from "./store.ts";

const known = new WeakMap<Dataset, readonly Store[]>();

/** The stores of a data set in the order of its homes, a home's battery first; made once for each. */
export function storesOf(dataset: Dataset): readonly Store[] {
  const { community: { prosumers }, profiles: { grid } } = dataset;
  const stores = known.get(dataset) ??
    prosumers.flatMap((prosumer, owner) => storesOfHome(prosumer, owner, grid));
  known.set(dataset, stores);
  return stores;
}

function storesOfHome(
  { battery, devices = [] }: Prosumer,
  owner: number,
  grid: TimeGrid,
): Store[] {
  const { dtHours } = grid;
  const batteries = battery === null ? [] : [batteryStore(battery, dtHours, owner)];
  return [
    ...batteries,
    ...devices.map((device) => deviceStore(bySlot(device, grid), dtHours, owner)),
  ];
}

/** What a store holds at the start of slot `t`: its own, or a share of what it may hold. [kWh] */
export function initialEnergyKwh(store: Store, t: number, share: number): number {
  if (store.initialKwh !== undefined) return store.initialKwh;
  const least = store.leastKwh[t * store.stride], most = store.mostKwh[t * store.stride];
  return least + share * (most - least);
}
