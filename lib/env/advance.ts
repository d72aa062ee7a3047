/**
 * Last stage of a slot: stores go on into the next one, with what it left in them.
 *
 * @module
 */

import { capacityAfterKwh } from "../stores/store.ts";
import type { World } from "./world.ts";

/** Carries the stores of community `c` into the next slot. */
export function advance({ stores, state, ledger }: World, c: number): void {
  for (let s = 0, k = c * stores.length; s < stores.length; s++, k++) {
    state.energyKwh[k] = ledger.endEnergyKwh[k];
    state.capacityKwh[k] = capacityAfterKwh(stores[s], state.capacityKwh[k], ledger.powerKw[k]);
  }
}
