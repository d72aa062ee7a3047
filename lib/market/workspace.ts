/**
 * Scratch of a clearing: curves, terms and sums of the community that is being cleared. One for each
 * book, made when it is first cleared; it carries nothing from one clearing to the next.
 *
 * @module
 */

import { createStoreCurves, energyOf, isEnergy, priceUnits, type StoreCurves } from "./curves.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import { createSelection, type Selection } from "./price_selection.ts";

/** Prices and limits of a slot. Prices in whole units of 1e-6 currency/kWh. */
export interface Terms {
  /** C. */
  ceiling: number;
  /** f. */
  feedIn: number;
  /** φ'. */
  fee: number;
  /** Most that anything can be bought at. */
  cap: number;
  /** Price at which load is shed. */
  lostLoad: number;
  /** Price at which sun is curtailed. */
  curtailment: number;
  /** M. [kWh] */
  importLimitKwh: number;
  /** X. [kWh] */
  exportLimitKwh: number;
}

/** What the market came to before it is written down. */
export interface Matched {
  /** Price. [1e-6 currency/kWh] */
  price: number;
  /** μ. [1e-6 currency/kWh] */
  premium: number;
  /** Part of the stores' tied energy that is demanded. [1] */
  storeShare: number;
  /** Part of the tied load that is served. [1] */
  loadShare: number;
  /** Part of the tied sun that is used. [1] */
  sunShare: number;
  /** Import through the connection. [kWh] */
  importKwh: number;
  /** Export through the connection. [kWh] */
  exportKwh: number;
  /** Whether the grid's energy is what is left over, rather than its limit. */
  gridIsMarginal: boolean;
}

/** Scratch of the clearing of one community. */
export interface Workspace {
  /** Prices and limits. */
  readonly terms: Terms;
  /** Pieces of the stores at the home's own prices. */
  readonly curves: StoreCurves;
  /** Price of each piece in the market. [1e-6 currency/kWh] */
  readonly marketPrice: Float64Array;
  /** Energy of each piece in the market. [kWh] */
  readonly marketKwh: Float64Array;
  /** Energy that is demanded of each piece. [kWh] */
  readonly onKwh: Float64Array;
  /** Piece whose remainder stands behind the pieces, in the order of the remainders. */
  readonly remainderOf: Int32Array;
  /** Load that the price decides on: all of it, unless the meter has limits. `[homes]` [kWh] */
  readonly loadKwh: Float64Array;
  /** Sun that the price decides on: all of it, unless the meter has limits. `[homes]` [kWh] */
  readonly sunKwh: Float64Array;
  /** Net demand at any price, of what follows, see {@link ./meter_limits.ts}. `[homes]` [kWh] */
  readonly fixedKwh: Float64Array;
  /** Load that is served at any price. `[homes]` [kWh] */
  readonly fixedLoadKwh: Float64Array;
  /** Sun that is used at any price. `[homes]` [kWh] */
  readonly fixedSunKwh: Float64Array;
  /** What each store takes at any price, giving < 0. `[stores]` [kWh] */
  readonly storeFixedKwh: Float64Array;
  /** Part of the load that keeps the home from giving. `[homes]` [kWh] */
  readonly loadSellKwh: Float64Array;
  /** Part of the sun that is given. `[homes]` [kWh] */
  readonly sunSellKwh: Float64Array;
  /** What is sought among. */
  readonly selection: Selection;
  /** Pieces of a home by falling price; at the end its load and its sun. */
  readonly order: Int32Array;
  /** Own ceiling, premium included. `[homes]` [1e-6 currency/kWh] */
  readonly ceiling: Float64Array;
  /** Own feed-in tariff, premium included. `[homes]` [1e-6 currency/kWh] */
  readonly feedIn: Float64Array;
  /** Net demand above which the home pays more, infinite for none. `[homes]` [kWh] */
  readonly stepFromKwh: Float64Array;
  /** What it pays more. `[homes]` [1e-6 currency/kWh] */
  readonly stepUnits: Float64Array;
  /** Market price of each home's levels, see {@link ./own_book.ts}. `[8 · homes]` [1e-6 currency/kWh] */
  readonly levelPrice: Float64Array;
  /** Energy of each home's levels. `[8 · homes]` [kWh] */
  readonly levelKwh: Float64Array;
  /** What a home would exchange with the grid alone. `[homes]` [kWh] */
  readonly aloneKwh: Float64Array;
  /** What all homes together can sell, to others or to the grid. [kWh] */
  soldKwh: number;
  /** What a home may do, see {@link ./own_book.ts}. `[homes]` */
  readonly mode: Int32Array;
}

