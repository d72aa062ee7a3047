/**
 * Files of weather.
 *
 * - **PVGIS**, hourly CSV: universal time at some minute of the hour, at which the value holds (a
 *   satellite's picture); power of panels `P`, or irradiance on their plane, in one piece or in three.
 * - **EPW**: local standard time by the offset in the first line; hours 1 to 24 that *end* at the label.
 *   Radiation is the mean over the hour, temperature that of its end.
 *
 * Sources: Joint Research Centre, PVGIS user manual; EnergyPlus, Auxiliary Programs, EPW data dictionary.
 *
 * @module
 */

import { readBytesWithin } from "../bounded_file.ts";
import { decimal } from "../../text/decimal.ts";
import { quoted, shown } from "../../text/shown.ts";
import { decoded, reading } from "./dialect.ts";
import { daysOf, readStamp, StampReader } from "./stamps.ts";
import type { WeatherSamples } from "./weather.ts";

const MOST_BYTES = 64 * 2 ** 20;

async function linesOf(path: string): Promise<string[]> {
  const bytes = await readBytesWithin(path, { ...reading, maxBytes: MOST_BYTES });
  return decoded(bytes, "utf-8").replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
}

/** The first line of an EPW file. */
export function isEpw(lines: readonly string[]): boolean {
  return /^LOCATION,/i.test(lines[0] ?? "");
}

/** The first line of a PVGIS file. */
export function isPvgis(lines: readonly string[]): boolean {
  return /^Latitude \(decimal degrees\)/i.test(lines[0] ?? "");
}

/**
 * Reads hourly PVGIS data.
 *
 * @throws {RangeError} Naming file, row, column and value.
 */
export async function readPvgis(path: string): Promise<WeatherSamples> {
  const lines = await linesOf(path);
  const at = lines.findIndex((line) => /^time,/.test(line));
  if (at < 0) {
    throw new RangeError(
      `${path}: has no table that begins with "time,"; export hourly data as CSV`,
    );
  }
  const preamble = lines.slice(0, at).join("\n");
  const stated = (pattern: RegExp) => {
    const found = pattern.exec(preamble);
    return found === null ? NaN : decimal(found[1]);
  };
  const header = lines[at].split(",");
  const rows = lines.slice(at + 1).map((line, k) => ({ row: at + 2 + k, cells: line.split(",") }));
  const end = rows.findIndex(({ cells }) => cells.length < header.length);
  const used = end < 0 ? rows : rows.slice(0, end);
  const behind = end < 0
    ? []
    : rows.slice(end).filter(({ cells }) => cells.length === header.length);
  if (behind.length > 0) {
    throw new RangeError(
      `${path} row ${rows[end].row}: has ${rows[end].cells.length} cells, the header has ` +
        `${header.length}; complete the row`,
    );
  }
  if (used.length < 2) throw new RangeError(`${path}: has no rows below "time,"`);
  const column = (name: string) => {
    const k = header.indexOf(name);
    if (k < 0) return undefined;
    return Float64Array.from(used, ({ row, cells }) => cell(path, row, name, cells[k]));
  };
  const reader = new StampReader("YMD");
  const moments = Uint32Array.from(used, ({ row, cells }) => {
    const stamp = readStamp(cells[0], reader);
    if (stamp !== null && stamp.hasDate && stamp.hasTime) return stamp.localSeconds;
    throw new RangeError(
      `${path} row ${row}, column time: must be like 20250101:0010, got ${quoted(cells[0])}`,
    );
  });
  const nominalKw = stated(/Nominal power[^:]*:\s*([\d.]+)/);
  const power = column("P");
  const parts = [column("Gb(i)"), column("Gd(i)"), column("Gr(i)")];
  const plane = column("G(i)") ??
    (parts.every((part) => part !== undefined)
      ? parts[0]!.map((value, k) => value + parts[1]![k] + parts[2]![k])
      : undefined);
  const hasPower = power !== undefined && nominalKw > 0;
  if (!hasPower && plane === undefined) {
    throw new RangeError(
      `${path} row ${at + 1}: has neither P with a nominal power nor G(i); its columns are ` +
        shown(header.join(", "), 200),
    );
  }
  const minute = moments[0] / 60 % 60;
  const slope = /Slope: *([-\d.]+)/.exec(preamble)?.[1],
    azimuth = /Azimuth: *([-\d.]+)/.exec(preamble)?.[1];
  return {
    path,
    kind: "pvgis",
    location: {
      latitudeDeg: stated(/Latitude[^:]*:\s*([-\d.]+)/),
      longitudeDeg: stated(/Longitude[^:]*:\s*([-\d.]+)/),
    },
    moments,
    ...(hasPower ? { powerKw: power.map((watts) => watts / 1000 / nominalKw) } : {}),
    ...(plane !== undefined && { planeIrradiance: plane }),
    airTemperature: column("T2m") ?? new Float64Array(used.length).fill(15),
    notes: [
      `PVGIS, UTC, values at minute ${minute} in a straight line between hours; ` +
      (hasPower ? `its P of ${nominalKw} kW` : "panels by PVWatts from G(i)") +
      (slope === undefined ? "" : `, slope ${slope}°, azimuth ${azimuth ?? "0"}° from south`),
    ],
  };
}

