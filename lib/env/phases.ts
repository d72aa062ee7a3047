/**
 * The phases of a slot for every prosumer, by kernels. They do what the modules
 * {@link ./dispatch.ts}, {@link ./trade.ts} and {@link ./account.ts} say, which stay in charge of what
 * is rare: a connection at its limit, actions that span rated power, batteries with curves.
 *
 * @module
 */

import { isConstant } from "../physics/battery.ts";
import { applyCommunityLimit } from "../physics/grid.ts";
import { advanceBatteries, chargeCommunity } from "./account.ts";
import { dispatch, markCut } from "./dispatch.ts";
import { batteryFields, type EnvironmentMemory, slotColumns } from "./memory.ts";
import type { SlotContext } from "./slot.ts";
import { writeOrders } from "./trade.ts";

/** Both halves of a slot, for all communities; the auctions lie between them. */
export interface Phases {
  /** Dispatches batteries and writes orders. */
  order(): void;
  /** Settles the slot and advances the batteries. */
  account(): void;
}

/** Phases of the communities in `context`, whose arrays lie in the memory of the kernels. */
export function createPhases(
  context: SlotContext,
  { kernels, float64, uint8: { exceeds } }: EnvironmentMemory,
): Phases {
  const { dataset: { profiles }, config, batteries, ledger } = context;
  const { gridImportLimitKw, gridExportLimitKw } = profiles;
  const communities = ledger.slot.length;
  const count = batteries.length;
  const areConstant = batteries.every((battery) => battery === null || isConstant(battery));
  batteryFields.forEach((field, f) => {
    // Who has no battery has one of which nothing goes in or out; no division by zero then.
    const none = field.endsWith("Efficiency") ? 1 : 0;
    const values = batteries.map((battery) => battery === null ? none : battery[field]);
    float64.batteries.set(values, f * (count + 1));
  });
  for (const name of slotColumns) float64[name].set(profiles[name]);

  function applyLimit(c: number): void {
    const slot = ledger.slot[c];
    const from = c * count;
    const [importLimitKw, exportLimitKw] = [gridImportLimitKw[slot], gridExportLimitKw[slot]];
    applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, from + count);
    markCut(context, c);
  }

  return {
    order() {
      if (config.batteryAction === "rated") {
        for (let c = 0; c < communities; c++) {
          dispatch(context, c, ledger.slot[c]);
          writeOrders(context, c, ledger.slot[c]);
        }
        return;
      }
      if (kernels.filterBatteries() > 0) {
        for (let c = 0; c < communities; c++) if (exceeds[c] !== 0) applyLimit(c);
      }
      kernels.placeOrders();
    },
    account() {
      kernels.settle();
      if (areConstant) kernels.advance();
      else for (let c = 0; c < communities; c++) advanceBatteries(context, c);
      for (let c = 0; c < communities; c++) chargeCommunity(context, c);
    },
  };
}
