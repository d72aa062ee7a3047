/**
 * How the cost of an episode falls in training.
 *
 * @module
 */

import type { LearningPoint } from "../../evaluation/learning_curve.ts";
import { mean, quantile } from "../../evaluation/statistics.ts";
import type { Figure } from "../figure.ts";
import { COLOURS, policyStyle } from "../palette.ts";
import { fixed } from "./common.ts";
import { lines, type Point } from "./lines.ts";

const TRAINING = policyStyle("learned");
const VALIDATION = { colour: COLOURS.load, width: 1.5 };

/** What an untrained policy costs on validation days: a level to compare with. */
export interface CostLevel {
  /** The policy. */
  readonly policy: string;
  /** Mean cost of an episode. [currency] */
  readonly cost: number;
}

/** Updates whose costs are averaged, as a share of all. */
const SMOOTHED_SHARE = 0.05;

/**
 * Cost of an episode against timesteps: the mean over neighbouring updates and the middle half of them.
 *
 * @param levels Rules, planners and optimum on the validation days.
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
export function learningCurve(
  points: readonly LearningPoint[],
  levels: readonly CostLevel[] = [],
): Figure {
  const costs = (column: "meanEpisodeCost" | "validationCost") =>
    points.flatMap(({ timesteps, [column]: cost }) => cost === null ? [] : [{ timesteps, cost }]);
  const training = costs("meanEpisodeCost"), validation = costs("validationCost");
  if (training.length === 0) {
    throw new RangeError("no episode ended in training; train for more timesteps");
  }
  const [{ currency }] = points;
  const last = training[training.length - 1].timesteps;
  const validated = {
    label: "validation days, mean",
    style: VALIDATION,
    points: validation.map(({ timesteps, cost }) => ({ x: timesteps, y: cost })),
    shape: "dots",
  } as const;
  const across = (cost: number) => [{ x: 0, y: cost }, { x: last, y: cost }];
  return lines([{
    lines: [
      ...(validation.length === 0 ? [] : [validated]),
      { label: "training days, smoothed", style: TRAINING, points: smoothed(training) },
      ...levels.map(({ policy, cost }) => ({
        label: policy,
        style: policyStyle(policy),
        points: across(cost),
      })),
    ],
    y: { label: `cost of an episode [${currency}]` },
    height: 320,
  }], {
    title: finding(training, currency),
    subtitle: "Training explores and meets other days each time: the title compares the means of " +
      "the first and the last tenth." + bestOf(validation, currency) +
      (levels.length > 0 ? " Other policies are on validation days." : ""),
    description: "Mean cost of an episode against timesteps of training, with the cost on " +
      "validation days where it was measured.",
    x: { label: "timesteps", domain: [0, last] },
    spread: "middle half of neighbouring updates",
  });
}

interface Cost {
  readonly timesteps: number;
  readonly cost: number;
}

/** Means over neighbouring updates, with their quartiles. */
function smoothed(costs: readonly Cost[]): Point[] {
  const reach = Math.floor(SMOOTHED_SHARE * costs.length / 2);
  return costs.map(({ timesteps }, k) => {
    const near = costs.slice(Math.max(0, k - reach), k + reach + 1).map(({ cost }) => cost).sort(
      (a, b) => a - b,
    );
    return {
      x: timesteps,
      y: mean(near),
      low: quantile(near, 0.25),
      high: quantile(near, 0.75),
    };
  });
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
