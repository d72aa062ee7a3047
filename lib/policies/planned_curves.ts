/**
 * Plans as decisions: a store's curve steps at the energy that is planned for the end of the slot,
 * and both steps lie next to what another stored kWh is worth there, the dual of the plan.
 *
 * So the plan comes true where everything comes as thought, at the price that the plan expects; where
 * it does not, the stores whose plans are worth least to keep give way first.
 *
 * @module
 */

import { decideCurve, decidePower, type Decision } from "../env/decision.ts";
import type { World } from "../env/world.ts";
import type { Outlook } from "./outlook.ts";
import type { Plan } from "./plan.ts";
import { decideOrder } from "./set_points.ts";

/** Distance of each step from the dual: more than prices are rounded to. [currency/kWh] */
const STEP_PER_KWH = 2e-6;

/** Writes what slot `t` of a plan says for the stores of community `c`. */
export function decidePlan(
  world: World,
  decision: Decision,
  c: number,
  { powerKw, energyKwh, valuePerKwh }: Plan,
  t: number,
  { loadKw, pvKw }: Pick<Outlook, "loadKw" | "pvKw">,
): void {
  const { stores, homes, firstStore, spaces } = world;
  for (let home = 0; home < homes; home++) {
    let netKw = loadKw[t * homes + home] - pvKw[t * homes + home];
    for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
      const k = c * stores.length + s, at = t * stores.length + s;
      netKw += powerKw[at];
      if (spaces.action.orders === "inelastic") decidePower(world, decision, k, powerKw[at]);
      else {
        const value = valuePerKwh[at];
        decideCurve(decision, k, energyKwh[at], value + STEP_PER_KWH, value - STEP_PER_KWH);
      }
    }
    decideOrder(world, decision, c * homes + home, netKw);
  }
}
