/**
 * The network in a community's plan: rows behind those of the slots, in slots in which they can bind.
 *
 * - *Envelopes*: the net power of each home within what it may take and give,
 *
 *       least ≤ L − G + Σ(b⁺ − b⁻) − l + c ≤ most
 *
 * - *Flows*: LinDistFlow itself, with n the net power of a home, P the power of a branch and v the
 *   squared voltage of the node behind it,
 *
 *       P_k = Σ n behind k,   v_k = v_parent − 2(R·P_k + X·Q_k),   −limit ≤ P ≤ limit,   v in the band
 *
 * @module
 */

import type { Grid } from "../env/grid.ts";
import { branchLimitKw, isWithinLimits } from "../network/fixed_cuts.ts";
import { createFlow, linDistFlow } from "../network/lin_dist_flow.ts";
import type { PlanScope } from "./planner.ts";
import type { ProgramFrame, SlotColumns } from "./slot_program.ts";

/** How a plan knows the network; `null` where it does not. */
export function networkScope(grid: Grid, { network }: PlanScope): "envelopes" | "flows" | null {
  return network ?? (grid.allocation === null ? null : "envelopes");
}

/** The most and least that homes can take in a slot, whatever their stores hold. [kW] */
function extremes({ planner: { world }, outlook }: ProgramFrame, t: number) {
  const { homes, stores } = world;
  const most = outlook.loadKw.slice(t * homes, (t + 1) * homes);
  const least = outlook.pvKw.slice(t * homes, (t + 1) * homes).map((kw) => -kw);
  for (const { owner, stride, chargeKw, dischargeKw } of stores) {
    const at = (outlook.firstSlot + t) * stride;
    most[owner] += chargeKw[at];
    least[owner] -= dischargeKw[at];
  }
  return { most, least };
}

/** Adds what the net power of home `i` consists of, beside load and sun, to the latest row. */
function addNet(
  { builder, planner: { world: { firstStore } } }: ProgramFrame,
  { charge, discharge, unserved, curtailed }: SlotColumns,
  i: number,
  sign: 1 | -1,
): void {
  for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
    builder.entry(charge[s], sign);
    builder.entry(discharge[s], -sign);
  }
  builder.entry(unserved[i], -sign);
  builder.entry(curtailed[i], sign);
}

/** Holds the homes to their envelopes, as they follow from the outlook. */
export function addEnvelopes(frame: ProgramFrame, columns: readonly SlotColumns[]): void {
  const { builder, planner: { world }, outlook, parts } = frame;
  const { homes, grid } = world;
  const { mostKw, leastKw } = grid!.envelopesOf(outlook, columns.length);
  columns.forEach((slot, t) => {
    const { most, least } = extremes(frame, t);
    for (let i = 0; i < homes; i++) {
      const at = t * homes + i;
      if (most[i] <= mostKw[at] && least[i] >= leastKw[at]) continue;
      const fixedKw = outlook.loadKw[at] - outlook.pvKw[at];
      builder.row(`envelope of ${parts[i]}`, leastKw[at] - fixedKw, mostKw[at] - fixedKw);
      addNet(frame, slot, i, 1);
    }
  });
}

/** Holds voltages and branches to their limits. */
export function addFlows(frame: ProgramFrame, columns: readonly SlotColumns[]): void {
  const { builder, planner: { world }, outlook } = frame;
  const { homes } = world;
  const { feeder, kvar } = world.grid!;
  const { parent, nodeOf, ids, dropPerKw, leastSquaredPu, mostSquaredPu } = feeder;
  const flow = createFlow(feeder);
  columns.forEach((slot, t) => {
    const at = (outlook.firstSlot + t) * homes;
    const reactive = kvar === null ? null : kvar.subarray(at, at + homes);
    const { most, least } = extremes(frame, t);
    const binds = [most, least].some((corner) => {
      linDistFlow(feeder, corner, reactive, 0, flow);
      return !isWithinLimits(feeder, flow);
    });
    if (!binds) return;
    // Without any active power: what reactive power alone leaves.
    linDistFlow(feeder, new Float64Array(homes), reactive, 0, flow);
    const power = ids.map((id, k) => {
      const limit = branchLimitKw(feeder, flow, k);
      return builder.column(`power to ${id}`, 0, -limit, limit);
    });
    // Falls of the squared voltage by active power alone.
    const fall = ids.map((id, k) => {
      const idle = flow.squaredPu[k];
      return builder.column(
        `fall of voltage at ${id}`,
        0,
        Math.min(0, idle - mostSquaredPu),
        Math.max(0, idle - leastSquaredPu),
      );
    });
    ids.forEach((id, k) => {
      let fixedKw = 0;
      for (let i = 0; i < homes; i++) {
        if (nodeOf[i] === k) fixedKw += outlook.loadKw[t * homes + i] - outlook.pvKw[t * homes + i];
      }
      builder.row(`power balance of ${id}`, fixedKw, fixedKw);
      builder.entry(power[k], 1);
      for (let child = k + 1; child < ids.length; child++) {
        if (parent[child] === k) builder.entry(power[child], -1);
      }
      for (let i = 0; i < homes; i++) if (nodeOf[i] === k) addNet(frame, slot, i, -1);
      builder.row(`voltage of ${id}`, 0, 0);
      builder.entry(fall[k], 1);
      if (k > 0) builder.entry(fall[parent[k]], -1);
      builder.entry(power[k], -dropPerKw[k]);
    });
  });
}
