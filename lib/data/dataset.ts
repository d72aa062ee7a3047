/**
 * Data sets on disk: a folder with `community.json` and `profiles.csv` or `profiles.parquet`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { join } from "node:path";
import { isBeingReplaced, isLeftover, settleFiles, writeTogether } from "../disk/whole_files.ts";
import type { CityLearnFiles } from "./citylearn.ts";
import { SCHEMA_FILE } from "./citylearn_schema.ts";
import { communityFileText, parseCommunityFile } from "./community_file.ts";
import { type Dataset, validateDataset } from "./profiles.ts";
import { parseProfiles, profileColumns } from "./profile_table.ts";
import type { Table } from "./table.ts";

/** Kind of the profiles' file. */
export type DatasetFormat = "csv" | "parquet";

const COMMUNITY = "community.json";
/** Says which task is at work in a folder. */
const LOCK = ".lock";
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
  const communityPath = join(directory, COMMUNITY);
  const remedy = `a data set is a folder with ${COMMUNITY} and ${PROFILES.csv} or ` +
    PROFILES.parquet;
  const text = await readFile(communityPath, remedy);
  const communityFile = parseCommunityFile(text, communityPath);
  const names = await entries(directory);
  const found = (["csv", "parquet"] as const).filter((format) => names.includes(PROFILES[format]));
  if (found.length !== 1) {
    throw new Error(
      `${directory} must hold either ${PROFILES.csv} or ${PROFILES.parquet}, ` +
        (found.length === 0 ? "found neither" : "found both; remove one"),
    );
  }
  const file = join(directory, PROFILES[found[0]]);
  const table = found[0] === "csv"
    ? await parseCsv(await readFile(file, remedy), file)
    : await readParquet(file);
  // The profiles are put in place before the community: those read may be newer than it.
  if (await isBeingReplaced(directory) || await readFile(communityPath, remedy) !== text) {
    throw new Error(`${directory} was replaced while it was read; run this again`);
  }
  return parseProfiles(table, communityFile);
}

/**
 * Writes a data set folder, whole or not at all, also if the program is killed on the way.
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
  if (!Object.hasOwn(PROFILES, format)) {
    throw new RangeError(`format must be ${Object.keys(PROFILES).join(" or ")}, got "${format}"`);
  }
  await refuseForeignFiles(directory);
  const other = format === "csv" ? PROFILES.parquet : PROFILES.csv;
  await writeTogether(
    directory,
    {
      [PROFILES[format]]: await profilesFile(dataset, format),
      [COMMUNITY]: communityFileText(dataset.community),
    },
    [other],
  );
}

/**
 * The cells of a CSV text, as text.
 *
 * @param text The file's content, with a header line.
 * @param file The file's name, for messages.
 * @throws {RangeError} If the text is no table: no header, a column twice, a row too long.
 */
export async function parseCsv(text: string, file: string): Promise<Table> {
  const { default: polars } = await import("nodejs-polars");
  if (text.trim() === "") throw new RangeError(`${file}: the file is empty; write a header line`);
  let frame;
  try {
    frame = polars.readCSV(Buffer.from(text.trimEnd()), {
      inferSchemaLength: 0,
      truncateRaggedLines: false,
    });
  } catch (error) {
    throw new RangeError(`${file}: ${longRow(text) ?? `not a CSV table: ${firstLine(error)}`}`);
  }
  for (const name of frame.columns) {
    const twice = /^(.*)_duplicated_\d+$/.exec(name)?.[1];
    if (twice !== undefined && frame.columns.includes(twice)) {
      throw new RangeError(`${file}: column "${twice}" comes twice; remove one`);
    }
  }
  const columns = new Map<string, (string | null)[]>();
  for (const name of frame.columns) {
    columns.set(name, frame.getColumn(name).toArray() as (string | null)[]);
  }
  return { file, firstRow: 2, columns };
}

/** The files in a folder, to import a CityLearn data set from. */
export function folderFiles(directory: string): CityLearnFiles {
  const text = (file: string) =>
    readFile(join(directory, file), `a CityLearn data set is a folder with ${SCHEMA_FILE}`);
  const table = async (file: string) => await parseCsv(await text(file), file);
  return { text, table };
}

async function readParquet(file: string): Promise<Table> {
  const { default: polars } = await import("nodejs-polars");
  const columns = new Map<string, (string | number | null)[]>();
  try {
    const frame = polars.readParquet(file);
    for (const name of frame.columns) {
      const column = frame.getColumn(name);
      const isText = column.dtype.equals(polars.String);
      const cells = isText ? column : column.cast(polars.Float64);
      columns.set(name, cells.toArray() as (string | number | null)[]);
    }
  } catch (error) {
    throw new RangeError(`${file}: not a Parquet table of texts and numbers: ${firstLine(error)}`);
  }
  return { file, firstRow: 1, columns };
}

async function profilesFile(dataset: Dataset, format: DatasetFormat): Promise<Uint8Array> {
  const { default: polars } = await import("nodejs-polars");
  const frame = polars.DataFrame(Object.fromEntries(profileColumns(dataset)));
  return format === "csv" ? frame.writeCSV() : frame.writeParquet();
}

async function refuseForeignFiles(directory: string): Promise<void> {
  const own: readonly string[] = [COMMUNITY, PROFILES.csv, PROFILES.parquet, LOCK];
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

async function readFile(path: string, remedy: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new Error(`${path} does not exist; ${remedy}`);
    }
    throw error;
  }
}

function longRow(text: string): string | undefined {
  const lines = text.split("\n");
  const width = lines[0].split(",").length;
  const index = lines.findIndex((line) => line.split(",").length > width);
  if (index < 0) return undefined;
  return `row ${index + 1} has ${lines[index].split(",").length} cells, the header has ${width}`;
}

function firstLine(error: unknown): string {
  return (error as Error).message.split("\n")[0];
}
