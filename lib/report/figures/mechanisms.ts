/**
 * Who gains under which market mechanism: a dot for each home.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { MechanismBill } from "../../experiments/mechanism_benchmark.ts";
import type { Figure, Panel } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { fixed, MARGINS } from "./common.ts";

/** What is shown. */
export interface MechanismsOptions {
  /** Data and weeks, in a line. */
  readonly subject: string;
  /** What money is. */
  readonly currency: string;
}

const ROW_HEIGHT = 34;
const NAMES_WIDTH = 130;
const VALUES_WIDTH = 96;

interface Saving {
  readonly mechanism: string;
  readonly saving: number;
}

/**
 * A panel per policy with a row per mechanism: what each home saves against being alone on the grid,
 * and the mean of all.
 *
 * @throws {RangeError} If there are no bills.
 */
export function mechanismGains(
  bills: readonly MechanismBill[],
  { subject, currency }: MechanismsOptions,
): Figure {
  if (bills.length === 0) throw new RangeError("there are no bills to draw");
  const policies = [...new Set(bills.map(({ policy }) => policy))];
  const savings = bills.map(({ mechanism, policy, costChangePerDay }) => ({
    mechanism,
    policy,
    saving: -costChangePerDay,
  }));
  const ends: [number, number] = [
    Math.min(0, ...savings.map(({ saving }) => saving)),
    Math.max(0, ...savings.map(({ saving }) => saving)),
  ];
  const focus = policies[policies.length - 1];
  const [first, ...others] = meansOf(savings.filter(({ policy }) => policy === focus));
  const least = others.toSorted((a, b) => a.saving - b.saving).at(0);
  return {
    title:
      `Under ${focus}, ${first.mechanism} saves a home ${fixed(first.saving, 2)} ${currency} a ` +
      "day" + (least === undefined ? "" : `, ${least.mechanism} ${fixed(least.saving, 2)}`),
    subtitle:
      `${subject}. A dot is a home, the line the mean of all; to the left of 0 a home pays ` +
      "more than alone on the grid.",
    description: "For each mechanism what every home saves against being alone on the grid.",
    legend: [],
    panels: policies.map((policy) =>
      panel(policy, savings.filter((each) => each.policy === policy), ends, currency)
    ),
  };
}

function panel(
  policy: string,
  savings: readonly Saving[],
  ends: readonly [number, number],
  currency: string,
): Panel {
  const means = meansOf(savings);
  const row = { y: "mechanism", x: "saving" } as const;
  return {
    title: policy,
    height: MARGINS.marginTop + MARGINS.marginBottom + ROW_HEIGHT * means.length,
    options: {
      ...MARGINS,
      marginLeft: NAMES_WIDTH,
      marginRight: VALUES_WIDTH,
      x: {
        label: `saving of a home [${currency}/d]`,
        labelAnchor: "center",
        labelArrow: "none",
        domain: [...ends],
        nice: true,
        grid: true,
      },
      y: { domain: means.map(({ mechanism }) => mechanism), label: null, tickSize: 0 },
      marks: [
        Plot.ruleX([0], { stroke: COLOURS.load, strokeDasharray: "2 3" }),
        Plot.dot(savings, { ...row, r: 4, fill: COLOURS.trade, fillOpacity: 0.5 }),
        Plot.tickX(means, { ...row, stroke: COLOURS.load, strokeWidth: 2, inset: 6 }),
        Plot.text(means, {
          y: "mechanism",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 12,
          text: ({ saving }: Saving) => `mean ${fixed(saving, 2)}`,
        }),
      ],
    },
  };
}

function meansOf(savings: readonly Saving[]): Saving[] {
  return [...Map.groupBy(savings, ({ mechanism }) => mechanism)].map(([mechanism, own]) => ({
    mechanism,
    saving: own.reduce((sum, { saving }) => sum + saving, 0) / own.length,
  }));
}
