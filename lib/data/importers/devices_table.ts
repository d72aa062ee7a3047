/**
 * `devices.csv`: what stands in which home. A row for each home; only the first column is needed.
 *
 * ```csv
 * home;pv_kWp;pv_tilt;pv_azimuth;battery_kWh;battery_kW;battery_efficiency;tariff;car;car_kWh;heat_pump_kW
 * Haus01;6,0;30;180;7,5;3,8;0,9;dynamic;yes;58;0
 * Haus06;0;;;0;0;;flat;no;;3
 * ```
 *
 * `in_load` says whether the measured load holds what car and heat pump take; if not said, it is looked for.
 * `yearly_kWh` (and `profile`) is for homes without a meter, which follow a standard load profile.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import { didYouMean } from "../../text/nearest.ts";
import type { Battery } from "../community.ts";
import {
  type StandardProfileName,
  standardProfileNames,
} from "../standard_profiles/standard_profile.ts";
import {
  cellNumber,
  columnsNamed,
  plainName,
  requireWholeRows,
  type SmallTable,
} from "./small_table.ts";

/** What stands in a home. */
export interface HomeDevices {
  /** The home as the file names it. */
  readonly home: string;
  /** Row in the file. */
  readonly row: number;
  /** Installed PV. [kW] */
  readonly pvCapacityKw: number;
  /** Slope of the panels. [°] */
  readonly tiltDeg: number | undefined;
  /** Where they face, clockwise from north. [°] */
  readonly azimuthDeg: number | undefined;
  readonly battery: Battery | null;
  /** Its car, or `null`; what is not stated is that of made-up cars. */
  readonly car: {
    readonly capacityKwh?: number;
    readonly chargeKw?: number;
    readonly dischargeKw?: number;
  } | null;
  /** Its heat pump, or `null`; the largest electric power. */
  readonly heatPump: { readonly powerKw?: number } | null;
  /** Whether the measured load holds what car and heat pump take; found from it if absent. */
  readonly isInLoad: boolean | undefined;
  /** What the table calls its tariff. */
  readonly tariff: string | undefined;
  /** Consumption of a home that has no meter. [kWh] */
  readonly yearlyKwh: number | undefined;
  /** Standard load profile of such a home. */
  readonly profile: StandardProfileName | undefined;
}

const COLUMNS = {
  home: [
    "home",
    "haus",
    "house",
    "id",
    "meter",
    "meterid",
    "zähler",
    "name",
    "prosumer",
    "household",
  ],
  pv_kWp: ["pvkwp", "pvkw", "pv", "kwp", "pvcapacitykw", "pvleistungkwp"],
  pv_tilt: ["pvtilt", "tilt", "pvtiltdeg", "neigung", "slope"],
  pv_azimuth: ["pvazimuth", "azimuth", "pvazimuthdeg", "ausrichtung"],
  battery_kWh: [
    "batterykwh",
    "batterycapacitykwh",
    "speicherkwh",
    "batterie",
    "batteriekwh",
    "akkukwh",
  ],
  battery_kW: ["batterykw", "batterypowerkw", "speicherkw", "batteriekw", "akkukw"],
  battery_efficiency: ["batteryefficiency", "roundtripefficiency", "wirkungsgrad"],
  car: ["car", "ev", "auto", "eauto", "cars", "evcount"],
  car_kWh: ["carkwh", "evkwh", "carcapacitykwh"],
  car_kW: ["carkw", "evkw", "wallboxkw", "chargerkw"],
  car_v2g_kW: ["carv2gkw", "v2gkw"],
  heat_pump: ["heatpump", "wärmepumpe", "waermepumpe", "wp"],
  heat_pump_kW: ["heatpumpkw", "wärmepumpekw", "waermepumpekw", "wpkw"],
  in_load: ["inload", "inmeter", "measured"],
  tariff: ["tariff", "tarif", "tariffclass"],
  yearly_kWh: ["yearlykwh", "annualkwh", "kwhperyear", "jahresverbrauch", "jahresverbrauchkwh"],
  profile: ["profile", "profil", "slp", "standardloadprofile"],
} as const;

