/**
 * How the cost of an episode falls in training.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { LearningPoint } from "../../evaluation/learning_curve.ts";
import type { Figure } from "../figure.ts";
import { COLOURS, policyStyle } from "../palette.ts";
import { fixed, MARGINS, stroke, VALUE_AXIS } from "./common.ts";

const TRAINING = policyStyle("learned");
const VALIDATION = { colour: COLOURS.load, width: 1.5 };

/**
 * Cost of an episode against timesteps.
 *
 * @throws {RangeError} If no episode ended in training.
 *
 * @example
 * ```ts
 * import { learningCurve } from "./learning_curve.ts";
 * const points = [20, 12].map((meanEpisodeCost, k) => ({
 *   timesteps: 1000 * (k + 1), meanEpisodeCost, validationCost: null, currency: "EUR",
 * }));
 * const { title } = learningCurve(points);
 * if (!title.includes("from 20.00 to 12.00 EUR")) throw new Error(title);
 * ```
 */
export function learningCurve(points: readonly LearningPoint[]): Figure {
  const training = points.flatMap(({ timesteps, meanEpisodeCost }) =>
    meanEpisodeCost === null ? [] : [{ timesteps, cost: meanEpisodeCost }]
  );
  const validation = points.flatMap(({ timesteps, validationCost }) =>
    validationCost === null ? [] : [{ timesteps, cost: validationCost }]
  );
  if (training.length === 0) {
    throw new RangeError("no episode ended in training; train for more timesteps");
  }
  const [{ currency }] = points;
  return {
    title: finding(training, currency),
    subtitle: "Training explores and meets other days each time: the title compares the means of " +
      "the first and the last tenth." + bestOf(validation, currency),
    description: "Mean cost of an episode against timesteps of training, with the cost on " +
      "validation days where it was measured.",
    legend: [
      { label: "training days, mean", symbol: "line", style: TRAINING },
      ...(validation.length === 0
        ? []
        : [{ label: "validation days, mean", symbol: "dot" as const, style: VALIDATION }]),
    ],
    panels: [{
      height: 320,
      options: {
        ...MARGINS,
        x: { label: "timesteps", labelAnchor: "center", labelArrow: "none", zero: true },
        y: { ...VALUE_AXIS, label: `cost of an episode [${currency}]`, nice: true },
        marks: [
          Plot.frame({ anchor: "bottom" }),
          Plot.lineY(training, { ...stroke(TRAINING), x: "timesteps", y: "cost" }),
          Plot.lineY(validation, { ...stroke(VALIDATION), x: "timesteps", y: "cost" }),
          Plot.dot(validation, { x: "timesteps", y: "cost", r: 4, fill: VALIDATION.colour }),
        ],
      },
    }],
  };
}

interface Cost {
  readonly timesteps: number;
  readonly cost: number;
}

function finding(training: readonly Cost[], currency: string): string {
  const tenth = Math.ceil(training.length / 10);
  const [before, after] = [training.slice(0, tenth), training.slice(-tenth)].map((costs) =>
    costs.reduce((sum, { cost }) => sum + cost, 0) / tenth
  );
  const [from, to] = [fixed(before, 2), fixed(after, 2)];
  const timesteps = training[training.length - 1].timesteps.toLocaleString("en-US");
  if (from === to) return `Training leaves the cost of an episode at ${to} ${currency}`;
  const verb = after < before ? "lowers" : "raises";
  return `Training ${verb} the cost of an episode from ${from} to ${to} ${currency} within ` +
    `${timesteps} timesteps`;
}

function bestOf(validation: readonly Cost[], currency: string): string {
  if (validation.length === 0) return "";
  const { cost, timesteps } = validation.reduce((a, b) => (b.cost < a.cost ? b : a));
  return ` Best on validation days: ${fixed(cost, 2)} ${currency} after ` +
    `${timesteps.toLocaleString("en-US")} timesteps.`;
}
