/**
 * Key performance indicators of a city, a few of {@link ../evaluation/kpis.ts} under the same names.
 *
 * @module
 */

import type { Composition } from "../data/composed.ts";
import { emissionsKg } from "../physics/grid.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { type CityMemory, shardCount, type ShardSum, shardSums } from "./city_memory.ts";

/** What the leader writes down slot by slot. */
export interface CitySlots {
  /** Traded volume. `[slots]` [kWh] */
  readonly volumeKwh: Float64Array;
  /** Slots in which purchases and sales were not alike. */
  violations: number;
}

/** Indicators of a city under one policy. */
export interface CityKpis {
  /** The policy. */
  readonly policy: string;
  /** Households. */
  readonly prosumers: number;
  /** Days simulated. */
  readonly days: number;
  /** Everything that the prosumers are charged. [currency/d] */
  readonly costPerDay: number;
  /** Bills alone. [currency/d] */
  readonly billPerDay: number;
  /** CO2 of every prosumer's own imports. [kg/d] */
  readonly contractualEmissionsKgPerDay: number;
  /** CO2 of the city's net imports. [kg/d] */
  readonly physicalEmissionsKgPerDay: number;
  /** Net import. [kWh/d] */
  readonly importKwhPerDay: number;
  /** Net export. [kWh/d] */
  readonly exportKwhPerDay: number;
  /** Energy traded in the market. [kWh/d] */
  readonly tradedKwhPerDay: number;
  /** Unused PV. [kWh/d] */
  readonly curtailedKwhPerDay: number;
  /** Unserved load. [kWh/d] */
  readonly unservedKwhPerDay: number;
  /** Share of the served load that was not imported. */
  readonly selfSufficiency: number | null;
  /** Highest net import. [kW] */
  readonly highestPeakKw: number;
  /** Energy discharged by all batteries. [kWh/d] */
  readonly dischargedKwhPerDay: number;
  /** Mean price of traded energy; `null` without trade. [currency/kWh] */
  readonly meanClearingPricePerKwh: number | null;
  /** Share of decisions that the filter changed. */
  readonly interventionFraction: number;
  /** Battery energy by which they were changed. [kWh/d] */
  readonly interventionKwhPerDay: number;
  /** Violated conditions after the filter; 0 in a sound run. */
  readonly violations: number;
}

/** Adds up shards and slots in their order. */
export function cityKpis(
  { archetypes: { profiles }, archetype }: Composition,
  policy: string,
  memory: CityMemory,
  { volumeKwh, violations }: CitySlots,
): CityKpis {
  const { grid: { slots, dtHours }, carbonKgPerKwh } = profiles;
  const shards = shardCount(archetype.length);
  const days = (slots * dtHours) / HOURS_PER_DAY;
  const sum = (name: ShardSum) => {
    let total = 0;
    for (let k = shardSums.indexOf(name); k < memory.sums.length; k += shardSums.length) {
      total += memory.sums[k];
    }
    return total;
  };
  let imported = 0, exported = 0, emissions = 0, traded = 0, turnover = 0, peakKwh = 0;
  for (let t = 0; t < slots; t++) {
    let gridKwh = 0;
    for (let shard = 0; shard < shards; shard++) gridKwh += memory.gridKwh[t * shards + shard];
    imported += Math.max(0, gridKwh);
    exported += Math.max(0, -gridKwh);
    emissions += emissionsKg(gridKwh, carbonKgPerKwh[t]);
    traded += volumeKwh[t];
    if (volumeKwh[t] > 0) turnover += volumeKwh[t] * memory.clearingPricePerKwh[t];
    peakKwh = Math.max(peakKwh, gridKwh);
  }
  const served = sum("loadKwh") - sum("unservedKwh");
  return {
    policy,
    prosumers: archetype.length,
    days,
    costPerDay: sum("cost") / days,
    billPerDay: sum("bill") / days,
    contractualEmissionsKgPerDay: sum("emissionsKg") / days,
    physicalEmissionsKgPerDay: emissions / days,
    importKwhPerDay: imported / days,
    exportKwhPerDay: exported / days,
    tradedKwhPerDay: traded / days,
    curtailedKwhPerDay: sum("curtailedKwh") / days,
    unservedKwhPerDay: sum("unservedKwh") / days,
    selfSufficiency: served > 0 ? 1 - imported / served : null,
    highestPeakKw: peakKwh / dtHours,
    dischargedKwhPerDay: sum("dischargedKwh") / days,
    meanClearingPricePerKwh: traded > 0 ? turnover / traded : null,
    interventionFraction: sum("interventions") / (archetype.length * slots),
    interventionKwhPerDay: sum("interventionKwh") / days,
    violations: sum("violations") + violations,
  };
}
