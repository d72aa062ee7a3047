/**
 * The phases of a slot for every prosumer of a community, by kernels. They do what the modules
 * {@link ./dispatch.ts}, {@link ./trade.ts} and {@link ./account.ts} say, which stay in charge of what
 * is rare: a connection at its limit, actions that span rated power, batteries with curves.
 *
 * @module
 */

import type { SlotPrices } from "../market/settlement.ts";
import { applyCommunityLimit } from "../physics/grid.ts";
import { advanceBatteries, chargeCommunity } from "./account.ts";
import { ACTION_SIZE } from "./action.ts";
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

const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Phases of the communities in `context`, whose arrays lie in `memory`. */
export function createPhases(context: SlotContext, memory: EnvironmentMemory): Phases {
  const { dataset: { profiles }, config, batteries, state, ledger } = context;
  const { kernels, at, float64 } = memory;
  const { dtHours } = profiles.grid;
  const { carbonPricePerKg, wearPricePerKwh, lostLoadPricePerKwh } = config.cost;
  const count = batteries.length;
  const stride = (count + 1) * NUMBER_BYTES;
  const areConstant = batteries.every((battery) =>
    battery === null || (battery.roundTripEfficiencyByPower === undefined &&
      battery.powerShareBySoc === undefined && !battery.capacityLossCoefficient)
  );
  batteryFields.forEach((field, f) => {
    // Who has no battery has one of which nothing goes in or out; no division by zero then.
    const none = field.endsWith("Efficiency") ? 1 : 0;
    const values = batteries.map((battery) => battery === null ? none : battery[field]);
    float64.batteries.set(values, f * (count + 1));
  });

  function dispatchByKernels(c: number, slot: number, { lowest, highest }: PriceBounds): void {
    const from = c * count;
    const ofRow = from * NUMBER_BYTES;
    const ofSlot = slot * count * NUMBER_BYTES;
    const importLimitKw = profiles.gridImportLimitKw[slot];
    const exportLimitKw = profiles.gridExportLimitKw[slot];
    const exceeds = kernels.filterBatteries(
      at.actions + ACTION_SIZE * ofRow,
      at.chargeLimitKw + ofRow,
      at.dischargeLimitKw + ofRow,
      at.load + ofSlot,
      at.pv + ofSlot,
      count,
      importLimitKw,
      exportLimitKw,
      at.loadKw + ofRow,
      at.pvKw + ofRow,
      at.requestKw + ofRow,
      at.batteryKw + ofRow,
      at.unservedKw + ofRow,
      at.curtailedKw + ofRow,
      at.reasons + from,
    );
    if (exceeds) {
      applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, from + count);
      markCut(context, c);
    }
    kernels.placeOrders(
      at.actions + ACTION_SIZE * ofRow,
      at.loadKw + ofRow,
      at.pvKw + ofRow,
      at.requestKw + ofRow,
      at.batteryKw + ofRow,
      at.unservedKw + ofRow,
      at.curtailedKw + ofRow,
      count,
      dtHours,
      lowest,
      highest,
      at.netKwh + ofRow,
      at.interventionKwh + ofRow,
      at.orderKwh + ofRow,
      at.orderPricePerKwh + ofRow,
      at.reasons + from,
    );
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
    account(c, slot, prices) {
      const ofRow = c * count * NUMBER_BYTES;
      kernels.settle(
        at.batteryKw + ofRow,
        at.netKwh + ofRow,
        at.tradedKwh + ofRow,
        at.unservedKw + ofRow,
        count,
        at.gridKwh + ofRow,
        at.emissionsKg + ofRow,
        at.bill + ofRow,
        at.cost + ofRow,
        dtHours,
        profiles.carbonKgPerKwh[slot],
        prices.importPricePerKwh,
        prices.feedInTariffPerKwh,
        prices.networkFeePerKwh,
        ledger.clearingPricePerKwh[c],
        carbonPricePerKg,
        wearPricePerKwh,
        lostLoadPricePerKwh,
      );
      if (areConstant) {
        kernels.advance(
          at.batteries,
          stride,
          at.batteryKw + ofRow,
          count,
          at.capacityKwh + ofRow,
          at.energyKwh + ofRow,
          at.chargeLimitKw + ofRow,
          at.dischargeLimitKw + ofRow,
          at.endEnergyKwh + ofRow,
        );
      } else {
        advanceBatteries(context, c);
      }
      chargeCommunity(context, c);
    },
  };
}
