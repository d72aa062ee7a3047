/**
 * The table of a data set folder, `profiles.csv` or `profiles.parquet`, and profiles in memory.
 *
 * Columns: `timestamp`, `importPricePerKwh`, `feedInTariffPerKwh`, `carbonKgPerKwh`, optionally
 * `gridImportLimitKw` and `gridExportLimitKw` (an empty cell or `inf` is no limit), and for each
 * prosumer `<id>.loadKw` and `<id>.pvKw`, on a network also `<id>.reactiveKvar` if known. Homes
 * whose `tariffClass` is named in `community.json` pay `importPricePerKwh.<class>` and earn
 * `feedInTariffPerKwh.<class>`. Heat pumps have `<id>.<name>.heatKw` and `<id>.<name>.cop`.
 *
 * @module
 */

import { timestamp } from "../units.ts";
import type { Prosumer } from "./community.ts";
import type { CommunityFile } from "./community_file.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { didYouMean } from "../text/nearest.ts";
import { quoted } from "../text/shown.ts";
import { countStandbyAsLoad } from "./standby.ts";
import { cellPlace, column, numberColumn, type Table } from "./columns.ts";
import { parseTimeColumn } from "./time_column.ts";
import {
  assembleDevices,
  heatColumns,
  heatPumpColumns,
  type SpanTables,
} from "./devices/assemble.ts";
import type { Network } from "../network/network.ts";

const PRICES = ["importPricePerKwh", "feedInTariffPerKwh", "carbonKgPerKwh"] as const;
const LIMITS = ["gridImportLimitKw", "gridExportLimitKw"] as const;

/**
 * The data set of a folder.
 *
 * @param spans Sessions and runs, where there are such files.
 * @param network What `network.json` says, where there is one; only then may a home have a column
 * `<id>.reactiveKvar`.
 * @throws {RangeError} Naming the file, the row, the column and the value of the first fault.
 */
export function parseProfiles(
  file: Table,
  communityFile: CommunityFile,
  spans: SpanTables = {},
  network?: Network,
): Dataset {
  const { community } = communityFile;
  const table = withComposedNames(file);
  const notes: string[] = [];
  checkColumnNames(table, community.prosumers, heatColumns(communityFile), network);
  const grid = parseTimeColumn(
    column(table, "timestamp"),
    (slot) => cellPlace(table, "timestamp", slot),
    notes,
  );
  const [importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh] = PRICES.map((name) =>
    numberColumn(table, name)
  );
  const [gridImportLimitKw, gridExportLimitKw] = LIMITS.map((name) => {
    const constant = communityFile[name];
    if (!table.columns.has(name)) return new Float64Array(grid.slots).fill(constant);
    if (constant === Infinity) return numberColumn(table, name, true);
    throw new RangeError(`${table.file}: ${name} is also in community.json; keep one of them`);
  });
  const perProsumer = (suffix: "loadKw" | "pvKw" | "reactiveKvar") => {
    const all = new Float64Array(community.prosumers.length * grid.slots);
    community.prosumers.forEach(({ id }, i) => {
      const name = `${id}.${suffix}`;
      if (suffix === "reactiveKvar" && !table.columns.has(name)) return;
      all.set(numberColumn(table, name), i * grid.slots);
    });
    return all;
  };
  const isReactive = community.prosumers.some(({ id }) => table.columns.has(`${id}.reactiveKvar`));
  const loadKw = perProsumer("loadKw"), pvKw = perProsumer("pvKw");
  notes.push(...countStandbyAsLoad(community.prosumers, loadKw, pvKw));
  const { prosumers, places } = assembleDevices(communityFile, table, spans);
  const dataset = {
    community: { ...community, prosumers },
    profiles: {
      grid,
      loadKw,
      pvKw,
      importPricePerKwh,
      feedInTariffPerKwh,
      carbonKgPerKwh,
      gridImportLimitKw,
      gridExportLimitKw,
      ...(isReactive && { reactiveKvar: perProsumer("reactiveKvar") }),
    },
    ...(network !== undefined && { network }),
    ...tariffsIn(table, tariffClasses(community.prosumers)),
    ...(notes.length > 0 ? { notes } : {}),
  };
  validateDataset(
    dataset,
    (name, slot, prosumer) =>
      cellPlace(table, prosumer === undefined ? name : `${prosumer.id}.${name}`, slot),
    places,
  );
  return dataset;
}

