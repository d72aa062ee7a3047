/**
 * Reads the files of an import, each as what it is.
 *
 * @module
 */

import { shown } from "../../text/shown.ts";
import { type DevicesTable, isDevicesHeader, parseDevices } from "./devices_table.ts";
import { cellsOf, type Head, headOf, separatorOf } from "./dialect.ts";
import { readGreenButton } from "./green_button.ts";
import type { LayoutWishes } from "./layout.ts";
import { type MeterFile, readMeterTable } from "./meter_file.ts";
import { type Prices, readPrices } from "./prices.ts";
import type { FileSettings, ImportRules } from "./settings.ts";
import { parseMeasuredSessions, type SessionsByHome } from "./sessions_table.ts";
import { plainName, readSmallTable, separatorOfTable } from "./small_table.ts";
import type { WeatherSamples } from "./weather.ts";
import { isEpw, isPvgis, readEpw, readPvgis } from "./weather_files.ts";

/** A file, what it is said to be, and what is said of it. */
export interface ImportFile {
  readonly path: string;
  /** What it is; found if absent. */
  readonly kind?: FileKind;
  readonly wishes: LayoutWishes;
}

/** Kinds of files. */
export const fileKinds = [
  "meters",
  "green-button",
  "prices",
  "devices",
  "sessions",
  "pvgis",
  "epw",
] as const;
/** Kind of a file. */
export type FileKind = typeof fileKinds[number];

/** What the files of an import hold. */
export interface FilesRead {
  readonly meters: readonly MeterFile[];
  readonly prices: Prices | null;
  readonly devices: (DevicesTable & { readonly path: string }) | null;
  readonly weather: WeatherSamples | null;
  readonly sessions: { readonly path: string; readonly byHome: SessionsByHome } | null;
  /** The clock of stamps that state none. */
  readonly timeZone: string | undefined;
  readonly settings: readonly FileSettings[];
  readonly found: readonly (readonly [path: string, notes: readonly string[]])[];
  readonly notes: readonly string[];
}

/**
 * Reads files.
 *
 * @throws {RangeError} Naming the first fault, or two files of a kind of which there can be one.
 */
export async function readFiles(
  files: readonly ImportFile[],
  rules: ImportRules,
): Promise<FilesRead> {
  const meters: MeterFile[] = [], settings: FileSettings[] = [], notes: string[] = [];
  const found: [string, readonly string[]][] = [];
  let prices: Prices | null = null;
  let devices: FilesRead["devices"] = null;
  let weather: WeatherSamples | null = null;
  let sessions: FilesRead["sessions"] = null;
  const known = await Promise.all(files.map(async (file) => {
    const head = await headOf(file.path);
    return { ...file, head, kind: file.kind ?? kindOf(file.path, head) };
  }));
  // Meters come first: by their clock goes what says none.
  const isMeters = (kind: FileKind) => kind === "meters" || kind === "green-button";
  known.sort((a, b) => Number(isMeters(b.kind)) - Number(isMeters(a.kind)));
  const clockOfMeters = () =>
    meters.map(({ layout }) => layout?.timeZone).find((name) => typeof name === "string");
  for (const { path, kind, wishes, head } of known) {
    const zone = wishes.timeZone ?? rules.timeZone ?? clockOfMeters();
    switch (kind) {
      case "prices": {
        refuseSecond(prices, path, "prices");
        prices = await readPrices(path, head, {
          ...(typeof zone === "string" && { timeZone: zone }),
          ...(rules.area !== undefined && { area: rules.area }),
        });
        found.push([path, [
          "day-ahead prices",
          `${prices.from.length} intervals`,
          ...prices.notes,
        ]]);
        settings.push({ file: path });
        break;
      }
      case "devices": {
        refuseSecond(devices, path, "devices");
        devices = { ...parseDevices(await readSmallTable(path, head)), path };
        found.push([path, [`devices of ${devices.homes.length} homes`]]);
        notes.push(...devices.notes);
        settings.push({ file: path });
        break;
      }
      case "sessions": {
        refuseSecond(sessions, path, "sessions");
        sessions = {
          path,
          byHome: parseMeasuredSessions(await readSmallTable(path, head), zone ?? undefined),
        };
        found.push([path, [`sessions of ${sessions.byHome.size} cars`]]);
        settings.push({ file: path });
        break;
      }
      case "pvgis":
      case "epw": {
        refuseSecond(weather, path, "weather");
        weather = isEpw(head.lines) ? await readEpw(path) : await readPvgis(path);
        found.push([path, weather.notes]);
        settings.push({ file: path });
        break;
      }
      case "green-button": {
        const file = await readGreenButton(path);
        meters.push(file);
        found.push([path, file.notes]);
        settings.push({ file: path });
        break;
      }
      case "meters": {
        const file = await readMeterTable(path, {
          ...wishes,
          ...(rules.timeZone !== undefined && { zoneOfAll: rules.timeZone }),
        });
        meters.push(file);
        found.push([path, file.notes]);
        settings.push({ file: path, ...(file.layout === null ? {} : plain(file.layout)) });
      }
    }
  }
  const timeZone = rules.timeZone ?? clockOfMeters() ?? undefined;
  return { timeZone, meters, prices, devices, weather, sessions, settings, found, notes };
}

/** A layout as it is written to a file. */
function plain(layout: NonNullable<MeterFile["layout"]>): Omit<FileSettings, "file"> {
  const values = layout.values.map(({ home, tariff, phase, ...value }) => ({
    ...value,
    ...(home !== undefined && { home }),
    ...(tariff !== undefined && { tariff }),
    ...(phase !== undefined && { phase }),
  }));
  return { ...layout, time: [...layout.time], values, unused: [...layout.unused] };
}

function refuseSecond(first: { readonly path: string } | null, path: string, what: string): void {
  if (first === null) return;
  throw new RangeError(
    `${shown(first.path)} and ${shown(path)} both hold ${what}; give one of them, or join them`,
  );
}

/** What a file is, by its beginning. */
export function kindOf(path: string, { lines }: Head): FileKind {
  if (lines.find((line) => line.trim() !== "")?.trimStart().startsWith("<")) return "green-button";
  if (isEpw(lines)) return "epw";
  if (isPvgis(lines)) return "pvgis";
  const sample = lines.slice(0, 60);
  const headerBy = (separator: string) =>
    cellsOf(path, sample, separator).find((row) => row.some((cell) => cell !== "")) ?? [];
  const isDevices = () => isDevicesHeader(headerBy(separatorOfTable(sample)).map(plainName));
  const separator = separatorOf(sample);
  if (separator === null) return isDevices() ? "devices" : "meters";
  const header = headerBy(separator);
  const names = header.map(plainName);
  const hasPrice = header.some((name) =>
    /(price|preis).*(MWh|kWh)|(EUR|€|ct)[ _]?(\/|per)[ _]?(MWh|kWh)/i.test(name)
  );
  if (hasPrice) return "prices";
  const isAmong = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (isAmong(/^(arrival|pluggedin|ankunft)$/) && isAmong(/^(departure|pluggedout|abfahrt)$/)) {
    return "sessions";
  }
  return isDevices() ? "devices" : "meters";
}
