/**
 * One home: its day as a chart, its latest order, and its bill.
 *
 * @module
 */

/// <reference lib="dom" />

import type { HomeSlot } from "../session.ts";
import { byId, decimal, html, setText } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

let key = "";
let cells: HTMLTableCellElement[][] = [];

const ROWS: readonly (readonly [string, (slots: readonly HomeSlot[], view: View) => string])[] = [
  ["order", (slots, view) => order(slots.at(-1), view)],
  ["traded", (slots) => trade(slots.at(-1))],
  ["from the grid [kWh]", (slots) => sum(slots, ({ gridKwh }) => Math.max(0, gridKwh), 1)],
  ["to the grid [kWh]", (slots) => sum(slots, ({ gridKwh }) => Math.max(0, -gridKwh), 1)],
  ["bought from others [kWh]", (slots) => sum(slots, ({ tradedKwh }) => Math.max(0, tradedKwh), 1)],
  ["sold to others [kWh]", (slots) => sum(slots, ({ tradedKwh }) => Math.max(0, -tradedKwh), 1)],
  ["battery", (slots) => charge(slots.at(-1))],
  ["bill so far", (slots, view) => `${sum(slots, ({ bill }) => bill, 2)} ${view.day.currency}`],
  ["cost so far", (slots, view) => `${sum(slots, ({ cost }) => cost, 2)} ${view.day.currency}`],
];

/** Writes the selected home's figures. */
export function writeHome(view: View): void {
  const { day, selected, home } = view;
  const chosen = selected === null ? undefined : day.homes[selected];
  const policies = policiesOf(day);
  const wanted = JSON.stringify([chosen?.id, policies]);
  if (wanted !== key) {
    key = wanted;
    if (chosen === undefined) {
      setText(byId("h-home"), "Home");
      byId("home-detail").replaceChildren(html(
        "p",
        { class: "quiet" },
        "Select a home, here or in the picture, to see its day, its orders and its bill.",
      ));
    } else build(chosen, policies);
  }
  if (chosen === undefined) return;
  home.forEach((slots, k) =>
    ROWS.forEach(([, text], row) => {
      const cell = cells[row]?.[k];
      if (cell !== undefined) setText(cell, text(slots, view));
    })
  );
}

function build(
  { id, pvCapacityKw, batteryKwh }: View["day"]["homes"][number],
  policies: readonly string[],
): void {
  setText(byId("h-home"), `Home ${id}`);
  const devices = [
    pvCapacityKw > 0 ? `${decimal(pvCapacityKw, 1)} kW of panels` : "no panels",
    batteryKwh === null ? "no battery" : `a battery of ${decimal(batteryKwh, 1)} kWh`,
  ].join(", ");
  const left = html("div"), right = html("div", { class: "scroll" });
  left.append(
    html(
      "p",
      { class: "quiet small" },
      `${devices}${policies.length > 1 ? `; the chart is of ${policies[0]}` : ""}`,
    ),
    html("p", { class: "legend", id: "legend-home" }),
    html("div", { class: "plot", id: "chart-home" }),
  );
  const table = html("table"), head = html("tr"), body = html("tbody"), thead = html("thead");
  head.append(
    html("th", { scope: "col" }),
    ...policies.map((name) => html("th", { scope: "col" }, name)),
  );
  thead.append(head);
  cells = ROWS.map(([label]) => {
    const row = html("tr"), values = policies.map(() => html("td"));
    row.append(html("th", { scope: "row" }, label), ...values);
    body.append(row);
    return values;
  });
  table.append(thead, body);
  right.append(table);
  const layout = html("div", { class: "home-top" });
  layout.append(left, right);
  byId("home-detail").replaceChildren(layout);
}

function order(slot: HomeSlot | undefined, { day }: View): string {
  if (slot === undefined || slot.orderKwh === 0) return "none";
  const kwh = decimal(Math.abs(slot.orderKwh), 3);
  const side = slot.orderKwh > 0 ? "buy" : "sell";
  return `${side} ${kwh} kWh at ${decimal(slot.orderPricePerKwh, 3)} ${day.currency}`;
}

function trade(slot: HomeSlot | undefined): string {
  if (slot === undefined || slot.tradedKwh === 0) return "nothing";
  return `${slot.tradedKwh > 0 ? "bought" : "sold"} ${decimal(Math.abs(slot.tradedKwh), 3)} kWh`;
}

function charge(slot: HomeSlot | undefined): string {
  if (slot === undefined || slot.socFraction === null) return "none";
  const power = slot.storesKw;
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
