/**
 * LinDistFlow: the linear power flow of a radial network.
 *
 *     P_k = Σ of what all nodes behind branch k take,   Q_k alike
 *     v_k = v_parent − 2·(R_k·P_k + X_k·Q_k)
 *
 * with v the squared voltage. Of the branch-flow equations of M. E. Baran and F. F. Wu, "Network
 * reconfiguration in distribution systems for loss reduction and load balancing", IEEE Transactions
 * on Power Delivery 4 (1989), 1401–1407, the terms of losses are left out. So flows are too small by
 * the losses, and voltages read too high, under load and under feed-in alike.
 *
 * @module
 */

import type { Feeder } from "./feeder.ts";

/** What a feeder comes to; branch k feeds node k. */
export interface Flow {
  /** Active power into each branch, towards the homes > 0. `[nodes]` [kW] */
  readonly powerKw: Float64Array;
  /** Reactive power into each branch. `[nodes]` [kvar] */
  readonly reactiveKvar: Float64Array;
  /** Squared voltage of each node. `[nodes]` [pu²] */
  readonly squaredPu: Float64Array;
}

/** Room for the flow of a feeder. */
export function createFlow({ parent }: Feeder): Flow {
  const byNode = () => new Float64Array(parent.length);
  return { powerKw: byNode(), reactiveKvar: byNode(), squaredPu: byNode() };
}

/**
 * Works out flows and voltages, in one sweep towards the transformer and one back.
 *
 * @param netKw What each home takes; giving is negative. `[homes]` from `at` on [kW]
 * @param kvar Reactive power that each home takes; `null` for none. `[homes]` from `at` on [kvar]
 * @param at Where the homes begin in both.
 *
 * @example
 * ```ts
 * import { createFeeder } from "./feeder.ts";
 * import { createFlow, linDistFlow } from "./lin_dist_flow.ts";
 * const feeder = createFeeder({
 *   nominalVoltageV: 400,
 *   slackVoltagePu: 1,
 *   band: { leastPu: 0.9, mostPu: 1.1 },
 *   marginPu: 0.003,
 *   transformer: {
 *     ratingKva: 160, resistanceOhm: 0.01, reactanceOhm: 0.04, tapPosition: 0, tapStepPercent: 2.5,
 *   },
 *   nodes: [
 *     { id: "busbar", parent: null },
 *     { id: "end", parent: "busbar", resistanceOhm: 0.06, reactanceOhm: 0.03, ratingA: 270 },
 *   ],
 *   homes: { a: "end" },
 * }, ["a"]);
 * const flow = createFlow(feeder);
 * linDistFlow(feeder, Float64Array.of(16), null, 0, flow);
 * // 2 · 0.07 ohm · 16 kW / (400 V)² = 0.014
 * if (Math.abs(flow.squaredPu[1] - 0.986) > 1e-12) throw new Error("a hand calculation");
 * ```
 */
export function linDistFlow(
  feeder: Feeder,
  netKw: Float64Array,
  kvar: Float64Array | null,
  at: number,
  { powerKw, reactiveKvar, squaredPu }: Flow,
): void {
  const { parent, nodeOf, dropPerKw, dropPerKvar, slackSquaredPu } = feeder;
  powerKw.fill(0);
  reactiveKvar.fill(0);
  for (let i = 0; i < nodeOf.length; i++) powerKw[nodeOf[i]] += netKw[at + i];
  if (kvar !== null) {
    for (let i = 0; i < nodeOf.length; i++) reactiveKvar[nodeOf[i]] += kvar[at + i];
  }
  for (let k = parent.length - 1; k > 0; k--) {
    powerKw[parent[k]] += powerKw[k];
    reactiveKvar[parent[k]] += reactiveKvar[k];
  }
  for (let k = 0; k < parent.length; k++) {
    const from = k === 0 ? slackSquaredPu : squaredPu[parent[k]];
    squaredPu[k] = from - dropPerKw[k] * powerKw[k] - dropPerKvar[k] * reactiveKvar[k];
  }
}

/**
 * Adds what LinDistFlow leaves out, worked out from its own result: with ℓ = (P² + Q²)/v the squared
 * current, P and Q grow by R·ℓ and X·ℓ towards the transformer, and v falls by (R² + X²)·ℓ more. What
 * is then missing is of third order. Not linear, hence for indicators and not for limits.
 *
 * @param linear What {@linkcode linDistFlow} came to.
 * @param into Takes the flow, losses included.
 * @param seen The flow whose losses they are, another than `into`; the linear one if left out.
 * @returns Losses of all branches. [kW]
 */
export function withLosses(
  feeder: Feeder,
  linear: Flow,
  into: Flow,
  seen: Flow = linear,
): number {
  const { parent, dropPerKw, dropPerKvar, slackSquaredPu } = feeder;
  const { powerKw, reactiveKvar, squaredPu } = into;
  let losses = 0;
  powerKw.fill(0);
  reactiveKvar.fill(0);
  for (let k = parent.length - 1; k >= 0; k--) {
    // Beyond half of the voltage nothing is left of the approximation.
    const squaredKva = (seen.powerKw[k] ** 2 + seen.reactiveKvar[k] ** 2) /
      Math.max(0.25, seen.squaredPu[k]);
    const lossKw = dropPerKw[k] / 2 * squaredKva, lossKvar = dropPerKvar[k] / 2 * squaredKva;
    losses += lossKw;
    // What is gathered here so far is what the lines behind lose; what leaves the line is P and Q.
    powerKw[k] += linear.powerKw[k];
    reactiveKvar[k] += linear.reactiveKvar[k];
    squaredPu[k] = lossKw * dropPerKw[k] / 2 + lossKvar * dropPerKvar[k] / 2;
    if (parent[k] < 0) continue;
    powerKw[parent[k]] += powerKw[k] - linear.powerKw[k] + lossKw;
    reactiveKvar[parent[k]] += reactiveKvar[k] - linear.reactiveKvar[k] + lossKvar;
  }
  for (let k = 0; k < parent.length; k++) {
    const from = k === 0 ? slackSquaredPu : squaredPu[parent[k]];
    squaredPu[k] = from - dropPerKw[k] * powerKw[k] - dropPerKvar[k] * reactiveKvar[k] -
      squaredPu[k];
  }
  return losses;
}

/** Current in branch `k` as a share of its rating: that of its power at the node that it feeds. */
export function loadingOf(
  { ratingKva }: Feeder,
  { powerKw, reactiveKvar, squaredPu }: Flow,
  k: number,
): number {
  const kva = Math.hypot(powerKw[k], reactiveKvar[k]);
  return kva / (ratingKva[k] * Math.sqrt(Math.max(0, squaredPu[k])));
}
