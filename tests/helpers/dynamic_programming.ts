/**
 * The least cost of a day for a community with one battery, by dynamic programming over stored
 * energy: an independent answer to hold learned policies against.
 *
 * @module
 */

import type { Dataset } from "../../lib/data/profiles.ts";
import type { EnvironmentConfig } from "../../lib/env/config.ts";

const LEVELS = 401;

/**
 * Least cost of the first day, pooled over all prosumers, on a grid of {@linkcode LEVELS} levels of
 * stored energy. Needs exactly one battery, without self-discharge, and no limits of the connection.
 */
export function leastCost({ community, profiles }: Dataset, config: EnvironmentConfig): number {
  const [battery, ...others] = community.prosumers.flatMap(({ battery }) => battery ?? []);
  if (battery === undefined || others.length > 0 || battery.selfDischargePerHour !== 0) {
    throw new RangeError("dynamic programming needs exactly one battery without self-discharge");
  }
  const { slots, dtHours } = profiles.grid;
  const slotsPerDay = 24 / dtHours;
  const { carbonPricePerKg, wearPricePerKwh } = config.cost;
  const empty = battery.socMin * battery.capacityKwh;
  const range = (battery.socMax - battery.socMin) * battery.capacityKwh;
  const level = (k: number) => empty + (range * k) / (LEVELS - 1);
  const start = Math.round(config.initialSoc * (LEVELS - 1));
  const day = Array.from({ length: slotsPerDay }, (_, t) => t);
  const firstEdition = config.endValue === "first-edition";
  const highestPrice = Math.max(...day.map((t) => profiles.importPricePerKwh[t]));
  // Of one day, the cheapest slot to charge in, and at least what the tariff of that slot pays.
  const chargeCost = day.map((t) =>
    (profiles.importPricePerKwh[t] + carbonPricePerKg * profiles.carbonKgPerKwh[t]) /
    battery.chargeEfficiency
  );
  const cheapest = chargeCost.indexOf(Math.min(...chargeCost));
  const keptPrice = Math.max(
    0,
    chargeCost[cheapest],
    profiles.feedInTariffPerKwh[cheapest] * battery.dischargeEfficiency,
  );
  const endCost = (shortfallKwh: number) =>
    firstEdition ? Math.max(0, shortfallKwh) * highestPrice : shortfallKwh * keptPrice;

  let ahead = Float64Array.from({ length: LEVELS }, (_, k) => endCost(level(start) - level(k)));
  for (let t = slotsPerDay - 1; t >= 0; t--) {
    let netLoadKw = 0;
    for (let i = 0; i < community.prosumers.length; i++) {
      netLoadKw += profiles.loadKw[i * slots + t] - profiles.pvKw[i * slots + t];
    }
    const importCost = profiles.importPricePerKwh[t] +
      carbonPricePerKg * profiles.carbonKgPerKwh[t];
    const here = new Float64Array(LEVELS).fill(Infinity);
    for (let from = 0; from < LEVELS; from++) {
      for (let to = 0; to < LEVELS; to++) {
        const stored = (level(to) - level(from)) / dtHours;
        const powerKw = stored > 0
          ? stored / battery.chargeEfficiency
          : stored * battery.dischargeEfficiency;
        if (powerKw > battery.maxChargeKw || -powerKw > battery.maxDischargeKw) continue;
        const gridKwh = (netLoadKw + powerKw) * dtHours;
        const cost = gridKwh * (gridKwh > 0 ? importCost : profiles.feedInTariffPerKwh[t]) +
          wearPricePerKwh * Math.max(0, -powerKw) * dtHours + ahead[to];
        if (cost < here[from]) here[from] = cost;
      }
    }
    ahead = here;
  }
  return ahead[start];
}
