/**
 * Where the price is made: the curves of all homes go into the book, a mechanism clears it, and what
 * it says is what stores do and what homes pay.
 *
 * @module
 */

import type { MarketBook } from "../market/market_book.ts";
import { STORE_FLAGS } from "../market/market_book.ts";
import type { Mechanism } from "../market/mechanism.ts";
import { energyAfterKwh } from "../stores/store.ts";
import { communityPeakPrice, homePeakPrice } from "./billing.ts";
import { LEAST_FALL, type ValueRange, valueRange } from "./decision.ts";
import { Reason, within } from "./reasons.ts";
import type { World } from "./world.ts";

/** Numbers of a store: its value at the present energy, and how far that falls. */
const NUMBERS = 2;

/** Room for a reader of value ranges. */
const range: ValueRange = { least: 0, most: 0 };

/** Writes what does not change from slot to slot. */
export function prepareBook(world: World, book: MarketBook): void {
  const { config: { cost, market } } = world;
  book.networkFeePerKwh.fill(market.networkFeePerKwh);
  book.lostLoadPerKwh.fill(cost.lostLoadPricePerKwh);
  // What it costs to leave sun unused is what its owner would pay to be rid of it.
  book.curtailmentPerKwh.fill(-cost.curtailmentPricePerKwh);
  book.priceCapPerKwh.fill(market.priceCapPerKwh ?? Infinity);
  book.wearPerKwh.fill(cost.wearPricePerKwh);
}

/**
 * Filters what agents said: every store's curve within its feasible interval, whatever the numbers
 * are. Writes the market's inputs for community `c`.
 */
export function filterCurves(world: World, book: MarketBook, c: number, slot: number): void {
  const { dataset: { profiles }, config, homes, loads, tariffs, state, ledger } = world;
  const { dtHours } = profiles.grid;
  const carbonPrice = config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  // Of several tariffs, that with the least room between its prices bounds the fee.
  let room = Infinity;
  for (const { importPricePerKwh, feedInTariffPerKwh } of tariffs.classes) {
    const between = importPricePerKwh[slot] - feedInTariffPerKwh[slot];
    if (!(between < room)) continue;
    room = between;
    book.ceilingPerKwh[c] = importPricePerKwh[slot] + carbonPrice;
    book.feedInPerKwh[c] = feedInTariffPerKwh[slot];
  }
  book.importLimitKwh[c] = profiles.gridImportLimitKw[slot] * dtHours;
  book.exportLimitKwh[c] = profiles.gridExportLimitKw[slot] * dtHours;
  if (book.gridSteps > 0) {
    book.gridStepFromKwh[c] = state.peakKw[c] * dtHours;
    book.gridStepPerKwh[c] = communityPeakPrice(world, c, slot) / dtHours;
  }
  for (let i = 0, row = c * homes, cell = slot * homes; i < homes; i++, row++, cell++) {
    ledger.loadKw[row] = loads.loadKw[cell];
    ledger.pvKw[row] = loads.pvKw[cell];
    book.loadKwh[row] = loads.loadKw[cell] * dtHours;
    book.sunKwh[row] = loads.pvKw[cell] * dtHours;
    if (book.ownTariffs) {
      const own = tariffs.classes[tariffs.classOf[i]];
      book.rowCeilingPerKwh[row] = own.importPricePerKwh[slot] + carbonPrice;
      book.rowFeedInPerKwh[row] = own.feedInTariffPerKwh[slot];
    }
    if (book.homeSteps) {
      book.rowStepFromKwh[row] = state.homePeakKw[row] * dtHours;
      book.rowStepPerKwh[row] = homePeakPrice(world, c, i, slot) / dtHours;
    }
  }
  if (book.meterLimits) limitMeters(world, book, c, slot);
  filterStores(world, book, c, slot);
}

/** Writes the operating envelopes of community `c`, to which the market cuts the homes' curves. */
function limitMeters(
  { grid, homes, dataset: { profiles } }: World,
  book: MarketBook,
  c: number,
  slot: number,
): void {
  const { dtHours } = profiles.grid;
  const at = grid!.find(slot);
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    book.meterMostKwh[row] = grid!.mostKw[at + i] * dtHours;
    book.meterLeastKwh[row] = grid!.leastKw[at + i] * dtHours;
  }
}

