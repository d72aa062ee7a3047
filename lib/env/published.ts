/**
 * Features that are published for everyone: clock and calendar, tariffs and carbon intensity now and
 * ahead, limits of the connection. They depend on the slot and on how much of the episode is left,
 * and on no agent; each is worked out once and then read from a table.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { aheadHours, createAhead } from "./ahead.ts";
import { calendarFeatures, calendarNames } from "./calendar.ts";

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

/** Names of the features, in order. */
export const publishedNames: readonly string[] = [
  ...calendarNames,
  "episodeLeft",
  "importPricePerKwh",
  "feedInTariffPerKwh",
  "carbonKgPerKwh",
  "highestImportPricePerKwh",
  "highestImportPriceAheadPerKwh",
  "lowestImportPriceAheadPerKwh",
  ...ahead("importPricePerKwh"),
  ...ahead("carbonKgPerKwh"),
  "importLimitTightness",
  "exportLimitTightness",
];

/** A table of the features, filled as slots are asked for. */
export interface Published {
  /** Features of slot t from `[t × publishedNames.length]` on. */
  readonly table: Float64Array;
  /**
   * Makes sure that a slot is in the table.
   *
   * @param left Slots of the episode that are left, this one included.
   * @param highestPricePerKwh Highest import price of that episode. [currency/kWh]
   * @returns Where its features begin.
   */
  find(slot: number, left: number, highestPricePerKwh: number): number;
}

/**
 * Prepares the table of a data set for episodes of `slotsPerEpisode`.
 *
 * @param table Room for the table, if it is to lie elsewhere.
 */
export function createPublished(
  dataset: Dataset,
  slotsPerEpisode: number,
  table: Float64Array = new Float64Array(dataset.profiles.grid.slots * publishedNames.length),
): Published {
  const { community: { prosumers }, profiles } = dataset;
  const { importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh, grid } = profiles;
  const size = publishedNames.length;
  const calendar = calendarFeatures(grid);
  /** What was left of the episode when a slot was worked out; 0 for never. */
  const leftThen = new Int32Array(grid.slots);
  const { blocks, blockEnds, blockShare, horizon } = createAhead(grid.dtHours);

  function fill(slot: number, left: number, highestPricePerKwh: number): void {
    let at = slot * size;
    for (let k = 0; k < calendarNames.length; k++) {
      table[at++] = calendar[slot * calendarNames.length + k];
    }
    table[at++] = left / slotsPerEpisode;
    table[at++] = importPricePerKwh[slot];
    table[at++] = feedInTariffPerKwh[slot];
    table[at++] = carbonKgPerKwh[slot];
    table[at++] = highestPricePerKwh;
    let highestAhead = -Infinity, lowestAhead = Infinity;
    for (let t = slot; t < slot + Math.min(left, horizon); t++) {
      if (importPricePerKwh[t] > highestAhead) highestAhead = importPricePerKwh[t];
      if (importPricePerKwh[t] < lowestAhead) lowestAhead = importPricePerKwh[t];
    }
    table[at++] = highestAhead;
    table[at++] = lowestAhead;
    at = writeAhead(importPricePerKwh, slot, left, at);
    at = writeAhead(carbonKgPerKwh, slot, left, at);
    table[at++] = 1 / (1 + profiles.gridImportLimitKw[slot] / prosumers.length);
    table[at++] = 1 / (1 + profiles.gridExportLimitKw[slot] / prosumers.length);
  }

  function writeAhead(series: Float64Array, slot: number, left: number, at: number): number {
    let sum = 0;
    for (let k = 0, lead = 1; k < blocks; k++) {
      const before = sum;
      const end = Math.min(blockEnds[k + 1], left);
      for (; lead < end; lead++) sum += series[slot + lead];
      table[at++] = (sum - before) * blockShare[k];
    }
    return at;
  }

  return {
    table,
    find(slot, left, highestPricePerKwh) {
      if (leftThen[slot] !== left) {
        fill(slot, left, highestPricePerKwh);
        leftThen[slot] = left;
      }
      return slot * size;
    },
  };
}
