/**
 * An import as it is asked for on the command line: files, flags, and an `import.json` of before.
 *
 * @module
 */

import { basename, dirname, join, relative, resolve } from "node:path";
import { exists } from "../../disk/exists.ts";
import { readTextWithin } from "../bounded_file.ts";
import { oneOf } from "../../text/nearest.ts";
import { csvLine } from "../../text/csv.ts";
import { timestamp } from "../../units.ts";
import { encodings, reading, separators } from "./dialect.ts";
import type { Imported, ImportFile } from "./import_data.ts";
import type { LayoutWishes } from "./layout.ts";
import { quantities, roles, units } from "./names.ts";
import {
  type FileSettings,
  type ImportRules,
  type ImportSettings,
  parseSettings,
  SETTINGS_FILE,
} from "./settings.ts";
import { dateOrders } from "./stamps.ts";

/** Flags of an import, as a task declares them. */
export const importOptions = {
  "time-zone": {
    type: "string",
    placeholder: "ZONE",
    help: "import: clock of stamps without an offset, such as Europe/Berlin or +01:00",
  },
  devices: { type: "string", placeholder: "FILE", help: "import: panels, battery, tariff by home" },
  prices: { type: "string", placeholder: "FILE", help: "import: day-ahead prices" },
  sessions: { type: "string", placeholder: "FILE", help: "import: when cars were plugged in" },
  weather: {
    type: "string",
    placeholder: "FILE",
    help: "import: PVGIS or EPW, for panels without meter",
  },
  pv: { type: "string", placeholder: "FILE", help: "import: a file whose columns are generation" },
  unit: { type: "string", placeholder: units.join("|"), help: "import: unit of the readings" },
  quantity: {
    type: "string",
    placeholder: quantities.join("|"),
    help: "import: per interval, mean power, or since the meter began",
  },
  role: {
    type: "string",
    placeholder: roles.join("|"),
    help: "import: what the readings measure",
  },
  label: {
    type: "string",
    placeholder: "start|end",
    help: "import: which end of its interval a stamp names",
  },
  "date-order": {
    type: "string",
    placeholder: dateOrders.join("|"),
    help: "import: how dates are written",
  },
  separator: { type: "string", placeholder: "CHAR", help: "import: between cells, or tab" },
  decimal: { type: "string", placeholder: ".|,", help: "import: decimal mark" },
  encoding: { type: "string", placeholder: "NAME", help: `import: ${encodings.join(", ")}` },
  "header-row": { type: "integer", min: 1, help: "import: row that names the columns" },
  "time-column": {
    type: "string",
    placeholder: "NAME[,NAME]",
    help: "import: column of time, or of date and of time of day",
  },
  "home-column": {
    type: "string",
    placeholder: "NAME",
    help: "import: column that names the home",
  },
  resolution: {
    type: "integer",
    placeholder: "5|15|30|60",
    help: "import: length of a slot [min]; the longest interval if absent",
  },
  from: { type: "string", placeholder: "DAY", help: "import: first day" },
  to: { type: "string", placeholder: "DAY", help: "import: day after the last" },
  without: { type: "string", placeholder: "HOME,…", help: "import: homes that are left out" },
  "fill-hours": {
    type: "number",
    min: 0,
    max: 168,
    help: "import: longest gap that is interpolated (default 2)",
  },
  "connection-kw": {
    type: "number",
    min: 0.1,
    help: "import: more is no reading of a home (default 43.6)",
  },
  name: {
    type: "string",
    placeholder: "TEXT",
    help: "import: of the community (default the folder)",
  },
  area: { type: "string", placeholder: "NAME", help: "import: area of the prices" },
  surcharge: {
    type: "number",
    help: "import: on day-ahead prices, per kWh before VAT (default 0.165)",
  },
  vat: { type: "number", min: 0, max: 1, help: "import: as a share (default 0.19)" },
  currency: { type: "string", placeholder: "CODE", help: "import: of all prices (default EUR)" },
} as const;

/** Their values. */
export type ImportFlags =
  & {
    readonly [K in keyof typeof importOptions]?:
      | ((typeof importOptions)[K]["type"] extends "string" ? string : number)
      | undefined;
  }
  & SharedFlags;

/** Flags that other commands have too. */
type SharedFlags = {
  readonly [K in "feed-in-tariff" | "import-price" | "carbon" | "seed"]?: number | undefined;
};

/** What is imported, by files and flags. */
export interface ImportRequest {
  readonly files: readonly ImportFile[];
  readonly rules: ImportRules;
}

/**
 * Reads what is asked for.
 *
 * @param paths Files of any kind; an `import.json` repeats what it says of them, or of files that are
 * named like those that it knows.
 * @throws {RangeError} Naming the flag or the field.
 */