function filterStores(world: World, book: MarketBook, c: number, slot: number): void {
  const { stores, homes, spaces, state, slotsPerEpisode } = world;
  const { numbers, valueFactor } = world.decision;
  const isMonthly = world.dataset.charges !== undefined && book.gridSteps > 0;
  const communityStep = isMonthly ? book.gridStepPerKwh[c] : 0;
  const size = spaces.action.names.length;
  for (let s = 0, k = c * stores.length; s < stores.length; s++, k++) {
    const store = stores[s];
    const { dtHours } = store;
    book.energyKwh[k] = energyAfterKwh(store, slot, state.energyKwh[k], 0);
    book.chargeLeastKwh[k] = state.requiredChargeKw[k] * dtHours;
    book.chargeMostKwh[k] = state.chargeLimitKw[k] * dtHours;
    book.dischargeMostKwh[k] = state.dischargeLimitKw[k] * dtHours;
    const perKw = store.effectiveHours / dtHours;
    book.storedPerKwh[k] = store.chargeEfficiency[slot * store.stride] * perKw;
    book.drawnPerKwh[k] = perKw / store.dischargeEfficiency;
    // Nobody goes without a car or heat to save a charge for a peak.
    const step = (communityStep + (book.homeSteps ? book.rowStepPerKwh[book.owner[k]] : 0)) /
      book.storedPerKwh[k];
    book.unmetPerKwh[k] = (store.unmetPricePerKwh ?? 0) + step;
    const factor = valueFactor[k];
    if (book.stepCount[k] !== 0) {
      for (let step = 0; step < book.stepCount[k] && factor !== 1; step++) {
        book.stepValuePerKwh[k * book.steps + step] *= factor;
      }
      continue;
    }
    const at = (c * homes + store.owner) * size + NUMBERS * spaces.slotOfStore[s];
    const { least, most } = valueRange(world, s, slot, slotsPerEpisode - state.step, range);
    const width = most - least;
    book.valuePerKwh[k] = factor * (least + ((1 + clip(numbers[at])) / 2) * width);
    const fall = LEAST_FALL + ((1 + clip(numbers[at + 1])) / 2) * (1 - LEAST_FALL);
    book.fallPerKwh[k] = factor * ((fall * width) / store.nominalKwh);
  }
}

/** Cuts a number to [−1, 1]; what is not finite stays so, and the store idle. */
function clip(number: number): number {
  return number > 1 && number < Infinity ? 1 : number < -1 && number > -Infinity ? -1 : number;
}

/** Clears community `c` and writes what everybody does and pays into the ledger. */
export function clearCurves(world: World, book: MarketBook, mechanism: Mechanism, c: number): void {
  const { dataset: { profiles: { grid: { dtHours }, carbonKgPerKwh } }, config } = world;
  const { homes, stores, firstStore, state, ledger } = world;
  mechanism.clear(book, c, c + 1);
  const price = book.pricePerKwh[c];
  const carbonPrice = config.cost.carbonPricePerKg * carbonKgPerKwh[ledger.slot[c]];
  ledger.clearingPricePerKwh[c] = price;
  ledger.volumeKwh[c] = book.volumeKwh[c];
  state.lastPricePerKwh[c] = price;
  for (let k = c * stores.length; k < (c + 1) * stores.length; k++) {
    // Hours that are no binary fraction may round beyond a limit.
    const powerKw = book.storeKwh[k] / dtHours;
    ledger.powerKw[k] = within(powerKw, -state.dischargeLimitKw[k], state.chargeLimitKw[k]);
    const flags = book.storeFlags[k];
    ledger.reasons[k] = (flags & STORE_FLAGS.idle ? Reason.notFinite : 0) |
      (flags & STORE_FLAGS.flattened ? Reason.rising : 0) |
      (flags & STORE_FLAGS.cut ? Reason.envelope : 0);
  }
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    let storesKw = 0;
    for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
      storesKw += ledger.powerKw[c * stores.length + s];
    }
    ledger.storesKw[row] = storesKw;
    // What is used in two parts may round beyond the whole.
    ledger.unservedKw[row] = Math.max(0, book.loadKwh[row] - book.servedKwh[row]) / dtHours;
    ledger.curtailedKw[row] = Math.max(0, book.sunKwh[row] - book.usedSunKwh[row]) / dtHours;
    ledger.netKwh[row] = book.meterKwh[row];
    ledger.tradedKwh[row] = book.tradedKwh[row];
    ledger.gridKwh[row] = book.gridKwh[row];
    ledger.charges[row] = book.stepPayment[row];
    ledger.rent[row] = book.rent[row];
    // The grid's ask holds the carbon price, which the books charge by itself.
    const carbon = carbonPrice * Math.max(0, book.gridKwh[row]);
    ledger.bill[row] = book.tradePayment[row] + book.feePayment[row] + book.gridPayment[row] -
      book.rent[row] - carbon;
  }
}
