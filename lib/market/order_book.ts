/**
 * A book of plain limit orders in flat arrays.
 *
 * @module
 */

/**
 * A book in flat arrays, to be filled and cleared again and again without allocation: write the
 * counts, prices and quantities, clear it by `clearBook`, read the rest.
 */
export interface OrderBook {
  /** Number of bids. */
  bidCount: number;
  /** Highest price of each bid. [currency/kWh] */
  readonly bidPricePerKwh: Float64Array;
  /** Wanted by each bid, ≥ 0. [kWh] */
  readonly bidQuantityKwh: Float64Array;
  /** Output: bought by each bid. [kWh] */
  readonly bidFillKwh: Float64Array;
  /** Number of asks. */
  askCount: number;
  /** Lowest price of each ask. [currency/kWh] */
  readonly askPricePerKwh: Float64Array;
  /** Offered by each ask, ≥ 0. [kWh] */
  readonly askQuantityKwh: Float64Array;
  /** Output: sold by each ask. [kWh] */
  readonly askFillKwh: Float64Array;
  /** Output: the clearing price; NaN without trade. [currency/kWh] */
  clearingPrice: number;
  /** Output: traded energy. [kWh] */
  volumeKwh: number;
  /** Output: lowest clearing price; NaN without trade. [currency/kWh] */
  intervalLow: number;
  /** Output: highest clearing price; NaN without trade. [currency/kWh] */
  intervalHigh: number;
}

/** An empty book with room for `capacity` bids and as many asks. */
export function createOrderBook(capacity: number): OrderBook {
  const column = () => new Float64Array(capacity);
  return {
    bidCount: 0,
    bidPricePerKwh: column(),
    bidQuantityKwh: column(),
    bidFillKwh: column(),
    askCount: 0,
    askPricePerKwh: column(),
    askQuantityKwh: column(),
    askFillKwh: column(),
    clearingPrice: NaN,
    volumeKwh: 0,
    intervalLow: NaN,
    intervalHigh: NaN,
  };
}
