/**
 * Chargers and electric vehicles of CityLearn 3 as cars.
 *
 * A charger's file says row by row whether a vehicle is plugged in (state 1), which one, and the state of
 * charge that it needs at its departure; and before an arrival, with which one it comes. Each vehicle at
 * each charger becomes a car, each time that it is plugged in a session, and
 *
 *     trip = (required at the departure − state at the next arrival) · capacity, at least 0.
 *
 * CityLearn sets the state of charge at every arrival, whatever the vehicle left with; here the trip takes
 * what lies between, so that energy is accounted for. Efficiency is that of the charger times √ of the
 * battery's; what is not stated is ideal, as elsewhere.
 *
 * Source: CityLearn 3.0.2, `electric_vehicle_charger.py`, `data.py` and `internal/loading.py`.
 *
 * @module
 */

import { z } from "zod";
import { shown } from "../text/shown.ts";
import type { TimeGrid } from "../units.ts";
import { cellPlace, column, numberColumn, type Table } from "./columns.ts";
import type { Car, CarSession } from "./devices/car.ts";

const MS_PER_HOUR = 3_600_000;
const CONNECTED = 1, INCOMING = 2;
/** What lacks at a departure is charged elsewhere; CityLearn has a penalty of the reward instead. */
const UNMET_PRICE_PER_KWH = 0.65;

/** A charger of a schema. */
export const chargerSchema = z.looseObject({
  type: z.string().optional(),
  autosize: z.literal(false).default(false),
  charger_simulation: z.string().max(200).regex(
    /^(?!.*\.\.)[\w-][\w. /-]*$/,
    "must be a file beside schema.json",
  ),
  attributes: z.looseObject({
    efficiency: z.number().positive().max(1).default(1),
    max_charging_power: z.number().min(0),
    min_charging_power: z.number().min(0).default(0),
    max_discharging_power: z.number().min(0).default(0),
  }),
});

/** A vehicle of a schema. */
export const vehicleSchema = z.looseObject({
  include: z.boolean().default(true),
  type: z.string().optional(),
  battery: z.looseObject({
    type: z.string().optional(),
    autosize: z.literal(false).default(false),
    attributes: z.looseObject({
      capacity: z.number().positive(),
      nominal_power: z.number().positive().optional(),
      efficiency: z.number().positive().max(1).default(1),
    }),
  }),
});

/** Columns of a charger's file that cars are made of, or that say the same again. */
const COLUMNS = [
  "electric_vehicle_charger_state",
  "electric_vehicle_id",
  "electric_vehicle_session_id",
  "electric_vehicle_required_soc_departure",
  "electric_vehicle_estimated_soc_arrival",
  "electric_vehicle_departure_time",
  "electric_vehicle_estimated_arrival_time",
];

/** Chargers by name. */
export type Chargers = Readonly<Record<string, z.infer<typeof chargerSchema>>>;
/** Vehicles by name. */
export type Vehicles = Readonly<Record<string, z.infer<typeof vehicleSchema>>>;

/**
 * The cars of a building.
 *
 * @param grid Slots of the data set; `firstRow` is the row of the first.
 * @throws {RangeError} Naming file, row, column and value.
 */
export async function carsOf(
  chargers: Chargers,
  vehicles: Vehicles,
  read: (file: string) => Promise<Table>,
  grid: TimeGrid,
  firstRow: number,
): Promise<{ cars: Car[]; notes: string[] }> {
  const cars: Car[] = [], notes = new Set<string>();
  for (const [name, charger] of Object.entries(chargers)) {
    const table = await read(charger.charger_simulation);
    const unused = [...table.columns.keys()].filter((name) => !COLUMNS.includes(name));
    if (unused.length > 0) {
      notes.add(`columns of ${table.file} that are not used: ${shown(unused.join(", "), 400)}`);
    }
    const stays = staysIn(table, grid, firstRow);
    const ids = [...new Set(stays.map(({ vehicle }) => vehicle))];
    for (const id of ids) {
      const vehicle = Object.hasOwn(vehicles, id) ? vehicles[id] : undefined;
      if (vehicle === undefined) {
        const { row } = stays.find((stay) => stay.vehicle === id)!;
        throw new RangeError(
          `${cellPlace(table, "electric_vehicle_id", row)}: electric_vehicles_def has no ` +
            `"${shown(id)}"; add it, or correct the name`,
        );
      }
      const own = stays.filter((stay) => stay.vehicle === id);
      const label = ids.length === 1 ? name : `${name}-${id}`;
      cars.push(
        carOf(label.replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, "-"), charger, vehicle, own, grid),
      );
    }
  }
  if (cars.length > 0) {
    notes.add(
      "CityLearn sets the state of charge of a vehicle at its arrival; here the trip takes what lies " +
        "between that and what was required at the departure",
    );
  }
  return { cars, notes: [...notes] };
}

