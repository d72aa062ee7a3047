/**
 * The charts of a live day: prices, grid, batteries, money, CO2 and the filter's interventions.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { SlotOutcome } from "../slot_report.ts";
import {
  dayChart,
  dayLong,
  type LiveChartData,
  type LiveChartMaker,
  POLICY_STYLES,
  policyLegend,
  stepLine,
  stepsOf,
  sumsOf,
} from "./chart.ts";

/** Clearing price between import price and feed-in tariff. */
export const pricesLive: LiveChartMaker = (data, size) => {
  const { currency, policies, dtHours } = data;
  const base = dayChart(size, `${currency}/kWh`);
  const clearing = policies.map((_, k) =>
    data.slots.flatMap(({ hourOfDay, outcomes }) => {
      const price = outcomes[k].clearingPricePerKwh;
      return price === null ? [] : [{ hour: hourOfDay, end: hourOfDay + dtHours, price }];
    })
  );
  const colours = ["var(--trade)", "var(--policy-b)"];
  return {
    options: {
      ...base,
      y: { ...base.y, zero: true },
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
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
        ...now(data),
      ],
    },
    legend: [
      { label: "import price", colour: "var(--import)", sample: "line" },
      ...policies.map((policy, k) => ({
        label: policies.length === 1 ? "clearing price" : `clearing price, ${policy}`,
        colour: colours[k],
        sample: k === 0 ? "line" as const : "dashed" as const,
      })),
      { label: "feed-in tariff", colour: "var(--export)", sample: "dashed" },
    ],
  };
};

/** Net import against the limits of the connection. */
export const gridLive: LiveChartMaker = (data, size) => {
  const base = dayChart(size, "kW, import > 0");
  const limit = (value: (slot: LiveChartData["slots"][number]) => number | null) =>
    stepLine(stepsOf(data, value), "var(--alarm)", { strokeWidth: 1.5, strokeDasharray: "2 3" });
  const limited = data.slots.some((slot) => slot.importLimitKw !== null) ||
    data.slots.some((slot) => slot.exportLimitKw !== null);
  const [first] = data.policies.map((_, k) => stepsOf(data, ({ outcomes }) => outcomes[k].gridKw));
  const area = { x: "hour", curve: "step-after", fillOpacity: 0.3 } as const;
  return {
    options: {
      ...base,
      marks: [
        Plot.areaY(first, {
          ...area,
          y1: 0,
          y2: ({ value }) => Math.max(0, value),
          fill: "var(--import)",
        }),
        Plot.areaY(first, {
          ...area,
          y1: 0,
          y2: ({ value }) => Math.min(0, value),
          fill: "var(--export)",
        }),
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        limit(({ importLimitKw }) => importLimitKw),
        limit(({ exportLimitKw }) => exportLimitKw === null ? null : -exportLimitKw),
        ...policyLines(data, ({ gridKw }) => gridKw),
        ...now(data),
      ],
    },
    legend: [
      ...policyLegend(data.policies),
      ...(data.policies.length > 1 ? [] : [
        { label: "import", colour: "var(--import)", sample: "area" as const },
        { label: "export", colour: "var(--export)", sample: "area" as const },
      ]),
      ...(limited ? [{ label: "limit", colour: "var(--alarm)", sample: "dotted" as const }] : []),
    ],
  };
};

/** State of charge, mean over batteries. */
export const batteriesLive: LiveChartMaker = (data, size) => {
  const base = dayChart(size, "state of charge [%]");
  return {
    options: {
      ...base,
      y: { ...base.y, domain: [0, 100] },
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        ...data.policies.map((_, k) => {
          const charge = data.slots.flatMap(({ hourOfDay, outcomes }) => {
            const { socFraction } = outcomes[k];
            return socFraction === null
              ? []
              : [{ hour: hourOfDay + data.dtHours, value: 100 * socFraction }];
          });
          return sumLine(charge, k);
        }).toReversed(),
        ...now(data),
      ],
    },
    legend: policyLegend(data.policies),
  };
};

