/**
 * What a feature of an observation can be at least and at most, as far as its meaning says.
 *
 * @module
 */

/** Ends of an interval. */
export type Bounds = readonly [least: number, most: number];

const SHARE: Bounds = [0, 1];
const MAGNITUDE: Bounds = [0, Infinity];
const ANY: Bounds = [-Infinity, Infinity];

/** Features by the end of their names; those that are not here can be any number. */
const BOUNDS: readonly (readonly [end: RegExp, bounds: Bounds])[] = [
  [/^(hour|year)(Sin|Cos)$/, [-1, 1]],
  [/^(weekend|daysLeft|(import|export)LimitTightness)$/, SHARE],
  [/\.socFraction$/, SHARE],
  [/^(pvCapacityKw|loadKw|pvKw)$/, MAGNITUDE],
  [/^community(CapacityKwh|EnergyKwh|ChargeLimitKw|DischargeLimitKw)$/, MAGNITUDE],
  [
    /\.(capacityKwh|(charge|discharge)LimitKw|rated(Charge|Discharge)Kw|requiredChargeKw)$/,
    MAGNITUDE,
  ],
  [/\.(chargeableShare|leavingChance)$/, SHARE],
  [
    /\.(chargeEfficiency|meanChargeEfficiency|drainKw|meanDrainKw|neededKwh|hoursToNeed)$/,
    MAGNITUDE,
  ],
];

/** Bounds of features, in order. */
export function boundsOf(features: readonly string[]): Bounds[] {
  return features.map((name) => BOUNDS.find(([end]) => end.test(name))?.[1] ?? ANY);
}