/** A time at a charger, in rows of the simulation. */
interface Stay {
  readonly vehicle: string;
  /** Index in the table, for messages. */
  readonly row: number;
  readonly first: number;
  readonly end: number;
  /** State of charge at the arrival, or NaN if not stated; and needed at the departure, or NaN. */
  readonly arrives: number;
  readonly needs: number;
}

function staysIn(table: Table, grid: TimeGrid, firstRow: number): Stay[] {
  const numbers = (name: string) => numberColumn(withEmpty(table, name), name);
  const state = numbers("electric_vehicle_charger_state");
  const needs = shares(numbers("electric_vehicle_required_soc_departure"));
  const arrives = shares(numbers("electric_vehicle_estimated_soc_arrival"));
  const ids = column(table, "electric_vehicle_id");
  const sessions = table.columns.has("electric_vehicle_session_id")
    ? column(table, "electric_vehicle_session_id")
    : null;
  const idAt = (row: number) => String(ids[row] ?? "").trim();
  const keyAt = (row: number) => `${idAt(row)}\n${sessions?.[row] ?? ""}`;
  if (state.length < firstRow + grid.slots) {
    throw new RangeError(
      `${table.file}: ${
        firstRow + grid.slots
      } rows are needed, got ${state.length}; complete the file`,
    );
  }
  const stays: Stay[] = [];
  for (let row = firstRow; row < firstRow + grid.slots; row++) {
    if (state[row] !== CONNECTED) continue;
    let end = row + 1;
    while (end < firstRow + grid.slots && state[end] === CONNECTED && keyAt(end) === keyAt(row)) {
      end++;
    }
    const before = row > 0 && state[row - 1] === INCOMING ? arrives[row - 1] : NaN;
    stays.push({
      ...{ vehicle: idAt(row), row, first: row - firstRow, end: end - firstRow },
      arrives: Number.isNaN(before) ? arrives[row] : before,
      needs: needs[end - 1],
    });
    row = end - 1;
  }
  return stays;
}

/** Empty cells and words for nothing count as no number. */
function withEmpty(table: Table, name: string): Table {
  const cells = table.columns.get(name);
  if (cells === undefined) return table;
  const filled = () =>
    Array.from(cells(), (cell) => /^(nan|none|)$/i.test(String(cell ?? "").trim()) ? "-1" : cell);
  return { ...table, columns: new Map([...table.columns, [name, filled]]) };
}

/** Fractions or percent; below zero is nothing. */
function shares(values: Float64Array): Float64Array {
  return values.map((value) => value < 0 ? NaN : Math.min(1, value > 1 ? value / 100 : value));
}

function carOf(
  name: string,
  { attributes }: Chargers[string],
  { battery }: Vehicles[string],
  stays: readonly Stay[],
  grid: TimeGrid,
): Car {
  const capacityKwh = battery.attributes.capacity;
  const most = battery.attributes.nominal_power ?? Infinity;
  const maxChargeKw = Math.min(attributes.max_charging_power, most);
  const efficiency = attributes.efficiency * Math.sqrt(battery.attributes.efficiency);
  const moment = (slot: number) => grid.startMs + slot * grid.dtHours * MS_PER_HOUR;
  const sessions = stays.map(({ first, end, needs }, k): CarSession => {
    const required = Number.isNaN(needs) ? 0 : needs;
    const next = stays[k + 1]?.arrives ?? NaN;
    const trip = Number.isNaN(next) ? 0 : Math.max(0, required - next);
    return {
      startMs: moment(first),
      endMs: moment(end),
      tripKwh: trip * capacityKwh,
      requiredKwh: required * capacityKwh,
    };
  });
  return {
    kind: "car",
    name,
    capacityKwh,
    maxChargeKw,
    leastChargeKw: Math.min(attributes.min_charging_power, maxChargeKw),
    maxDischargeKw: Math.min(attributes.max_discharging_power, most),
    chargeEfficiency: efficiency,
    dischargeEfficiency: efficiency,
    unmetPricePerKwh: UNMET_PRICE_PER_KWH,
    departure: "announced",
    sessions,
  };
}
