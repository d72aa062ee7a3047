/**
 * Where the price is made.
 *
 * All homes' curves, split by the network fee, and the grid's ask and bid are one falling curve
 * Z(P) of net demand. The price is a P with 0 between Z just above it and Z just below it; where
 * an interval of prices qualifies, its middle. The grid asks what the connection lets in at C − φ'
 * and bids for what it lets out at f + φ'; beyond them the price rises as far as the value of lost
 * load, or falls as far as curtailing costs.
 *
 * At the price itself energy comes, until nobody wants more, from sun, then from export that is
 * given up, from stores (pro rata by energy), from import, from shedding (pro rata by load): of all
 * outcomes of least cost it is the one with the least exchange with the grid.
 *
 * Equations: the competitive equilibrium of quasi-linear traders is the optimum of the one-slot
 * program (Koopmans and Beckmann, 1957; Schweppe et al., Spot Pricing of Electricity, 1988).
 *
 * @module
 */

import { settleAtPrice } from "./bills.ts";
import { gridStepKwh, gridStepUnits } from "./grid_ask.ts";
import { splitByFee } from "./home_curve.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import { selectPrice } from "./price_selection.ts";
import type { Matched, Workspace } from "./workspace.ts";

/** Part of all the energy in a book that is rounding. */
const ROUNDING = 1e-13;

const matched: Matched = {
  price: 0,
  premium: 0,
  storeShare: 1,
  loadShare: 1,
  sunShare: 1,
  importKwh: 0,
  exportKwh: 0,
  gridIsMarginal: true,
};

/** Load and sun by their price in the market: at most two levels each. */
const levelPrice = new Float64Array(4);
const levelKwh = new Float64Array(4);

/** Clears community `c` of a book whose terms and curves are read, in which all have one tariff. */
export function clearAtOneTariff(book: MarketBook, c: number, workspace: Workspace): void {
  const { terms, curves } = workspace;
  const pieces = curves.first[book.stores];
  const split = terms.fee > 0;
  const entries = split ? splitByFee(book, c, workspace) : pieces;
  const price = split ? workspace.marketPrice : curves.price;
  const kwh = split ? workspace.marketKwh : curves.kwh;
  fillLevels(book, workspace, split);
  findPrice(book, c, workspace, price, kwh, entries);
  settleAtPrice(book, c, workspace, price, kwh, entries, matched);
}

function fillLevels({ homes }: MarketBook, workspace: Workspace, split: boolean): void {
  const { terms, loadKwh, sunKwh, loadSellKwh, sunSellKwh } = workspace;
  let load = 0;
  let sun = 0;
  let loadSell = 0;
  let sunSell = 0;
  for (let i = 0; i < homes; i++) {
    if (!split) loadSellKwh[i] = sunSellKwh[i] = 0;
    load += loadKwh[i];
    sun += sunKwh[i];
    loadSell += loadSellKwh[i];
    sunSell += sunSellKwh[i];
  }
  const { lostLoad: lost, curtailment: curtailed } = terms;
  levelPrice[0] = lost - terms.fee;
  levelKwh[0] = load - loadSell;
  levelPrice[1] = lost + terms.fee;
  levelKwh[1] = loadSell;
  levelPrice[2] = curtailed - terms.fee;
  levelKwh[2] = sun - sunSell;
  levelPrice[3] = curtailed + terms.fee;
  levelKwh[3] = sunSell;
}

/** Finds the price and who is served at it. */
function findPrice(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  price: Float64Array,
  kwh: Float64Array,
  entries: number,
): void {
  const { terms, curves, selection, fixedKwh } = workspace;
  const ask = terms.ceiling - terms.fee;
  const bid = terms.feedIn + terms.fee;
  const limitIn = terms.importLimitKwh;
  const limitOut = terms.exportLimitKwh;
  const firstStep = firstStepKwh(book, c, limitIn);
  let above = 0;
  let atAsk = 0;
  let between = 0;
  let atBid = 0;
  let found = 0;
  const foundPrice = selection.price;
  const foundKwh = selection.kwh;
  for (let k = 0; k < entries; k++) {
    const p = price[k];
    const q = kwh[k];
    // Comparisons that decide no branch, which processors would guess wrong half of the time.
    const isBetween = Number(p < ask) * Number(p > bid);
    above += q * Number(p > ask);
    atAsk += q * Number(p === ask);
    atBid += q * Number(p === bid);
    between += q * isBetween;
    foundPrice[found] = p;
    foundKwh[found] = q;
    found += isBetween;
  }
  // A bid as high as the ask is the ask.
  if (bid === ask) atBid = 0;
  const stores = above;
  let levelsAbove = 0;
  let levelsAt = 0;
  for (let k = 0; k < 4; k++) {
    const p = levelPrice[k];
    const q = levelKwh[k];
    if (q === 0) continue;
    if (p > ask) levelsAbove += q;
    else if (p === ask) levelsAt += q;
    else if (p > bid) {
      between += q;
      foundPrice[found] = p;
      foundKwh[found++] = q;
    } else if (p === bid) atBid += q;
  }
  // Net demand of the homes when everything that they can give is given.
  let least = -(levelKwh[2] + levelKwh[3]) - curves.dischargeKwh;
  let gross = levelKwh[0] + levelKwh[1] + levelKwh[2] + levelKwh[3] + curves.dischargeKwh +
    curves.chargeKwh;
  if (book.meterLimits) {
    for (let i = 0; i < book.homes; i++) {
      least += fixedKwh[i];
      gross += Math.abs(fixedKwh[i]);
    }
  }
  const tolerance = ROUNDING * gross;
  const overAsk = least + stores + levelsAbove;
  const underAsk = overAsk + atAsk + levelsAt;
  const overBid = underAsk + between;
  const underBid = overBid + atBid;
  if (underAsk > tolerance && overAsk - firstStep < -tolerance) matched.price = ask;
  else if (overBid < -tolerance && underBid + limitOut > tolerance) matched.price = bid;
  else {
    if (underAsk < -tolerance && overBid > tolerance) {
      selectPrice(selection, found, underAsk, tolerance, bid, ask, overBid);
    } else selectAmongAll(book, c, workspace, price, kwh, entries, least, gross, tolerance);
    // A book of nothing but rounding need not cross zero.
    const { low, high } = selection;
    if (high === -Infinity) selection.low = selection.high = bid;
    else if (high === Infinity) selection.high = Math.max(low, ask);
    if (low === -Infinity) selection.low = Math.min(selection.high, bid);
    matched.price = selection.low + (selection.high - selection.low) / 2;
  }
  match(book, c, workspace, price, kwh, entries, least);
  matched.premium = matched.price > ask
    ? matched.price - ask
    : matched.price < bid
    ? matched.price - bid
    : 0;
}

