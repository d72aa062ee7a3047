/**
 * First phase of a slot: what every battery does, and the net position that results.
 *
 * @module
 */

import { applyCommunityLimit } from "../physics/grid.ts";
import { feasibleBatteryKw, Reason, reasonOf } from "../safety/feasibility_filter.ts";
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
    const rated = config.batteryAction === "rated" && battery !== null;
    const request = rated
      ? batteryRequestKw(raw, battery.maxChargeKw, battery.maxDischargeKw, "rated")
      : batteryRequestKw(raw, charge, discharge, "feasible");
    const feasible = feasibleBatteryKw(request, charge, discharge);
    requestKw[row] = Number.isFinite(request) ? request : 0;
    ledger.batteryKw[row] = feasible;
    ledger.reasons[row] = reasonOf(request, feasible, Reason.battery);
  }
  const importLimitKw = profiles.gridImportLimitKw[slot];
  const exportLimitKw = profiles.gridExportLimitKw[slot];
  const limited = applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, to);
  for (let row = from; row < to; row++) {
    const servedKw = ledger.loadKw[row] - ledger.unservedKw[row];
    const usedKw = ledger.pvKw[row] - ledger.curtailedKw[row];
    ledger.netKwh[row] = (servedKw - usedKw + ledger.batteryKw[row]) * dtHours;
    ledger.interventionKwh[row] = Math.abs(requestKw[row] - ledger.batteryKw[row]) * dtHours;
    if (limited && isCut(context, row)) ledger.reasons[row] |= Reason.communityLimit;
  }
}

/** Whether the community limit took something from a row. */
function isCut({ state, ledger, requestKw }: SlotContext, row: number): boolean {
  const filteredKw = feasibleBatteryKw(
    requestKw[row],
    state.chargeLimitKw[row],
    state.dischargeLimitKw[row],
  );
  return ledger.batteryKw[row] !== filteredKw || ledger.unservedKw[row] > 0 ||
    ledger.curtailedKw[row] > 0;
}
