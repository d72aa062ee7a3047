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
export function loadsBySlot({ loadKw, pvKw, grid }: Profiles): LoadsBySlot {
  return { loadKw: turned(loadKw, grid.slots), pvKw: turned(pvKw, grid.slots) };
}

function turned(values: Float64Array, slots: number): Float64Array {
  const bySlot = new Float64Array(values.length);
  const prosumers = values.length / slots;
  for (let i = 0; i < prosumers; i++) {
    for (let t = 0; t < slots; t++) bySlot[t * prosumers + i] = values[i * slots + t];
  }
  return bySlot;
}
