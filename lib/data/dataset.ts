/**
 * Data sets on disk: a folder with `community.json` and `profiles.csv` or `profiles.parquet`.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import type { CityLearnFiles } from "./citylearn.ts";
import { SCHEMA_FILE } from "./citylearn_schema.ts";
import { communityFileText, parseCommunityFile } from "./community_file.ts";
import { insideFolder, LARGEST_BYTES, readBytesWithin, readTextWithin } from "./bounded_file.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { parseProfiles, profileColumns } from "./profile_table.ts";
import { parseCsv, parseParquet } from "./read_table.ts";
import { MOST_COLUMNS } from "./table_size.ts";

/** Kind of the profiles' file. */
export type DatasetFormat = "csv" | "parquet";

const COMMUNITY = "community.json";
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
  const path = (name: string) => insideFolder(directory, name);
  const remedy = `a data set is a folder with ${COMMUNITY} and ${PROFILES.csv} or ` +
    PROFILES.parquet;
  const community = await path(COMMUNITY);
  const communityText = await readTextWithin(community, {
    maxBytes: LARGEST_BYTES.document,
    remedy,
  });
  const communityFile = parseCommunityFile(communityText, community);
  const names = await entries(directory);
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
    : parseParquet(bytes, file);
  return parseProfiles(table, communityFile);
}

/**
 * Writes a data set folder, whole or not at all: the files are made beside it and moved into place.
 *
 * @param dataset What to write.
 * @param directory The folder; an older data set in it is replaced, anything else is refused.
 * @throws {Error} If the folder holds something that is not part of a data set.
 */
export async function writeDataset(
  dataset: Dataset,
  directory: string,
  { format = "csv" }: { readonly format?: DatasetFormat } = {},
): Promise<void> {
  validateDataset(dataset);
  const target = resolve(directory);
  await refuseForeignFiles(target, directory);
  await Deno.mkdir(dirname(target), { recursive: true });
  const workshop = await Deno.makeTempDir({
    dir: dirname(target),
    prefix: `.${basename(target)}-`,
  });
  try {
    const made = join(workshop, "new");
    await Deno.mkdir(made);
    await Deno.writeTextFile(join(made, COMMUNITY), communityFileText(dataset.community));
    await writeProfiles(dataset, join(made, PROFILES[format]), format);
    await swap(made, target, join(workshop, "old"));
  } finally {
    await Deno.remove(workshop, { recursive: true });
  }
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

async function writeProfiles(dataset: Dataset, file: string, format: DatasetFormat): Promise<void> {
  const { default: polars } = await import("nodejs-polars");
  const frame = polars.DataFrame(Object.fromEntries(profileColumns(dataset)));
  if (format === "csv") frame.writeCSV(file);
  else frame.writeParquet(file);
}

/** Moves `made` to `target`, and what was there out of the way. */
async function swap(made: string, target: string, old: string): Promise<void> {
  const replaces = await Deno.stat(target).then(() => true, () => false);
  if (replaces) await Deno.rename(target, old);
  try {
    await Deno.rename(made, target);
  } catch (error) {
    if (replaces) await Deno.rename(old, target);
    throw error;
  }
}

async function refuseForeignFiles(target: string, shown: string): Promise<void> {
  const own: readonly string[] = [COMMUNITY, PROFILES.csv, PROFILES.parquet];
  const foreign = (await entries(target)).find((name) => !own.includes(name));
  if (foreign !== undefined) {
    throw new Error(
      `${shown} holds "${foreign}", which is not part of a data set; choose another folder`,
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
