/**
 * Reads a CityLearn `schema.json`: which files there are, how long a step is, and which devices the
 * buildings have.
 *
 * Battery: `efficiency` is round trip, √ of it each way; `nominal_power` holds both ways;
 * `loss_coefficient` l is lost in an hour, hence l·Δ in a step, which becomes the rate −ln(1 − l·Δ)/Δ;
 * `depth_of_discharge` d leaves 1 − d in the battery; every episode begins with `initial_soc`, at least
 * with that. What the schema leaves out is not assumed to be
 * CityLearn's default, but ideal: no losses, no fade, full depth, no curves.
 *
 * Chargers and vehicles, limits of connections and outages: {@link ./citylearn_vehicles.ts},
 * {@link ./citylearn_service.ts}.
 *
 * A part of a building that takes or gives energy and is not modelled is refused. What bears on nothing
 * that is modelled (weather, thermal devices without a demand, what agents see) is listed.
 *
 * Source: CityLearn 3.0.2, `building.py` and `energy_model.py`; with steps of an hour, 2 has the same.
 *
 * @module
 */

import { z } from "zod";
import { log1p } from "../arithmetic.ts";
import { shown } from "../text/shown.ts";
import { type Battery, type Prosumer, prosumerOf, validateCommunity } from "./community.ts";
import {
  outageSchema,
  type ServiceLimit,
  serviceLimit,
  serviceSchema,
} from "./citylearn_service.ts";
import {
  type Chargers,
  chargerSchema,
  type Vehicles,
  vehicleSchema,
} from "./citylearn_vehicles.ts";
import { parseJson } from "./json.ts";

/** A building that takes part. */
export interface CityLearnBuilding {
  /** Its name and its devices. */
  readonly prosumer: Prosumer;
  /** CSV with load and sun. */
  readonly simulationFile: string;
  /** CSV with electricity prices. */
  readonly pricingFile: string;
  /** CSV with the grid's carbon intensity. */
  readonly carbonFile: string;
  /** Chargers of vehicles, by name. */
  readonly chargers: Chargers;
  /** What its connection carries. */
  readonly service: ServiceLimit;
  /** Whether its file says when the grid is out. */
  readonly hasOutages: boolean;
  /** Whether the sun is energy of a step [kWh] rather than power by installed power [W/kW]. */
  readonly isPvAbsolute: boolean;
}

/** The parts of a schema that matter here. */
export interface CityLearnSchema {
  /** Length of a step. [h] */
  readonly dtHours: number;
  /** First row that is simulated, counted from 0. */
  readonly firstRow: number;
  /** Last row that is simulated; absent for the last of the files. */
  readonly lastRow: number | undefined;
  /** Vehicles that chargers may serve, by name. */
  readonly vehicles: Vehicles;
  /** Buildings that are included, at least one. */
  readonly buildings: readonly CityLearnBuilding[];
  /** What is not used, in words. */
  readonly notes: readonly string[];
}

/** File that holds the schema. */
export const SCHEMA_FILE = "schema.json";

/** Parts of a building that bear on nothing that is modelled, its thermal demands being zero. */
const UNUSED_PARTS = [
  ...["weather", "inactive_observations", "inactive_actions", "type", "equity_group", "noise_std"],
  ...["cooling_device", "heating_device", "dhw_device", "non_shiftable_load_device"],
  ...["cooling_storage", "heating_storage", "dhw_storage", "dynamics", "occupant"],
  ...["maximum_temperature_delta", "set_point_hold_time_steps", "observation_metadata"],
  ...["action_metadata"],
];

/** Names for the sun as energy of a step, in CityLearn's spelling. */
const ABSOLUTE = ["absolute", "absolute_kwh", "kwh", "kwh_step", "energy"];
const PER_KW = ["per_kw", "w_per_kw", "profile"];

