/**
 * The charts of a live day: prices, grid, batteries, money, CO2, the filter's interventions, and the
 * day of one home.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ReferenceReport, SlotReport } from "../live_day.ts";
import type { HomeSlot } from "../session.ts";
import { bandsOf } from "./bands.ts";
import {
  type ChartSize,
  dayChart,
  type DayChartOptions,
  heldToEnd,
  type LiveChart,
  type Series,
} from "./chart.ts";
import { netCost } from "../savings.ts";
import { policiesOf, type View } from "./view.ts";

/** A chart for what is known of the day and the room there is. */
export type LiveChartMaker = (view: View, size: ChartSize) => LiveChart;

/** How the first and the second policy are drawn. */
const POLICY_STYLES = [
  { colour: "var(--policy-a)", sample: "line" },
  { colour: "var(--policy-b)", sample: "dashed" },
] as const;

/** Clearing price between import price and feed-in tariff. */
export const pricesLive: LiveChartMaker = (view, size) => {
  const { day, slots } = view;
  const policies = policiesOf(day);
  const price = (k: number) =>
    slots.flatMap(({ hourOfDay, outcomes }) => {
      const value = outcomes[k].clearingPricePerKwh;
      const end = hourOfDay + day.dtHours;
      // A price holds for its slot only: a gap follows each.
      return [{ hour: hourOfDay, value }, { hour: end, value }, { hour: end, value: null }];
    });
  return dayChart(size, `${day.currency}/kWh`, [
    ...policies.map((policy, k): Series => ({
      label: policies.length === 1 ? "clearing price" : `clearing price, ${policy}`,
      ...POLICY_STYLES[k],
      colour: k === 0 ? "var(--trade)" : POLICY_STYLES[k].colour,
      width: k === 0 ? 3.5 : 2.5,
      curve: "linear",
      points: price(k),
    })),
    {
      label: "import price",
      colour: "var(--import)",
      sample: "line",
      width: 1.5,
      points: heldToEnd(day.importPricePerKwh, day.dtHours),
    },
    {
      label: "feed-in tariff",
      colour: "var(--export)",
      sample: "dashed",
      width: 1.5,
      points: heldToEnd(day.feedInTariffPerKwh, day.dtHours),
    },
  ], { y: { zero: true }, decimals: 3, ...onDay(view) });
};

/** Net import against the limits of the connection. */
export const gridLive: LiveChartMaker = (view, size) => {
  const steps = (value: (slot: SlotReport) => number | null) =>
    heldToEnd(view.slots.map(value), view.day.dtHours);
  const only = policiesOf(view.day).length === 1;
  const limited = view.slots.some(({ importLimitKw, exportLimitKw }) =>
    importLimitKw !== null || exportLimitKw !== null
  );
  const area = (label: string, side: (a: number, b: number) => number): Series => ({
    label: only ? label : "",
    colour: `var(--${label})`,
    sample: "area",
    points: steps(({ outcomes }) => side(0, outcomes[0].gridKw)),
  });
  const limit = (label: string, value: (slot: SlotReport) => number | null): Series => ({
    label: limited ? label : "",
    colour: "var(--alarm)",
    sample: "dotted",
    width: 1.5,
    points: steps(value),
  });
  return dayChart(size, "kW, import > 0", [
    ...ofPolicies(view, (k) => ({ points: steps(({ outcomes }) => outcomes[k].gridKw) })),
    area("import", Math.max),
    area("export", Math.min),
    limit("limit", ({ importLimitKw }) => importLimitKw),
    limit("", ({ exportLimitKw }) => exportLimitKw === null ? null : -exportLimitKw),
  ], onDay(view));
};

/** State of charge, mean over batteries. */
export const batteriesLive: LiveChartMaker = (view, size) => {
  const charge = (k: number) =>
    view.slots.map(({ hourOfDay, outcomes }) => {
      const { socFraction } = outcomes[k];
      const value = socFraction === null ? null : 100 * socFraction;
      return { hour: hourOfDay + view.day.dtHours, value };
    });
  return dayChart(
    size,
    "state of charge [%]",
    ofPolicies(view, (k) => ({ points: charge(k), curve: "linear" })),
    { y: { domain: [0, 100] }, decimals: 0, ...onDay(view) },
  );
};

/** What the day has cost so far, beside `grid-only` and the optimum. */
export const moneyLive: LiveChartMaker = (view, size) =>
  sums(view, size, `cost so far, less what is stored [${view.day.currency}]`, netCost, [
    "gridOnly",
    "optimum",
  ]);