/** Scratch for the communities of a book. */
export function createWorkspace({ homes, stores, steps, gridSteps }: MarketBook): Workspace {
  const curves = createStoreCurves(stores, steps);
  const pieces = curves.price.length;
  const byHome = () => new Float64Array(homes);
  return {
    terms: {
      ceiling: 0,
      feedIn: 0,
      fee: 0,
      cap: 0,
      lostLoad: 0,
      curtailment: 0,
      importLimitKwh: 0,
      exportLimitKwh: 0,
    },
    curves,
    marketPrice: new Float64Array(3 * pieces),
    marketKwh: new Float64Array(3 * pieces),
    onKwh: new Float64Array(pieces),
    remainderOf: new Int32Array(2 * pieces),
    loadKwh: byHome(),
    sunKwh: byHome(),
    fixedKwh: byHome(),
    fixedLoadKwh: byHome(),
    fixedSunKwh: byHome(),
    storeFixedKwh: new Float64Array(stores),
    loadSellKwh: byHome(),
    sunSellKwh: byHome(),
    selection: createSelection(3 * pieces + 8 * homes + gridSteps + 7),
    order: new Int32Array(pieces + 2),
    ceiling: byHome(),
    feedIn: byHome(),
    stepFromKwh: byHome(),
    stepUnits: byHome(),
    levelPrice: new Float64Array(8 * homes),
    levelKwh: new Float64Array(8 * homes),
    aloneKwh: byHome(),
    soldKwh: 0,
    mode: new Int32Array(homes),
  };
}

const workspaces = new WeakMap<MarketBook, Workspace>();

/** The scratch of a book. */
export function workspaceOf(book: MarketBook): Workspace {
  let workspace = workspaces.get(book);
  if (workspace === undefined) workspaces.set(book, workspace = createWorkspace(book));
  return workspace;
}

/**
 * Reads the terms, load and sun of community `c`, and clears its flags. What is no number, or
 * negative where it must not be, counts as 0 and is flagged.
 */
export function readTerms(book: MarketBook, c: number, workspace: Workspace): void {
  const { terms, loadKwh, sunKwh, ceiling, feedIn, stepFromKwh, stepUnits } = workspace;
  const { homes, ownTariffs, homeSteps, slotFlags } = book;
  terms.ceiling = priceUnits(book.ceilingPerKwh[c]);
  terms.feedIn = priceUnits(book.feedInPerKwh[c]);
  const fee = priceUnits(book.networkFeePerKwh[c]);
  terms.fee = Math.max(0, Math.min(fee, (terms.ceiling - terms.feedIn) / 2));
  terms.cap = priceUnits(book.priceCapPerKwh[c]);
  terms.lostLoad = Math.min(priceUnits(book.lostLoadPerKwh[c]), terms.cap);
  terms.curtailment = priceUnits(book.curtailmentPerKwh[c]);
  terms.importLimitKwh = limitOf(book.importLimitKwh[c]);
  terms.exportLimitKwh = limitOf(book.exportLimitKwh[c]);
  let faulty = isPrice(book.ceilingPerKwh[c]) && isPrice(book.feedInPerKwh[c]) &&
      book.importLimitKwh[c] >= 0 && book.exportLimitKwh[c] >= 0
    ? 0
    : SLOT_FLAGS.faulty;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const load = book.loadKwh[row];
    const sun = book.sunKwh[row];
    if (!isEnergy(load) || !isEnergy(sun)) faulty = SLOT_FLAGS.faulty;
    loadKwh[i] = energyOf(load);
    sunKwh[i] = energyOf(sun);
    ceiling[i] = ownTariffs ? priceUnits(book.rowCeilingPerKwh[row]) : terms.ceiling;
    feedIn[i] = ownTariffs ? priceUnits(book.rowFeedInPerKwh[row]) : terms.feedIn;
    stepFromKwh[i] = Infinity;
    stepUnits[i] = 0;
    if (!homeSteps) continue;
    const [from, step] = [book.rowStepFromKwh[row], book.rowStepPerKwh[row]];
    if (!(from >= 0) || !(step >= 0) || !isPrice(step)) faulty = SLOT_FLAGS.faulty;
    else {
      stepFromKwh[i] = from;
      stepUnits[i] = priceUnits(step);
    }
  }
  slotFlags[c] = faulty;
}

function limitOf(kwh: number): number {
  return kwh > 0 ? kwh : 0;
}

function isPrice(pricePerKwh: number): boolean {
  return pricePerKwh - pricePerKwh === 0;
}
