/**
 * Third phase of a slot: batteries advance, and everything is paid for.
 *
 *     cost = bill + carbon price × CO2 + wear + unserved load
 *          + equal shares of a new community peak and of the ramp
 *          + (in the last slot) shortfall of stored energy × highest import price of the episode
 *
 * @module
 */

import { billOf, type SlotPrices } from "../market/settlement.ts";
import { nextCapacityKwh, nextEnergyKwh } from "../physics/battery.ts";
import { emissionsKg } from "../physics/grid.ts";
import type { SlotContext } from "./slot.ts";
import { updateLimits } from "./state.ts";

/** Settles the slot of community `c` at `prices`. */
export function account(context: SlotContext, c: number, slot: number, prices: SlotPrices): void {
  settle(context, c, slot, prices);
  advanceBatteries(context, c);
  chargeCommunity(context, c);
}

/** What every prosumer is charged for what it did. */
function settle(context: SlotContext, c: number, slot: number, prices: SlotPrices): void {
  const { dataset: { profiles }, config: { cost: rates }, batteries, ledger } = context;
  const { dtHours } = profiles.grid;
  const carbonKgPerKwh = profiles.carbonKgPerKwh[slot];
  const clearingPrice = ledger.clearingPricePerKwh[c];
  const { batteryKw, tradedKwh, netKwh, unservedKw } = ledger;
  const count = batteries.length;
  for (let row = c * count; row < (c + 1) * count; row++) {
    const powerKw = batteryKw[row];
    const traded = tradedKwh[row];
    const gridKwh = netKwh[row] - traded;
    const emissions = emissionsKg(gridKwh, carbonKgPerKwh);
    const bill = billOf(prices, gridKwh, traded, clearingPrice);
    const dischargedKwh = powerKw < 0 ? -powerKw * dtHours : 0;
    ledger.gridKwh[row] = gridKwh;
    ledger.emissionsKg[row] = emissions;
    ledger.bill[row] = bill;
    ledger.cost[row] = bill + rates.carbonPricePerKg * emissions +
      rates.wearPricePerKwh * dischargedKwh +
      rates.lostLoadPricePerKwh * unservedKw[row] * dtHours;
  }
}

/** Carries the batteries of community `c` into the next slot. */
export function advanceBatteries({ batteries, state, ledger }: SlotContext, c: number): void {
  const { energyKwh, capacityKwh } = state;
  const count = batteries.length;
  for (let i = 0, row = c * count; i < count; i++, row++) {
    const battery = batteries[i];
    if (battery !== null) {
      const powerKw = ledger.batteryKw[row];
      energyKwh[row] = nextEnergyKwh(battery, energyKwh[row], powerKw);
      capacityKwh[row] = nextCapacityKwh(battery, capacityKwh[row], powerKw);
      updateLimits(state, row, battery);
    }
    ledger.energyKwh[row] = energyKwh[row];
  }
}

/** What the community causes together is shared equally: a new peak, and a ramp. */
export function chargeCommunity(
  { dataset, config, batteries, state, ledger }: SlotContext,
  c: number,
): void {
  const { peakPricePerKw, rampPricePerKw } = config.cost;
  const count = batteries.length;
  let gridKwh = 0;
  for (let i = 0; i < count; i++) gridKwh += ledger.gridKwh[c * count + i];
  const netKw = gridKwh / dataset.profiles.grid.dtHours;
  const riseKw = Math.max(0, netKw - state.peakKw[c]);
  const rampKw = state.step === 0 ? 0 : Math.abs(netKw - state.lastNetKw[c]);
  const share = (peakPricePerKw * riseKw + rampPricePerKw * rampKw) / count;
  if (share > 0) { for (let i = 0; i < count; i++) ledger.cost[c * count + i] += share; }
  state.peakKw[c] += riseKw;
  state.lastNetKw[c] = netKw;
}

/** Charges community `c` for what its batteries hold less than at the start of the episode. */
export function chargeFinalEnergy({ batteries, state, ledger }: SlotContext, c: number): void {
  const count = batteries.length;
  for (let row = c * count; row < (c + 1) * count; row++) {
    const shortfallKwh = Math.max(0, state.initialEnergyKwh[row] - state.energyKwh[row]);
    ledger.cost[row] += shortfallKwh * state.highestImportPricePerKwh[c];
  }
}
