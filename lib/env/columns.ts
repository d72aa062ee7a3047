/**
 * Every column of the environment, once: what a community, a home and a store have as state between
 * slots, and what the books say of a slot. Types, memory, copies, the header of CSV files and the
 * tables in the documentation follow from here; a new column is one line.
 *
 * Row `c × homes + i` is home i of community c, row `c × stores + s` is store s of community c.
 *
 * @module
 */

/** To what a value belongs. */
export type Scope = "community" | "home" | "store";

/** One column. */
export interface Column {
  /** To what each value belongs. */
  readonly scope: Scope;
  /** Unit of the values, `""` for none. */
  readonly unit: string;
  /** What a value says. */
  readonly meaning: string;
  /** How values are kept; 64-bit floats if absent. */
  readonly type?: "int32" | "uint8";
}

/** What goes on from slot to slot. */
export const stateColumns = {
  firstSlot: {
    scope: "community",
    unit: "",
    meaning: "first slot of the episode in the data set",
    type: "int32",
  },
  lastPricePerKwh: {
    scope: "community",
    unit: "currency/kWh",
    meaning: "last clearing price, NaN before the first",
  },
  lastNetKw: {
    scope: "community",
    unit: "kW",
    meaning: "net import of the slot before, 0 before the first",
  },
  peakKw: {
    scope: "community",
    unit: "kW",
    meaning:
      "highest net import of the episode so far, of the month where it is charged by the month",
  },
  homePeakKw: {
    scope: "home",
    unit: "kW",
    meaning:
      "highest import through the meter in the month so far, where homes are charged by the month",
  },
  energyKwh: { scope: "store", unit: "kWh", meaning: "stored energy" },
  initialEnergyKwh: {
    scope: "store",
    unit: "kWh",
    meaning: "stored energy at the start of the episode",
  },
  capacityKwh: { scope: "store", unit: "kWh", meaning: "capacity after fading" },
  chargeLimitKw: {
    scope: "store",
    unit: "kW",
    meaning: "largest charging power of the coming slot",
  },
  dischargeLimitKw: {
    scope: "store",
    unit: "kW",
    meaning: "largest discharging power of the coming slot",
  },
  requiredChargeKw: {
    scope: "store",
    unit: "kW",
    meaning: "what the coming slot must charge so that nothing lacks",
  },
} as const;

