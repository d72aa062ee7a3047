/**
 * Writes observations: see {@link ./observation.ts} for what is in them.
 *
 * Here is decided which slot, which forecast and which published features belong to a community; the
 * kernels do the rest.
 *
 * @module
 */

import { errorOffset, type Forecaster, WEATHER_SERIES } from "../data/forecast.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Ahead } from "./ahead.ts";
import type { EnvironmentMemory } from "./memory.ts";
import { createPublished } from "./published.ts";
import type { MarketState } from "./state.ts";

/** Writes observations of one data set. */
export interface Observer {
  /** The forecasts that agents see; planners read the same. */
  readonly forecaster: Forecaster;
  /** Writes what every row sees in a step of the episode. */
  write(state: MarketState): void;
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
  const { path } = float64;
  const { seenSlots, weather, errors } = int32;
  const count = prosumers.length;
  const published = createPublished(dataset, slotsPerEpisode, float64.published);
  float64.devices.set(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  float64.gain.set(forecaster.gain);
  path.set(forecaster.path);
  float64.blockShare.set(blockShare);
  errors.fill(path.byteOffset);

  /** Address of the errors of a series' forecast. */
  function errorsAt(seed: number, series: number, slot: number): number {
    return path.byteOffset + errorOffset(seed, series, slot) * path.BYTES_PER_ELEMENT;
  }

  return {
    forecaster,
    write({ seed, step, firstSlot, highestImportPricePerKwh }) {
      const left = slotsPerEpisode - step;
      const end = Math.min(horizon, left);
      for (let k = 0; k <= blocks; k++) int32.blockEnds[k] = Math.min(blockEnds[k], end);
      for (let c = 0; c < firstSlot.length; c++) {
        const slot = firstSlot[c] + step;
        seenSlots[c] = slot;
        published.find(slot, left, highestImportPricePerKwh[c]);
        weather[c] = errorsAt(seed, WEATHER_SERIES, slot);
        for (let i = 0; i < count; i++) errors[c * count + i] = errorsAt(seed, i, slot);
      }
      kernels.observe(end);
    },
  };
}
