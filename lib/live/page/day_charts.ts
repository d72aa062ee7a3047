/**
 * The charts of a live day: prices, grid, batteries, money, CO2 and the filter's interventions.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ReferenceReport } from "../live_day.ts";
import type { SlotOutcome } from "../slot_report.ts";
import {
  dayChart,
  dayLong,
  type LiveChart,
  type LiveChartData,
  type LiveChartMaker,
  type LiveLegend,
  POLICY_STYLES,
  policyLegend,
  stepLine,
  stepsOf,
  sumsOf,
} from "./chart.ts";

/** Clearing price between import price and feed-in tariff. */
export const pricesLive: LiveChartMaker = (data, size) => {
  const { currency, policies, dtHours } = data;
  const clearing = policies.map((_, k) =>
    data.slots.flatMap(({ hourOfDay, outcomes }) => {
      const price = outcomes[k].clearingPricePerKwh;
      return price === null ? [] : [{ hour: hourOfDay, end: hourOfDay + dtHours, price }];
    })
  );
  const colours = ["var(--trade)", "var(--policy-b)"];
  const marks = [
    stepLine(dayLong(data.importPricePerKwh, dtHours), "var(--import)", { strokeWidth: 1.5 }),
    stepLine(dayLong(data.feedInTariffPerKwh, dtHours), "var(--export)", {
      strokeWidth: 1.5,
      strokeDasharray: "6 3",
    }),
    ...clearing.map((prices, k) =>
      Plot.ruleY(prices, {
        x1: "hour",
        x2: "end",
        y: "price",
        stroke: colours[k],
        strokeWidth: k === 0 ? 3.5 : 2.5,
        strokeDasharray: k === 0 ? "none" : "5 2",
      })
    ).toReversed(),
  ];
  const legend: LiveLegend[] = [
    { label: "import price", colour: "var(--import)", sample: "line" },
    ...policies.map((policy, k) => ({
      label: policies.length === 1 ? "clearing price" : `clearing price, ${policy}`,
      colour: colours[k],
      sample: k === 0 ? "line" as const : "dashed" as const,
    })),
    { label: "feed-in tariff", colour: "var(--export)", sample: "dashed" },
  ];
  return framed(data, dayChart(size, `${currency}/kWh`), marks, legend, { zero: true });
};

/** Net import against the limits of the connection. */
export const gridLive: LiveChartMaker = (data, size) => {
  const limit = (value: (slot: LiveChartData["slots"][number]) => number | null) =>
    stepLine(stepsOf(data, value), "var(--alarm)", { strokeWidth: 1.5, strokeDasharray: "2 3" });
  const limited = data.slots.some(({ importLimitKw, exportLimitKw }) =>
    importLimitKw !== null || exportLimitKw !== null
  );
  const first = stepsOf(data, ({ outcomes }) => outcomes[0].gridKw);
  const area = (fill: string, side: (a: number, b: number) => number) =>
    Plot.areaY(first, {
      x: "hour",
      y1: 0,
      y2: ({ value }) => side(0, value),
      curve: "step-after",
      fill,
      fillOpacity: 0.3,
    });
  const marks = [
    area("var(--import)", Math.max),
    area("var(--export)", Math.min),
    limit(({ importLimitKw }) => importLimitKw),
    limit(({ exportLimitKw }) => exportLimitKw === null ? null : -exportLimitKw),
    ...data.policies.map((_, k) =>
      stepLine(stepsOf(data, ({ outcomes }) => outcomes[k].gridKw), POLICY_STYLES[k].colour, {
        strokeDasharray: POLICY_STYLES[k].dash,
      })
    ).toReversed(),
  ];
  return framed(data, dayChart(size, "kW, import > 0"), marks, [
    ...policyLegend(data.policies),
    ...(data.policies.length > 1 ? [] : [
      { label: "import", colour: "var(--import)", sample: "area" as const },
      { label: "export", colour: "var(--export)", sample: "area" as const },
    ]),
    ...(limited ? [{ label: "limit", colour: "var(--alarm)", sample: "dotted" as const }] : []),
  ]);
};

