/**
 * The grid's ask: import up to the connection's limit at C, and beyond the steps of a peak or
 * capacity charge at more.
 *
 * @module
 */

import { PRICE_UNITS } from "./curves.ts";
import type { MarketBook } from "./market_book.ts";

/** What can be imported on step `g` of the grid's ask, of which the first is 0. [kWh] */
export function gridStepKwh(book: MarketBook, c: number, g: number, limit: number): number {
  const { gridSteps, gridStepFromKwh } = book;
  const from = g === 0 ? 0 : Math.max(0, gridStepFromKwh[c * gridSteps + g - 1]);
  const to = g === gridSteps ? Infinity : gridStepFromKwh[c * gridSteps + g];
  return Math.max(0, Math.min(to, limit) - Math.min(from, limit));
}

/** What import on step `g` costs beyond C. [1e-6 currency/kWh] */
export function gridStepUnits(
  { gridSteps, gridStepPerKwh }: MarketBook,
  c: number,
  g: number,
): number {
  return g === 0 ? 0 : Math.floor(gridStepPerKwh[c * gridSteps + g - 1] * PRICE_UNITS + 0.5);
}
