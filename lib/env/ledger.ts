/**
 * The books of a slot: everything that happened, to the kWh and the cent.
 *
 * @module
 */

/** What happened in the latest slot; `[communities × prosumers]` where not said otherwise. */
export interface Ledger {
  /** The slot in the data set, per community. `[communities]` */
  readonly slot: Int32Array;
  /** Clearing price; NaN where nothing was traded. `[communities]` [currency/kWh] */
  readonly clearingPricePerKwh: Float64Array;
  /** Traded volume. `[communities]` [kWh] */
  readonly volumeKwh: Float64Array;
  /** Demand, served or not. [kW] */
  readonly loadKw: Float64Array;
  /** Available PV, used or not. [kW] */
  readonly pvKw: Float64Array;
  /** Battery power, charging > 0. [kW] */
  readonly batteryKw: Float64Array;
  /** Unused PV. [kW] */
  readonly curtailedKw: Float64Array;
  /** Unserved load. [kW] */
  readonly unservedKw: Float64Array;
  /** Stored energy at the end of the slot. [kWh] */
  readonly energyKwh: Float64Array;
  /** Net position; > 0 wants energy. [kWh] */
  readonly netKwh: Float64Array;
  /** Order; buys > 0. [kWh] */
  readonly orderKwh: Float64Array;
  /** Limit price of the order. [currency/kWh] */
  readonly orderPricePerKwh: Float64Array;
  /** Energy traded in the market; bought > 0. [kWh] */
  readonly tradedKwh: Float64Array;
  /** Energy from the grid; to the grid < 0. [kWh] */
  readonly gridKwh: Float64Array;
  /** Bill, without CO2, wear and the rest; a credit is negative. [currency] */
  readonly bill: Float64Array;
  /** CO2 of the prosumer's own imports (contractual). [kg] */
  readonly emissionsKg: Float64Array;
  /** Everything that the prosumer is charged for the slot; the reward is its negative. [currency] */
  readonly cost: Float64Array;
  /** Distance of the battery energy from the request. [kWh] */
  readonly interventionKwh: Float64Array;
  /** Why the request was changed: `Reason` bits. */
  readonly reasons: Uint8Array;
}

/**
 * Empty books.
 *
 * @param columns Arrays to be used for some of the columns, if they are to lie elsewhere.
 */
export function createLedger(
  communities: number,
  prosumers: number,
  columns?: Partial<Ledger>,
): Ledger {
  const perRow = () => new Float64Array(communities * prosumers);
  return {
    slot: new Int32Array(communities),
    clearingPricePerKwh: new Float64Array(communities).fill(NaN),
    volumeKwh: new Float64Array(communities),
    loadKw: perRow(),
    pvKw: perRow(),
    batteryKw: perRow(),
    curtailedKw: perRow(),
    unservedKw: perRow(),
    energyKwh: perRow(),
    netKwh: perRow(),
    orderKwh: perRow(),
    orderPricePerKwh: perRow(),
    tradedKwh: perRow(),
    gridKwh: perRow(),
    bill: perRow(),
    emissionsKg: perRow(),
    cost: perRow(),
    interventionKwh: perRow(),
    reasons: new Uint8Array(communities * prosumers),
    ...columns,
  };
}