/** What the books say of a slot. Taking energy is positive. */
export const ledgerColumns = {
  slot: { scope: "community", unit: "", meaning: "the slot in the data set", type: "int32" },
  clearingPricePerKwh: {
    scope: "community",
    unit: "currency/kWh",
    meaning: "price of the market, NaN for none",
  },
  volumeKwh: {
    scope: "community",
    unit: "kWh",
    meaning: "energy that changed hands between homes",
  },
  lowestVoltagePu: {
    scope: "community",
    unit: "pu",
    meaning: "lowest voltage on the feeder; 0 without a network",
  },
  highestVoltagePu: {
    scope: "community",
    unit: "pu",
    meaning: "highest voltage on the feeder; 0 without a network",
  },
  lineLoading: {
    scope: "community",
    unit: "",
    meaning: "highest current in a line as a share of its rating; 0 without a network",
  },
  transformerLoading: {
    scope: "community",
    unit: "",
    meaning: "current in the transformer as a share of its rating; 0 without a network",
  },
  loadKw: { scope: "home", unit: "kW", meaning: "demand, served or not" },
  pvKw: { scope: "home", unit: "kW", meaning: "available sun, used or not" },
  storesKw: { scope: "home", unit: "kW", meaning: "power of all stores together, charging > 0" },
  unservedKw: { scope: "home", unit: "kW", meaning: "demand that is not served" },
  curtailedKw: { scope: "home", unit: "kW", meaning: "sun that is not used" },
  netKwh: { scope: "home", unit: "kWh", meaning: "energy through the meter, taken > 0" },
  tradedKwh: { scope: "home", unit: "kWh", meaning: "energy from other homes, to them < 0" },
  gridKwh: { scope: "home", unit: "kWh", meaning: "energy from the grid, to it < 0" },
  orderKwh: {
    scope: "home",
    unit: "kWh",
    meaning: "limit order, buying > 0; only where orders are inelastic",
  },
  orderPricePerKwh: {
    scope: "home",
    unit: "currency/kWh",
    meaning: "its limit price, NaN for none",
  },
  bill: {
    scope: "home",
    unit: "currency",
    meaning: "what is paid for energy and network, credits < 0",
  },
  charges: {
    scope: "home",
    unit: "currency",
    meaning: "what is charged for peaks and by the month, in the bill",
  },
  rent: {
    scope: "home",
    unit: "currency",
    meaning: "share in the rent of a connection at its limit, in the bill",
  },
  feeRefund: {
    scope: "home",
    unit: "currency",
    meaning: "network fee given back for trades nearby; after the bill, and not in the cost",
  },
  emissionsKg: {
    scope: "home",
    unit: "kg",
    meaning: "CO2 of the home's own imports (contractual)",
  },
  cost: {
    scope: "home",
    unit: "currency",
    meaning: "everything the home is charged; the reward is its negative",
  },
  powerKw: { scope: "store", unit: "kW", meaning: "power of the store, charging > 0" },
  endEnergyKwh: { scope: "store", unit: "kWh", meaning: "stored energy at the end of the slot" },
  unmetKwh: {
    scope: "store",
    unit: "kWh",
    meaning: "energy supplied from outside because it lacked",
  },
  interventionKwh: {
    scope: "store",
    unit: "kWh",
    meaning: "distance of the dispatch from a request for power",
  },
  reasons: { scope: "store", unit: "", meaning: "why a request was changed, bits", type: "uint8" },
} as const;

/** The array that keeps a column. */
export type ColumnArray<C> = C extends { readonly type: "int32" } ? Int32Array
  : C extends { readonly type: "uint8" } ? Uint8Array
  : Float64Array;

/** Arrays for a table of columns. */
export type Columns<Table extends Readonly<Record<string, Column>>> = {
  readonly [Name in keyof Table]: ColumnArray<Table[Name]>;
};

/** What happened in the latest slot; see {@linkcode ledgerColumns}. */
export type Ledger = Columns<typeof ledgerColumns>;

/** What goes on from slot to slot; see {@linkcode stateColumns}. */
export type MarketState = Columns<typeof stateColumns> & {
  /** Seed of the episode's forecasts. */
  seed: number;
  /** Slots done in the episode. */
  step: number;
};

/** How many there are of each. */
export type Sizes = Readonly<Record<Scope, number>>;

/** Arrays of zeros for a table of columns. */
export function allocate<Table extends Readonly<Record<string, Column>>>(
  table: Table,
  sizes: Sizes,
): Columns<Table> {
  const arrays = Object.entries(table).map(([name, { scope, type }]) => {
    const length = sizes[scope];
    if (type === "int32") return [name, new Int32Array(length)];
    return [name, type === "uint8" ? new Uint8Array(length) : new Float64Array(length)];
  });
  return Object.fromEntries(arrays);
}

/** State with room for communities; {@link ./state.ts} fills it. */
export function allocateState(sizes: Sizes): MarketState {
  return { ...allocate(stateColumns, sizes), seed: 0, step: 0 };
}

/** Copies a state of the same size. */
export function copyState(from: MarketState, to: MarketState): void {
  to.seed = from.seed;
  to.step = from.step;
  for (const name of Object.keys(stateColumns) as (keyof typeof stateColumns)[]) {
    to[name].set(from[name]);
  }
}

/** Names of a table's columns with a scope, in order. */
export function columnsOf<Table extends Readonly<Record<string, Column>>>(
  table: Table,
  scope: Scope,
): (keyof Table & string)[] {
  return Object.keys(table).filter((name) => table[name].scope === scope);
}
