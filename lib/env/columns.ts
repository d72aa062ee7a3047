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

const column = <S extends Scope>(scope: S, unit: string, meaning: string) => ({
  scope,
  unit,
  meaning,
});

/** What goes on from slot to slot. */
export const stateColumns = {
  firstSlot: {
    ...column("community", "", "first slot of the episode in the data set"),
    type: "int32",
  },
  lastPricePerKwh: column("community", "currency/kWh", "last clearing price, NaN before the first"),
  lastNetKw: column("community", "kW", "net import of the slot before, 0 before the first"),
  peakKw: column("community", "kW", "highest net import of the episode so far"),
  energyKwh: column("store", "kWh", "stored energy"),
  initialEnergyKwh: column("store", "kWh", "stored energy at the start of the episode"),
  capacityKwh: column("store", "kWh", "capacity after fading"),
  chargeLimitKw: column("store", "kW", "largest charging power of the coming slot"),
  dischargeLimitKw: column("store", "kW", "largest discharging power of the coming slot"),
  requiredChargeKw: column("store", "kW", "what the coming slot must charge so that nothing lacks"),
} as const satisfies Record<string, Column>;

/** What the books say of a slot. Taking energy is positive. */
export const ledgerColumns = {
  slot: { ...column("community", "", "the slot in the data set"), type: "int32" },
  clearingPricePerKwh: column("community", "currency/kWh", "price of the market, NaN for none"),
  volumeKwh: column("community", "kWh", "energy that changed hands between homes"),
  loadKw: column("home", "kW", "demand, served or not"),
  pvKw: column("home", "kW", "available sun, used or not"),
  storesKw: column("home", "kW", "power of all stores together, charging > 0"),
  unservedKw: column("home", "kW", "demand that is not served"),
  curtailedKw: column("home", "kW", "sun that is not used"),
  netKwh: column("home", "kWh", "energy through the meter, taken > 0"),
  tradedKwh: column("home", "kWh", "energy from other homes, to them < 0"),
  gridKwh: column("home", "kWh", "energy from the grid, to it < 0"),
  orderKwh: column("home", "kWh", "limit order, buying > 0; only where orders are inelastic"),
  orderPricePerKwh: column("home", "currency/kWh", "its limit price, NaN for none"),
  bill: column("home", "currency", "what is paid for energy and network, credits < 0"),
  rent: column("home", "currency", "share in the rent of a connection at its limit, in the bill"),
  emissionsKg: column("home", "kg", "CO2 of the home's own imports (contractual)"),
  cost: column("home", "currency", "everything the home is charged; the reward is its negative"),
  powerKw: column("store", "kW", "power of the store, charging > 0"),
  endEnergyKwh: column("store", "kWh", "stored energy at the end of the slot"),
  unmetKwh: column("store", "kWh", "energy supplied from outside because it lacked"),
  interventionKwh: column("store", "kWh", "distance of the dispatch from a request for power"),
  reasons: { ...column("store", "", "why a request was changed, bits"), type: "uint8" },
} as const satisfies Record<string, Column>;

/** The array that keeps a column. */
type ColumnArray<C> = C extends { readonly type: "int32" } ? Int32Array
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
