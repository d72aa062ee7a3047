/**
 * One community of a {@link ./city.ts}, played over the whole data set and summed up.
 *
 * @module
 */

import { compose } from "../data/composed.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { near } from "../evaluation/tolerance.ts";
import { rulesOf } from "../evaluation/records.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { stream } from "../random.ts";
import { slotsPerDay } from "../units.ts";
import type { CityOptions } from "./city.ts";

/** Which community of which city. */
export interface PartOfCity {
  /** The city. */
  readonly city: Omit<CityOptions, "onCommunity">;
  /** Number of the community, from 0. */
  readonly community: number;
}

/** What a community comes to over all slots. */
export type CitySums = ReturnType<typeof emptySums>;

/** Sums of nothing. */
export function emptySums(slots: number) {
  return {
    cost: 0,
    bill: 0,
    contractualKg: 0,
    physicalKg: 0,
    importKwh: 0,
    exportKwh: 0,
    tradedKwh: 0,
    turnover: 0,
    loadKwh: 0,
    curtailedKwh: 0,
    unservedKwh: 0,
    dischargedKwh: 0,
    violations: 0,
    gridKwh: new Float64Array(slots),
  };
}

/** What a city comes to in a day. [currency/d, kWh/d or kg/d] */
export function perDay(sums: CitySums, days: number) {
  return {
    costPerDay: sums.cost / days,
    billPerDay: sums.bill / days,
    contractualEmissionsKgPerDay: sums.contractualKg / days,
    physicalEmissionsKgPerDay: sums.physicalKg / days,
    importKwhPerDay: sums.importKwh / days,
    exportKwhPerDay: sums.exportKwh / days,
    tradedKwhPerDay: sums.tradedKwh / days,
    curtailedKwhPerDay: sums.curtailedKwh / days,
    unservedKwhPerDay: sums.unservedKwh / days,
    dischargedKwhPerDay: sums.dischargedKwh / days,
  };
}

/** Adds up communities in their order. */
export function addSums(parts: readonly CitySums[]): CitySums {
  const total = emptySums(parts[0].gridKwh.length);
  for (const { gridKwh, ...sums } of parts) {
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) total[name] += sums[name];
    for (let t = 0; t < gridKwh.length; t++) total.gridKwh[t] += gridKwh[t];
  }
  return total;
}

/** Plays a community. */
export async function playCommunity({ city, community }: PartOfCity): Promise<CitySums> {
  const { archetypes, prosumers, prosumersEach, seed } = city;
  const homes = Math.min(prosumersEach, prosumers - community * prosumersEach);
  const ownSeed = stream(seed, "city", community).below(2 ** 31);
  const dataset = compose(archetypes, { seed: ownSeed, prosumers: homes });
  const { grid: { slots, dtHours }, carbonKgPerKwh } = dataset.profiles;
  const policy = rulePolicy(city.policy);
  const episodeDays = Math.floor(slots / slotsPerDay(dtHours));
  const rules = { ...rulesOf(policy, city.config), episodeDays };
  const env = new EnergyMarketEnv(dataset, rules, 1, policy);
  env.reset({ seed: ownSeed, firstSlots: [0] });
  const act = await policy.begin(env);
  const sums = emptySums(slots);
  for (let t = 0; t < env.slotsPerEpisode; t++) {
    await act(env.observation, env.decision);
    const { info: ledger } = env.step();
    let gridKwh = 0, trade = 0, moved = 0;
    for (let row = 0; row < env.rows; row++) {
      sums.cost += ledger.cost[row];
      sums.bill += ledger.bill[row];
      sums.contractualKg += ledger.emissionsKg[row];
      sums.loadKwh += ledger.loadKw[row] * dtHours;
      sums.curtailedKwh += ledger.curtailedKw[row] * dtHours;
      sums.unservedKwh += ledger.unservedKw[row] * dtHours;
      gridKwh += ledger.gridKwh[row];
      trade += ledger.tradedKwh[row];
      moved += Math.abs(ledger.netKwh[row]);
    }
    for (const powerKw of ledger.powerKw) {
      sums.dischargedKwh += Math.max(0, -powerKw) * dtHours;
    }
    if (!near(trade, 0, moved)) sums.violations++;
    const volume = ledger.volumeKwh[0];
    sums.tradedKwh += volume;
    if (volume > 0) sums.turnover += volume * ledger.clearingPricePerKwh[0];
    sums.importKwh += Math.max(0, gridKwh);
    sums.exportKwh += Math.max(0, -gridKwh);
    sums.physicalKg += Math.max(0, gridKwh) * carbonKgPerKwh[t];
    sums.gridKwh[t] = gridKwh;
  }
  return sums;
}
