/**
 * Features that are published for everyone: clock and calendar, tariffs and carbon intensity now and
 * ahead, limits of the connection. They depend on the slot and on how much of the episode is left,
 * and on no agent; each is worked out once and then read from a table.
 *
 * A *ceiling* is what a kWh from the grid costs with its CO2: import price + carbon price × intensity.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { Tariff } from "../data/tariffs.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { type Ahead, createAhead } from "./ahead.ts";
import { calendarFeatures, calendarNames } from "./calendar.ts";
import { publishedNames, TARIFF_SIZE } from "./spaces.ts";

/** A table of features by slot, filled as slots are asked for. */
export interface FeatureTable {
  /** Features of slot t from `[t × size]` on. */
  readonly values: Float64Array;
  /**
   * Makes sure that a slot is in the table.
   *
   * @param left Slots of the episode that are left, this one included.
   * @returns Where its features begin.
   */
  find(slot: number, left: number): number;
}

/** Where in a tariff's features its price now and its published extremes are. */
export const IMPORT_PRICE = 0, HIGHEST_IMPORT_PRICE = 2, LOWEST_IMPORT_PRICE = 3;
export const HIGHEST_CEILING = 4, LOWEST_FEED_IN = 5;

/** A table whose rows depend on how many of the next day's slots the episode has left. */
function featureTable(
  slots: number,
  size: number,
  horizon: number,
  write: (values: Float64Array, at: number, slot: number, left: number) => void,
): FeatureTable {
  const values = new Float64Array(slots * size);
  /** What was left when a slot was worked out; 0 for never. */
  const leftThen = new Int32Array(slots);
  return {
    values,
    find(slot, left) {
      const counts = Math.min(left, horizon);
      if (leftThen[slot] !== counts) {
        write(values, slot * size, slot, counts);
        leftThen[slot] = counts;
      }
      return slot * size;
    },
  };
}

/** What is published apart from tariffs, as {@linkcode publishedNames} says. */
export function publishedFeatures({ community, profiles }: Dataset): FeatureTable {
  const { carbonKgPerKwh, gridImportLimitKw, gridExportLimitKw, grid } = profiles;
  const homes = community.prosumers.length;
  const calendar = calendarFeatures(grid);
  const ahead = createAhead(grid.dtHours);
  const horizon = ahead.horizon;
  return featureTable(grid.slots, publishedNames.length, horizon, (values, at, slot, left) => {
    for (let k = 0; k < calendarNames.length; k++) {
      values[at++] = calendar[slot * calendarNames.length + k];
    }
    values[at++] = (left * grid.dtHours) / HOURS_PER_DAY;
    values[at++] = carbonKgPerKwh[slot];
    at = writeAhead(ahead, carbonKgPerKwh, slot, left, values, at);
    values[at++] = 1 / (1 + gridImportLimitKw[slot] / homes);
    values[at++] = 1 / (1 + gridExportLimitKw[slot] / homes);
  });
}

/** What is published of a tariff, as the tariff features of {@link ./spaces.ts} say. */
export function tariffFeatures(
  { importPricePerKwh, feedInTariffPerKwh }: Tariff,
  { carbonKgPerKwh, grid }: Dataset["profiles"],
  carbonPricePerKg: number,
): FeatureTable {
  const ahead = createAhead(grid.dtHours);
  const shares = new Float64Array(ahead.horizon);
  return featureTable(grid.slots, TARIFF_SIZE, ahead.horizon, (values, at, slot, left) => {
    let highest = -Infinity, lowest = Infinity, highestCeiling = -Infinity, lowestFeedIn = Infinity;
    for (let t = slot; t < slot + left; t++) {
      const ceiling = importPricePerKwh[t] + carbonPricePerKg * carbonKgPerKwh[t];
      if (importPricePerKwh[t] > highest) highest = importPricePerKwh[t];
      if (importPricePerKwh[t] < lowest) lowest = importPricePerKwh[t];
      if (ceiling > highestCeiling) highestCeiling = ceiling;
      if (feedInTariffPerKwh[t] < lowestFeedIn) lowestFeedIn = feedInTariffPerKwh[t];
    }
    values[at + IMPORT_PRICE] = importPricePerKwh[slot];
    values[at + 1] = feedInTariffPerKwh[slot];
    values[at + HIGHEST_IMPORT_PRICE] = highest;
    values[at + LOWEST_IMPORT_PRICE] = lowest;
    values[at + HIGHEST_CEILING] = highestCeiling;
    values[at + LOWEST_FEED_IN] = lowestFeedIn;
    at = writeAhead(ahead, importPricePerKwh, slot, left, values, at + 6);
    const width = highestCeiling - lowestFeedIn;
    for (let t = 0; t < left; t++) {
      const ceiling = importPricePerKwh[slot + t] +
        carbonPricePerKg * carbonKgPerKwh[slot + t];
      shares[t] = width > 0 ? (ceiling - lowestFeedIn) / width : 0.5;
    }
    values[at] = shares[0];
    writeAhead(ahead, shares, 0, left, values, at + 1);
  });
}

/** Writes means over the blocks of hours ahead and answers where the next feature goes. */
export function writeAhead(
  { blocks, blockEnds, blockShare }: Ahead,
  series: Float64Array,
  slot: number,
  left: number,
  values: Float64Array,
  at: number,
): number {
  for (let k = 0, lead = 1; k < blocks; k++) {
    const end = Math.min(blockEnds[k + 1], left);
    let sum = 0;
    for (; lead < end; lead++) sum += series[slot + lead];
    values[at++] = sum * blockShare[k];
  }
  return at;
}
