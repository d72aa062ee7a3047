/**
 * Limits in terms of linear voltages and flows that the true ones keep.
 *
 * LinDistFlow leaves out losses: under load true voltages are lower and true currents higher, by the
 * square of the flow. On short feeders a margin covers that; where a long one is loaded to the end of
 * its band it does not. So what a corner of envelopes comes to is worked out with all losses (the branch
 * flow equations iterated, which are exact for a radial network), and where that breaks a limit, the
 * linear limits are drawn tighter by what was missed.
 *
 * @module
 */

import type { Feeder } from "./feeder.ts";
import { createFlow, type Flow, linDistFlow, loadingOf, withLosses } from "./lin_dist_flow.ts";

const MOST_SWEEPS = 60;
/** Change of squared voltages at which a flow is known. [pu²] */
const KNOWN = 1e-10;
/** Part of a limit within which it is kept. */
const ROUNDING = 1e-9;

/**
 * Looks at what homes exchange: `null` if all limits of the feeder hold with losses, else `limits` drawn
 * tighter by what is missed.
 *
 * @param netKw What the homes take. `[homes]` from `at` on [kW]
 */
export type KeepLimits = (
  limits: Feeder,
  netKw: Float64Array,
  kvar: Float64Array | null,
  at: number,
) => Feeder | null;

/** Prepares such looks at a feeder. */
export function createKeepLimits(feeder: Feeder): KeepLimits {
  const linear = createFlow(feeder), flows = [createFlow(feeder), createFlow(feeder)] as const;
  const { bandLeastSquaredPu, slackSquaredPu } = feeder;
  const net = new Float64Array(feeder.nodeOf.length);

  return (limits, netKw, kvar, at) => {
    net.set(netKw.subarray(at, at + net.length));
    linDistFlow(feeder, net, kvar, 0, linear);
    const flow = flowWithAllLosses(feeder, linear, flows);
    if (flow === null) {
      // More than the feeder can carry at all.
      return {
        ...limits,
        leastSquaredPu: (limits.leastSquaredPu + slackSquaredPu) / 2,
        limitKva: limits.limitKva.map((kva) => kva / 2),
      };
    }
    let leastSquaredPu = limits.leastSquaredPu, limitKva = limits.limitKva;
    for (let k = 0; k < feeder.parent.length; k++) {
      if (flow.squaredPu[k] < bandLeastSquaredPu * (1 - ROUNDING)) {
        // With less load the error is smaller: what would have been enough here is enough then.
        const error = linear.squaredPu[k] - flow.squaredPu[k];
        leastSquaredPu = Math.max(leastSquaredPu, bandLeastSquaredPu + error);
      }
      const share = loadingOf(feeder, flow, k);
      if (share > 1 + ROUNDING) {
        if (limitKva === limits.limitKva) limitKva = limitKva.slice();
        limitKva[k] = Math.min(
          limitKva[k],
          Math.hypot(linear.powerKw[k], linear.reactiveKvar[k]) / share,
        );
      }
    }
    const isTighter = leastSquaredPu > limits.leastSquaredPu || limitKva !== limits.limitKva;
    return isTighter ? { ...limits, leastSquaredPu, limitKva } : null;
  };
}

/** The flow with the losses that it has itself; `null` where none carries so much. */
function flowWithAllLosses(
  feeder: Feeder,
  linear: Flow,
  [one, other]: readonly [Flow, Flow],
): Flow | null {
  let seen = linear, into = one;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    withLosses(feeder, linear, into, seen);
    let moved = 0, lowest = Infinity;
    for (let k = 0; k < into.squaredPu.length; k++) {
      moved = Math.max(moved, Math.abs(into.squaredPu[k] - seen.squaredPu[k]));
      lowest = Math.min(lowest, into.squaredPu[k]);
    }
    if (!(lowest > 0.25)) return null;
    if (moved < KNOWN) return into;
    [seen, into] = [into, into === one ? other : one];
  }
  return null;
}
