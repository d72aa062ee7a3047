/**
 * Values of energy in one store that waits for it, a car, a heat pump or an appliance, by dynamic
 * programming on what is known and thought of it, at given prices.
 *
 * With V the value of energy at the end of a slot, μ the price of what is missed below `least`, a price
 * π of the slot, wear δ and a drain d, it is worth at the slot's start
 *
 *     W(e) = max over charging y and discharging z of V(r·e − d + ηc·y − z/ηd) − π·y + (π − δ)·z.
 *
 * V is concave. Where its slope is above π/ηc, it is worth charging, as far as the slot's power goes: the
 * slopes above shift down by that, and π/ηc stands in the gap; below (π − δ)·ηd it is worth discharging,
 * and the slopes shift up. Slopes are kept in equal cells of what the store can hold.
 *
 * @module
 */

import type { Store } from "../stores/store.ts";

/** A slot ahead, as a store meets it. */
export interface Meeting {
  /** Slot whose columns hold. */
  readonly slot: number;
  /** What a kWh at the meter costs or earns. [currency/kWh] */
  readonly pricePerKwh: number;
}

/**
 * Slopes of the value of energy at the end of the first of some slots, in equal cells from 0 to what the
 * store can hold. [currency/kWh]
 *
 * @param ahead The slots, the present one first.
 * @param endPerKwh What a stored kWh is worth after the last.
 * @param wearPerKwh Wear. [currency/kWh discharged]
 * @param slopes Receives them.
 */
export function waitingSlopes(
  store: Store,
  ahead: readonly Meeting[],
  endPerKwh: number,
  wearPerKwh: number,
  slopes: Float64Array,
): Float64Array {
  const cells = slopes.length, width = store.nominalKwh / cells;
  const missed = store.unmetPricePerKwh ?? 0;
  const later = new Float64Array(cells);
  const slopeAt = (kwh: number) => {
    if (kwh < 0) return Math.max(missed, later[0]);
    return kwh >= store.nominalKwh ? 0 : later[Math.floor(kwh / width)];
  };
  slopes.fill(endPerKwh);
  for (let k = ahead.length - 1; k >= 0; k--) {
    const { slot, pricePerKwh } = ahead[k];
    const at = slot * store.stride;
    // At the end of the slot: what lacks is supplied, and what does not fit is worth nothing.
    for (let j = 0; j < cells; j++) {
      const middle = (j + 0.5) * width;
      if (middle < store.leastKwh[at]) slopes[j] = Math.max(missed, slopes[j]);
      else if (middle > store.mostKwh[at]) slopes[j] = Math.min(0, slopes[j]);
    }
    if (k === 0) break;
    later.set(slopes);
    const stored = store.effectiveHours * store.chargeEfficiency[at];
    const drawn = store.effectiveHours / store.dischargeEfficiency;
    const buy = pricePerKwh * store.dtHours / stored;
    const sell = Math.min(buy, (pricePerKwh - wearPerKwh) * store.dtHours / drawn);
    const up = stored * store.chargeKw[at], down = drawn * store.dischargeKw[at];
    const buysBelow = endOf(later, width, buy), sellsAbove = endOf(later, width, sell);
    for (let j = 0; j < cells; j++) {
      const kwh = store.retention * (j + 0.5) * width - store.drainKwh[at];
      slopes[j] = store.retention *
        (kwh + up < buysBelow
          ? slopeAt(kwh + up)
          : kwh < buysBelow
          ? buy
          : kwh < sellsAbove
          ? slopeAt(kwh)
          : kwh - down < sellsAbove
          ? sell
          : slopeAt(kwh - down));
    }
  }
  return slopes;
}

/** Up to which energy the slopes are above a price. [kWh] */
function endOf(slopes: Float64Array, width: number, pricePerKwh: number): number {
  let cell = 0;
  while (cell < slopes.length && slopes[cell] > pricePerKwh) cell++;
  return cell * width;
}