/** State of charge, mean over batteries. */
export const batteriesLive: LiveChartMaker = (data, size) => {
  const charge = (k: number) =>
    data.slots.flatMap(({ hourOfDay, outcomes }) => {
      const { socFraction } = outcomes[k];
      return socFraction === null
        ? []
        : [{ hour: hourOfDay + data.dtHours, value: 100 * socFraction }];
    });
  const marks = policyLines(data, charge);
  const base = dayChart(size, "state of charge [%]");
  return framed(data, base, marks, policyLegend(data.policies), { domain: [0, 100] });
};

/** What the day has cost so far, beside `grid-only` and the optimum. */
export const moneyLive: LiveChartMaker = (data, size) =>
  sums(data, dayChart(size, `cost so far [${data.currency}]`), "cost", true);

/** CO2 of the community's net imports so far. */
export const carbonLive: LiveChartMaker = (data, size) =>
  sums(data, dayChart(size, "CO2 so far [kg]"), "emissionsKg", false);

/** Decisions that the filter or the community limit changed, in every slot. */
export const interventionsLive: LiveChartMaker = (data, size) => {
  const { slots, policies, dtHours } = data;
  const width = dtHours / policies.length;
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
  return framed(data, dayChart(size, "decisions changed"), marks, policyLegend(policies), y);
};

/** A sum of the policies so far, beside that of `grid-only` and, where wanted, of the optimum. */
function sums(
  data: LiveChartData,
  base: Plot.PlotOptions,
  sum: keyof SlotOutcome & keyof ReferenceReport,
  withOptimum: boolean,
): LiveChart {
  const optimum = withOptimum && data.slots.some((slot) => slot.optimum !== null);
  const reference = { x: "hour", y: "value", strokeWidth: 1.75 } as const;
  const marks = [
    Plot.lineY(sumsOf(data, ({ gridOnly }) => gridOnly[sum]), {
      ...reference,
      stroke: "var(--reference)",
    }),
    ...(optimum
      ? [
        Plot.lineY(sumsOf(data, (slot) => slot.optimum?.[sum] ?? NaN), {
          ...reference,
          stroke: "var(--ink)",
          strokeDasharray: "1.5 3",
        }),
      ]
      : []),
    ...policyLines(data, (k) => sumsOf(data, ({ outcomes }) => outcomes[k][sum])),
  ];
  return framed(data, base, marks, [
    ...policyLegend(data.policies),
    { label: "grid-only", colour: "var(--reference)", sample: "line" },
    ...(optimum ? [{ label: "optimum", colour: "var(--ink)", sample: "dotted" as const }] : []),
  ]);
}

/** A line for each policy, the first one on top. */
function policyLines(
  { policies }: LiveChartData,
  points: (k: number) => readonly { readonly hour: number; readonly value: number }[],
): Plot.Markish[] {
  return policies.map((_, k) =>
    Plot.lineY(points(k), {
      x: "hour",
      y: "value",
      stroke: POLICY_STYLES[k].colour,
      strokeWidth: 2.25,
      strokeDasharray: POLICY_STYLES[k].dash,
    })
  ).toReversed();
}

/** Marks between the axis and the line that says where the day has got to. */
function framed(
  { slots, dtHours }: LiveChartData,
  base: Plot.PlotOptions,
  marks: readonly Plot.Markish[],
  legend: readonly LiveLegend[],
  y: Plot.ScaleOptions = {},
): LiveChart {
  const last = slots.at(-1);
  const now = last === undefined ? [] : [last.hourOfDay + dtHours];
  return {
    options: {
      ...base,
      y: { ...base.y, ...y },
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        ...marks,
        Plot.ruleX(now, { stroke: "var(--now)", strokeWidth: 1, strokeDasharray: "3 3" }),
      ],
    },
    legend,
  };
}
