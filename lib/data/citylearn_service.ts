/**
 * Limits of connections and outages of CityLearn 3.
 *
 * - `electrical_service.limits.total` of a single building are the limits of the community's connection.
 *   Several buildings get a line each from a common busbar, which has the limit of its building as its
 *   rating; a line carries as much either way, so that limits which differ are refused.
 * - `power_outage` with the signal in the building's file is an outage of the community's grid, where
 *   all buildings have the same one; one that is drawn by chance is refused.
 *
 * @module
 */

import { z } from "zod";
import { shown } from "../text/shown.ts";
import type { Network } from "../network/network.ts";

const limit = z.number().min(0).nullish();

/** `electrical_service` of a building. */
export const serviceSchema = z.looseObject({
  limits: z.looseObject({
    total: z.looseObject({ import_kw: limit, export_kw: limit }).nullish(),
  }).nullish(),
});

/** `power_outage` of a building. */
export const outageSchema = z.looseObject({
  simulate_power_outage: z.boolean().nullish(),
  stochastic_power_outage: z.boolean().nullish(),
});

/** The most that a building may take and give; `Infinity` for no limit. [kW] */
export interface ServiceLimit {
  readonly id: string;
  readonly importKw: number;
  readonly exportKw: number;
}

/** The limits of a building. */
export function serviceLimit(
  id: string,
  service: z.infer<typeof serviceSchema> | null | undefined,
): ServiceLimit {
  const total = service?.limits?.total;
  return { id, importKw: total?.import_kw ?? Infinity, exportKw: total?.export_kw ?? Infinity };
}

const VOLTAGE_V = 400;
/** Carries everything. */
const UNLIMITED = 1e6;

/**
 * A network whose lines are the buildings' connections; `null` where none is limited.
 *
 * @throws {RangeError} If a building's limits differ by direction.
 */
export function serviceNetwork(limits: readonly ServiceLimit[], file: string): Network | null {
  if (limits.every(({ importKw, exportKw }) => importKw === Infinity && exportKw === Infinity)) {
    return null;
  }
  const other = limits.find(({ importKw, exportKw }) => importKw !== exportKw);
  if (other !== undefined) {
    throw new RangeError(
      `${file}: buildings.${
        shown(other.id)
      }.electrical_service.limits.total: a line carries as much either ` +
        `way, got import_kw ${other.importKw} and export_kw ${other.exportKw}; state both alike, or import ` +
        "the building alone",
    );
  }
  const ampere = (kw: number) =>
    kw === Infinity ? UNLIMITED : Math.max(1e-6, kw * 1000 / (Math.sqrt(3) * VOLTAGE_V));
  return {
    nominalVoltageV: VOLTAGE_V,
    slackVoltagePu: 1,
    band: { leastPu: 0.5, mostPu: 1.5 },
    marginPu: 0,
    transformer: {
      ...{ ratingKva: UNLIMITED, resistanceOhm: 1e-9, reactanceOhm: 1e-9 },
      ...{ tapPosition: 0, tapStepPercent: 0 },
    },
    nodes: [
      { id: "busbar", parent: null },
      ...limits.map(({ id, importKw }) => ({
        ...{ id: `connection-${id}`, parent: "busbar", resistanceOhm: 1e-9, reactanceOhm: 1e-9 },
        ratingA: ampere(importKw),
      })),
    ],
    homes: Object.fromEntries(limits.map(({ id }) => [id, `connection-${id}`])),
  };
}
