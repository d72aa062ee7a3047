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
  const { dataset: { profiles }, loads, config, batteries, state, ledger } = context;
  const { actions, requestKw } = context;
  const { chargeLimitKw, dischargeLimitKw } = state;
  const { loadKw, pvKw, batteryKw, unservedKw, curtailedKw, netKwh, interventionKwh, reasons } =
    ledger;
  const { dtHours } = profiles.grid;
  const spansRated = config.batteryAction === "rated";
  const count = batteries.length;
  const from = c * count;
  const to = from + count;
  for (let row = from, cell = slot * count; row < to; row++, cell++) {
    loadKw[row] = loads.loadKw[cell];
    pvKw[row] = loads.pvKw[cell];
    const battery = spansRated ? batteries[row - from] : null;
    const charge = chargeLimitKw[row];
    const discharge = dischargeLimitKw[row];
    const raw = actions[row * ACTION_SIZE];
    const request = battery !== null
      ? batteryRequestKw(raw, battery.maxChargeKw, battery.maxDischargeKw, "rated")
      : batteryRequestKw(raw, charge, discharge, "feasible");
    const feasible = feasibleBatteryKw(request, charge, discharge);
    requestKw[row] = Number.isFinite(request) ? request : 0;
    batteryKw[row] = feasible;
    reasons[row] = reasonOf(request, feasible, Reason.battery);
  }
  const importLimitKw = profiles.gridImportLimitKw[slot];
  const exportLimitKw = profiles.gridExportLimitKw[slot];
  const limited = applyCommunityLimit(ledger, importLimitKw, exportLimitKw, from, to);
  for (let row = from; row < to; row++) {
    const servedKw = loadKw[row] - unservedKw[row];
    const usedKw = pvKw[row] - curtailedKw[row];
    netKwh[row] = (servedKw - usedKw + batteryKw[row]) * dtHours;
    interventionKwh[row] = Math.abs(requestKw[row] - batteryKw[row]) * dtHours;
  }
  if (limited) markCut(context, c);
}

/** Notes from whom in community `c` the community limit took something. */
export function markCut(context: SlotContext, c: number): void {
  const count = context.batteries.length;
  for (let row = c * count; row < (c + 1) * count; row++) {
    if (isCut(context, row)) context.ledger.reasons[row] |= Reason.communityLimit;
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
