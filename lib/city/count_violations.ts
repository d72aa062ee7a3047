/**
 * Checks of a slot in a city, prosumer by prosumer: what {@link ../evaluation/audit.ts} demands of
 * flows and stores, without keeping the books.
 *
 * @module
 */

import type { SlotContext } from "../env/slot.ts";
import { near, within } from "../evaluation/tolerance.ts";

/** Number of conditions that do not hold after a slot; 0 in a sound run. */
export function countViolations(
  { dataset, batteries, state, ledger, config }: SlotContext,
): number {
  const { dtHours } = dataset.profiles.grid;
  const price = ledger.clearingPricePerKwh[0];
  const lowest = dataset.profiles.feedInTariffPerKwh[0] + config.market.networkFeePerKwh;
  const highest = dataset.profiles.importPricePerKwh[0] - config.market.networkFeePerKwh;
  let violations = 0;
  for (let row = 0; row < batteries.length; row++) {
    const battery = batteries[row];
    const net = ledger.netKwh[row], order = ledger.orderKwh[row], trade = ledger.tradedKwh[row];
    const takenKw = ledger.loadKw[row] - ledger.unservedKw[row] - ledger.pvKw[row] +
      ledger.curtailedKw[row] + ledger.batteryKw[row];
    const capacityKwh = state.capacityKwh[row];
    if (!near(takenKw * dtHours, net)) violations++;
    if (!near(trade + ledger.gridKwh[row], net)) violations++;
    if (!within(order, Math.min(net, 0), Math.max(net, 0))) violations++;
    if (!within(trade, Math.min(order, 0), Math.max(order, 0))) violations++;
    if (trade !== 0 && !within(price, lowest, highest)) violations++;
    if (battery === null) continue;
    // Self-discharge goes on below the reserve.
    const reserveKwh = battery.selfDischargePerHour > 0 ? 0 : battery.socMin * capacityKwh;
    if (!within(ledger.energyKwh[row], reserveKwh, battery.socMax * capacityKwh)) violations++;
  }
  return violations;
}