/** What can be imported at C. [kWh] */
function firstStepKwh({ gridSteps, gridStepFromKwh }: MarketBook, c: number, limit: number) {
  return gridSteps === 0 ? limit : Math.min(limit, Math.max(0, gridStepFromKwh[c * gridSteps]));
}

/** The rare slots: a limit binds, or demand and supply are equal. */
function selectAmongAll(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  price: Float64Array,
  kwh: Float64Array,
  entries: number,
  least: number,
  gross: number,
  tolerance: number,
): void {
  const { terms, selection } = workspace;
  let count = 0;
  const add = (p: number, q: number) => {
    selection.price[count] = p;
    selection.kwh[count++] = q;
  };
  for (let k = 0; k < entries; k++) add(price[k], kwh[k]);
  for (let k = 0; k < 4; k++) add(levelPrice[k], levelKwh[k]);
  let top = least;
  for (let g = 0; g <= book.gridSteps; g++) {
    const most = Math.min(gridStepKwh(book, c, g, terms.importLimitKwh), 2 * gross);
    add(terms.ceiling - terms.fee + gridStepUnits(book, c, g), most);
    top -= most;
  }
  add(terms.feedIn + terms.fee, Math.min(terms.exportLimitKwh, 2 * gross));
  selectPrice(selection, count, top, tolerance);
}

/** Serves what is tied at the price, in the order of sources. */
function match(
  book: MarketBook,
  c: number,
  { terms }: Workspace,
  price: Float64Array,
  kwh: Float64Array,
  entries: number,
  least: number,
): void {
  const at = matched.price;
  let demanded = 0;
  let tiedStores = 0;
  for (let k = 0; k < entries; k++) {
    demanded += kwh[k] * Number(price[k] > at);
    tiedStores += kwh[k] * Number(price[k] === at);
  }
  let levels = 0;
  let tiedLoad = 0;
  let tiedSun = 0;
  for (let k = 0; k < 4; k++) {
    if (levelPrice[k] > at) levels += levelKwh[k];
    else if (levelPrice[k] === at) {
      if (k < 2) tiedLoad += levelKwh[k];
      else tiedSun += levelKwh[k];
    }
  }
  const bid = terms.feedIn + terms.fee;
  let cheaperImport = 0;
  let tiedImport = 0;
  for (let g = 0; g <= book.gridSteps; g++) {
    const ask = terms.ceiling - terms.fee + gridStepUnits(book, c, g);
    if (ask > at) break;
    const most = gridStepKwh(book, c, g, terms.importLimitKwh);
    if (ask < at) cheaperImport += most;
    else tiedImport += most;
  }
  // Net demand with everything that is tied demanded; each source in turn takes its part of it.
  let left = least + demanded + levels + tiedStores + tiedLoad + tiedSun - cheaperImport;
  const limitOut = terms.exportLimitKwh;
  let exported = at < bid ? limitOut : 0;
  left += exported;
  const sun = clamp(left + (at === bid ? limitOut : 0), tiedSun);
  left -= sun;
  if (at === bid) {
    exported = clamp(-left, limitOut);
    left += exported;
  }
  const fromStores = clamp(left, tiedStores);
  left -= fromStores;
  const imported = clamp(left, tiedImport);
  left -= imported;
  const shed = clamp(left, tiedLoad);
  matched.sunShare = tiedSun > 0 ? sun / tiedSun : 0;
  matched.storeShare = tiedStores > 0 ? 1 - fromStores / tiedStores : 0;
  matched.loadShare = tiedLoad > 0 ? 1 - shed / tiedLoad : 0;
  matched.importKwh = cheaperImport + imported;
  matched.exportKwh = exported;
  matched.gridIsMarginal = (imported > 0 && imported < tiedImport) ||
    (at === bid && exported > 0 && exported < limitOut);
  book.slotFlags[c] |= (at > terms.ceiling - terms.fee ? SLOT_FLAGS.importBinds : 0) |
    (at < bid ? SLOT_FLAGS.exportBinds : 0);
}

/** The nearest number from 0 to `most`. */
function clamp(value: number, most: number): number {
  return value > 0 ? (value < most ? value : most) : 0;
}
