/**
 * Imports a CityLearn data set: `schema.json` and the CSV files that it names.
 *
 * - Load is `non_shiftable_load` [kWh per step] over the length of a step. Thermal demands need a
 *   model of the devices that serve them, so data sets in which they are not zero are refused, and so
 *   are appliances.
 * - Vehicles at chargers become cars; limits of connections and outages are kept.
 * - PV is `solar_generation` [W per kW installed] times the nominal power, or, where the schema says
 *   that it is absolute, that many kWh per step.
 * - Prices and carbon intensity must be the same for all buildings, as there is one grid.
 * - There is no feed-in tariff in CityLearn: the caller states one.
 *
 * @module
 */

import { parseTimestamp, type TimeGrid, timestamp } from "../units.ts";
import { shown } from "../text/shown.ts";
import { firstRowMs } from "./citylearn_calendar.ts";
import { serviceNetwork } from "./citylearn_service.ts";
import { carsOf } from "./citylearn_vehicles.ts";
import { type CityLearnSchema, parseCityLearnSchema, SCHEMA_FILE } from "./citylearn_schema.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { countStandbyAsLoad } from "./standby.ts";
import { cellPlace, numberColumn, type Table } from "./columns.ts";
import { requireCells } from "./table_size.ts";

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
  const first = await read(buildings[0].simulationFile);
  const rows = rowsOf(schema, first);
  const slots = rows.end - rows.first;
  requireCells(SCHEMA_FILE, slots, 2 * buildings.length);

  const loadKw = new Float64Array(buildings.length * slots);
  const pvKw = new Float64Array(buildings.length * slots);
  // One after the other: together they may be more than fits into memory.
  for (const [i, { prosumer, simulationFile, isPvAbsolute }] of buildings.entries()) {
    const simulation = i === 0 ? first : await read(simulationFile);
    refuseThermalDemand(simulation);
    const energyKwh = numbersIn(simulation, "non_shiftable_load", rows);
    const sun = numbersIn(simulation, "solar_generation", rows);
    loadKw.set(energyKwh.map((energy) => energy / dtHours), i * slots);
    const powerKw = isPvAbsolute
      ? sun.map((energy) => energy / dtHours)
      : sun.map((watts) => prosumer.pvCapacityKw * watts / 1000);
    pvKw.set(powerKw, i * slots);
  }
  const standby = countStandbyAsLoad(buildings.map(({ prosumer }) => prosumer), loadKw, pvKw);
  const notes = [...schema.notes, ...unusedColumns(first), ...standby];
  const shared = (names: readonly string[], column: string) =>
    theSameInAll([...new Set(names)], read, column, rows);
  const prices = await shared(
    buildings.map(({ pricingFile }) => pricingFile),
    "electricity_pricing",
  );
  const carbon = await shared(buildings.map(({ carbonFile }) => carbonFile), "carbon_intensity");

  const grid = gridOf(first, rows, dtHours, options.start);
  const prosumers = await Promise.all(buildings.map(async ({ prosumer, chargers }) => {
    const { cars, notes: said } = await carsOf(chargers, schema.vehicles, read, grid, rows.first);
    notes.push(...said.filter((note) => !notes.includes(note)));
    return cars.length === 0 ? prosumer : { ...prosumer, devices: cars };
  }));
  const limits = buildings.map(({ service }) => service);
  const alone = limits.length === 1 ? limits[0] : { importKw: Infinity, exportKw: Infinity };
  const network = limits.length === 1 ? null : serviceNetwork(limits, SCHEMA_FILE);
  const outages = await outagesIn(buildings, read, rows);
  const connection = (limitKw: number) => outages.map((isOut) => isOut ? 0 : limitKw);
  const dataset = {
    community: {
      name: options.name,
      currency: options.currency ?? "USD",
      prosumers,
    },
    ...(network !== null && { network }),
    profiles: {
      grid,
      loadKw,
      pvKw,
      importPricePerKwh: prices,
      feedInTariffPerKwh: new Float64Array(slots).fill(options.feedInTariffPerKwh),
      carbonKgPerKwh: carbon,
      gridImportLimitKw: connection(alone.importKw),
      gridExportLimitKw: connection(alone.exportKw),
    },
    ...(notes.length > 0 ? { notes } : {}),
  };
  validateDataset(
    dataset,
    (column, slot, prosumer) => {
      const { simulationFile, carbonFile, pricingFile } =
        buildings.find((building) => building.prosumer.id === prosumer?.id) ?? buildings[0];
      const shared = column === "carbonKgPerKwh" ? carbonFile : pricingFile;
      const file = prosumer === undefined ? shared : simulationFile;
      return `${prosumer === undefined ? "" : `${prosumer.id}, `}row ${rows.first + slot + 2} of ` +
        `${file}, ${timestamp(grid, slot)}`;
    },
  );
  return dataset;
}

const USED_COLUMNS: readonly string[] = [
  ...["month", "hour", "day_type", "non_shiftable_load", "solar_generation", "power_outage"],
  ...THERMAL_DEMANDS,
];

/** Columns of a building's file that nothing is made of. */
function unusedColumns({ file, columns }: Table): string[] {
  const unused = [...columns.keys()].filter((name) => !USED_COLUMNS.includes(name));
  return unused.length === 0
    ? []
    : [`columns of ${file} that are not used: ${shown(unused.join(", "), 1000)}`];
}

/** When the grid is out: 1 in those slots, alike for all buildings. */
async function outagesIn(
  buildings: CityLearnSchema["buildings"],
  read: (file: string) => Promise<Table>,
  rows: Rows,
): Promise<Float64Array> {
  const signals = await Promise.all(buildings.map(async ({ hasOutages, simulationFile }) => {
    if (!hasOutages) return new Float64Array(rows.end - rows.first);
    return numbersIn(await read(simulationFile), "power_outage", rows).map((value) =>
      value > 0 ? 1 : 0
    );
  }));
  signals.forEach((signal, k) => {
    const row = signal.findIndex((value, slot) => value !== signals[0][slot]);
    if (row < 0) return;
    throw new RangeError(
      `${buildings[k].simulationFile} row ${
        rows.first + row + 2
      }, column power_outage: differs from ` +
        `${
          buildings[0].simulationFile
        }; there is one grid, so outages must be those of all buildings`,
    );
  });
  return signals[0];
}

function rowsOf({ firstRow, lastRow }: CityLearnSchema, simulation: Table): Rows {
  const length = numberColumn(simulation, "non_shiftable_load").length;
  const rows = { first: firstRow, end: (lastRow ?? length - 1) + 1 };
  if (rows.end > rows.first && rows.end <= length) return rows;
  if (rows.end > length) throw tooFewRows(simulation, rows.end, length);
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
  throw tooFewRows(table, end, all.length);
}

function tooFewRows({ file }: Table, needed: number, length: number): RangeError {
  return new RangeError(
    `${file}: ${needed} rows are needed, got ${length}; complete the file or lower ` +
      `simulation_end_time_step in ${SCHEMA_FILE}`,
  );
}

async function theSameInAll(
  files: readonly string[],
  read: (file: string) => Promise<Table>,
  name: string,
  rows: Rows,
): Promise<Float64Array> {
  const first = numbersIn(await read(files[0]), name, rows);
  for (const file of files.slice(1)) {
    const values = numbersIn(await read(file), name, rows);
    if (values.every((value, row) => value === first[row])) continue;
    throw new RangeError(
      `${file}: ${name} differs from ${files[0]}; there is one grid, so all buildings must have ` +
        "the same",
    );
  }
  return first;
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
