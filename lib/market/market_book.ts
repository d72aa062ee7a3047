/**
 * The book of one slot: what every home's meter and every store would do at any price, and what
 * comes of it. Columns of numbers, made once and filled again for every slot; nothing is allocated
 * while a slot is cleared.
 *
 * A book holds one or many communities of one make. Columns are by community `[communities]`, by
 * row, which is a home of a community, `[communities · homes]`, and by store
 * `[communities · stores]`; the rows and the stores of a community lie side by side, the stores of
 * a home too. Energies are through the meter and of the whole slot, taking is positive. [kWh]
 *
 * The net demand of a home at price P is the sum of
 *
 * - its load while P < ν, the value of lost load;
 * - its sun, given, while P > γ (0: nobody gives at a negative price);
 * - of each store the charging whose value is above P and the discharging whose value is below it.
 *
 * A store has a value w(e) of energy, non-increasing over its own stored energy e. Charging that
 * lifts e stands in the book at `storedPerKwh · w(e)`, discharging that lowers it at
 * `drawnPerKwh · w(e) + wearPerKwh`, raised to the highest bid of the store where it lies below,
 * since no store burns energy. What must be charged stands at `storedPerKwh · unmetPerKwh`, or at
 * the value where that is higher.
 *
 * Prices are rounded to 1e-6 before anything else, so that no dust decides a tie.
 *
 * @module
 */

/** Most steps of a store's value curve. */
export const MAX_STEPS = 41;

/** Equal pieces that an affine value curve is cut into, each way. */
export const AFFINE_PIECES = 4;

/** What the clearing noticed about a store; bits that add up. */
export const STORE_FLAGS = {
  /** A number of it is no number, or negative where it must not be: it stays idle. */
  idle: 1,
  /** Its value curve rose and was made flat. */
  flattened: 2,
  /** It would be paid for burning energy: asks were raised to its highest bid. */
  raised: 4,
  /** Part of its curve lies beyond what the meter may take or give, and is fixed. */
  cut: 8,
} as const;

/** What the clearing noticed about a community; bits that add up. */
export const SLOT_FLAGS = {
  /** The import limit, or a step of the grid's ask, holds the community back. */
  importBinds: 1,
  /** The export limit holds the community back. */
  exportBinds: 2,
  /** Load is shed. */
  shed: 4,
  /** Sun is curtailed. */
  curtailed: 8,
  /** Importing costs less than exporting earns: nobody trades. */
  inverted: 16,
  /** A store would be paid for burning energy: a linear program is only a bound. */
  burning: 32,
  /** A home would rather import at its own ceiling and sell on: the response is not convex. */
  notConvex: 64,
  /** A quantity or price of the community or a row was no number, or negative: taken as 0. */
  faulty: 128,
} as const;

/** Make of a book. */
export interface MarketBookOptions {
  /** Communities, all of one make. */
  readonly communities?: number;
  /** Homes of a community. */
  readonly homes: number;
  /** Home of each store of a community, from 0 and in ascending order. */
  readonly owners: readonly number[];
  /** Most steps of a value curve. */
  readonly steps?: number;
  /** Steps of the grid's ask above its first: peak and capacity charges. */
  readonly gridSteps?: number;
  /** Whether each home has tariffs of its own. */
  readonly ownTariffs?: boolean;
  /** Whether meters have limits of their own, such as a network's operating envelopes. */
  readonly meterLimits?: boolean;
  /** Whether homes pay more for what they take beyond a step; needs `ownTariffs`. */
  readonly homeSteps?: boolean;
}

