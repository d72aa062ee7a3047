/**
 * Load and PV turned by 90 degrees: what all prosumers do in one slot lies together in memory, as the
 * loops over a community read it.
 *
 * @module
 */

import type { Profiles } from "./profiles.ts";

/** Load and PV of prosumer `i` in slot `t` at `[t × prosumers + i]`. [kW] */
export interface LoadsBySlot {
  /** Load, ≥ 0. */
  readonly loadKw: Float64Array;
  /** Available PV, ≥ 0. */
  readonly pvKw: Float64Array;
}

/** Turns the columns of a data set. */
export function loadsBySlot(profiles: Profiles): LoadsBySlot {
  const { length } = profiles.loadKw;
  const loads = { loadKw: new Float64Array(length), pvKw: new Float64Array(length) };
  writeBySlot(profiles, loads);
  return loads;
}

/** Turns the columns of a data set into arrays that are there. */
export function writeBySlot({ loadKw, pvKw, grid }: Profiles, into: LoadsBySlot): void {
  turn(loadKw, grid.slots, into.loadKw);
  turn(pvKw, grid.slots, into.pvKw);
}

function turn(values: Float64Array, slots: number, bySlot: Float64Array): void {
  const prosumers = values.length / slots;
  for (let i = 0; i < prosumers; i++) {
    for (let t = 0; t < slots; t++) bySlot[t * prosumers + i] = values[i * slots + t];
  }
}
