/**
 * What of the homes' metered load and sun has to go where these alone break a limit of the network.
 *
 * Where too much is taken, what homes take net of their own sun is cut pro rata among those that
 * burden the limit; where too much is given, what they give beyond their own load. So nobody who
 * takes nothing is shed, and at the end, where nobody takes or gives, every limit holds that reactive
 * power does not break by itself.
 *
 * @module
 */

import type { Feeder } from "./feeder.ts";
import { type Flow, linDistFlow } from "./lin_dist_flow.ts";

/** Cuts on one side make room for cuts on the other; beyond this all net flows are cut. */
const MOST_ROUNDS = 40;

/** Part of a flow beyond its limit that is rounding. */
const ROUNDING = 1e-12;

/** Active power that branch `k` carries beside its reactive power. [kW] */
export function branchLimitKw({ limitKva }: Feeder, { reactiveKvar }: Flow, k: number): number {
  const left = limitKva[k] * limitKva[k] - reactiveKvar[k] * reactiveKvar[k];
  return left > 0 ? Math.sqrt(left) : 0;
}

/** Whether all branches and nodes are within their limits. */
export function isWithinLimits(feeder: Feeder, flow: Flow): boolean {
  const { leastSquaredPu, mostSquaredPu } = feeder;
  const { powerKw, squaredPu } = flow;
  for (let k = 0; k < powerKw.length; k++) {
    const limit = branchLimitKw(feeder, flow, k) * (1 + ROUNDING);
    if (powerKw[k] > limit || -powerKw[k] > limit) return false;
    if (squaredPu[k] < leastSquaredPu - ROUNDING) return false;
    if (squaredPu[k] > mostSquaredPu + ROUNDING) return false;
  }
  return true;
}

/**
 * Cuts net powers until all limits hold; `flow` is then that of what is left.
 *
 * @param netKw Load less sun of each home; changed in place. `[homes]` [kW]
 * @param kvar Reactive power of each home, or `null`. `[homes]` [kvar]
 */
export function cutToLimits(
  feeder: Feeder,
  netKw: Float64Array,
  kvar: Float64Array | null,
  flow: Flow,
): void {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    linDistFlow(feeder, netKw, kvar, 0, flow);
    if (isWithinLimits(feeder, flow)) return;
    for (const side of [1, -1] as const) {
      cutBranches(feeder, netKw, kvar, flow, side);
      cutVoltages(feeder, netKw, kvar, flow, side);
    }
  }
  netKw.fill(0);
  linDistFlow(feeder, netKw, kvar, 0, flow);
}

/** Cuts what homes behind an overloaded branch take (`side` 1) or give (−1). */
function cutBranches(
  feeder: Feeder,
  netKw: Float64Array,
  kvar: Float64Array | null,
  flow: Flow,
  side: 1 | -1,
): void {
  for (let k = feeder.parent.length - 1; k >= 0; k--) {
    const excess = side * flow.powerKw[k] - branchLimitKw(feeder, flow, k);
    if (!(excess > 0)) continue;
    const burden = (node: number) => isBehind(feeder, node, k) ? 1 : 0;
    if (cut(feeder, netKw, excess, side, burden)) linDistFlow(feeder, netKw, kvar, 0, flow);
  }
}

/** Cuts until no node lies below the band (`side` 1), or above it (−1), the worst first. */
function cutVoltages(
  feeder: Feeder,
  netKw: Float64Array,
  kvar: Float64Array | null,
  flow: Flow,
  side: 1 | -1,
): void {
  const { parent, dropPerKw, leastSquaredPu, mostSquaredPu } = feeder;
  for (let tries = 0; tries < parent.length; tries++) {
    let worst = -1, excess = ROUNDING;
    for (let k = 0; k < parent.length; k++) {
      const over = side > 0
        ? leastSquaredPu - flow.squaredPu[k]
        : flow.squaredPu[k] - mostSquaredPu;
      if (over > excess) [worst, excess] = [k, over];
    }
    if (worst < 0) return;
    const onPath = new Set<number>();
    for (let k = worst; k >= 0; k = parent[k]) onPath.add(k);
    const burden = (node: number) => {
      let drop = 0;
      for (let k = node; k >= 0; k = parent[k]) if (onPath.has(k)) drop += dropPerKw[k];
      return drop;
    };
    if (!cut(feeder, netKw, excess, side, burden)) return;
    linDistFlow(feeder, netKw, kvar, 0, flow);
  }
}

function isBehind({ parent }: Feeder, node: number, k: number): boolean {
  // Nodes come after those that feed them.
  let at = node;
  while (at > k) at = parent[at];
  return at === k;
}

/** Takes `excess` from what homes take or give, pro rata; answers whether there was any. */
function cut(
  { nodeOf }: Feeder,
  netKw: Float64Array,
  excess: number,
  side: 1 | -1,
  burden: (node: number) => number,
): boolean {
  let all = 0;
  for (let i = 0; i < nodeOf.length; i++) {
    all += burden(nodeOf[i]) * Math.max(0, side * netKw[i]);
  }
  if (!(all > 0)) return false;
  const kept = excess < all ? (1 - excess / all) * (1 - ROUNDING) : 0;
  for (let i = 0; i < nodeOf.length; i++) {
    if (side * netKw[i] > 0 && burden(nodeOf[i]) > 0) netKw[i] *= kept;
  }
  return true;
}
