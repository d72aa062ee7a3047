/**
 * Writes observations, one community at a time: see {@link ./observation.ts} for what is in them.
 *
 * Kernels do what is done for every prosumer; what a community sees alike is put together here, once
 * for all its prosumers. What the kernels read and write lies in their memory.
 *
 * @module
 */

import { errorOffset, type Forecaster, WEATHER_SERIES } from "../data/forecast.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Ahead } from "./ahead.ts";
import { type EnvironmentMemory, sumNames } from "./memory.ts";
import { createPublished, publishedNames } from "./published.ts";
import type { MarketState } from "./state.ts";

const CHARGE_LIMIT = sumNames.indexOf("chargeLimitKw");
const DISCHARGE_LIMIT = sumNames.indexOf("dischargeLimitKw");
const NET_LOAD = sumNames.indexOf("netLoadKw");

/** Writes observations of one data set. */
export interface Observer {
  /** The forecasts that agents see; planners read the same. */
  readonly forecaster: Forecaster;
  /** Writes what every row of community `c` sees in a step of the episode. */
  write(state: MarketState, c: number, step: number): void;
}

/** Prepares observations in episodes of `slotsPerEpisode`; they go into the memory of the kernels. */
export function createObserver(
  dataset: Dataset,
  slotsPerEpisode: number,
  forecaster: Forecaster,
  { blocks, blockEnds, blockShare, horizon }: Ahead,
  { kernels, float64, int32 }: EnvironmentMemory,
): Observer {
  const { prosumers } = dataset.community;
  const count = prosumers.length;
  const published = createPublished(dataset, slotsPerEpisode);
  const { shared, sums, path } = float64;
  const { errors } = int32;
  float64.devices.set(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  float64.gain.set(forecaster.gain);
  path.set(forecaster.path);
  float64.blockShare.set(blockShare);
  errors.fill(path.byteOffset);
  let endOfBlocks = 0;

  /** Address of the errors of a series' forecast. */
  function errorsAt(seed: number, series: number, slot: number): number {
    return path.byteOffset + errorOffset(seed, series, slot) * path.BYTES_PER_ELEMENT;
  }

  /** Where the blocks end of which nothing counts from `end` on. */
  function endBlocks(end: number): void {
    if (end === endOfBlocks) return;
    for (let k = 0; k <= blocks; k++) int32.blockEnds[k] = Math.min(blockEnds[k], end);
    endOfBlocks = end;
  }

  /** Writes what the prosumers of community `c` see each for themselves, and adds it up. */
  function writeOwn(seed: number, c: number, slot: number, end: number): void {
    endBlocks(end);
    for (let i = 0; i < count; i++) errors[i] = errorsAt(seed, i, slot);
    kernels.observeOwn(c * count, slot, end, errorsAt(seed, WEATHER_SERIES, slot));
  }

  /** Writes the features that are alike for all prosumers of community `c`. */
  function writeShared(state: MarketState, c: number, slot: number, left: number): void {
    const from = published.find(slot, left, state.highestImportPricePerKwh[c]);
    let k = 0;
    while (k < publishedNames.length) shared[k] = published.table[from + k++];
    shared[k++] = state.lastPriceShare[c];
    shared[k++] = state.lastVolumeKwh[c] / count;
    shared[k++] = state.lastNetKw[c] / count;
    shared[k++] = state.peakKw[c] / count;
    for (let s = 0; s < NET_LOAD; s++) shared[k++] = sums[s] / count;
    shared[k++] = balancingShare(sums[NET_LOAD], sums[CHARGE_LIMIT], sums[DISCHARGE_LIMIT]);
    for (let s = NET_LOAD; s < sums.length; s++) shared[k++] = sums[s] / count;
    kernels.spreadShared(c * count);
  }

  return {
    forecaster,
    write(state, c, step) {
      const slot = state.firstSlot[c] + step;
      const left = slotsPerEpisode - step;
      writeOwn(state.seed, c, slot, Math.min(horizon, left));
      writeShared(state, c, slot, left);
    },
  };
}

/** Share of all charging (> 0) or discharging (< 0) power that balances a net load. */
function balancingShare(netLoadKw: number, chargeKw: number, dischargeKw: number): number {
  if (netLoadKw < 0) return chargeKw > 0 ? Math.min(1, -netLoadKw / chargeKw) : 0;
  return dischargeKw > 0 ? -Math.min(1, netLoadKw / dischargeKw) : 0;
}
