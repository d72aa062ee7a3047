/**
 * Makes a data set of files from meters, panels, exchanges and lists of devices, whatever their shapes.
 *
 * @module
 */

import { timestamp } from "../../units.ts";
import { shown } from "../../text/shown.ts";
import type { Prosumer } from "../community.ts";
import { priced } from "../priced.ts";
import { type Dataset, validateDataset } from "../profiles.ts";
import { countStandbyAsLoad } from "../standby.ts";
import { requireCells } from "../table_size.ts";
import { type HomeDevices, matchDevices } from "./devices_table.ts";
import { type ImportFile, readFiles } from "./files.ts";
import { flexibleDevices } from "./flexible_devices.ts";
import { matchSessions } from "./sessions_table.ts";
import { gridOf, utcOffsetOf } from "./grid.ts";
import { type HomeGap, homeProfile } from "./homes.ts";
import { capacityOf, mayBeNetNotes, sumUpGaps, withoutMeter } from "./beside_meters.ts";
import type { MeterSeries } from "./meter_file.ts";
import { idsFor } from "./names.ts";
import type { HomeRules } from "./readings.ts";
import type { FileSettings, ImportRules } from "./settings.ts";
import { sunBySlot } from "./weather.ts";
import { tariffsOfHomes } from "./tariffs.ts";

export type { ImportFile } from "./files.ts";

/** What an import made. */
export interface Imported {
  readonly dataset: Dataset;
  /** How each file was read, to repeat it. */
  readonly files: readonly FileSettings[];
  /** The rules that were applied. */
  readonly rules: ImportRules;
  /** Gaps that were filled. */
  readonly gaps: readonly HomeGap[];
  /** What was taken in which way, by file, in words. */
  readonly found: readonly (readonly [path: string, notes: readonly string[]])[];
  /** What was changed, left out or assumed, in words. */
  readonly notes: readonly string[];
}

/** Gaps up to this length are interpolated. [h] */
export const FILL_HOURS = 2;
/** What three phases of 63 A carry. [kW] */
export const CONNECTION_KW = 43.6;
/** Of panels whose slope nobody has stated. [°] */
const TILT_DEG = 35, AZIMUTH_DEG = 180;
/** German mix of 2023 and 2024, Umweltbundesamt. [kg/kWh] */
export const CARBON_KG_PER_KWH = 0.36;

/**
 * Imports files.
 *
 * @param files What to read, with what is said of each.
 * @param rules What is said of all.
 * @param name Title of the community.
 * @throws {RangeError} In one line that names file, row, column, value and remedy.
 */
