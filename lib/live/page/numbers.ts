/**
 * The day in numbers: what is saved, how much of what could be saved, and each policy beside the
 * references.
 *
 * @module
 */

/// <reference lib="dom" />

import { capturedSoFar, savedSoFar } from "../savings.ts";
import type { SlotOutcome } from "../slot_report.ts";
import type { NumberedSlot } from "../session.ts";
import { byId, decimal, html, setText } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

/** Sums over the day that a slot's report does not hold. */
interface DaySums {
  readonly tradedKwh: number;
  readonly unservedKwh: number;
  readonly curtailedKwh: number;
  readonly interventions: number;
  readonly peakKw: number;
}

let key = "";
let cells = new Map<string, HTMLTableCellElement[]>();

/** Writes headline and table. */
export function writeNumbers(view: View): void {
  const { day: { currency }, slots } = view;
  const policies = policiesOf(view.day);
  const last = slots.at(-1);
  const saved = policies.map((_, k) => last === undefined ? 0 : savedSoFar(last, k));
  const captured = policies.map((_, k) =>
    last === undefined ? null : capturedSoFar(last, k, view.day.dayCosts)
  );
  setText(
    byId("saved"),
    `${saved.map((value) => decimal(value, 2)).join(" / ")} ${currency}`,
  );
  setText(
    byId("captured"),
    captured.map((share) => share === null ? "–" : `${decimal(100 * share, 0)} %`).join(" / "),
  );
  writeTable(view, policies, last);
}

function writeTable(view: View, policies: readonly string[], last?: NumberedSlot): void {
  const { currency } = view.day;
  const wanted = JSON.stringify([policies, currency]);
  if (wanted !== key) {
    key = wanted;
    build(policies, currency);
  }
  const write = (name: string, values: readonly string[], alarm = false) => {
    cells.get(name)?.forEach((cell, k) => {
      setText(cell, values[k] ?? "");
      cell.classList.toggle("alarm", alarm && Number.parseFloat(values[k]) > 0);
    });
  };
  const sums = policies.map((_, k) => daySums(view.slots, k));
  const outcomes = last?.outcomes ?? [];
  const both = (value: (outcome: SlotOutcome) => number, decimals: 1 | 2 = 2) =>
    outcomes.map((outcome) => decimal(value(outcome), decimals));
  const summed = (value: (sum: DaySums) => number, decimals: 0 | 1 | 2 = 1) =>
    sums.map((sum) => decimal(value(sum), decimals));
  write("cost", [
    ...both(({ cost }) => cost),
    ...last === undefined ? [] : [decimal(last.gridOnly.cost, 2)],
    ...last?.optimum ? [decimal(last.optimum.cost, 2)] : [],
  ]);
  write("bill", both(({ bill }) => bill));
  write("co2", [
    ...both(({ emissionsKg }) => emissionsKg),
    ...last === undefined ? [] : [decimal(last.gridOnly.emissionsKg, 2)],
    ...last?.optimum ? [decimal(last.optimum.emissionsKg, 2)] : [],
  ]);
  write("traded", summed(({ tradedKwh }) => tradedKwh));
  write("peak", summed(({ peakKw }) => peakKw));
  write("curtailed", summed(({ curtailedKwh }) => curtailedKwh, 2), true);
  write("unserved", summed(({ unservedKwh }) => unservedKwh, 2), true);
  write("interventions", summed(({ interventions }) => interventions, 0));
}

function build(policies: readonly string[], currency: string): void {
  const rows = [
    ["cost", `cost [${currency}]`],
    ["bill", `bills [${currency}]`],
    ["co2", "CO2 [kg]"],
    ["traded", "traded [kWh]"],
    ["peak", "highest import [kW]"],
    ["curtailed", "unused sun [kWh]"],
    ["unserved", "unserved load [kWh]"],
    ["interventions", "decisions filtered"],
  ];
  const columns = [...policies, "grid-only", "optimum"];
  cells = new Map();
  const head = html("tr");
  head.append(
    html("th", { scope: "col" }, ""),
    ...columns.map((name) => html("th", { scope: "col" }, name)),
  );
  const thead = html("thead"), tbody = html("tbody");
  thead.append(head);
  for (const [name, label] of rows) {
    const row = html("tr", { id: `row-${name}` });
    const values = columns.map(() => html("td"));
    cells.set(name, values);
    row.append(html("th", { scope: "row" }, label), ...values);
    tbody.append(row);
  }
  byId("figures-table").replaceChildren(thead, tbody);
}

function daySums(slots: readonly NumberedSlot[], k: number): DaySums {
  const sum = (value: (report: SlotOutcome) => number) =>
    slots.reduce((total, { outcomes }) => total + value(outcomes[k]), 0);
  return {
    tradedKwh: sum(({ volumeKwh }) => volumeKwh),
    unservedKwh: sum(({ unservedKwh }) => unservedKwh),
    curtailedKwh: sum(({ curtailedKwh }) => curtailedKwh),
    interventions: sum(({ interventions }) => interventions),
    peakKw: slots.reduce((most, { outcomes }) => Math.max(most, outcomes[k].gridKw), 0),
  };
}
