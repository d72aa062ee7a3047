/**
 * The phases of a slot for every prosumer of a community, by kernels. They do what the modules
 * {@link ./dispatch.ts}, {@link ./trade.ts} and {@link ./account.ts} say, which stay in charge of what
 * is rare: a connection at its limit, actions that span rated power, batteries with curves.
 *
 * @module
 */

import type { SlotPrices } from "../market/settlement.ts";
import { isConstant } from "../physics/battery.ts";
import { applyCommunityLimit } from "../physics/grid.ts";
import { advanceBatteries, chargeCommunity } from "./account.ts";
import { dispatch, markCut } from "./dispatch.ts";
import { batteryFields, type EnvironmentMemory } from "./memory.ts";
import type { SlotContext } from "./slot.ts";
import { type PriceBounds, priceBounds, writeOrders } from "./trade.ts";

/** Both halves of a slot; the auction lies between them. */
export interface Phases {
  /** Dispatches the batteries of community `c` and writes its orders. */
  order(c: number, slot: number): PriceBounds;
  /** Settles the slot of community `c`. */
  account(c: number, slot: number, prices: SlotPrices): void;
}

/** Phases of the communities in `context`, whose arrays lie in the memory of the kernels. */
export function createPhases(
  context: SlotContext,
  { kernels, float64 }: EnvironmentMemory,
): Phases {
  const { dataset: { profiles }, config, batteries, ledger } = context;
  const { gridImportLimitKw, gridExportLimitKw, carbonKgPerKwh } = profiles;
  const count = batteries.length;
  const areConstant = batteries.every((battery) => battery === null || isConstant(battery));
  batteryFields.forEach((field, f) => {
    // Who has no battery has one of which nothing goes in or out; no division by zero then.
    const none = field.endsWith("Efficiency") ? 1 : 0;
    const values = batteries.map((battery) => battery === null ? none : battery[field]);
    float64.batteries.set(values, f * (count + 1));
  });

  function dispatchByKernels(c: number, slot: number, { lowest, highest }: PriceBounds): void {
    const from = c * count;
    const importLimitKw = gridImportLimitKw[slot];
    const exportLimitKw = gridExportLimitKw[slot];
    if (kernels.filterBatteries(from, slot, importLimitKw, exportLimitKw) !== 0) {
      applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, from + count);
      markCut(context, c);
    }
    kernels.placeOrders(from, lowest, highest);
  }

  return {
    order(c, slot) {
      const bounds = priceBounds(context, slot);
      if (config.batteryAction === "feasible") {
        dispatchByKernels(c, slot, bounds);
      } else {
        dispatch(context, c, slot);
        writeOrders(context, c, bounds);
      }
      return bounds;
    },
    account(c, slot, { importPricePerKwh, feedInTariffPerKwh }) {
      const clearingPrice = ledger.clearingPricePerKwh[c];
      const carbon = carbonKgPerKwh[slot];
      kernels.settle(c * count, carbon, importPricePerKwh, feedInTariffPerKwh, clearingPrice);
      if (areConstant) kernels.advance(c * count);
      else advanceBatteries(context, c);
      chargeCommunity(context, c);
    },
  };
}