const curve = z.array(z.tuple([z.number(), z.number()]));
const storage = z.looseObject({
  autosize: z.literal(false).default(false),
  attributes: z.looseObject({
    capacity: z.number(),
    nominal_power: z.number(),
    efficiency: z.number(),
    loss_coefficient: z.number().min(0).lt(1).default(0),
    depth_of_discharge: z.number().default(1),
    initial_soc: z.number().min(0).max(1).nullish(),
    capacity_loss_coefficient: z.number().optional(),
    power_efficiency_curve: curve.optional(),
    capacity_power_curve: curve.optional(),
  }),
});
const panels = z.looseObject({
  autosize: z.literal(false).default(false),
  attributes: z.looseObject({
    nominal_power: z.number(),
    generation_mode: z.string().toLowerCase().transform((mode) => mode.replaceAll("-", "_"))
      .pipe(z.enum([...ABSOLUTE, ...PER_KW])).nullish(),
  }),
});
// A plain path below the folder: a schema from elsewhere must not name files elsewhere.
const file = z.string().max(200).regex(
  /^(?!.*\.\.)[\w-][\w. /-]*$/,
  "must be a file beside schema.json",
);
const building = z.looseObject({
  include: z.boolean().default(true),
  energy_simulation: file,
  pricing: file,
  carbon_intensity: file,
  electrical_storage: storage.nullish(),
  pv: panels.nullish(),
  chargers: z.record(z.string(), chargerSchema).nullish(),
  electrical_service: serviceSchema.nullish(),
  power_outage: outageSchema.nullish(),
});
const schema = z.looseObject({
  seconds_per_time_step: z.literal([3600, 1800, 900], "must be 3600, 1800 or 900").default(3600),
  simulation_start_time_step: z.int().min(0).default(0),
  simulation_end_time_step: z.int().min(0).nullish(),
  buildings: z.record(z.string(), building),
  electric_vehicles_def: z.record(z.string(), vehicleSchema).nullish(),
});

/**
 * Reads the text of a `schema.json`.
 *
 * @throws {RangeError} Naming the field that is missing, malformed or not supported.
 */
export function parseCityLearnSchema(text: string): CityLearnSchema {
  const parsed = parseJson(text, schema, SCHEMA_FILE);
  const dtHours = parsed.seconds_per_time_step / 3600;
  const buildings = Object.entries(parsed.buildings)
    .filter(([, { include }]) => include)
    .map(([name, parts]): CityLearnBuilding => {
      refuseOtherParts(name, parts);
      const attributes = parts.electrical_storage?.attributes;
      const battery = attributes === undefined ? null : batteryOf(attributes, dtHours);
      const pvCapacityKw = parts.pv?.attributes.nominal_power ?? 0;
      const mode = parts.pv?.attributes.generation_mode;
      return {
        prosumer: prosumerOf({ id: name, pvCapacityKw, battery }),
        simulationFile: parts.energy_simulation,
        pricingFile: parts.pricing,
        carbonFile: parts.carbon_intensity,
        isPvAbsolute: ABSOLUTE.includes(mode ?? ""),
        chargers: parts.chargers ?? {},
        service: serviceLimit(name, parts.electrical_service),
        hasOutages: hasOutages(name, parts),
      };
    });
  if (buildings.length === 0) {
    throw new RangeError(`${SCHEMA_FILE}: no building is included; set "include": true`);
  }
  try {
    const prosumers = buildings.map(({ prosumer }) => prosumer);
    validateCommunity({ name: SCHEMA_FILE, currency: "USD", prosumers });
  } catch (error) {
    throw new RangeError(`${SCHEMA_FILE}: ${(error as Error).message}`);
  }
  const firstRow = parsed.simulation_start_time_step;
  const lastRow = parsed.simulation_end_time_step ?? undefined;
  const vehicles = parsed.electric_vehicles_def ?? {};
  return { dtHours, firstRow, lastRow, vehicles, buildings, notes: notesOn(parsed) };
}

function hasOutages(name: string, { power_outage: outage }: z.infer<typeof building>): boolean {
  if (outage?.simulate_power_outage !== true) return false;
  if (outage.stochastic_power_outage !== true) return true;
  throw new RangeError(
    `${SCHEMA_FILE}: buildings.${
      shown(name)
    }.power_outage.stochastic_power_outage draws outages by chance, ` +
      "which is not modelled; set it to false, and write them into the column power_outage",
  );
}

