/**
 * Fourth stage of a slot: what every home is charged.
 *
 *     cost = bill + carbon price × CO2 + wear + lost load + curtailment + unmet energy
 *          + equal shares of the ramp, and of a new peak where the market does not price it
 *          + (in the last slot) the value of what stores hold less than at the start
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import type { Store } from "../stores/store.ts";
import { capacityAfterKwh, energyAfterKwh, unmetKwh } from "../stores/store.ts";
import { chargeByMonth, communityPeakPrice } from "./billing.ts";
import type { World } from "./world.ts";

/** Charges the homes of community `c`; bills are in the ledger. */
export function settle(world: World, c: number, slot: number): void {
  const { dataset: { profiles }, config: { cost: rates }, homes, stores, firstStore } = world;
  const { state, ledger } = world;
  const { dtHours } = profiles.grid;
  const carbonKgPerKwh = profiles.carbonKgPerKwh[slot];
  chargeByMonth(world, c, slot);
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    let storesCost = 0;
    for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
      const k = c * stores.length + s;
      const store = stores[s], powerKw = ledger.powerKw[k];
      const energy = energyAfterKwh(store, slot, state.energyKwh[k], powerKw);
      const capacity = capacityAfterKwh(store, state.capacityKwh[k], powerKw);
      const unmet = unmetKwh(store, slot, energy, capacity);
      ledger.unmetKwh[k] = unmet;
      ledger.endEnergyKwh[k] = energy + unmet;
      if (powerKw < 0) storesCost -= rates.wearPricePerKwh * powerKw * dtHours;
      if (unmet > 0) storesCost += store.unmetPricePerKwh! * unmet;
    }
    const emissions = Math.max(0, ledger.gridKwh[row]) * carbonKgPerKwh;
    ledger.emissionsKg[row] = emissions;
    ledger.cost[row] = ledger.bill[row] + rates.carbonPricePerKg * emissions + storesCost +
      rates.lostLoadPricePerKwh * ledger.unservedKw[row] * dtHours +
      rates.curtailmentPricePerKwh * ledger.curtailedKw[row] * dtHours;
  }
  chargeCommunity(world, c, slot);
}

/** What the community causes together is shared equally: a ramp, and a peak without a price. */
function chargeCommunity(world: World, c: number, slot: number): void {
  const { dataset, config, homes, state, ledger } = world;
  let gridKwh = 0;
  for (let row = c * homes; row < (c + 1) * homes; row++) gridKwh += ledger.gridKwh[row];
  const netKw = gridKwh / dataset.profiles.grid.dtHours;
  const riseKw = Math.max(0, netKw - state.peakKw[c]);
  const rampKw = state.step === 0 ? 0 : Math.abs(netKw - state.lastNetKw[c]);
  // In a market of curves the peak is a step of the grid's ask, and paid with the bill.
  const peakCost = config.market.orders === "inelastic"
    ? communityPeakPrice(world, c, slot) * riseKw
    : 0;
  const share = (peakCost + config.cost.rampPricePerKw * rampKw) / homes;
  if (share > 0) { for (let i = 0; i < homes; i++) ledger.cost[c * homes + i] += share; }
  if (peakCost > 0 && config.cost.peakPricePerKw === 0) {
    // What is charged by the month stands on the bill.
    for (let row = c * homes; row < (c + 1) * homes; row++) {
      ledger.bill[row] += peakCost / homes;
      ledger.charges[row] += peakCost / homes;
    }
  }
  state.peakKw[c] += riseKw;
  state.lastNetKw[c] = netKw;
}

/** Charges community `c` for what its stores hold less at the end than at the start. */
export function settleEnd(world: World, c: number): void {
  const { config, homes, stores, state, ledger, slotsPerEpisode } = world;
  const firstSlot = state.firstSlot[c];
  for (let s = 0, k = c * stores.length; s < stores.length; s++, k++) {
    const row = c * homes + stores[s].owner;
    const shortfallKwh = state.initialEnergyKwh[k] - ledger.endEnergyKwh[k];
    const counts = config.endValue === "first-edition" ? Math.max(0, shortfallKwh) : shortfallKwh;
    ledger.cost[row] += counts * endValuePerKwh(world, stores[s], firstSlot, slotsPerEpisode);
  }
}

/**
 * What a stored kWh is worth at the end of an episode of `slots` from `firstSlot` on: what the
 * cheapest slot of its last day would have charged it for (ceiling ÷ ηc), at least what it would sell
 * for (feed-in tariff × ηd) and at least 0, so that buying only to keep never gains. In the first
 * edition: the highest import price of the episode. [currency/kWh]
 */
export function endValuePerKwh(
  { dataset: { profiles }, config, tariffs }: Pick<World, "dataset" | "config" | "tariffs">,
  store: Store,
  firstSlot: number,
  slots: number,
): number {
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffs.classOf[store.owner]];
  const end = firstSlot + slots;
  if (config.endValue === "first-edition") {
    let highest = -Infinity;
    for (let t = firstSlot; t < end; t++) highest = Math.max(highest, importPricePerKwh[t]);
    return highest;
  }
  const lastDay = Math.max(firstSlot, end - Math.round(HOURS_PER_DAY / store.dtHours));
  let value = Infinity, feedIn = 0;
  for (let t = lastDay; t < end; t++) {
    const ceiling = importPricePerKwh[t] +
      config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[t];
    const efficiency = store.chargeEfficiency[t * store.stride];
    if (!(ceiling / efficiency < value)) continue;
    value = ceiling / efficiency;
    feedIn = feedInTariffPerKwh[t];
  }
  return Math.max(0, value, feedIn * store.dischargeEfficiency);
}