/** Whether a header, in plain names, is that of a list of devices. */
export function isDevicesHeader(names: readonly string[]): boolean {
  const { home, ...others } = COLUMNS;
  const known: readonly string[] = Object.values(others).flat();
  return names.some((name) => (home as readonly string[]).includes(name)) &&
    names.some((name) => known.includes(name)) &&
    !names.some((name) => /time|stamp|datum|zeit|date/.test(name));
}

/** Round trip of batteries whose efficiency nobody has stated: 0.95 each way. */
export const ASSUMED_ROUND_TRIP = 0.9025;
/** 3 % a month. [1/h] */
const SELF_DISCHARGE_PER_HOUR = 4e-5;

/** Devices, and what was assumed about them. */
export interface DevicesTable {
  readonly homes: readonly HomeDevices[];
  readonly notes: readonly string[];
}

/**
 * Reads the devices of homes.
 *
 * @throws {RangeError} Naming file, row, column and value.
 */
export function parseDevices(table: SmallTable): DevicesTable {
  const at = columnsNamed(table, COLUMNS);
  requireWholeRows(table);
  const { path, header, rows } = table;
  if (at.home === undefined) {
    throw new RangeError(`${path} row 1: no column names the home; call one of them "home"`);
  }
  const notes: string[] = [];
  const isSaid = (row: SmallTable["rows"][number], column: number | undefined): column is number =>
    column !== undefined && (row.cells[column] ?? "") !== "";
  const seen = new Set<string>();
  const homes = rows.map((row): HomeDevices => {
    const { cells } = row;
    const number = (key: keyof typeof COLUMNS, least: number, most: number, rule: string) => {
      const column = at[key];
      if (!isSaid(row, column)) return undefined;
      const value = cellNumber(table, row, column);
      if (value >= least && value <= most) return value;
      throw new RangeError(
        `${path} row ${row.row}, column ${header[column]}: must be ${rule}, got ${
          quoted(cells[column])
        }`,
      );
    };
    const text = (key: keyof typeof COLUMNS) => isSaid(row, at[key]) ? cells[at[key]] : undefined;
    const yes = (key: keyof typeof COLUMNS) => {
      const said = text(key)?.toLowerCase();
      if (said === undefined) return undefined;
      if (/^(yes|ja|true|1|x|y|j)$/.test(said)) return true;
      if (/^(no|nein|false|0|-|n|none)$/.test(said)) return false;
      throw new RangeError(
        `${path} row ${row.row}, column ${header[at[key]!]}: must be yes or no, got ${
          quoted(said)
        }`,
      );
    };
    const some = (value: number | undefined) =>
      value !== undefined && value > 0 ? value : undefined;
    const home = cells[at.home!].normalize("NFC");
    if (home === "") {
      throw new RangeError(`${path} row ${row.row}: names no home; fill in the cell`);
    }
    if (seen.has(home)) {
      throw new RangeError(
        `${path} row ${row.row}, column ${header[at.home!]}: ${
          quoted(home)
        } comes twice; keep one row`,
      );
    }
    seen.add(home);
    const capacityKwh = number("battery_kWh", 0, 1e5, "a capacity of at least 0 kWh") ?? 0;
    const powerKw = number("battery_kW", 0, 1e5, "a power of at least 0 kW");
    const roundTrip = number("battery_efficiency", 1e-3, 1, "a round trip in (0, 1]");
    if (capacityKwh > 0 && !(powerKw !== undefined && powerKw > 0)) {
      throw new RangeError(
        `${path} row ${row.row}: ${home} has a battery of ${capacityKwh} kWh without a power; fill in ` +
          "battery_kW",
      );
    }
    if (capacityKwh > 0 && roundTrip === undefined) notes.push(home);
    const carKwh = some(number("car_kWh", 0, 1000, "a capacity of at least 0 kWh"));
    const carKw = some(number("car_kW", 0, 1000, "a power of at least 0 kW"));
    const v2gKw = some(number("car_v2g_kW", 0, 1000, "a power of at least 0 kW"));
    const pumpKw = some(number("heat_pump_kW", 0, 1000, "a power of at least 0 kW"));
    const hasCar = yes("car") ?? (carKwh !== undefined || carKw !== undefined);
    const hasPump = yes("heat_pump") ?? pumpKw !== undefined;
    const oneWay = Math.sqrt(roundTrip ?? ASSUMED_ROUND_TRIP);
    return {
      home,
      row: row.row,
      pvCapacityKw: number("pv_kWp", 0, 1e5, "an installed power of at least 0 kW") ?? 0,
      tiltDeg: number("pv_tilt", 0, 90, "a slope from 0 to 90°"),
      azimuthDeg: number("pv_azimuth", 0, 360, "a direction from 0 (north) by 90 (east) to 360°"),
      battery: capacityKwh === 0 ? null : {
        capacityKwh,
        maxChargeKw: powerKw!,
        maxDischargeKw: powerKw!,
        chargeEfficiency: oneWay,
        dischargeEfficiency: oneWay,
        selfDischargePerHour: SELF_DISCHARGE_PER_HOUR,
        socMin: 0,
        socMax: 1,
      },
      car: !hasCar ? null : {
        ...(carKwh !== undefined && { capacityKwh: carKwh }),
        ...(carKw !== undefined && { chargeKw: carKw }),
        ...(v2gKw !== undefined && { dischargeKw: v2gKw }),
      },
      heatPump: hasPump ? { ...(pumpKw !== undefined && { powerKw: pumpKw }) } : null,
      isInLoad: yes("in_load"),
      tariff: text("tariff"),
      yearlyKwh: number("yearly_kWh", 1, 1e6, "a yearly consumption in kWh"),
      profile: profileOf(table, row, at.profile, text("profile")),
    };
  });
  return {
    homes,
    notes: notes.length === 0 ? [] : [
      `batteries of ${
        notes.join(", ")
      }: ${path} states no battery_efficiency; 0.95 each way and a loss ` +
      "of 3 % a month are taken",
    ],
  };
}