/** What is known of the communities before a slot is cleared. `[communities]` each */
export interface CommunityColumns {
  /** C, import price and carbon price of imported energy. [currency/kWh] */
  readonly ceilingPerKwh: Float64Array;
  /** f, feed-in tariff. [currency/kWh] */
  readonly feedInPerKwh: Float64Array;
  /** φ, network fee of energy between homes, of each side. [currency/kWh] */
  readonly networkFeePerKwh: Float64Array;
  /** M, what the connection lets in; may be infinite. [kWh] */
  readonly importLimitKwh: Float64Array;
  /** X, what the connection lets out; may be infinite. [kWh] */
  readonly exportLimitKwh: Float64Array;
  /** ν, value of lost load. [currency/kWh] */
  readonly lostLoadPerKwh: Float64Array;
  /** γ, price below which sun is curtailed rather than given. [currency/kWh] */
  readonly curtailmentPerKwh: Float64Array;
  /** Highest price that anything can be bought at; infinite where the operator sets none. [currency/kWh] */
  readonly priceCapPerKwh: Float64Array;
  /** Import above which a step of the grid's ask begins, ascending. `[communities · gridSteps]` [kWh] */
  readonly gridStepFromKwh: Float64Array;
  /** What that import costs beyond C, ascending. `[communities · gridSteps]` [currency/kWh] */
  readonly gridStepPerKwh: Float64Array;
}

/** What is known of the homes before a slot is cleared. `[rows]` each */
export interface RowColumns {
  /** Metered load. [kWh] */
  readonly loadKwh: Float64Array;
  /** Metered sun that there is. [kWh] */
  readonly sunKwh: Float64Array;
  /** C of the home; read only in a book with `ownTariffs`. [currency/kWh] */
  readonly rowCeilingPerKwh: Float64Array;
  /** f of the home; read only in a book with `ownTariffs`. [currency/kWh] */
  readonly rowFeedInPerKwh: Float64Array;
  /** Least energy through the meter; −∞ for no limit. [kWh] */
  readonly meterLeastKwh: Float64Array;
  /** Most energy through the meter, at least the least; ∞ for no limit. [kWh] */
  readonly meterMostKwh: Float64Array;
  /** Energy through the meter above which the home pays more; read only with `homeSteps`. [kWh] */
  readonly rowStepFromKwh: Float64Array;
  /** What that energy costs beyond its price, a charge for a peak. [currency/kWh] */
  readonly rowStepPerKwh: Float64Array;
  /** Share of the community's surplus that `sharing-static` gives the home; at first equal. [1] */
  readonly sharingCoefficient: Float64Array;
}

/** What is known of the stores before a slot is cleared. `[stores]` each */
export interface StoreColumns {
  /** Energy at the end of the slot without any power. [kWh] */
  readonly energyKwh: Float64Array;
  /** Least charging, c0; where it is above 0 nothing can be discharged. [kWh] */
  readonly chargeLeastKwh: Float64Array;
  /** Most charging, c1. [kWh] */
  readonly chargeMostKwh: Float64Array;
  /** Most discharging, d1. [kWh] */
  readonly dischargeMostKwh: Float64Array;
  /** Energy stored per kWh charged, ηc·h/Δ. [1] */
  readonly storedPerKwh: Float64Array;
  /** Energy drawn per kWh discharged, h/(Δ·ηd). [1] */
  readonly drawnPerKwh: Float64Array;
  /** δ, wear per kWh discharged. [currency/kWh] */
  readonly wearPerKwh: Float64Array;
  /** What a stored kWh costs that is supplied from outside in place of charging. [currency/kWh] */
  readonly unmetPerKwh: Float64Array;
  /** Steps of the value curve; 0 where it is affine. */
  readonly stepCount: Int32Array;
  /** Affine: value of a stored kWh at `energyKwh`. [currency/kWh] */
  readonly valuePerKwh: Float64Array;
  /** Affine: how far the value falls with every stored kWh, ≥ 0. [currency/kWh²] */
  readonly fallPerKwh: Float64Array;
  /**
   * Stored energy at which a step begins, ascending; the first also holds below, the last without
   * end. `[stores · steps]` [kWh]
   */
  readonly stepFromKwh: Float64Array;
  /** Value of a stored kWh on the step. `[stores · steps]` [currency/kWh] */
  readonly stepValuePerKwh: Float64Array;
}

