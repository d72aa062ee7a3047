/**
 * Data sets on disk: a folder with `community.json` and `profiles.csv` or `profiles.parquet`, where
 * homes have cars or appliances `sessions.csv` and `runs.csv`, where they are on a feeder
 * `network.json`, and where they are charged by contracts `tariffs.json` (
 * {@link ./tariff_config.ts}), which a configuration overrides.
 *
 * @module
 */

import {
  isBeingReplaced,
  isLeftover,
  LOCK_FILE,
  settleFiles,
  writeTogether,
} from "../disk/whole_files.ts";
import type { CityLearnFiles } from "./citylearn.ts";
import { SCHEMA_FILE } from "./citylearn_schema.ts";
import { type CommunityFile, communityFileText, parseCommunityFile } from "./community_file.ts";
import { insideFolder, LARGEST_BYTES, readBytesWithin, readTextWithin } from "./bounded_file.ts";
import { loadPolars } from "./polars.ts";
import { parseJson } from "./json.ts";
import { priced, unpriced } from "./priced.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { tariffConfigSchema, TARIFFS_FILE } from "./tariff_config.ts";
import type { SimBenchFiles } from "./simbench/tables.ts";
import { parseProfiles, profileColumns } from "./profile_table.ts";
import { parseCsv, parseParquet } from "./read_table.ts";
import { MOST_COLUMNS } from "./table_size.ts";
import type { SpanTables } from "./devices/assemble.ts";
import { runsText, sessionsText, SPAN_FILES } from "./devices/span_table.ts";
import { type Network, validateNetwork } from "../network/network.ts";
import { networkFileText, parseNetworkFile } from "../network/network_file.ts";

/** Kind of the profiles' file. */
export type DatasetFormat = "csv" | "parquet";

const COMMUNITY = "community.json";
const NETWORK = "network.json";
/** Files that an import writes beside its data. */
const BESIDE: readonly BesideName[] = ["import.json", "gaps.csv"];
/** Name of such a file. */
export type BesideName = "import.json" | "gaps.csv";
const PROFILES = { csv: "profiles.csv", parquet: "profiles.parquet" } as const;

/**
 * Reads a data set folder.
 *
 * @throws {Error} If a file is missing; the message names it.
 * @throws {RangeError} If a file is malformed; the message names file, row, column and value.
 *
 * @example
 * ```ts
 * import { readDataset, writeDataset } from "./dataset.ts";
 * import { synthesize } from "./synthetic.ts";
 * const parent = await Deno.makeTempDir();
 * const folder = `${parent}/three-homes`;
 * await writeDataset(synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 }), folder);
 * const { community } = await readDataset(folder);
 * await Deno.remove(parent, { recursive: true });
 * if (community.prosumers.length !== 3) throw new Error("expected three homes");
 * ```
 */
export async function readDataset(directory: string): Promise<Dataset> {
  await settleFiles(directory);
  const path = (name: string) => insideFolder(directory, name);
  const remedy = `a data set is a folder with ${COMMUNITY} and ${PROFILES.csv} or ` +
    PROFILES.parquet;
  const community = await path(COMMUNITY);
  const readCommunity = () =>
    readTextWithin(community, { maxBytes: LARGEST_BYTES.document, remedy });
  const communityText = await readCommunity();
  const communityFile = parseCommunityFile(communityText, community);
  const names = await entries(directory);
  const network = names.includes(NETWORK)
    ? await readNetwork(await path(NETWORK), communityFile)
    : undefined;
  const found = (["csv", "parquet"] as const).filter((format) => names.includes(PROFILES[format]));
  if (found.length !== 1) {
    throw new Error(
      `${directory} must hold either ${PROFILES.csv} or ${PROFILES.parquet}, ` +
        (found.length === 0 ? "found neither" : "found both; remove one"),
    );
  }
  const file = await path(PROFILES[found[0]]);
  const bytes = await readBytesWithin(file, { maxBytes: LARGEST_BYTES.table, remedy });
  const table = found[0] === "csv"
    ? await parseCsv(bytes, file, MOST_COLUMNS)
    : await parseParquet(bytes, file);
  const spans = await readSpans(names, path);
  // The profiles are put in place before the community: those read may be newer than it.
  if (await isBeingReplaced(directory) || await readCommunity() !== communityText) {
    throw new Error(`${directory} was replaced while it was read; run this again`);
  }
  return await tariffsIn(directory, parseProfiles(table, communityFile, spans, network));
}

/**
 * A data set at the tariffs that a folder holds; itself where there are none.
 *
 * @throws {RangeError} Naming the file and the field that is wrong, or a home that is not there.
 */
