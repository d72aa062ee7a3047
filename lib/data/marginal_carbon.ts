/**
 * Marginal carbon intensity: what the power plant emits that makes a kWh more, in the place of the mean
 * over all plants that run.
 *
 * It is a stated model, no measurement. Plants are called in the order of merit, and the average
 * intensity tells how far: in the slots with the lowest, sun or wind would otherwise be curtailed; then
 * coal is the last plant that is called, and where the average is higher still, gas. So the two
 * intensities can point in opposite directions.
 *
 * Plants: fuel 94.6 and 56.1 kg/GJ (coal, gas; IPCC Guidelines 2006, volume 2, table 1.4) at efficiencies of
 * 38 and 50 %. Shares of slots and efficiencies are assumptions.
 *
 * @module
 */

const KG_PER_GJ = { coal: 94.6, gas: 56.1 } as const;
const EFFICIENCY = { coal: 0.38, gas: 0.5 } as const;
const GJ_PER_KWH = 0.0036;

/** Share of the slots in which a kWh more comes from sun or wind. */
const RENEWABLE_SHARE = 0.05;
/** Share of the slots in which it comes from coal. */
const COAL_SHARE = 0.35;

/** What a kWh from a plant emits. [kg/kWh] */
export function plantKgPerKwh(fuel: "coal" | "gas"): number {
  return KG_PER_GJ[fuel] * GJ_PER_KWH / EFFICIENCY[fuel];
}

/**
 * Marginal intensity by slots. [kg/kWh]
 *
 * @param averageKgPerKwh Average intensity by slots. [kg/kWh]
 *
 * @example
 * ```ts
 * import { marginalCarbon, plantKgPerKwh } from "./marginal_carbon.ts";
 * const average = Float64Array.from({ length: 20 }, (_, slot) => slot / 20);
 * const marginal = marginalCarbon(average);
 * if (marginal[0] !== 0 || marginal[3] !== plantKgPerKwh("coal")) throw new Error("windy slots");
 * if (marginal[19] !== plantKgPerKwh("gas")) throw new Error("a calm evening");
 * ```
 */
export function marginalCarbon(averageKgPerKwh: Float64Array): Float64Array {
  const sorted = averageKgPerKwh.toSorted();
  const least = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.round(share * sorted.length))];
  const coalFrom = least(RENEWABLE_SHARE), gasFrom = least(RENEWABLE_SHARE + COAL_SHARE);
  return averageKgPerKwh.map((average) =>
    average < coalFrom ? 0 : plantKgPerKwh(average < gasFrom ? "coal" : "gas")
  );
}