/** What a slot comes to. */
export interface OutcomeColumns {
  /** Reference price of energy between homes. `[communities]` [currency/kWh] */
  readonly pricePerKwh: Float64Array;
  /** Premium μ that the connection's limits put on its energy: > 0 on import. `[communities]` [currency/kWh] */
  readonly premiumPerKwh: Float64Array;
  /** φ', the fee that was charged. `[communities]` [currency/kWh] */
  readonly feePerKwh: Float64Array;
  /** Energy between homes. `[communities]` [kWh] */
  readonly volumeKwh: Float64Array;
  /** Energy in through the connection, net of what goes out. `[communities]` [kWh] */
  readonly importKwh: Float64Array;
  /** Energy out through the connection, net of what comes in. `[communities]` [kWh] */
  readonly exportKwh: Float64Array;
  /** See {@linkcode SLOT_FLAGS}. `[communities]` */
  readonly slotFlags: Int32Array;
  /** Load that is served. `[rows]` [kWh] */
  readonly servedKwh: Float64Array;
  /** Sun that is used. `[rows]` [kWh] */
  readonly usedSunKwh: Float64Array;
  /** q, energy through the meter. `[rows]` [kWh] */
  readonly meterKwh: Float64Array;
  /** Part of q that is bought from other homes, or sold to them. `[rows]` [kWh] */
  readonly tradedKwh: Float64Array;
  /** Part of q that is with the grid. `[rows]` [kWh] */
  readonly gridKwh: Float64Array;
  /** Paid to other homes; sums to 0. `[rows]` [currency] */
  readonly tradePayment: Float64Array;
  /** Paid to the network for traded energy, φ' a kWh. `[rows]` [currency] */
  readonly feePayment: Float64Array;
  /** Paid to the grid, carbon and steps of its ask included. `[rows]` [currency] */
  readonly gridPayment: Float64Array;
  /** Of it, what steps of the grid's ask and of the home's own cost. `[rows]` [currency] */
  readonly stepPayment: Float64Array;
  /** Net share in the connection's rent, received > 0; sums to 0. `[rows]` [currency] */
  readonly rent: Float64Array;
  /** Power of the store times the slot, charging > 0. `[stores]` [kWh] */
  readonly storeKwh: Float64Array;
  /** See {@linkcode STORE_FLAGS}. `[stores]` */
  readonly storeFlags: Int32Array;
}

/** A book: its make, its inputs and its outcome. */
export interface MarketBook extends CommunityColumns, RowColumns, StoreColumns, OutcomeColumns {
  /** Communities. */
  readonly communities: number;
  /** Homes of a community. */
  readonly homes: number;
  /** Stores of a community. */
  readonly stores: number;
  /** Most steps of a value curve. */
  readonly steps: number;
  /** Steps of the grid's ask above its first. */
  readonly gridSteps: number;
  /** Whether each home has tariffs of its own. */
  readonly ownTariffs: boolean;
  /** Whether meters have limits of their own. */
  readonly meterLimits: boolean;
  /** Whether homes pay more for what they take beyond a step. */
  readonly homeSteps: boolean;
  /** Row of each store. `[stores]` */
  readonly owner: Int32Array;
  /** First store of each row, and behind the last one its end. `[rows + 1]` */
  readonly firstStore: Int32Array;
}

/**
 * An empty book.
 *
 * Limits and caps are infinite at first, ν is 10, sharing coefficients are equal, a store passes on
 * every kWh; all else is 0.
 *
 * @throws {RangeError} If a count is not a whole number, a store has no home, owners descend, or homes
 * have steps without tariffs of their own.
 *
 * @example
 * ```ts
 * import { createMarketBook } from "./market_book.ts";
 * const book = createMarketBook({ communities: 2, homes: 3, owners: [0, 2, 2] });
 * if (book.owner[5] !== 5) throw new Error("the last store is of the last home of the second");
 * ```
 */