/** CO2 of the community's net imports so far. */
export const carbonLive: LiveChartMaker = (view, size) =>
  sums(view, size, "CO2 so far [kg]", ({ emissionsKg }) => emissionsKg, ["gridOnly"]);

/** Decisions that the filter or the community limit changed, in every slot. */
export const interventionsLive: LiveChartMaker = (view, size) => {
  const { slots, day } = view;
  const policies = policiesOf(day);
  const width = day.dtHours / policies.length;
  const counts = slots.flatMap(({ outcomes }) => outcomes.map((outcome) => outcome.interventions));
  const most = Math.max(1, ...counts);
  const marks = policies.map((_, k) =>
    Plot.rectY(slots, {
      x1: ({ hourOfDay }) => hourOfDay + k * width,
      x2: ({ hourOfDay }) => hourOfDay + (k + 1) * width,
      y: ({ outcomes }) => outcomes[k].interventions,
      fill: POLICY_STYLES[k].colour,
      insetLeft: 0.5,
      insetRight: 0.5,
    })
  );
  const y = { domain: [0, most], ticks: Math.min(4, most), tickFormat: "d" };
  const read = ofPolicies(view, (k) => ({
    points: heldToEnd(slots.map(({ outcomes }) => outcomes[k].interventions), day.dtHours),
  }));
  const series = read.map((each) => ({ ...each, points: [] }));
  return dayChart(size, "decisions changed", series, {
    y,
    marks,
    read,
    decimals: 0,
    ...onDay(view),
  });
};

/** What one home uses, what its panels give, what its battery does, and what it trades. */
export const homeLive: LiveChartMaker = (view, size) => {
  const { home: [slots], day: { dtHours, homes }, selected } = view;
  const stores = homes[selected ?? 0].devices.length > 0 ? "battery and devices" : "battery";
  const ordered = slots.some(({ orderKwh }) => orderKwh !== 0);
  const series = (
    label: string,
    colour: string,
    sample: Series["sample"],
    value: (slot: HomeSlot) => number,
  ): Series => ({
    label,
    colour: `var(--${colour})`,
    sample,
    points: heldToEnd(slots.map(value), dtHours),
  });
  return dayChart(size, "kW", [
    series("sun", "solar", "area", ({ pvKw }) => pvKw),
    series("traded, bought > 0", "trade", "dashed", ({ tradedKwh }) => tradedKwh / dtHours),
    ...ordered
      ? [series("ordered, to buy > 0", "trade", "dotted", ({ orderKwh }) => orderKwh / dtHours)]
      : [],
    series(`${stores}, charging > 0`, "battery", "line", ({ storesKw }) => storesKw),
    series("load", "ink", "line", ({ loadKw }) => loadKw),
  ], onDay(view));
};

const REFERENCES = {
  gridOnly: { label: "grid-only", colour: "var(--reference)", sample: "line" },
  optimum: { label: "optimum", colour: "var(--ink)", sample: "dotted" },
} as const;

/** A sum of the policies so far, from nothing at midnight on, beside that of references. */
function sums(
  view: View,
  size: ChartSize,
  yLabel: string,
  sum: (report: ReferenceReport) => number,
  references: readonly (keyof typeof REFERENCES)[],
): LiveChart {
  const { slots, day: { dtHours } } = view;
  const series = (value: (slot: SlotReport) => number | null) => ({
    curve: "linear" as const,
    points: [
      { hour: 0, value: 0 },
      ...slots.map((slot) => ({ hour: slot.hourOfDay + dtHours, value: value(slot) })),
    ],
  });
  return dayChart(size, yLabel, [
    ...ofPolicies(view, (k) => series(({ outcomes }) => sum(outcomes[k]))),
    ...references.filter((name) => slots.some((slot) => slot[name] !== null)).map((name) => ({
      ...REFERENCES[name],
      ...series((slot) => slot[name] && sum(slot[name])),
      width: 1.75,
    })),
  ], onDay(view));
}

/** A series for each policy, in its style. */
function ofPolicies(
  { day }: View,
  series: (k: number) => Pick<Series, "points" | "curve">,
): Series[] {
  return policiesOf(day).map((label, k) => ({ label, ...POLICY_STYLES[k], ...series(k) }));
}

/** What every chart shows of the day: where it has got to, and what is different when. */
function onDay(view: View): Pick<DayChartOptions, "now" | "bands"> {
  const last = view.slots.at(-1);
  return { now: last && last.hourOfDay + view.day.dtHours, bands: bandsOf(view) };
}