export async function importRequest(
  paths: readonly string[],
  flags: ImportFlags,
): Promise<ImportRequest> {
  const cityLearn = paths.find((path) => basename(path) === "schema.json");
  if (cityLearn !== undefined) {
    throw new RangeError(
      `${cityLearn} belongs to CityLearn; import its folder with deno task data import-citylearn`,
    );
  }
  const isSettings = (path: string) => path.endsWith(".json");
  const [settingsPath, second] = paths.filter(isSettings);
  if (second !== undefined) throw new RangeError(`give one ${SETTINGS_FILE}, got also ${second}`);
  const settings = settingsPath === undefined
    ? null
    : parseSettings(await readTextWithin(settingsPath, reading), settingsPath);
  const given = paths.filter((path) => !isSettings(path));
  const own = wishesOf(flags);
  const known = settings?.files ?? [];
  const files: ImportFile[] = given.length > 0 || settings === null
    ? given.map((path) => {
      const before = known.find(({ file }) => basename(file) === basename(path));
      return { path, wishes: { ...before === undefined ? {} : wishes(before), ...own } };
    })
    : known.map((one) => ({
      path: join(dirname(settingsPath), one.file),
      wishes: { ...wishes(one), ...own },
    }));
  const add = (path: string | undefined, kind?: ImportFile["kind"], role?: "pv") => {
    if (path === undefined) return;
    // Panels have a meter of their own kind: what is said of the others holds where theirs says nothing.
    const { role: _role, quantity: _quantity, unit, ...rest } = own;
    files.push({
      path,
      ...(kind !== undefined && { kind }),
      wishes: {
        ...rest,
        ...(unit !== undefined && { otherwise: unit }),
        ...(role !== undefined && { role }),
      },
    });
  };
  add(flags.pv, "meters", "pv");
  add(flags.devices, "devices");
  add(flags.prices, "prices");
  add(flags.weather);
  add(flags.sessions, "sessions");
  return { files, rules: { ...rulesIn(settings), ...rulesOf(flags) } };
}

function wishes({ file: _, timeZone, ...rest }: FileSettings): LayoutWishes {
  return { ...rest, ...(typeof timeZone === "string" && { timeZone }) };
}

function wishesOf(flags: ImportFlags): LayoutWishes {
  const word = <W extends string>(name: keyof ImportFlags, known: readonly W[]) => {
    const value = flags[name];
    return value === undefined ? undefined : oneOf(`--${name}`, String(value), known);
  };
  const separator = flags.separator === "tab" ? "\t" : flags.separator;
  return withoutAbsent({
    unit: word("unit", units),
    quantity: word("quantity", quantities),
    role: word("role", roles),
    label: word("label", ["start", "end"] as const),
    dateOrder: word("date-order", dateOrders),
    decimal: word("decimal", [".", ","] as const),
    encoding: word("encoding", encodings),
    separator: separator === undefined ? undefined : oneOf("--separator", separator, separators),
    headerRow: flags["header-row"],
    time: flags["time-column"]?.split(","),
    homeColumn: flags["home-column"],
  });
}

function rulesOf(flags: ImportFlags): ImportRules {
  const { resolution } = flags;
  if (
    resolution !== undefined && resolution !== 5 && resolution !== 15 && resolution !== 30 &&
    resolution !== 60
  ) {
    throw new RangeError(`--resolution must be 5, 15, 30 or 60, got ${resolution}`);
  }
  if (flags.currency !== undefined && !/^[A-Z]{3}$/.test(flags.currency)) {
    throw new RangeError(`--currency must be a code such as EUR, got "${flags.currency}"`);
  }
  return withoutAbsent({
    timeZone: flags["time-zone"],
    resolutionMinutes: resolution,
    from: flags.from,
    to: flags.to,
    without: flags.without?.split(",").map((name) => name.normalize("NFC")),
    fillHours: flags["fill-hours"],
    connectionKw: flags["connection-kw"],
    currency: flags.currency,
    importPricePerKwh: flags["import-price"],
    feedInTariffPerKwh: flags["feed-in-tariff"],
    carbonKgPerKwh: flags.carbon,
    surchargePerKwh: flags.surcharge,
    vat: flags.vat,
    area: flags.area,
    name: flags.name,
    seed: flags.seed,
  });
}

function rulesIn(settings: ImportSettings | null): ImportRules {
  if (settings === null) return {};
  const { version: _version, files: _files, notes: _notes, ...rules } = settings;
  return rules;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(object: T): Present<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}

/** `import.json` of an import, for the folder that it is written to. */
export function settingsText({ files, rules, notes }: Imported, folder: string): string {
  const settings: ImportSettings = {
    version: 1,
    ...(notes.length > 0 && { notes: [...notes] }),
    ...rules,
    files: files.map((one) => ({
      ...one,
      file: relative(resolve(folder), resolve(one.file)).replaceAll("\\", "/"),
    })),
  };
  return JSON.stringify(settings, null, 2) + "\n";
}

/** What an import said, of the folder that it left; nothing of a folder that none has left. */
export async function notesOfImport(folder: string): Promise<readonly string[]> {
  const path = join(folder, SETTINGS_FILE);
  if (!await exists(path)) return [];
  return parseSettings(await readTextWithin(path, reading), path).notes ?? [];
}

/** `gaps.csv` of an import: every slot that is made up. */
export function gapsText({ gaps, dataset: { profiles: { grid } } }: Imported): string {
  return csvLine(["home", "column", "from", "slots", "energyKwh", "rule"]) +
    gaps.map(({ home, role, slot, slots, energyKwh, rule }) =>
      csvLine([home, role, timestamp(grid, slot), slots, energyKwh, rule])
    ).join("");
}