export function createMarketBook(options: MarketBookOptions): MarketBook {
  const { communities = 1, homes, owners, steps = MAX_STEPS, gridSteps = 0 } = options;
  const { ownTariffs = false, homeSteps = false, meterLimits = false } = options;
  const counts = { communities: [communities, 1], homes: [homes, 1], gridSteps: [gridSteps, 0] };
  for (const [name, [count, least]] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < least) {
      throw new RangeError(`${name} must be a whole number of at least ${least}, got ${count}`);
    }
  }
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) {
    throw new RangeError(`steps must be a whole number from 1 to ${MAX_STEPS}, got ${steps}`);
  }
  owners.forEach((home, s) => {
    if (!Number.isInteger(home) || home < 0 || home >= homes) {
      throw new RangeError(`owners[${s}] must be a home from 0 to ${homes - 1}, got ${home}`);
    }
    if (s > 0 && home < owners[s - 1]) {
      throw new RangeError(`owners must ascend, got ${home} after ${owners[s - 1]} (owners[${s}])`);
    }
  });
  if (homeSteps && !ownTariffs) throw new RangeError("homeSteps needs ownTariffs, got neither");
  const stores = owners.length;
  const byCommunity = (value = 0) => new Float64Array(communities).fill(value);
  const byRow = (value = 0) => new Float64Array(communities * homes).fill(value);
  const byStore = (value = 0) => new Float64Array(communities * stores).fill(value);
  const owner = Int32Array.from(
    { length: communities * stores },
    (_, s) => Math.floor(s / stores) * homes + owners[s % stores],
  );
  return {
    communities,
    homes,
    stores,
    steps,
    gridSteps,
    ownTariffs,
    meterLimits,
    homeSteps,
    owner,
    firstStore: firstStores(owner, communities * homes),
    ceilingPerKwh: byCommunity(),
    feedInPerKwh: byCommunity(),
    networkFeePerKwh: byCommunity(),
    importLimitKwh: byCommunity(Infinity),
    exportLimitKwh: byCommunity(Infinity),
    lostLoadPerKwh: byCommunity(10),
    curtailmentPerKwh: byCommunity(),
    priceCapPerKwh: byCommunity(Infinity),
    gridStepFromKwh: new Float64Array(communities * gridSteps).fill(Infinity),
    gridStepPerKwh: new Float64Array(communities * gridSteps),
    loadKwh: byRow(),
    sunKwh: byRow(),
    rowCeilingPerKwh: byRow(),
    rowFeedInPerKwh: byRow(),
    meterLeastKwh: byRow(-Infinity),
    meterMostKwh: byRow(Infinity),
    rowStepFromKwh: byRow(Infinity),
    rowStepPerKwh: byRow(),
    sharingCoefficient: byRow(1 / homes),
    energyKwh: byStore(),
    chargeLeastKwh: byStore(),
    chargeMostKwh: byStore(),
    dischargeMostKwh: byStore(),
    storedPerKwh: byStore(1),
    drawnPerKwh: byStore(1),
    wearPerKwh: byStore(),
    unmetPerKwh: byStore(),
    stepCount: new Int32Array(communities * stores),
    valuePerKwh: byStore(),
    fallPerKwh: byStore(),
    stepFromKwh: new Float64Array(communities * stores * steps),
    stepValuePerKwh: new Float64Array(communities * stores * steps),
    pricePerKwh: byCommunity(),
    premiumPerKwh: byCommunity(),
    feePerKwh: byCommunity(),
    volumeKwh: byCommunity(),
    importKwh: byCommunity(),
    exportKwh: byCommunity(),
    slotFlags: new Int32Array(communities),
    servedKwh: byRow(),
    usedSunKwh: byRow(),
    meterKwh: byRow(),
    tradedKwh: byRow(),
    gridKwh: byRow(),
    tradePayment: byRow(),
    feePayment: byRow(),
    gridPayment: byRow(),
    stepPayment: byRow(),
    rent: byRow(),
    storeKwh: byStore(),
    storeFlags: new Int32Array(communities * stores),
  };
}

function firstStores(owner: Int32Array, rows: number): Int32Array {
  const first = new Int32Array(rows + 1);
  for (const row of owner) first[row + 1]++;
  for (let row = 0; row < rows; row++) first[row + 1] += first[row];
  return first;
}
