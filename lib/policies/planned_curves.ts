/**
 * Plans as decisions: a store's curve steps at the energy that is planned for the end of the slot,
 * and both steps lie next to what another stored kWh is worth there, the dual of the plan.
 *
 * So the plan comes true where everything comes as thought, at the price that the plan expects; where
 * it does not, the stores whose plans are worth least to keep give way first.
 *
 * @module
 */

import { communityPeakPrice, homePeakPrice } from "../env/billing.ts";
import { decideCurve, decidePower, type Decision } from "../env/decision.ts";
import type { World } from "../env/world.ts";
import type { Store } from "../stores/store.ts";
import type { Outlook } from "./outlook.ts";
import type { Plan } from "./plan.ts";
import { decideOrder } from "./set_points.ts";

/** How far bids lie from what the dual says: more than prices are rounded to. [currency/kWh] */
const LEAST_STEP_PER_KWH = 2e-6;

/** Writes what slot `t` of a plan says for the stores of community `c`. */
export function decidePlan(
  world: World,
  decision: Decision,
  c: number,
  { powerKw, energyKwh, valuePerKwh }: Plan,
  t: number,
  { loadKw, pvKw }: Pick<Outlook, "loadKw" | "pvKw">,
): void {
  const { stores, homes, firstStore, spaces, config, state } = world;
  const slot = state.firstSlot[c] + state.step;
  // Without a price for what is planned in common, each store's part is carried out as it is.
  const pricesNothing = spaces.action.orders === "inelastic" ||
    config.market.mechanism !== "uniform-price";
  for (let home = 0; home < homes; home++) {
    let netKw = loadKw[t * homes + home] - pvKw[t * homes + home];
    for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
      const k = c * stores.length + s, at = t * stores.length + s;
      netKw += powerKw[at];
      if (pricesNothing) {
        decidePower(world, decision, k, powerKw[at]);
        continue;
      }
      const value = valuePerKwh[at];
      const step = stepPerKwh(world, c, stores[s], slot, powerKw[at]);
      decideCurve(decision, k, energyKwh[at], value + step, value - step);
    }
    decideOrder(world, decision, c * homes + home, netKw);
  }
}

/**
 * How far the steps of a store lie from the dual. A market asks the whole price of a new peak in the
 * slot that sets it, where a plan spreads it over all slots that reach it: steps then lie that far
 * apart. [currency/kWh stored]
 */
function stepPerKwh(
  world: World,
  c: number,
  { owner, dtHours, effectiveHours, chargeEfficiency, dischargeEfficiency, stride }: Store,
  slot: number,
  powerKw: number,
): number {
  const perKw = effectiveHours / dtHours;
  const stored = perKw * chargeEfficiency[slot * stride], drawn = perKw / dischargeEfficiency;
  const perKwh = powerKw > 0 ? stored : powerKw < 0 ? drawn : Math.min(stored, drawn);
  const peak = communityPeakPrice(world, c, slot) + homePeakPrice(world, c, owner, slot);
  return (LEAST_STEP_PER_KWH + peak / dtHours) / perKwh;
}
