/**
 * What a store that is no battery is to do over the day to come, as far as it is known or thought: means
 * of its columns, worked out once for every slot.
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import { foreseenSlot } from "../stores/foresight.ts";
import type { Store } from "../stores/store.ts";

/** Numbers of a slot, in order: mean ηc, mean drain [kW], share of the time in which it can charge. */
export const OUTLOOK_SIZE = 3;

/** Means over the day from a slot on; answers where its numbers begin in `values`. */
export interface StoreOutlook {
  /** Numbers of every slot that was asked for. */
  readonly values: Float64Array;
  /** Makes sure of a slot. */
  find(slot: number): number;
}

/**
 * Prepares them.
 *
 * @param slots Slots of the data set.
 * @param truth Whether forecasts do not err, so that all columns are known.
 */
export function storeOutlook(store: Store, slots: number, truth: boolean): StoreOutlook {
  const { stride, dtHours, chargeEfficiency, drainKwh, chargeKw } = store;
  const day = Math.round(HOURS_PER_DAY / dtHours);
  const values = new Float64Array(OUTLOOK_SIZE * (stride === 0 ? 1 : slots)).fill(NaN);
  return {
    values,
    find(slot) {
      const at = OUTLOOK_SIZE * slot * stride;
      if (!Number.isNaN(values[at])) return at;
      const end = stride === 0 ? slot + 1 : Math.min(slots, slot + day);
      let efficiency = 0, drain = 0, chargeable = 0;
      for (let t = slot; t < end; t++) {
        const k = (truth ? t : foreseenSlot(store, slot, t)) * stride;
        efficiency += chargeEfficiency[k];
        drain += drainKwh[k];
        if (chargeKw[k] > 0) chargeable++;
      }
      const count = end - slot;
      values[at] = efficiency / count;
      values[at + 1] = drain / (count * dtHours);
      values[at + 2] = chargeable / count;
      return at;
    },
  };
}
