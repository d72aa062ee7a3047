/**
 * Imports a SimBench low-voltage grid of one year in its CSV form: feeder, homes and their profiles.
 *
 * - A home is a load that is no heat pump and no charger; those, panels and storages of its node are
 *   its own, in turn where several homes share a node. What is on a node without a home is one.
 * - Profiles are per unit of the element's rating, in MW: `profile × pLoad`, `profile × qLoad`.
 * - Storages of scenario 2 only ever feed in: they are what a home with panels *and* a battery
 *   exports, not a battery, and count as generation.
 * - Heat pumps (`Air_…`, `Soil_…`) and chargers (`HLS_…`, `APLS_…`) are loads with a profile, or on
 *   demand stores ({@link ./flexible.ts}).
 *
 * Data: S. Meinecke et al., "SimBench—A Benchmark Dataset of Electric Power Systems to Compare
 * Innovative Solutions Based on Power Flow Analysis", Energies 13 (2020), 3290; Open Database License.
 * There are no prices in it: the caller states them.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import type { TimeGrid } from "../../units.ts";
import type { Prosumer } from "../community.ts";
import type { KindDevice } from "../devices/home_device.ts";
import { type Dataset, validateDataset } from "../profiles.ts";
import { requireCells } from "../table_size.ts";
import { wallClockGrid } from "./clock.ts";
import { flexibleCar, flexibleHeatPump } from "./flexible.ts";
import { simBenchGrid } from "./grid.ts";
import { type SimBenchFiles, type SimBenchTable, simBenchTables } from "./tables.ts";

/** What SimBench does not say. */
export interface SimBenchOptions {
  /** Title of the community. */
  readonly name: string;
  /** Price of imported energy by the local hour of a slot. [EUR/kWh] */
  readonly importPricePerKwh: (hourOfDay: number) => number;
  /** Price paid for exported energy. [EUR/kWh] */
  readonly feedInTariffPerKwh: number;
  /** CO2 of imported energy. [kg/kWh] */
  readonly carbonKgPerKwh: number;
  /** Whether the transformer's tap position is applied; not if left out. */
  readonly tap?: boolean;
  /** Whether heat pumps and chargers are stores, see {@link ./flexible.ts}; loads if left out. */
  readonly flexible?: boolean;
}

/** Profiles of these are of heat pumps and of chargers. */
const FLEXIBLE = /^(Air|Soil|HLS|APLS)_/;

/** Powers are kept to a thousandth of a watt. */
const PER_KW = 1e6;

/** An element that takes or gives by a profile. */
interface Element {
  readonly id: string;
  readonly node: string;
  readonly profile: string;
  readonly powerKw: number;
  readonly reactiveKvar: number;
}

/**
 * Converts a grid.
 *
 * @throws {RangeError} Naming the file and the field that cannot be converted.
 */
