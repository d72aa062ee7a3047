/**
 * Value curves in steps as the two numbers that a learned policy would say: the straight line that
 * comes nearest to the curve where the store can be after the slot. Energies near the present one
 * count more, since prices decide mostly there.
 *
 * @module
 */

import { exp } from "../arithmetic.ts";
import { decideLine, type Decision, type ValueRange, valueRange } from "../env/decision.ts";
import type { World } from "../env/world.ts";
import { energyAfterKwh } from "../stores/store.ts";

/** Points at which curve and line are compared. */
const POINTS = 24;

/** Over this share of all that is within reach, weights fall by e. */
const NEAR = 0.25;

const range: ValueRange = { least: 0, most: 0 };

/** Least weight of a fall against that of a value. */
const LEAST_WEIGHT = 0.02;

/**
 * Puts numbers in the place of all value curves of a decision. What is no number of a store with a
 * curve stays as it is.
 *
 * @param weights Receives how much an error of each of these numbers changes the curve within reach, in
 * the square, against an error of the value at the present energy. `[homes × numbers]`
 */
export function numbersOfCurves(
  world: World,
  decision: Decision,
  weights: Float64Array = new Float64Array(decision.numbers.length),
): void {
  const { stores, communities, state, slotsPerEpisode } = world;
  const { steps: room, stepCount, stepFromKwh, stepValuePerKwh } = decision.curves;
  for (let k = 0; k < communities * stores.length; k++) {
    const steps = stepCount[k];
    // Where orders are inelastic there are no curves, and numbers stand already.
    if (!(steps > 0)) continue;
    const c = Math.floor(k / stores.length), s = k % stores.length, store = stores[s];
    const slot = state.firstSlot[c] + state.step;
    valueRange(world, s, slot, slotsPerEpisode - state.step, range);
    const now = energyAfterKwh(store, slot, state.energyKwh[k], 0);
    const { effectiveHours, chargeEfficiency, dischargeEfficiency, stride } = store;
    const up = state.chargeLimitKw[k] * effectiveHours * chargeEfficiency[slot * stride];
    const down = state.dischargeLimitKw[k] * effectiveHours / dischargeEfficiency;
    let sum = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (let i = 0, step = k * room; i < POINTS; i++) {
      const away = -down + (up + down) * (i + 0.5) / POINTS;
      while (step + 1 < k * room + steps && stepFromKwh[step + 1] <= now + away) step++;
      const value = Math.min(range.most, Math.max(range.least, stepValuePerKwh[step]));
      const weight = up + down > 0 ? exp(-Math.abs(away) / (NEAR * (up + down))) : 1;
      sum += weight;
      x += weight * away;
      y += weight * value;
      xx += weight * away * away;
      xy += weight * away * value;
    }
    const spread = sum * xx - x * x;
    const fallPerKwh = spread > 0 ? (x * y - sum * xy) / spread : 0;
    const at = decideLine(world, decision, k, fallPerKwh, (fall) => (y + fall * x) / sum);
    weights[at] = 1;
    weights[at + 1] = Math.max(LEAST_WEIGHT, xx / sum / store.nominalKwh ** 2);
    stepCount[k] = 0;
  }
}