/**
 * Reads an EPW file.
 *
 * @throws {RangeError} Naming file, row, column and value.
 */
export async function readEpw(path: string): Promise<WeatherSamples> {
  const lines = await linesOf(path);
  const location = lines[0].split(",");
  const [latitudeDeg, longitudeDeg, zoneHours] = [6, 7, 8].map((k) =>
    cell(path, 1, ["latitude", "longitude", "time zone"][k - 6], location[k])
  );
  const periods = lines.slice(0, 10).find((line) => /^DATA PERIODS/i.test(line))?.split(",");
  if (periods === undefined || Number(periods[2]) !== 1) {
    throw new RangeError(
      `${path}: must have DATA PERIODS with one record an hour in its eighth line`,
    );
  }
  const rows = lines.slice(8).map((line, k) => ({ row: 9 + k, cells: line.split(",") }))
    .filter(({ cells }) => cells.length > 1);
  const number = (k: number, name: string, missing: number) =>
    Float64Array.from(rows, ({ row, cells }) => {
      const value = cell(path, row, name, cells[k]);
      if (value < missing) return value;
      throw new RangeError(
        `${path} row ${row}, column ${name}: is missing (${value}); fill it in, or take PVGIS data of the place`,
      );
    });
  const moments = Uint32Array.from(rows, ({ row, cells }) => {
    const [year, month, day, hour] = [0, 1, 2, 3].map((k) =>
      cell(path, row, ["year", "month", "day", "hour"][k], cells[k])
    );
    const days = daysOf(year, month, day);
    if (!Number.isNaN(days) && hour >= 1 && hour <= 24) {
      return days * 86_400 + (hour - 1 - zoneHours) * 3600;
    }
    throw new RangeError(
      `${path} row ${row}: must begin with year, month, day and an hour from 1 to 24, got ` +
        quoted(cells.slice(0, 4).join(",")),
    );
  });
  if (rows.length < 2) throw new RangeError(`${path}: has no rows below its eight lines of header`);
  return {
    path,
    kind: "epw",
    location: { latitudeDeg, longitudeDeg },
    moments,
    global: number(13, "global horizontal radiation", 9999),
    direct: number(14, "direct normal radiation", 9999),
    diffuse: number(15, "diffuse horizontal radiation", 9999),
    airTemperature: number(6, "dry bulb temperature", 99.9),
    notes: [
      `EPW, UTC${
        zoneHours < 0 ? "" : "+"
      }${zoneHours}, hours 1 to 24 that end at the label; panels by ` +
      "PVWatts from beam and diffuse light",
    ],
  };
}

function cell(path: string, row: number, name: string, text: string | undefined): number {
  const value = decimal(text ?? "");
  if (!Number.isNaN(value)) return value;
  throw new RangeError(
    `${path} row ${row}, column ${name}: must be a number, got ${quoted(text ?? "")}`,
  );
}