export async function importSimBench(
  files: SimBenchFiles,
  options: SimBenchOptions,
): Promise<Dataset> {
  const tables = simBenchTables(files);
  const feeder = await simBenchGrid(tables, options.tap ?? false);
  const place = (node: string, where: string) => {
    const found = feeder.nodeOf(node);
    if (found !== undefined) return found;
    throw new RangeError(`${where}: no closed line leads from the transformer to ${quoted(node)}`);
  };
  const loads = elementsOf(await tables.read("Load"), place, "pLoad", "qLoad");
  const sources = elementsOf(await tables.readIfAny("RES"), place, "pRES");
  const storages = elementsOf(await tables.readIfAny("Storage"), place, "pStor");
  const homes = homesOf(loads, sources, storages);

  const loadProfiles = await profilesOf(tables.read("LoadProfile"), loads, ["_pload", "_qload"]);
  const { grid } = loadProfiles;
  const { slots } = grid;
  requireCells("LoadProfile.csv", slots, 3 * homes.length);
  const others = { grid, columns: new Map<string, Float64Array>() };
  const sun = sources.length === 0
    ? others
    : await profilesOf(tables.read("RESProfile"), sources, [""], grid);
  const stored = storages.length === 0
    ? others
    : await profilesOf(tables.read("StorageProfile"), storages, [""], grid);

  const loadKw = new Float64Array(homes.length * slots);
  const pvKw = new Float64Array(homes.length * slots);
  const reactiveKvar = new Float64Array(homes.length * slots);
  const devices = homes.map((): KindDevice[] => []);
  homes.forEach((home, i) => {
    const into = (column: Float64Array) => column.subarray(i * slots, (i + 1) * slots);
    for (const { profile, powerKw, reactiveKvar: kvar } of home.loads) {
      if (options.flexible && FLEXIBLE.test(profile)) {
        const drawnKw = loadProfiles.columns.get(`${profile}_pload`)!
          .map((share) => share * powerKw);
        round(drawnKw);
        devices[i].push(deviceOf(profile, drawnKw, powerKw, grid, devices[i]));
        continue;
      }
      add(into(loadKw), loadProfiles.columns.get(`${profile}_pload`)!, powerKw);
      add(into(reactiveKvar), loadProfiles.columns.get(`${profile}_qload`)!, kvar);
    }
    for (const { profile, powerKw } of home.sources) {
      add(into(pvKw), sun.columns.get(profile)!, powerKw);
    }
    for (const { profile, powerKw } of home.storages) {
      // Feeding in is negative in the files' sign; should one ever charge, that is load.
      const power = stored.columns.get(profile)!;
      add(into(pvKw), power.map((share) => Math.max(0, -share * powerKw)), 1);
      add(into(loadKw), power.map((share) => Math.max(0, share * powerKw)), 1);
    }
    for (const column of [loadKw, pvKw, reactiveKvar]) round(into(column));
  });
  const dataset = {
    community: {
      name: options.name,
      currency: "EUR",
      prosumers: homes.map(({ id, sources, storages }, i): Prosumer => ({
        id,
        pvCapacityKw: [...sources, ...storages]
          .reduce((sum, { powerKw }) => sum + Math.abs(powerKw), 0),
        battery: null,
        ...(devices[i].length > 0 && { devices: devices[i] }),
      })),
    },
    network: {
      ...feeder.network,
      homes: Object.fromEntries(homes.map(({ id, node }) => [id, node])),
    },
    profiles: {
      grid,
      loadKw,
      pvKw,
      reactiveKvar,
      ...prices(grid, options),
      gridImportLimitKw: new Float64Array(slots).fill(Infinity),
      gridExportLimitKw: new Float64Array(slots).fill(Infinity),
    },
    notes: [
      ...feeder.notes,
      ...storageNotes(storages, stored.columns),
      `${
        loads.filter(({ profile }) => FLEXIBLE.test(profile)).length
      } heat pumps and chargers are ` +
      (options.flexible
        ? "stores: a tank of four hours, cars that leave at seven or when they come back; their " +
          "reactive power is left out"
        : "fixed loads (--flexible makes stores of them)"),
      "stamps follow the clock of Berlin and are labelled with +01:00 all year",
      ...tables.unused(),
    ],
  };
  validateDataset(dataset);
  return dataset;
}

/** How storages are taken, in words. */
function storageNotes(
  storages: readonly Element[],
  profiles: ReadonlyMap<string, Float64Array>,
): string[] {
  if (storages.length === 0) return [];
  const charging =
    storages.filter(({ profile, powerKw }) =>
      profiles.get(profile)!.some((share) => share * powerKw > 0)
    ).length;
  return [
    charging === 0
      ? `${storages.length} storages only feed in: they are what homes with panels and a battery ` +
        "export, and count as generation"
      : `${charging} of ${storages.length} storages also charge: what they take by their profile ` +
        "counts as load, what they give as generation",
  ];
}

function deviceOf(
  profile: string,
  drawnKw: Float64Array,
  ratedKw: number,
  grid: TimeGrid,
  before: readonly KindDevice[],
): KindDevice {
  const kind = /^(Air|Soil)_/.test(profile) ? "heat-pump" : "car";
  const count = before.filter((device) => device.kind === kind).length;
  const name = count === 0 ? kind : `${kind}-${count + 1}`;
  return kind === "car"
    ? flexibleCar(name, drawnKw, ratedKw, grid)
    : flexibleHeatPump(name, drawnKw);
}

function elementsOf(
  table: SimBenchTable,
  place: (node: string, where: string) => string,
  power: string,
  reactive?: string,
): Element[] {
  const ids = new Set<string>();
  return Array.from({ length: table.rows }, (_, row) => {
    const id = table.text("id", row);
    if (ids.has(id)) {
      throw new RangeError(`${table.place("id", row)}: ${quoted(id)} comes twice; remove one`);
    }
    ids.add(id);
    const megawatts = table.number(power, row);
    // Storages have the sign of what they do, loads and panels that of what they are.
    if (megawatts < 0 && power !== "pStor") {
      throw new RangeError(
        `${table.place(power, row)}: must be at least 0 MW, got ${megawatts}; ` +
          (power === "pLoad"
            ? "what gives belongs into RES.csv"
            : "what takes belongs into Load.csv"),
      );
    }
    return {
      id,
      node: place(table.text("node", row), table.place("node", row)),
      profile: table.text("profile", row),
      powerKw: 1000 * megawatts,
      reactiveKvar: reactive === undefined ? 0 : 1000 * table.number(reactive, row, 0),
    };
  });
}