/** What the day has cost so far, beside `grid-only` and the optimum. */
export const moneyLive: LiveChartMaker = (data, size) => {
  const optimum = data.slots.some((slot) => slot.optimum !== null);
  const reference = { x: "hour", y: "value", strokeWidth: 1.75 } as const;
  return {
    options: {
      ...dayChart(size, `cost so far [${data.currency}]`),
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        Plot.lineY(sumsOf(data, ({ gridOnly }) => gridOnly.cost), {
          ...reference,
          stroke: "var(--reference)",
        }),
        ...(optimum
          ? [
            Plot.lineY(sumsOf(data, (slot) => slot.optimum?.cost ?? NaN), {
              ...reference,
              stroke: "var(--ink)",
              strokeDasharray: "1.5 3",
            }),
          ]
          : []),
        ...data.policies.map((_, k) => sumLine(sumsOf(data, ({ outcomes }) => outcomes[k].cost), k))
          .toReversed(),
        ...now(data),
      ],
    },
    legend: [
      ...policyLegend(data.policies),
      { label: "grid-only", colour: "var(--reference)", sample: "line" },
      ...(optimum ? [{ label: "optimum", colour: "var(--ink)", sample: "dotted" as const }] : []),
    ],
  };
};

/** CO2 of the community's net imports so far. */
export const carbonLive: LiveChartMaker = (data, size) => ({
  options: {
    ...dayChart(size, "CO2 so far [kg]"),
    marks: [
      Plot.ruleY([0], { stroke: "var(--axis)" }),
      Plot.lineY(sumsOf(data, ({ gridOnly }) => gridOnly.emissionsKg), {
        x: "hour",
        y: "value",
        stroke: "var(--reference)",
        strokeWidth: 1.75,
      }),
      ...data.policies.map((_, k) =>
        sumLine(sumsOf(data, ({ outcomes }) => outcomes[k].emissionsKg), k)
      )
        .toReversed(),
      ...now(data),
    ],
  },
  legend: [
    ...policyLegend(data.policies),
    { label: "grid-only", colour: "var(--reference)", sample: "line" },
  ],
});

/** Decisions that the filter or the community limit changed, in every slot. */
export const interventionsLive: LiveChartMaker = (data, size) => {
  const base = dayChart(size, "decisions changed");
  const width = data.dtHours / data.policies.length;
  const most = Math.max(1, ...changedDecisions(data));
  return {
    options: {
      ...base,
      y: { ...base.y, domain: [0, most], ticks: Math.min(4, most), tickFormat: "d" },
      marks: [
        ...data.policies.map((_, k) =>
          Plot.rectY(data.slots, {
            x1: ({ hourOfDay }) => hourOfDay + k * width,
            x2: ({ hourOfDay }) => hourOfDay + (k + 1) * width,
            y: ({ outcomes }) => outcomes[k].interventions,
            fill: POLICY_STYLES[k].colour,
            insetLeft: 0.5,
            insetRight: 0.5,
          })
        ),
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        ...now(data),
      ],
    },
    legend: policyLegend(data.policies),
  };
};

function changedDecisions({ slots, policies }: LiveChartData): number[] {
  return policies.flatMap((_, k) => slots.map(({ outcomes }) => outcomes[k].interventions));
}

function policyLines(data: LiveChartData, value: (outcome: SlotOutcome) => number) {
  return data.policies.map((_, k) =>
    stepLine(stepsOf(data, ({ outcomes }) => value(outcomes[k])), POLICY_STYLES[k].colour, {
      strokeDasharray: POLICY_STYLES[k].dash,
    })
  ).toReversed();
}

function sumLine(points: readonly { readonly hour: number; readonly value: number }[], k: number) {
  return Plot.lineY(points, {
    x: "hour",
    y: "value",
    stroke: POLICY_STYLES[k].colour,
    strokeWidth: 2.25,
    strokeDasharray: POLICY_STYLES[k].dash,
  });
}

/** Where the day has got to. */
function now({ slots, dtHours }: LiveChartData) {
  const last = slots.at(-1);
  const hours = last === undefined ? [] : [last.hourOfDay + dtHours];
  return [Plot.ruleX(hours, { stroke: "var(--now)", strokeWidth: 1, strokeDasharray: "3 3" })];
}
