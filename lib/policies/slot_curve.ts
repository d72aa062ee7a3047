/**
 * What one slot can make of stored energy: slopes in falling order, and how far each holds.
 *
 * From full charge down, a store gives up charging from the grid beyond the peak so far, covers load
 * beyond that peak, gives up charging from the grid below it, covers what load is left or gives up
 * charging from surplus, and discharges into the grid.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import type { AggregateStore } from "./aggregate_store.ts";

/** Slopes in falling order [currency/kWh stored], and the stored energy for which each holds. [kWh] */
export interface SlotCurve {
  /** What a stored kWh more or less makes. */
  readonly slope: Float64Array;
  /** How far. */
  readonly kwh: Float64Array;
}

/** What import beyond a peak costs more. */
export interface PeakStep {
  /** Beyond the price of the kWh. [currency/kWh] */
  readonly perKwh: number;
  /** Import of a slot from which on. [kWh] */
  readonly fromKwh: number;
}

/** Where peaks cost nothing. */
export const NO_PEAK: PeakStep = { perKwh: 0, fromKwh: Infinity };

const OPTIONS = 5;

/** Room for a curve. */
export function createSlotCurve(): SlotCurve {
  return { slope: new Float64Array(OPTIONS), kwh: new Float64Array(OPTIONS) };
}

/**
 * Writes the curve of a slot for homes of a class of tariffs.
 *
 * @param netKwh Their load less their sun.
 */
export function slotCurve(
  { tariffs, config: { cost }, dataset: { profiles } }: World,
  tariffClass: number,
  slot: number,
  netKwh: number,
  { chargeKwh, dischargeKwh, storedPerKwh, drawnPerKwh }: AggregateStore,
  peak: PeakStep,
  { slope, kwh }: SlotCurve,
): void {
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffClass];
  const ceiling = importPricePerKwh[slot] + cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  // Sun that would have to pay for being given is left unused.
  const feedIn = Math.min(
    ceiling,
    Math.max(feedInTariffPerKwh[slot], -cost.curtailmentPricePerKwh),
  );
  const surplus = Math.min(chargeKwh, Math.max(0, -netKwh));
  const covered = Math.min(dischargeKwh, Math.max(0, netKwh));
  const fromGrid = chargeKwh - surplus;
  const below = Math.min(fromGrid, Math.max(0, peak.fromKwh - Math.max(0, netKwh)));
  const excess = Math.min(covered, Math.max(0, netKwh - peak.fromKwh));
  slope[0] = (ceiling + peak.perKwh) / storedPerKwh;
  kwh[0] = (fromGrid - below) * storedPerKwh;
  // What there is nothing of must not stand in the way of what is worth more.
  slope[1] = excess > 0 ? (ceiling + peak.perKwh - cost.wearPricePerKwh) / drawnPerKwh : slope[0];
  kwh[1] = excess * drawnPerKwh;
  slope[2] = ceiling / storedPerKwh;
  kwh[2] = below * storedPerKwh;
  if (netKwh < 0) {
    slope[3] = feedIn / storedPerKwh;
    kwh[3] = surplus * storedPerKwh;
  } else {
    slope[3] = (ceiling - cost.wearPricePerKwh) / drawnPerKwh;
    kwh[3] = (covered - excess) * drawnPerKwh;
  }
  slope[4] = (feedIn - cost.wearPricePerKwh) / drawnPerKwh;
  kwh[4] = (dischargeKwh - covered) * drawnPerKwh;
}