export async function importData(
  files: readonly ImportFile[],
  rules: ImportRules,
  name: string,
): Promise<Imported> {
  const read = await readFiles(files, rules);
  const notes = [...read.notes];
  const byHome = seriesByHome(read.meters.flatMap(({ series }) => series), rules.without ?? []);
  const names = [...byHome.keys()];
  if (names.length === 0) {
    throw new RangeError(
      `none of ${
        files.map(({ path }) => path).join(", ")
      } holds readings of a meter; add a file that does`,
    );
  }
  const utcOffsetMinutes = utcOffsetOf(read.meters, rules);
  const { grid, said } = await gridOf([...byHome.values()].flat(), rules, utcOffsetMinutes);
  notes.push(...said);
  const timeGrid = {
    startMs: grid.startSeconds * 1000,
    utcOffsetMinutes,
    dtHours: grid.slotSeconds / 3600,
    slots: grid.slots,
  };
  const devices = read.devices === null
    ? new Map<string, HomeDevices>()
    : matchDevices(read.devices.path, read.devices.homes, names);
  names.push(...[...devices.keys()].filter((name) => !byHome.has(name)));
  requireCells("the data set", grid.slots, 2 * names.length);
  const ids = idsFor(names);
  const renamed = names.filter((name) => ids.get(name) !== name);
  if (renamed.length > 0) {
    notes.push(
      `names that an id cannot be are mapped: ${
        renamed.map((name) => `${shown(name)} → ${ids.get(name)}`).join(", ")
      }`,
    );
  }
  const time = (slot: number) => timestamp(timeGrid, slot).slice(0, 16);
  const homeRules: HomeRules = {
    grid,
    fillHours: rules.fillHours ?? FILL_HOURS,
    connectionKw: rules.connectionKw ?? CONNECTION_KW,
    utcOffsetMinutes,
    time,
  };
  const loadKw = new Float64Array(names.length * grid.slots);
  const pvKw = new Float64Array(names.length * grid.slots);
  const sessions = read.sessions === null ? new Map<string, never>() : matchSessions(
    read.sessions.path,
    read.sessions.byHome,
    names.filter((name) => (devices.get(name)?.car ?? null) !== null),
  );
  const weather = read.weather === null ? null : sunBySlot(read.weather, grid);
  const modelled: string[] = [], unturned: string[] = [];
  const mayBeNet: [id: string, why: string][] = [];
  const gaps: HomeGap[] = [], prosumers: Prosumer[] = [];
  for (const [i, name] of names.entries()) {
    const own = devices.get(name);
    const series = byHome.get(name);
    const profile = series === undefined
      ? withoutMeter(ids.get(name)!, own!, timeGrid, read.timeZone)
      : await homeProfile(ids.get(name)!, series, homeRules);
    byHome.delete(name); // Readings are large; they are not needed any more.
    loadKw.set(profile.loadKw, i * grid.slots);
    if (profile.pvKw !== null) pvKw.set(profile.pvKw, i * grid.slots);
    gaps.push(...profile.gaps);
    notes.push(...profile.notes);
    let sun = profile.pvKw;
    if (sun === null && weather !== null && own !== undefined && own.pvCapacityKw > 0) {
      sun = weather.power({
        capacityKw: own.pvCapacityKw,
        tiltDeg: own.tiltDeg ?? TILT_DEG,
        azimuthDeg: own.azimuthDeg ?? AZIMUTH_DEG,
      });
      pvKw.set(sun, i * grid.slots);
      modelled.push(ids.get(name)!);
      const isPlaneStated = own.tiltDeg !== undefined || own.azimuthDeg !== undefined;
      if (read.weather!.kind === "pvgis" && isPlaneStated) unturned.push(ids.get(name)!);
    }
    if (sun !== null && profile.mayBeNet !== null) {
      mayBeNet.push([ids.get(name)!, profile.mayBeNet]);
    }
    const { pvCapacityKw, note } = capacityOf(ids.get(name)!, own, sun);
    notes.push(...note);
    const flexible = own === undefined ? null : flexibleDevices(
      ids.get(name)!,
      i,
      own,
      loadKw.subarray(i * grid.slots, (i + 1) * grid.slots),
      { grid: timeGrid, seed: rules.seed ?? 1, sessions: sessions.get(name) ?? null },
    );
    notes.push(...flexible?.notes ?? []);
    prosumers.push({
      id: ids.get(name)!,
      pvCapacityKw,
      battery: own?.battery ?? null,
      ...(flexible !== null && flexible.devices.length > 0 && { devices: flexible.devices }),
    });
  }
  if (modelled.length > 0) {
    notes.push(
      `sun of ${modelled.join(", ")} by ${read.weather!.path}` +
        (read.weather!.kind === "epw"
          ? `; where the list of devices states no pv_tilt and pv_azimuth, ${TILT_DEG}° to the south`
          : ""),
      ...weather!.notes,
    );
  }
  if (unturned.length > 0) {
    notes.push(
      `${
        shown(unturned.join(", "), 300)
      }: pv_tilt and pv_azimuth of the list of devices are not used, ` +
        `as ${read.weather!.path} holds the sun of one plane; EPW weather is turned to each roof`,
    );
  }
  notes.push(...mayBeNetNotes(mayBeNet));
  notes.push(...countStandbyAsLoad(prosumers, loadKw, pvKw), ...sumUpGaps(gaps, grid.slots));
  const tariffs = tariffsOfHomes(
    prosumers.map(({ id }) => id),
    names.map((name) => devices.get(name)),
    {
      devicesPath: read.devices?.path ?? "",
      prices: read.prices,
      timeZone: read.timeZone,
      rules,
      grid: timeGrid,
      slots: grid,
      fillHours: homeRules.fillHours,
      time,
    },
  );
  notes.push(...tariffs.notes);
  const none = () => new Float64Array(grid.slots).fill(Infinity);
  const dataset = priced({
    community: { name, currency: tariffs.currency, prosumers },
    profiles: {
      grid: timeGrid,
      loadKw,
      pvKw,
      ...tariffs.common,
      carbonKgPerKwh: new Float64Array(grid.slots).fill(rules.carbonKgPerKwh ?? CARBON_KG_PER_KWH),
      gridImportLimitKw: none(),
      gridExportLimitKw: none(),
    },
  }, tariffs.charged);
  if (rules.carbonKgPerKwh === undefined) {
    notes.push(`carbon intensity is taken as ${CARBON_KG_PER_KWH} kg/kWh at all times (--carbon)`);
  }
  validateDataset(
    dataset,
    (column, slot, prosumer) =>
      `${prosumer === undefined ? "" : `${prosumer.id}, `}${column}, ${time(slot)}`,
  );
  const ofHomes = grouped(notes, new Set(ids.values()));
  return { dataset, files: read.settings, rules, gaps, found: read.found, notes: ofHomes };
}

/** What is said of several homes alike, once. */
function grouped(notes: readonly string[], ids: ReadonlySet<string>): string[] {
  const homesBy = new Map<string, string[]>();
  for (const note of notes) {
    const [id] = note.split(":", 1);
    const text = ids.has(id) ? note.slice(id.length) : note;
    const homes = homesBy.get(text) ?? homesBy.set(text, []).get(text)!;
    if (ids.has(id)) homes.push(id);
  }
  return [...homesBy].map(([text, homes]) =>
    shown(homes.join(", "), 300) + (homes.length > 1 ? ", each" : "") + text
  );
}

/** Series by the home that they belong to, in the order in which homes first come. */
function seriesByHome(
  series: readonly MeterSeries[],
  without: readonly string[],
): Map<string, MeterSeries[]> {
  const homes = new Map<string, MeterSeries[]>();
  for (const one of series) {
    const name = one.home.normalize("NFC");
    if (without.includes(name)) continue;
    homes.set(name, [...homes.get(name) ?? [], one]);
  }
  return homes;
}
