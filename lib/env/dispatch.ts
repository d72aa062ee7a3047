/**
 * First phase of a slot: what every battery does, and the net position that results.
 *
 * @module
 */

import { applyCommunityLimit } from "../physics/grid.ts";
import { feasibleBatteryKw, Reason } from "../safety/feasibility_filter.ts";
import { ACTION_SIZE, batteryRequestKw } from "./action.ts";
import type { SlotContext } from "./slot.ts";

/** Filters the battery powers of community `c` and fits them to its grid connection. */
export function dispatch(context: SlotContext, c: number, slot: number): void {
  const { dataset: { profiles }, config, batteries, state, ledger, actions, requestKw } = context;
  const { slots, dtHours } = profiles.grid;
  const count = batteries.length;
  const from = c * count;
  const to = from + count;
  for (let row = from; row < to; row++) {
    const i = row - from;
    ledger.loadKw[row] = profiles.loadKw[i * slots + slot];
    ledger.pvKw[row] = profiles.pvKw[i * slots + slot];
    const battery = batteries[i];
    const charge = state.chargeLimitKw[row];
    const discharge = state.dischargeLimitKw[row];
    const raw = actions[row * ACTION_SIZE];
    const request = battery === null
      ? 0
      : config.batteryAction === "rated"
      ? batteryRequestKw(raw, battery.maxChargeKw, battery.maxDischargeKw, "rated")
      : batteryRequestKw(raw, charge, discharge, "feasible");
    const feasible = feasibleBatteryKw(request, charge, discharge);
    const finite = Number.isFinite(raw);
    requestKw[row] = finite ? request : 0;
    ledger.batteryKw[row] = feasible;
    ledger.reasons[row] = !finite ? Reason.notFinite : feasible !== request ? Reason.battery : 0;
  }
  const importLimitKw = profiles.gridImportLimitKw[slot];
  const exportLimitKw = profiles.gridExportLimitKw[slot];
  const limited = applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, to);
  for (let row = from; row < to; row++) {
    const servedKw = ledger.loadKw[row] - ledger.unservedKw[row];
    const usedKw = ledger.pvKw[row] - ledger.curtailedKw[row];
    ledger.netKwh[row] = (servedKw - usedKw + ledger.batteryKw[row]) * dtHours;
    ledger.interventionKwh[row] = Math.abs(requestKw[row] - ledger.batteryKw[row]) * dtHours;
    if (limited) ledger.reasons[row] |= Reason.communityLimit;
  }
}