const TARIFF = ["importPricePerKwh", "feedInTariffPerKwh"] as const;

/** Classes of tariffs that homes name. */
function tariffClasses(prosumers: readonly Prosumer[]): string[] {
  return [...new Set(prosumers.flatMap(({ tariffClass }) => tariffClass ?? []))];
}

function tariffsIn(table: Table, classes: readonly string[]): Pick<Dataset, "tariffs"> {
  if (classes.length === 0) return {};
  const column = (name: string) => numberColumn(table, name);
  return {
    tariffs: Object.fromEntries(classes.map((name) => [name, {
      importPricePerKwh: column(`importPricePerKwh.${name}`),
      feedInTariffPerKwh: column(`feedInTariffPerKwh.${name}`),
    }])),
  };
}

/** The columns of a data set, in the order of the file; limits only where there are any. */
export function profileColumns(
  { community, profiles, tariffs = {} }: Dataset,
): Map<string, string[] | Float64Array> {
  const { grid } = profiles;
  const columns = new Map<string, string[] | Float64Array>();
  columns.set("timestamp", Array.from({ length: grid.slots }, (_, t) => timestamp(grid, t)));
  for (const name of PRICES) columns.set(name, profiles[name]);
  for (const name of LIMITS) {
    if (profiles[name].some((limit) => limit !== Infinity)) columns.set(name, profiles[name]);
  }
  for (const [name, tariff] of Object.entries(tariffs)) {
    for (const column of TARIFF) columns.set(`${column}.${name}`, tariff[column]);
  }
  community.prosumers.forEach(({ id }, i) => {
    const own = [i * grid.slots, (i + 1) * grid.slots] as const;
    columns.set(`${id}.loadKw`, profiles.loadKw.subarray(...own));
    columns.set(`${id}.pvKw`, profiles.pvKw.subarray(...own));
    if (profiles.reactiveKvar === undefined) return;
    columns.set(`${id}.reactiveKvar`, profiles.reactiveKvar.subarray(...own));
  });
  for (const prosumer of community.prosumers) {
    for (const [name, values] of heatPumpColumns(prosumer)) columns.set(name, values);
  }
  return columns;
}

/** Letters with accents can be written in two ways; ids are composed, and so are these. */
function withComposedNames(table: Table): Table {
  const composed = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].map(([name, value]) => [name.normalize("NFC"), value]));
  const { types } = table;
  return {
    ...table,
    columns: composed(table.columns),
    ...(types === undefined ? {} : { types: composed(types) }),
  };
}

function checkColumnNames(
  { file, columns }: Table,
  prosumers: readonly Prosumer[],
  ofDevices: readonly string[],
  network: Network | undefined,
): void {
  const needed = new Set<string>(["timestamp", ...PRICES, ...ofDevices]);
  for (const { id } of prosumers) needed.add(`${id}.loadKw`).add(`${id}.pvKw`);
  for (const name of tariffClasses(prosumers)) {
    for (const column of TARIFF) needed.add(`${column}.${name}`);
  }
  const reactive = network === undefined ? [] : prosumers.map(({ id }) => `${id}.reactiveKvar`);
  const known = [...needed, ...LIMITS, ...reactive];
  const taken = new Set(known);
  for (const name of columns.keys()) {
    if (taken.has(name)) continue;
    const guess = didYouMean(name, known) || ";";
    throw new RangeError(
      `${file}: unknown column ${
        quoted(name)
      }${guess} rename or remove it, or add its prosumer to ` +
        "community.json",
    );
  }
}