/** A home and what is its own. */
interface Home {
  readonly id: string;
  readonly node: string;
  readonly loads: Element[];
  readonly sources: Element[];
  readonly storages: Element[];
}

function homesOf(
  loads: readonly Element[],
  sources: readonly Element[],
  storages: readonly Element[],
): Home[] {
  const homes: Home[] = [];
  const atNode = new Map<string, Home[]>();
  const ids = new Set<string>();
  const found = ({ id, node }: Element) => {
    // SimBench names elements by grid and number, such as "LV1.101 Load 7".
    const short = asId(id.replace(/^\S+ (?=\S)/, ""));
    const unique = ids.has(short) ? asId(id) : short;
    ids.add(unique);
    const home: Home = { id: unique, node, loads: [], sources: [], storages: [] };
    homes.push(home);
    atNode.set(node, [...atNode.get(node) ?? [], home]);
    return home;
  };
  for (const load of loads) if (!FLEXIBLE.test(load.profile)) found(load).loads.push(load);
  const inTurn = (elements: readonly Element[], add: (home: Home, element: Element) => void) => {
    const given = new Map<string, number>();
    for (const element of elements) {
      const own = atNode.get(element.node) ?? [found(element)];
      const turn = given.get(element.node) ?? 0;
      given.set(element.node, turn + 1);
      add(own[turn % own.length], element);
    }
  };
  const isA = (kind: RegExp) => loads.filter(({ profile }) => kind.test(profile));
  inTurn(isA(/^(Air|Soil)_/), (home, load) => home.loads.push(load));
  inTurn(isA(/^(HLS|APLS)_/), (home, load) => home.loads.push(load));
  inTurn(sources, (home, source) => home.sources.push(source));
  inTurn(storages, (home, storage) => home.storages.push(storage));
  return homes;
}

function asId(name: string): string {
  return name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-");
}

/** Profiles that elements name, and their slots. */
async function profilesOf(
  reading: Promise<SimBenchTable>,
  elements: readonly Element[],
  suffixes: readonly string[],
  like?: TimeGrid,
): Promise<{ grid: TimeGrid; columns: Map<string, Float64Array> }> {
  const table = await reading;
  const file = table.place("time", 0).split(" row ")[0];
  const stamps = Array.from({ length: table.rows }, (_, row) => table.text("time", row));
  if (like !== undefined && stamps.length !== like.slots) {
    throw new RangeError(
      `${file}: must have as many rows as LoadProfile.csv, ${like.slots}, got ${stamps.length}; ` +
        "one of the two is cut short",
    );
  }
  const grid = wallClockGrid(stamps, file);
  if (like !== undefined && grid.startMs !== like.startMs) {
    throw new RangeError(`${file}: must begin when LoadProfile.csv does, got ${stamps[0]}`);
  }
  const columns = new Map<string, Float64Array>();
  for (const { id, profile } of elements) {
    for (const suffix of suffixes) {
      const name = profile + suffix;
      if (columns.has(name)) continue;
      if (!table.has(name)) {
        throw new RangeError(`${file}: column ${quoted(name)} is missing, which ${id} follows`);
      }
      columns.set(name, table.numbers(name));
    }
  }
  return { grid, columns };
}

function add(into: Float64Array, profile: Float64Array, factor: number): void {
  for (let slot = 0; slot < into.length; slot++) into[slot] += factor * profile[slot];
}

function round(values: Float64Array): void {
  for (let k = 0; k < values.length; k++) values[k] = Math.round(values[k] * PER_KW) / PER_KW;
}

function prices(
  grid: TimeGrid,
  { importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh }: SimBenchOptions,
) {
  const { slots, startMs, utcOffsetMinutes, dtHours } = grid;
  const firstHour = (startMs / 3_600_000 + utcOffsetMinutes / 60) % 24;
  return {
    importPricePerKwh: Float64Array.from(
      { length: slots },
      (_, slot) => importPricePerKwh((firstHour + slot * dtHours) % 24),
    ),
    feedInTariffPerKwh: new Float64Array(slots).fill(feedInTariffPerKwh),
    carbonKgPerKwh: new Float64Array(slots).fill(carbonKgPerKwh),
  };
}