function profileOf(
  { path, header }: SmallTable,
  { row }: SmallTable["rows"][number],
  column: number | undefined,
  said: string | undefined,
): StandardProfileName | undefined {
  if (said === undefined) return undefined;
  const found = standardProfileNames.find((name) => name === said.toUpperCase());
  if (found !== undefined) return found;
  throw new RangeError(
    `${path} row ${row}, column ${header[column!]}: must be one of ${
      standardProfileNames.join(", ")
    }, ` +
      `got ${quoted(said)}`,
  );
}

/**
 * The devices of each home that has readings or a standard profile.
 *
 * @param names Homes as their meters name them.
 * @throws {RangeError} If a row is for a home that is not there.
 */
export function matchDevices(
  path: string,
  devices: readonly HomeDevices[],
  names: readonly string[],
): Map<string, HomeDevices> {
  const matched = new Map<string, HomeDevices>();
  for (const one of devices) {
    const name = names.find((name) => name === one.home) ??
      names.find((name) => plainName(name) === plainName(one.home));
    if (name !== undefined && !matched.has(name)) {
      matched.set(name, one);
      continue;
    }
    if (one.yearlyKwh !== undefined) {
      matched.set(one.home, one);
      continue;
    }
    throw new RangeError(
      `${path} row ${one.row}, column home: no meter is of ${quoted(one.home)}` +
        `${didYouMean(one.home, names) || ";"} homes with readings are ` +
        `${names.slice(0, 12).join(", ")}${
          names.length > 12 ? ", …" : ""
        }; remove the row, or give ` +
        "yearly_kWh for a standard load profile",
    );
  }
  return matched;
}
