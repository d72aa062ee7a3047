/**
 * What peaks and months cost, worked out from the books alone: code of its own, as all of the audit.
 *
 * @module
 */

import type { EpisodeBooks } from "./audit.ts";

/** Charges of one episode. */
export interface EpisodeCharges {
  /** In the bills. `[slots × homes]` [currency] */
  readonly billed: Float64Array;
  /** Shared equally beside the bills. `[slots]` [currency] */
  readonly shared: Float64Array;
}

/**
 * Charges of an episode. In a market of curves the community's peak is a step of the grid's ask, at a
 * price in millionths, and is billed by import; where orders are inelastic it is shared equally.
 */
export function chargesOf(
  { records, dataset: { profiles }, config, episode }: EpisodeBooks,
): EpisodeCharges {
  const { home: book, homes, slotsPerEpisode } = records;
  const { dtHours } = profiles.grid;
  const { cost: { peakPricePerKw }, market: { orders } } = config;
  const billed = new Float64Array(slotsPerEpisode * homes);
  const shared = new Float64Array(slotsPerEpisode);
  let peakKw = 0;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const first = (episode * slotsPerEpisode + step) * homes;
    const grid = book.gridKwh.subarray(first, first + homes);
    const netKw = grid.reduce((sum, kwh) => sum + kwh, 0) / dtHours;
    const riseKw = Math.max(0, netKw - peakKw);
    peakKw += riseKw;
    if (!(riseKw > 0)) continue;
    if (orders === "inelastic") {
      shared[step] = peakPricePerKw * riseKw;
      continue;
    }
    const cost = Math.round(peakPricePerKw / dtHours * 1e6) / 1e6 * riseKw * dtHours;
    const imported = grid.reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
    grid.forEach((kwh, i) => billed[step * homes + i] = cost * Math.max(0, kwh) / imported);
  }
  return { billed, shared };
}
