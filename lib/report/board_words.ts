/**
 * Words and numbers of a board's page.
 *
 * @module
 */

import type { BatterySize } from "../data/battery_sizes.ts";
import type { Prosumer } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import { perYear } from "../evaluation/yearly_savings.ts";
import { ALONE, type BoardRow, type BoardYear, TODAY } from "../experiments/board_year.ts";

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

/** The row of a name. */
export function rowNamed({ rows }: Pick<BoardYear, "rows">, name: string): BoardRow {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new RangeError(`nobody played ${name}`);
  return row;
}

/** What the community pays in a year. [currency/a] */
export function communityBill({ bills }: BoardRow): number {
  return perYear(bills).reduce((sum, bill) => sum + bill, 0);
}

/** Whether a home has more to decide on than a battery. */
export function hasDevices({ devices = [] }: Prosumer): boolean {
  return devices.length > 0;
}

/** Whether some home has anything that can be used well or badly. */
export function hasStores({ community: { prosumers } }: Dataset): boolean {
  return prosumers.some((home) => home.battery !== null || hasDevices(home));
}

/**
 * What trade is compared with first: homes by themselves with their own devices used well; where there
 * are none, today.
 */
export function baseOf(year: BoardYear): BoardRow {
  return rowNamed(year, hasStores(year.dataset) ? ALONE : TODAY);
}

/** The same in words, behind "in place of". */
export function baseWords({ dataset }: BoardYear): string {
  return hasStores(dataset) ? `alone with its own ${ownWord(dataset)} used well` : "today";
}

/** What homes are without any planning. */
export function idleWords(dataset: Dataset): string {
  if (!hasStores(dataset)) return "today";
  return ownWord(dataset) === "battery" ? "battery idle" : "nothing planned";
}

/** What is without planning, in a sentence. */
export function idleCase(dataset: Dataset): string {
  return ownWord(dataset) === "battery"
    ? "homes whose batteries idle"
    : "homes that plan nothing (batteries idle, the rest takes energy at once)";
}

/** What a way of living together is called on the page. */
export function rowWords(dataset: Dataset, name: string): string {
  return name === TODAY ? idleWords(dataset) : name === ALONE ? `own ${ownWord(dataset)}` : name;
}

/** What a home alone uses well: its battery, or all devices where there are others. */
export function ownWord({ community: { prosumers } }: Dataset): "battery" | "devices" {
  return prosumers.some(hasDevices) ? "devices" : "battery";
}

/** The same in the plural, devices by kind. */
export function ownNamed({ community: { prosumers } }: Dataset): string {
  const kinds = new Set(
    prosumers.flatMap(({ devices = [] }) => devices.map(({ kind }) => kindName(kind))),
  );
  if (kinds.size === 0) return "batteries";
  const battery = prosumers.some((home) => home.battery !== null) ? ["battery"] : [];
  return `devices (${[...battery, ...kinds].join(", ")})`;
}

function kindName(kind: string): string {
  return kind.replaceAll("-", " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
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
  [TODAY]: "everyone alone with the grid, batteries idle, cars and heat pumps as soon as they can",
  [ALONE]: "everyone alone with the grid, own battery and devices used well",
  "uniform-price": "a market: one price for all in each slot",
  "pay-as-bid": "a market: each trade at the buyer's bid",
  "mid-market-rate": "surplus shared at the middle of grid price and feed-in",
  "sharing-static": "surplus shared by fixed equal parts, at the feed-in price",
  "sharing-dynamic": "surplus shared by use, at the feed-in price",
};
