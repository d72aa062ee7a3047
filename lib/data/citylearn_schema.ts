/**
 * Reads a CityLearn `schema.json`: which files there are, how long a step is, and which devices the
 * buildings have.
 *
 * Battery: `efficiency` is round trip, √ of it each way; `nominal_power` holds both ways;
 * `loss_coefficient` l per step becomes the rate −ln(1 − l) per hour of the step;
 * `depth_of_discharge` d leaves 1 − d in the battery. What the schema leaves out is not assumed to be
 * CityLearn's default, but ideal: no losses, no fade, full depth, no curves.
 *
 * @module
 */

import { z } from "zod";
import { type Battery, type Prosumer, validateCommunity } from "./community.ts";
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
}

/** The parts of a schema that matter here. */
export interface CityLearnSchema {
  /** Length of a step. [h] */
  readonly dtHours: number;
  /** First row that is simulated, counted from 0. */
  readonly firstRow: number;
  /** Last row that is simulated; absent for the last of the files. */
  readonly lastRow: number | undefined;
  /** Buildings that are included, at least one. */
  readonly buildings: readonly CityLearnBuilding[];
}

/** File that holds the schema. */
export const SCHEMA_FILE = "schema.json";

const UNSUPPORTED_DEVICE = /charger|vehicle|washing|deferrable/;

const curve = z.array(z.tuple([z.number(), z.number()]));
const storage = z.object({
  autosize: z.literal(false).default(false),
  attributes: z.object({
    capacity: z.number(),
    nominal_power: z.number(),
    efficiency: z.number(),
    loss_coefficient: z.number().min(0).lt(1).default(0),
    depth_of_discharge: z.number().default(1),
    capacity_loss_coefficient: z.number().optional(),
    power_efficiency_curve: curve.optional(),
    capacity_power_curve: curve.optional(),
  }),
});
const panels = z.object({
  autosize: z.literal(false).default(false),
  attributes: z.object({ nominal_power: z.number() }),
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
});
const schema = z.object({
  seconds_per_time_step: z.literal([3600, 1800, 900], "must be 3600, 1800 or 900").default(3600),
  simulation_start_time_step: z.int().min(0).default(0),
  simulation_end_time_step: z.int().min(0).nullish(),
  buildings: z.record(z.string(), building),
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
    .map(([id, parts]): CityLearnBuilding => {
      refuseOtherDevices(id, parts);
      const attributes = parts.electrical_storage?.attributes;
      const battery = attributes === undefined ? null : batteryOf(attributes, dtHours);
      const pvCapacityKw = parts.pv?.attributes.nominal_power ?? 0;
      return {
        prosumer: { id, pvCapacityKw, battery },
        simulationFile: parts.energy_simulation,
        pricingFile: parts.pricing,
        carbonFile: parts.carbon_intensity,
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
  return { dtHours, firstRow, lastRow, buildings };
}

function batteryOf(attributes: z.infer<typeof storage>["attributes"], dtHours: number): Battery {
  const oneWay = Math.sqrt(attributes.efficiency);
  const fade = attributes.capacity_loss_coefficient;
  const byPower = attributes.power_efficiency_curve;
  const bySoc = attributes.capacity_power_curve;
  return {
    capacityKwh: attributes.capacity,
    maxChargeKw: attributes.nominal_power,
    maxDischargeKw: attributes.nominal_power,
    chargeEfficiency: oneWay,
    dischargeEfficiency: oneWay,
    selfDischargePerHour: -Math.log1p(-attributes.loss_coefficient) / dtHours,
    socMin: 1 - attributes.depth_of_discharge,
    socMax: 1,
    ...(fade === undefined ? {} : { capacityLossCoefficient: fade }),
    ...(byPower === undefined ? {} : { roundTripEfficiencyByPower: byPower }),
    ...(bySoc === undefined ? {} : { powerShareBySoc: bySoc }),
  };
}

function refuseOtherDevices(id: string, parts: z.infer<typeof building>): void {
  const device = Object.keys(parts).find((key) => UNSUPPORTED_DEVICE.test(key) && parts[key]);
  if (device === undefined) return;
  throw new RangeError(`${SCHEMA_FILE}: buildings.${id}.${device} is not supported; remove it`);
}
