/**
 * Who lives in a synthetic community, and with which devices.
 *
 * Every ten households are six with panels and a battery, one with panels only, one with a battery
 * only and two without either, so that surplus and deficit meet in most hours; the first four are
 * one of each kind. Sizes are drawn from ranges that are assumptions:
 *
 * - consumption 2.5 to 6 MWh a year, without electric hot water (two people in a house take 2.8 to
 *   3.1 MWh, *Stromspiegel für Deutschland*);
 * - panels 3 to 10 kW, tilt 20 to 45°, facing south-east to south-west or further for one in three
 *   (of the plants that Germany builds 82 % are up to 10 kW and half at 20 to 40°; in 2019, 42 %
 *   faced south: Fraunhofer ISE, *Photovoltaikzubau in Deutschland in Zahlen*, 2021);
 * - batteries 5 to 12 kWh usable, charged and discharged in two hours, 0.95 each way (converters
 *   about 95 %, HTW Berlin, *Stromspeicher-Inspektion* 2025); self-discharge 3 % a month.
 *
 * @module
 */

import type { Stream } from "../../random.ts";
import type { Battery } from "../community.ts";
import type { Household } from "./household_load.ts";
import type { Panels } from "./photovoltaics.ts";

/** A household with all that its profiles depend on. */
export interface Home {
  /** How it consumes. */
  readonly household: Household;
  /** Its panels, or `null`. */
  readonly panels: Panels | null;
  /** Its battery, or `null`. */
  readonly battery: Battery | null;
}

const KINDS = [
  "panels and battery",
  "panels",
  "battery",
  "consumer",
  "panels and battery",
  "panels and battery",
  "consumer",
  "panels and battery",
  "panels and battery",
  "panels and battery",
] as const;

/** Draws the home that is number `index` in its community. */
export function drawHome(index: number, random: Stream): Home {
  const kind = KINDS[index % KINDS.length];
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const household = {
    yearlyKwh: between(2500, 6000),
    shiftHours: Math.max(-2, Math.min(2, random.normal())),
    atHome: between(0, 0.8),
  };
  // Drawn whatever the kind, so that a change of kinds leaves the sizes of all others as they were.
  const spread = random.uniform() < 1 / 3 ? 100 : 45;
  const panels = {
    capacityKw: rounded(between(3, 10), 0.1),
    tiltDeg: Math.round(between(20, 45)),
    azimuthDeg: Math.round(180 + between(-spread, spread)),
  };
  const battery = batteryOf(rounded(between(5, 12), 0.5));
  return {
    household,
    panels: kind.startsWith("panels") ? panels : null,
    battery: kind.endsWith("battery") ? battery : null,
  };
}

function batteryOf(capacityKwh: number): Battery {
  return {
    capacityKwh,
    maxChargeKw: capacityKwh / 2,
    maxDischargeKw: capacityKwh / 2,
    chargeEfficiency: 0.95,
    dischargeEfficiency: 0.95,
    selfDischargePerHour: 4e-5,
    socMin: 0,
    socMax: 1,
  };
}

function rounded(value: number, step: number): number {
  return Math.round(value / step) / Math.round(1 / step);
}
