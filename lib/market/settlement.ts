/**
 * Settlement: what a prosumer pays for a slot.
 *
 * With import m = g⁺ and export x = g⁻ of the energy g that the market left over, import price p,
 * feed-in tariff f, traded energy q (bought > 0), clearing price π and network fee φ:
 *
 *     bill = p·m − f·x + π·q + φ·|q|
 *
 * @module
 */

/** Prices of one slot. [currency/kWh] */
export interface SlotPrices {
  /** Retail price p. */
  readonly importPricePerKwh: number;
  /** Feed-in tariff f. */
  readonly feedInTariffPerKwh: number;
  /** Network fee φ of both sides of a trade. */
  readonly networkFeePerKwh: number;
}

/**
 * Bill of a slot; a credit is negative. [currency]
 *
 * @param gridKwh Energy from the grid, g; to the grid < 0. [kWh]
 * @param tradedKwh Energy bought in the market, q; sold < 0. [kWh]
 * @param clearingPricePerKwh π; ignored where nothing was traded. [currency/kWh]
 *
 * @example
 * ```ts
 * import { billOf } from "./settlement.ts";
 * const prices = { importPricePerKwh: 0.5, feedInTariffPerKwh: 0.25, networkFeePerKwh: 0 };
 * if (billOf(prices, 2, 4, 0.375) !== 2.5) throw new Error("2 × 0.5 + 4 × 0.375");
 * if (billOf(prices, -2, 0, NaN) !== -0.5) throw new Error("2 kWh earn the feed-in tariff");
 * ```
 */
export function billOf(
  prices: SlotPrices,
  gridKwh: number,
  tradedKwh: number,
  clearingPricePerKwh: number,
): number {
  const grid = gridKwh * (gridKwh > 0 ? prices.importPricePerKwh : prices.feedInTariffPerKwh);
  if (tradedKwh === 0) return grid;
  return grid + tradedKwh * clearingPricePerKwh + Math.abs(tradedKwh) * prices.networkFeePerKwh;
}
