/**
 * One home: its day as a chart, its latest order, and its bill.
 *
 * @module
 */

/// <reference lib="dom" />

import { deviceInWords } from "./device_words.ts";
import type { HomeSlot } from "../session.ts";
import { byId, decimal, setText } from "./dom.ts";
import { type FigureRow, FigureTable } from "./figure_table.ts";
import { policiesOf, type View } from "./view.ts";

/** A row whose figures are each of a policy's slots of the home. */
function row(
  label: string,
  text: (slots: readonly HomeSlot[], currency: string) => string,
): FigureRow<View> {
  return {
    label: () => label,
    values: ({ home, day }) => home.map((slots) => text(slots, day.currency)),
  };
}

const table = new FigureTable([
  {
    label: () => "orders",
    values: (view) =>
      view.home.map((slots, k) =>
        order(slots.at(-1), view.day.currency) ?? storeOrders(view, k) ?? "at any price"
      ),
  },
  row("traded", (slots) => trade(slots.at(-1))),
  row("from the grid [kWh]", (slots) => sum(slots, ({ gridKwh }) => Math.max(0, gridKwh), 1)),
  row("to the grid [kWh]", (slots) => sum(slots, ({ gridKwh }) => Math.max(0, -gridKwh), 1)),
  row("bought from others [kWh]", (slots) => sum(slots, (s) => Math.max(0, s.tradedKwh), 1)),
  row("sold to others [kWh]", (slots) => sum(slots, (s) => Math.max(0, -s.tradedKwh), 1)),
  row("battery", (slots) => charge(slots.at(-1))),
  row("bill so far", (slots, currency) => `${sum(slots, ({ bill }) => bill, 2)} ${currency}`),
  row("cost so far", (slots, currency) => `${sum(slots, ({ cost }) => cost, 2)} ${currency}`),
]);

/** Writes the selected home's figures. */
export function writeHome(view: View): void {
  const { day, selected } = view;
  const home = selected === null ? undefined : day.homes[selected];
  const policies = policiesOf(day);
  document.body.classList.toggle("home-open", home !== undefined);
  byId("home-none").hidden = home !== undefined;
  byId("home-detail").hidden = home === undefined;
  setText(byId("h-home"), home === undefined ? "Home" : `Home ${home.id}`);
  if (home === undefined) return;
  const { pvCapacityKw, batteryKwh } = home;
  const now = view.frame.homes[0]?.devices[selected!] ?? [];
  const devices = [
    pvCapacityKw > 0 ? `${decimal(pvCapacityKw, 1)} kW of panels` : "no panels",
    batteryKwh === null ? "no battery" : `a battery of ${decimal(batteryKwh, 1)} kWh`,
    ...home.devices.map((device, k) => deviceInWords(device, now[k])),
    ...policies.length > 1 ? [`the chart is of ${policies[0]}`] : [],
  ];
  setText(byId("home-devices"), devices.join(", "));
  table.write(byId("home-table"), policies, view);
}

/** Where its stores speak curves: the prices at which they would begin to take and to give. */
function storeOrders({ day, frame, selected }: View, k: number): string | null {
  const orders = frame.homes[k]?.orders;
  if (orders === undefined || selected === null) return null;
  const id = day.homes[selected].id;
  const own = (side: readonly { readonly id: string; readonly pricePerKwh: number }[]) =>
    side.filter((each) => each.id.startsWith(`${id}'s `) && !/'s (load|sun)$/.test(each.id))
      .map(({ pricePerKwh }) => pricePerKwh);
  const [bids, asks] = [own(orders.bids), own(orders.asks)];
  const parts = [
    ...bids.length > 0 ? [`charges below ${decimal(Math.max(...bids), 3)}`] : [],
    ...asks.length > 0 ? [`gives above ${decimal(Math.min(...asks), 3)}`] : [],
  ];
  return parts.length === 0 ? null : `${parts.join(", ")} ${day.currency}`;
}

/** A single order, where there are such; `null` where there are curves. */
function order(slot: HomeSlot | undefined, currency: string): string | null {
  if (slot === undefined || slot.orderKwh === 0) return null;
  const kwh = decimal(Math.abs(slot.orderKwh), 3);
  const side = slot.orderKwh > 0 ? "buy" : "sell";
  return `${side} ${kwh} kWh at ${decimal(slot.orderPricePerKwh, 3)} ${currency}`;
}

function trade(slot: HomeSlot | undefined): string {
  if (slot === undefined || slot.tradedKwh === 0) return "nothing";
  return `${slot.tradedKwh > 0 ? "bought" : "sold"} ${decimal(Math.abs(slot.tradedKwh), 3)} kWh`;
}

function charge(slot: HomeSlot | undefined): string {
  if (slot === undefined || slot.socFraction === null) return "none";
  const power = slot.batteryKw;
  const doing = power === 0 ? "idle" : power > 0 ? "charging" : "discharging";
  return `${Math.round(100 * slot.socFraction)} %, ${doing} ${decimal(Math.abs(power), 1)} kW`;
}

function sum(
  slots: readonly HomeSlot[],
  value: (slot: HomeSlot) => number,
  decimals: 1 | 2,
): string {
  return decimal(slots.reduce((total, slot) => total + value(slot), 0), decimals);
}
