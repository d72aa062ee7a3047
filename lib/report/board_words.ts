/**
 * Words and numbers of a board's page.
 *
 * @module
 */

import type { BatterySize } from "../data/battery_sizes.ts";
import { ALONE, TODAY } from "../experiments/board_year.ts";

/** A whole amount. */
export function whole(amount: number): string {
  const rounded = Math.round(amount);
  return `${rounded < 0 ? "−" : ""}${Math.abs(rounded).toLocaleString("en-US")}`;
}

/** A whole amount with its sign. */
export function signedWhole(amount: number): string {
  return Math.round(amount) > 0 ? `+${whole(amount)}` : whole(amount);
}

/** A share in percent. */
export function percentOf(part: number, all: number): string {
  return `${Math.round(100 * part / all)} %`;
}

/** How large batteries are. */
export function sizeName(size: BatterySize): string {
  if ("capacityKwh" in size) {
    return size.capacityKwh === 0 ? "no battery" : `${size.capacityKwh} kWh a home`;
  }
  const { factor } = size;
  if (factor === 0) return "no battery";
  if (factor === 1) return "as they are";
  return factor === 2 ? "twice as large" : `${factor} times as large`;
}

/** What a way of living together is, for people who have never heard its name. */
export function meaningOf(name: string): string {
  return meanings[name] ?? "trained agents in the market";
}

const meanings: Readonly<Record<string, string>> = {
  [TODAY]: "everyone alone with the grid, batteries idle",
  [ALONE]: "everyone alone with the grid, own devices used well",
  "uniform-price": "a market: one price for all in each slot",
  "pay-as-bid": "a market: each trade at the buyer's bid",
  "mid-market-rate": "surplus shared at the middle of grid price and feed-in",
  "sharing-static": "surplus shared by fixed equal parts, at the feed-in price",
  "sharing-dynamic": "surplus shared by use, at the feed-in price",
};