function batteryOf(attributes: z.infer<typeof storage>["attributes"], dtHours: number): Battery {
  const oneWay = Math.sqrt(attributes.efficiency);
  const fade = attributes.capacity_loss_coefficient;
  const byPower = attributes.power_efficiency_curve;
  const bySoc = attributes.capacity_power_curve;
  const initial = attributes.initial_soc ?? undefined;
  const socMin = 1 - attributes.depth_of_discharge;
  return {
    capacityKwh: attributes.capacity,
    maxChargeKw: attributes.nominal_power,
    maxDischargeKw: attributes.nominal_power,
    chargeEfficiency: oneWay,
    dischargeEfficiency: oneWay,
    selfDischargePerHour: -log1p(-attributes.loss_coefficient * dtHours) / dtHours,
    socMin,
    socMax: 1,
    ...(initial === undefined ? {} : { initialSoc: Math.max(socMin, initial) }),
    ...(fade === undefined ? {} : { capacityLossCoefficient: fade }),
    ...(byPower === undefined ? {} : { roundTripEfficiencyByPower: byPower }),
    ...(bySoc === undefined ? {} : { powerShareBySoc: bySoc }),
  };
}

function refuseOtherParts(name: string, parts: z.infer<typeof building>): void {
  const known = [...Object.keys(building.shape), ...UNUSED_PARTS];
  const other = Object.keys(parts).find((key) => !known.includes(key) && !isNothing(parts[key]));
  if (other === undefined) return;
  throw new RangeError(
    `${SCHEMA_FILE}: buildings.${shown(name)}.${shown(other)} is not modelled; remove it`,
  );
}

function isNothing(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === false;
}

/** Fields that nothing was made of, each once, and buildings that are left out. */
function notesOn(parsed: z.infer<typeof schema>): string[] {
  const unused = new Set<string>();
  const collect = (place: string, found: object | null | undefined, used: object) => {
    for (const [key, value] of Object.entries(found ?? {})) {
      if (!Object.hasOwn(used, key) && !isNothing(value)) unused.add(shown(`${place}${key}`));
    }
  };
  collect("", parsed, schema.shape);
  const buildings = Object.entries(parsed.buildings);
  for (const [, parts] of buildings.filter(([, { include }]) => include)) {
    collect("building: ", parts, building.shape);
    collect("battery: ", parts.electrical_storage, { ...storage.shape, type: null });
    collect(
      "battery: ",
      parts.electrical_storage?.attributes,
      storage.shape.attributes.shape,
    );
    for (const charger of Object.values(parts.chargers ?? {})) {
      collect("charger: ", charger, { ...chargerSchema.shape, type: null });
      collect("charger: ", charger.attributes, chargerSchema.shape.attributes.shape);
    }
    collect("electrical_service: ", parts.electrical_service, serviceSchema.shape);
    collect("electrical_service.limits: ", parts.electrical_service?.limits, { total: null });
    collect("power_outage: ", parts.power_outage, outageSchema.shape);
    collect("pv: ", parts.pv, { ...panels.shape, type: null });
    collect("pv: ", parts.pv?.attributes, panels.shape.attributes.shape);
  }
  for (const { battery } of Object.values(parsed.electric_vehicles_def ?? {})) {
    const { attributes } = vehicleSchema.shape.battery.shape;
    collect("vehicle: ", battery.attributes, attributes.shape);
  }
  const left = buildings.filter(([, { include }]) => !include).map(([name]) => shown(name));
  return [
    ...unused.size > 0 ? [`fields of ${SCHEMA_FILE} that are not used: ${list(unused)}`] : [],
    ...left.length > 0 ? [`buildings that ${SCHEMA_FILE} leaves out: ${list(left)}`] : [],
  ];
}

const MOST_LISTED = 50;

function list(names: Iterable<string>): string {
  const all = [...names];
  const more = all.length - MOST_LISTED;
  return all.slice(0, MOST_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
