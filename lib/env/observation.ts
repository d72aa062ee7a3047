/**
 * What an agent sees before it acts: only what a household could know.
 *
 * Features are in natural units; learning normalises them by statistics of the training days.
 * "Ahead" features are means over blocks of hours from now, of which nothing beyond the end of the
 * episode counts. Tariffs and carbon intensity are published a day ahead; loads and PV are forecast
 * ({@link ../data/forecast.ts}); the operator publishes the community's net load and its forecast.
 *
 * @module
 */

import { aheadHours } from "./ahead.ts";
import { publishedNames } from "./published.ts";

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

/** Features that are alike for all prosumers of a community, in order. */
const sharedNames = [
  ...publishedNames,
  "lastPriceShare",
  "lastVolumeKwh",
  "lastCommunityNetKw",
  "communityPeakKw",
  "communityCapacityKwh",
  "communityEnergyKwh",
  "communityChargeLimitKw",
  "communityDischargeLimitKw",
  "balancingShare",
  "communityNetLoadKw",
  ...ahead("communityNetLoadKw"),
];

/** Features of the prosumer itself as it is now, in order. */
const ownNowNames = [
  "pvCapacityKw",
  "batteryCapacityKwh",
  "ratedChargeKw",
  "ratedDischargeKw",
  "socFraction",
  "chargeLimitKw",
  "dischargeLimitKw",
  "loadKw",
  "pvKw",
  "netLoadKw",
];

/** Features of the prosumer itself, in order. */
const ownNames = [...ownNowNames, ...ahead("netLoadKw")];

/**
 * Names of the features, in order.
 *
 * | feature | meaning |
 * | --- | --- |
 * | `hourSin` … `weekend` | clock and calendar |
 * | `episodeLeft` | share of the episode that is left |
 * | `importPricePerKwh`, `feedInTariffPerKwh`, `carbonKgPerKwh` | tariffs and CO2 now and ahead |
 * | `highestImportPricePerKwh` | of the episode, known by contract: values a shortfall of final energy |
 * | `…PriceAheadPerKwh` | highest and lowest of the published slots, this one included |
 * | `…LimitTightness` | 1 / (1 + limit per prosumer in kW): 0 is no limit, 1 an outage |
 * | `lastPriceShare` | last clearing price between the least (0) and largest (1) of an order, ½ if none |
 * | `lastVolumeKwh`, `lastCommunityNetKw`, `communityPeakKw` | last slot and peak so far, per prosumer |
 * | `communityCapacityKwh` … `communityDischargeLimitKw` | all batteries and what they can do now, per prosumer |
 * | `balancingShare` | share of what all batteries can charge (> 0) or discharge (< 0) that balances load and PV now |
 * | `communityNetLoadKw` | mean load − PV of the prosumers, now and ahead |
 * | `pvCapacityKw` … `dischargeLimitKw` | own devices, and what the battery can do now |
 * | `loadKw`, `pvKw`, `netLoadKw` | own, now and ahead |
 */
export const observationNames: readonly string[] = [...sharedNames, ...ownNames];

/** Number of features. */
export const OBSERVATION_SIZE: number = observationNames.length;

/** Number of features of the prosumer itself; they come last. */
export const OWN_SIZE: number = ownNames.length;

/** Number of features that are alike for all prosumers of a community; they come first. */
export const SHARED_SIZE: number = sharedNames.length;

/**
 * Position of a feature.
 *
 * @throws {RangeError} If there is no feature of this name.
 */
export function featureIndex(name: string): number {
  const index = observationNames.indexOf(name);
  if (index < 0) throw new RangeError(`observation has no feature "${name}"`);
  return index;
}
