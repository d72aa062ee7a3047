/**
 * Indicators by CityLearn's formulas, so that figures can be laid beside those of its challenges.
 * They differ from this laboratory's own in that exports earn nothing and trade does not exist.
 *
 * Source: `cost_function.py` of CityLearn 2.x (Vázquez-Canteli et al.), MIT; formulas only. `net` is
 * net energy taken per slot, exports negative. [kWh]
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";

/**
 * Sum of all rises from one slot to the next; with `falls` that of all changes. [kWh]
 *
 *     Σ max(0, e_t − e_{t−1})     or     Σ |e_t − e_{t−1}|
 *
 * @example
 * ```ts
 * import { ramping } from "./citylearn_kpis.ts";
 * if (ramping([1, 3, 2]) !== 2 || ramping([1, 3, 2], true) !== 3) throw new Error("2 up, 1 down");
 * ```
 */
export function ramping(net: ArrayLike<number>, falls: boolean = false): number {
  let total = 0;
  for (let t = 1; t < net.length; t++) {
    const change = net[t] - net[t - 1];
    total += falls ? Math.abs(change) : Math.max(0, change);
  }
  return total;
}

/**
 * Highest net import of every window, averaged over windows; CityLearn's window is a day. [kWh]
 *
 * @param window Slots in a window.
 */
export function meanPeak(net: ArrayLike<number>, window: number): number {
  const peaks = windows(net, window).map((part) => Math.max(...part));
  return peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length;
}

/**
 * 1 − mean ÷ peak of every window, averaged over windows; CityLearn's windows are a day and 730
 * hours. `null` where no window has a net import, as the ratio says nothing there.
 *
 * @param window Slots in a window.
 */
export function oneMinusLoadFactor(net: ArrayLike<number>, window: number): number | null {
  const factors = windows(net, window).flatMap((part) => {
    const peak = Math.max(...part);
    return peak > 0 ? [1 - part.reduce((sum, e) => sum + e, 0) / (part.length * peak)] : [];
  });
  return factors.length === 0 ? null : factors.reduce((sum, x) => sum + x, 0) / factors.length;
}

/**
 * Sum of positive energy times a rate per kWh: imported energy with a rate of 1, cost with prices,
 * CO2 with carbon intensities. What is exported earns nothing.
 *
 *     Σ max(0, e_t · rate_t)
 */
export function clippedSum(net: ArrayLike<number>, ratePerKwh: (slot: number) => number): number {
  let total = 0;
  for (let t = 0; t < net.length; t++) total += Math.max(0, net[t] * ratePerKwh(t));
  return total;
}

/** Slots of a day. */
export function dailyWindow(dtHours: number): number {
  return Math.round(HOURS_PER_DAY / dtHours);
}

function windows(net: ArrayLike<number>, length: number): number[][] {
  const values = Array.from(net);
  return Array.from(
    { length: Math.ceil(values.length / length) },
    (_, k) => values.slice(k * length, (k + 1) * length),
  );
}
