/**
 * Imports a CityLearn data set: `schema.json` and the CSV files that it names.
 *
 * - Load is `non_shiftable_load` [kWh per step] over the length of a step. Thermal demands need a
 *   model of the devices that serve them, so data sets in which they are not zero are refused, and so
 *   are vehicles and other appliances.
 * - PV is `solar_generation` [W per kW installed] times the nominal power.
 * - Prices and carbon intensity must be the same for all buildings, as there is one grid.
 * - There is no feed-in tariff in CityLearn: the caller states one.
 *
 * @module
 */

import { parseTimestamp, type TimeGrid, timestamp } from "../units.ts";
import { firstRowMs } from "./citylearn_calendar.ts";
import { type CityLearnSchema, parseCityLearnSchema, SCHEMA_FILE } from "./citylearn_schema.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { cellPlace, numberColumn, type Table } from "./table.ts";

/** Where the files come from; both are asked for names that the schema gives. */
export interface CityLearnFiles {
  /** Text of a file. */
  text(file: string): Promise<string>;
  /** Cells of a CSV file. */
  table(file: string): Promise<Table>;
}

/** What CityLearn does not say. */
export interface CityLearnOptions {
  /** Price paid for exported energy, constant. [currency/kWh] */
  readonly feedInTariffPerKwh: number;
  /** Title of the community. */
  readonly name: string;
  /** ISO 4217 code of the prices; `USD` if absent, as CityLearn's prices are in $/kWh. */
  readonly currency?: string;
  /** Start of the files' first row; inferred from their calendar, at UTC, if absent. */
  readonly start?: string;
}

/** Rows of the files that are simulated, `end` excluded. */
interface Rows {
  readonly first: number;
  readonly end: number;
}

const THERMAL_DEMANDS = ["cooling_demand", "heating_demand", "dhw_demand"] as const;

/**
 * Converts a CityLearn data set.
 *
 * @throws {RangeError} Naming the file and the field that cannot be converted.
 */
export async function importCityLearn(
  files: CityLearnFiles,
  options: CityLearnOptions,
): Promise<Dataset> {
  const schema = parseCityLearnSchema(await files.text(SCHEMA_FILE));
  const { dtHours, buildings } = schema;
  const read = async (file: string) => withoutUnits(await files.table(file));
  const simulations = await Promise.all(buildings.map((building) => read(building.simulationFile)));
  const rows = rowsOf(schema, simulations[0]);
  const slots = rows.end - rows.first;

  const loadKw = new Float64Array(buildings.length * slots);
  const pvKw = new Float64Array(buildings.length * slots);
  buildings.forEach(({ prosumer }, i) => {
    refuseThermalDemand(simulations[i]);
    const energyKwh = numbersIn(simulations[i], "non_shiftable_load", rows);
    const wattsPerKw = numbersIn(simulations[i], "solar_generation", rows);
    loadKw.set(energyKwh.map((energy) => energy / dtHours), i * slots);
    pvKw.set(wattsPerKw.map((watts) => prosumer.pvCapacityKw * watts / 1000), i * slots);
  });
  const shared = async (names: readonly string[], column: string) => {
    const tables = await Promise.all([...new Set(names)].map(read));
    return theSameInAll(tables, column, rows);
  };
  const prices = await shared(
    buildings.map(({ pricingFile }) => pricingFile),
    "electricity_pricing",
  );
  const carbon = await shared(buildings.map(({ carbonFile }) => carbonFile), "carbon_intensity");

  const grid = gridOf(simulations[0], rows, dtHours, options.start);
  const dataset = {
    community: {
      name: options.name,
      currency: options.currency ?? "USD",
      prosumers: buildings.map(({ prosumer }) => prosumer),
    },
    profiles: {
      grid,
      loadKw,
      pvKw,
      importPricePerKwh: prices,
      feedInTariffPerKwh: new Float64Array(slots).fill(options.feedInTariffPerKwh),
      carbonKgPerKwh: carbon,
      gridImportLimitKw: new Float64Array(slots).fill(Infinity),
      gridExportLimitKw: new Float64Array(slots).fill(Infinity),
    },
  };
  validateDataset(
    dataset,
    (_column, slot, prosumer) =>
      `${prosumer === undefined ? "" : `${prosumer.id}, `}row ${rows.first + slot + 2} of the ` +
      `file, ${timestamp(grid, slot)}`,
  );
  return dataset;
}

function rowsOf({ firstRow, lastRow }: CityLearnSchema, simulation: Table): Rows {
  const length = numberColumn(simulation, "non_shiftable_load").length;
  const rows = { first: firstRow, end: (lastRow ?? length - 1) + 1 };
  if (rows.end > rows.first) return rows;
  throw new RangeError(
    `${SCHEMA_FILE}: simulation_start_time_step must be before the end, got ${firstRow} to ` +
      `${rows.end - 1}`,
  );
}

function gridOf(
  simulation: Table,
  { first, end }: Rows,
  dtHours: number,
  start: string | undefined,
): TimeGrid {
  const { epochMs, utcOffsetMinutes } = start === undefined
    ? { epochMs: firstRowMs(simulation, dtHours), utcOffsetMinutes: 0 }
    : parseTimestamp(start);
  const startMs = epochMs + first * dtHours * 3_600_000;
  return { startMs, utcOffsetMinutes, dtHours, slots: end - first };
}

/** Newer files write `solar_generation [W/kW]`. */
function withoutUnits(table: Table): Table {
  const plain = [...table.columns].map(([name, cells]) =>
    [name.replace(/ \[.*\]$/, ""), cells] as const
  );
  return { ...table, columns: new Map(plain) };
}

function numbersIn(table: Table, name: string, { first, end }: Rows): Float64Array {
  const all = numberColumn(table, name);
  if (all.length >= end) return all.subarray(first, end);
  throw new RangeError(
    `${table.file}: ${end} rows are needed, got ${all.length}; complete the file or lower ` +
      `simulation_end_time_step in ${SCHEMA_FILE}`,
  );
}

function theSameInAll(tables: readonly Table[], name: string, rows: Rows): Float64Array {
  const [first, ...others] = tables.map((table) => numbersIn(table, name, rows));
  const other = others.findIndex((values) => values.some((value, row) => value !== first[row]));
  if (other < 0) return first;
  throw new RangeError(
    `${tables[other + 1].file}: ${name} differs from ${
      tables[0].file
    }; there is one grid, so all ` +
      "buildings must have the same",
  );
}

function refuseThermalDemand(table: Table): void {
  for (const name of THERMAL_DEMANDS) {
    if (!table.columns.has(name)) continue;
    const row = numberColumn(table, name).findIndex((demand) => demand !== 0);
    if (row < 0) continue;
    throw new RangeError(
      `${
        cellPlace(table, name, row)
      }: only data sets without thermal demand can be imported; add ` +
        "its electricity to non_shiftable_load and set it to 0",
    );
  }
}