export async function tariffsIn(directory: string, dataset: Dataset): Promise<Dataset> {
  if (!(await entries(directory)).includes(TARIFFS_FILE)) return dataset;
  const file = await insideFolder(directory, TARIFFS_FILE);
  const text = await readTextWithin(file, {
    maxBytes: LARGEST_BYTES.document,
    remedy: "remove it, or write tariffs",
  });
  const tariffs = parseJson(text, tariffConfigSchema, file);
  try {
    return priced(dataset, tariffs);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${file}: ${error.message.replace(/^tariffs\./, "")}`);
  }
}

/** Sessions and runs, where there are such files. */
async function readSpans(
  names: readonly string[],
  path: (name: string) => Promise<string>,
): Promise<SpanTables> {
  const tables: { -readonly [kind in keyof SpanTables]: SpanTables[kind] } = {};
  for (const kind of ["car", "appliance"] as const) {
    const name = SPAN_FILES[kind];
    if (!names.includes(name)) continue;
    const file = await path(name);
    const remedy = `${name} holds ${kind === "car" ? "sessions of cars" : "runs of appliances"}`;
    const bytes = await readBytesWithin(file, { maxBytes: LARGEST_BYTES.table, remedy });
    tables[kind] = await parseCsv(bytes, file);
  }
  return tables;
}

async function readNetwork(file: string, { community }: CommunityFile): Promise<Network> {
  const remedy = "remove it, or write a network";
  const text = await readTextWithin(file, { maxBytes: LARGEST_BYTES.document, remedy });
  const network = parseNetworkFile(text, file);
  try {
    validateNetwork(network, community.prosumers.map(({ id }) => id));
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`);
  }
  return network;
}

/**
 * Writes a data set folder, whole or not at all, also if the program is killed on the way.
 *
 * @param given What to write; prices are written as they were before its tariffs, beside them.
 * @param directory The folder; an older data set in it is replaced, anything else is refused.
 * @throws {Error} If the folder holds something that is not part of a data set.
 */
export async function writeDataset(
  given: Dataset,
  directory: string,
  { format = "csv", beside = {} }: {
    readonly format?: DatasetFormat;
    /** Texts that are written beside the data, by name: how it was imported, and what was filled. */
    readonly beside?: Readonly<Partial<Record<BesideName, string>>>;
  } = {},
): Promise<void> {
  validateDataset(given);
  const dataset = unpriced(given), { charges } = given;
  if (!Object.hasOwn(PROFILES, format)) {
    throw new RangeError(`format must be ${Object.keys(PROFILES).join(" or ")}, got "${format}"`);
  }
  await refuseForeignFiles(directory);
  const { community, profiles: { grid } } = dataset;
  const spans: Readonly<Record<string, string | null>> = {
    [SPAN_FILES.car]: sessionsText(community, grid),
    [SPAN_FILES.appliance]: runsText(community, grid),
  };
  const other = format === "csv" ? PROFILES.parquet : PROFILES.csv;
  await writeTogether(
    directory,
    {
      ...Object.fromEntries(
        Object.entries(spans).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
      [PROFILES[format]]: await profilesFile(dataset, format),
      [COMMUNITY]: communityFileText(community),
      ...(dataset.network !== undefined && { [NETWORK]: networkFileText(dataset.network) }),
      ...(charges !== undefined && {
        [TARIFFS_FILE]: JSON.stringify(charges.tariffs, null, 2) + "\n",
      }),
      ...beside,
    },
    [
      other,
      ...BESIDE.filter((name) => beside[name] === undefined),
      ...(dataset.network === undefined ? [NETWORK] : []),
      ...(charges === undefined ? [TARIFFS_FILE] : []),
      ...Object.keys(spans).filter((name) => spans[name] === null),
    ],
  );
}

/** The files in a folder, to import a CityLearn data set from. */
export function folderFiles(directory: string): CityLearnFiles {
  const remedy = `a CityLearn data set is a folder with ${SCHEMA_FILE}`;
  const text = async (file: string) => {
    const path = await insideFolder(directory, file);
    return await readTextWithin(path, { maxBytes: LARGEST_BYTES.document, remedy });
  };
  const table = async (file: string) => {
    const path = await insideFolder(directory, file);
    return await parseCsv(
      await readBytesWithin(path, { maxBytes: LARGEST_BYTES.table, remedy }),
      file,
    );
  };
  return { text, table };
}

/** The tables of a folder, to import a SimBench grid from. */
export async function simBenchFolder(directory: string): Promise<SimBenchFiles> {
  const names = (await entries(directory)).filter((name) => name.endsWith(".csv"))
    .map((name) => name.slice(0, -4)).sort();
  const remedy = "a SimBench grid is a folder with Node.csv, Line.csv and others";
  return {
    names,
    async table(name) {
      const path = await insideFolder(directory, `${name}.csv`);
      const bytes = await readBytesWithin(path, { maxBytes: LARGEST_BYTES.table, remedy });
      return await parseCsv(bytes, `${name}.csv`, MOST_COLUMNS, ";");
    },
  };
}

async function profilesFile(dataset: Dataset, format: DatasetFormat): Promise<Uint8Array> {
  const polars = await loadPolars();
  const frame = polars.DataFrame(Object.fromEntries(profileColumns(dataset)));
  return format === "csv" ? frame.writeCSV() : frame.writeParquet();
}

async function refuseForeignFiles(directory: string): Promise<void> {
  const own: readonly string[] = [
    ...[COMMUNITY, NETWORK, TARIFFS_FILE, PROFILES.csv, PROFILES.parquet, LOCK_FILE],
    ...Object.values(SPAN_FILES),
    ...BESIDE,
  ];
  const foreign = (await entries(directory)).find((name) =>
    !own.includes(name) && !isLeftover(name)
  );
  if (foreign !== undefined) {
    throw new Error(
      `${directory} holds "${foreign}", which is not part of a data set; choose another folder`,
    );
  }
}

/** Names in a folder; none if it does not exist. */
async function entries(directory: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) {
      throw new Error(`${directory} is a file; a data set is a folder`);
    }
    throw error;
  }
}
