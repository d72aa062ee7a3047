/**
 * The day in numbers: what is saved, how much of what could be saved, and each policy beside the
 * references.
 *
 * @module
 */

/// <reference lib="dom" />

import { FASTEST_WITH_OPTIMUM } from "../pace.ts";
import { capturedSoFar, savedSoFar } from "../savings.ts";
import type { SlotOutcome } from "../slot_report.ts";
import { writeDays } from "./days_strip.ts";
import { byId, decimal, setText } from "./dom.ts";
import { type FigureRow, FigureTable } from "./figure_table.ts";
import { policiesOf, type View } from "./view.ts";

type Figure = (outcome: SlotOutcome) => number;
type Decimals = 0 | 1 | 2;

/** Sums so far of the policies, and of the references where they have such a sum. */
const soFar = (figure: Figure, ofReference?: "cost" | "emissionsKg") =>
(
  { slots }: View,
): readonly string[] => {
  const last = slots.at(-1);
  if (last === undefined) return [];
  const references = ofReference === undefined
    ? []
    : [last.gridOnly, ...last.optimum === null ? [] : [last.optimum]].map((r) => r[ofReference]);
  return [...last.outcomes.map(figure), ...references].map((value) => decimal(value, 2));
};

/** What the slots of each policy come to together. */
const together =
  (figure: Figure, decimals: Decimals, join = (a: number, b: number) => a + b) => (view: View) =>
    policiesOf(view.day).map((_, k) =>
      decimal(view.slots.map(({ outcomes }) => figure(outcomes[k])).reduce(join, 0), decimals)
    );

const ROWS: readonly FigureRow<View>[] = [
  {
    name: "cost",
    label: ({ day }) => `cost [${day.currency}]`,
    values: soFar(({ cost }) => cost, "cost"),
  },
  {
    name: "bill",
    label: ({ day }) => `bills [${day.currency}]`,
    values: soFar(({ bill }) => bill),
  },
  {
    name: "co2",
    label: () => "CO2 [kg]",
    values: soFar(({ emissionsKg }) => emissionsKg, "emissionsKg"),
  },
  {
    name: "traded",
    label: () => "traded [kWh]",
    values: together(({ volumeKwh }) => volumeKwh, 1),
  },
  {
    name: "peak",
    label: () => "highest import [kW]",
    values: together(({ gridKw }) => gridKw, 1, (a, b) => Math.max(a, b)),
  },
  {
    name: "curtailed",
    label: () => "unused sun [kWh]",
    values: together(({ curtailedKwh }) => curtailedKwh, 2),
    alarm: true,
  },
  {
    name: "unserved",
    label: () => "unserved load [kWh]",
    values: together(({ unservedKwh }) => unservedKwh, 2),
    alarm: true,
  },
  {
    name: "interventions",
    label: () => "decisions filtered",
    values: together(({ interventions }) => interventions, 0),
  },
];

const table = new FigureTable(ROWS);

/** Writes headline and table. */
export function writeNumbers(view: View): void {
  const { day, slots } = view;
  const policies = policiesOf(day);
  const last = slots.at(-1);
  const saved = policies.map((_, k) => last === undefined ? 0 : savedSoFar(last, k));
  const captured = policies.map((_, k) => last === undefined ? null : capturedSoFar(last, k));
  setText(byId("saved"), `${saved.map((value) => decimal(value, 2)).join(" / ")} ${day.currency}`);
  setText(
    byId("captured"),
    captured.map((share) => share === null ? "–" : `${decimal(100 * share, 0)} %`).join(" / "),
  );
  const isBounded = day.dayCosts.optimum !== null;
  byId("captured").parentElement!.hidden = !isBounded && !day.optimumLater;
  setText(
    byId("captured-of"),
    day.optimumLater
      ? `captured: known once it stops or slows to ${FASTEST_WITH_OPTIMUM} slots/s`
      : "captured of what the optimum saves",
  );
  const references = ["grid-only", ...isBounded ? ["optimum"] : []];
  table.write(byId("figures-table"), [...policies, ...references], view);
  writeDays(view);
}
