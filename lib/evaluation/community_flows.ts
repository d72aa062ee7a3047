/**
 * What flows through the community as a whole, slot by slot and summed up.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { Records } from "./records.ts";

/** Flows of a community under one policy, over all episodes. */
export interface CommunityFlows {
  /** Net import, exports negative. `[episodes][slots]` [kWh] */
  readonly netKwh: readonly Float64Array[];
  /** Imported energy. [kWh] */
  readonly importKwh: number;
  /** Exported energy. [kWh] */
  readonly exportKwh: number;
  /** CO2 of net imports (physical). [kg] */
  readonly emissionsKg: number;
  /** Energy that changed hands. [kWh] */
  readonly tradedKwh: number;
  /** What buyers paid sellers. [currency] */
  readonly turnover: number;
}

/** Sums the books over prosumers. */
export function communityFlows(records: Records, { profiles }: Dataset): CommunityFlows {
  const { home: book, homes, slotsPerEpisode, firstSlots } = records;
  const { clearingPricePerKwh } = records.community;
  const netKwh = firstSlots.map(() => new Float64Array(slotsPerEpisode));
  const sums = {
    importKwh: 0,
    exportKwh: 0,
    emissionsKg: 0,
    tradedKwh: 0,
    turnover: 0,
  };
  for (let slot = 0; slot < clearingPricePerKwh.length; slot++) {
    const episode = Math.floor(slot / slotsPerEpisode);
    const step = slot % slotsPerEpisode;
    const carbon = profiles.carbonKgPerKwh[firstSlots[episode] + step];
    let grid = 0, traded = 0;
    for (let row = slot * homes; row < (slot + 1) * homes; row++) {
      grid += book.gridKwh[row];
      traded += Math.max(0, book.tradedKwh[row]);
    }
    netKwh[episode][step] = grid;
    sums.importKwh += Math.max(0, grid);
    sums.exportKwh += Math.max(0, -grid);
    sums.emissionsKg += Math.max(0, grid) * carbon;
    sums.tradedKwh += traded;
    if (traded > 0) sums.turnover += traded * clearingPricePerKwh[slot];
  }
  return { netKwh, ...sums };
}
