/**
 * What homes of a community are thought to need from a slot on: features of each home and of all
 * together. They depend on the slot, on what is left of the episode and on the seed of the forecasts, but
 * not on what anybody does; so communities that pass the same slots share what was worked out once.
 *
 * @module
 */

import type { Forecaster } from "../data/forecasts/forecaster.ts";
import type { Ahead } from "./ahead.ts";

/** Features of a slot: those of each home, then net load of all homes, now and ahead. */
export interface NetLoads {
  /** Numbers of the slots that were asked for. [kW] */
  readonly values: Float64Array;
  /** Numbers of a home: load, sun, net load now and ahead. */
  readonly homeSize: number;
  /**
   * Makes sure of a slot.
   *
   * @param left Slots of the episode that are left, this one included.
   * @returns Where its numbers begin.
   */
  find(seed: number, slot: number, left: number): number;
}

/** Numbers that are kept at most: 32 MB. */
const MOST_KEPT = 1 << 22;

/**
 * Prepares them.
 *
 * @param slots Slots of the data set.
 * @param passes How many slots all communities together pass in an episode: where these are many times
 * those of the data set, slots are kept.
 */
export function createNetLoads(
  forecaster: Forecaster,
  { blocks, blockEnds, blockShare, horizon }: Ahead,
  homes: number,
  slots: number,
  passes: number,
): NetLoads {
  const homeSize = 3 + blocks, size = homes * homeSize + 1 + blocks;
  const kept = passes >= 2 * slots && slots * size <= MOST_KEPT;
  const values = new Float64Array((kept ? slots : 1) * size);
  /** How far ahead a slot was worked out, under `seedThen`; 0 for not at all. */
  const leadsThen = new Int32Array(kept ? slots : 0);
  let seedThen = NaN;
  const loadKw = new Float64Array(horizon), pvKw = new Float64Array(horizon);

  function write(seed: number, slot: number, leads: number, first: number): void {
    const all = first + homes * homeSize;
    values.fill(0, all, all + 1 + blocks);
    for (let home = 0, at = first; home < homes; home++) {
      forecaster.write(seed, home, slot, leads, loadKw, pvKw);
      values[at++] = loadKw[0];
      values[at++] = pvKw[0];
      values[at++] = loadKw[0] - pvKw[0];
      values[all] += loadKw[0] - pvKw[0];
      for (let k = 0, lead = 1; k < blocks; k++) {
        const end = Math.min(blockEnds[k + 1], leads);
        let sum = 0;
        for (; lead < end; lead++) sum += loadKw[lead] - pvKw[lead];
        values[at++] = sum * blockShare[k];
        values[all + 1 + k] += sum * blockShare[k];
      }
    }
  }

  return {
    values,
    homeSize,
    find(seed, slot, left) {
      const leads = Math.min(horizon, left);
      if (!kept) {
        write(seed, slot, leads, 0);
        return 0;
      }
      if (seed !== seedThen) {
        leadsThen.fill(0);
        seedThen = seed;
      }
      if (leadsThen[slot] !== leads) {
        write(seed, slot, leads, slot * size);
        leadsThen[slot] = leads;
      }
      return slot * size;
    },
  };
}
