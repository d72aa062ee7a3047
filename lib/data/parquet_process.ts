/**
 * Reads Parquet in a process of its own, so that whatever native code makes of a file, be it a crash, an
 * endless loop or a flood of memory, ends in one line.
 *
 * The file goes to the process through a pipe. Back comes, on its standard output, a line of JSON with
 * what each column holds, and then the columns themselves ({@link ./parquet_worker.ts} writes them).
 * The permission to run Deno itself is needed.
 *
 * @module
 */

import { startDeno } from "../cli/start_deno.ts";
import { byteText } from "./bounded_file.ts";
import { quoted, shown } from "../text/shown.ts";
import type { Cells, ColumnType } from "./columns.ts";
import { EXIT, type ParquetHead } from "./parquet_messages.ts";
import { MOST_CELLS, requireTableSize } from "./table_size.ts";
import { moduleBeside } from "../module_beside.ts";
// A package holds what is imported.
import type {} from "./parquet_worker.ts";

/** How much reading a file may take. */
export interface ParquetLimits {
  /** Longest time, once Polars is there; 2 min if absent. [s] */
  readonly seconds?: number;
  /** Most memory of the process; 4 GiB if absent. [bytes] */
  readonly memoryBytes?: number;
}

/** A column of a Parquet file. */
export interface ParquetColumn {
  /** Its name. */
  readonly name: string;
  /** What it holds. */
  readonly type: ColumnType;
  /** Its cells; none of a type that cannot be read. */
  cells(): Cells;
}

/** For Polars to be fetched, where it is not there yet. [s] */
const FETCH_SECONDS = 600;
const DEFAULT_LIMITS = { seconds: 120, memoryBytes: 4 * 2 ** 30 };

/**
 * The columns of a Parquet file.
 *
 * @throws {RangeError} If it is none, is too large, or takes too much time or memory.
 * @throws {Error} If no process may be started.
 */
export async function readParquetColumns(
  bytes: Uint8Array,
  file: string,
  limits: ParquetLimits = {},
): Promise<ParquetColumn[]> {
  const { seconds, memoryBytes } = { ...DEFAULT_LIMITS, ...limits };
  const process = await startProcess(seconds, memoryBytes);
  const timer = setTimeout(() => process.kill("SIGKILL"), 1000 * (seconds + FETCH_SECONDS));
  const [, output, { code }] = await Promise.all([
    send(process.stdin, bytes),
    new Response(process.stdout).bytes(),
    process.status,
  ]);
  clearTimeout(timer);
  const unreadable = (reason: string) => new RangeError(`${file}: not a Parquet table: ${reason}`);
  if (code === EXIT.tooLong) throw unreadable(`reading it takes longer than ${seconds} s`);
  if (code === EXIT.tooLarge) {
    throw unreadable(`reading it takes more than ${byteText(memoryBytes)} of memory`);
  }
  const end = output.indexOf(10);
  if (code !== 0 || end < 0) throw unreadable("the library that reads it fails; write it again");
  const head: ParquetHead = JSON.parse(new TextDecoder().decode(output.subarray(0, end)));
  if ("fault" in head) throw unreadable(shown(head.fault, 200));
  const { rows, columns } = head;
  requireTableSize(file, rows, columns.length);
  let at = end + 1;
  const take = (length: number) => output.slice(at, at += length);
  const seen = new Set<string>();
  return columns.map(({ column, kind, name, zone, hasNulls }) => {
    if (seen.has(column)) {
      throw new RangeError(`${file}: column ${quoted(column)} comes twice; remove one`);
    }
    seen.add(column);
    const type = { kind, name: shown(name) };
    if (kind === "other") return { name: column, type, cells: () => [] };
    const [length] = new Float64Array(take(Float64Array.BYTES_PER_ELEMENT).buffer);
    const values = take(length), empty = hasNulls ? take(rows) : null;
    return { name: column, type, cells: () => cellsOf(kind, values, empty, zone) };
  });
}

async function startProcess(seconds: number, memoryBytes: number): Promise<Deno.ChildProcess> {
  const worker = moduleBeside("./parquet_worker.ts", import.meta.url);
  const limits = { seconds, memoryBytes, cells: MOST_CELLS };
  const options: Deno.CommandOptions = {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", ...await packageFlags()],
      ...["--allow-ffi", "--allow-sys", "--allow-env", "--allow-read"],
      ...[worker.protocol === "file:" ? worker.pathname : worker.href, JSON.stringify(limits)],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  };
  try {
    return startDeno(options);
  } catch (error) {
    const { NotCapable, NotFound } = Deno.errors;
    if (!(error instanceof NotCapable || error instanceof NotFound)) throw error;
  }
  throw new Error(
    "Parquet is read in a process of its own, which may not be started here: allow it with " +
      "--allow-run=deno, or write the table as CSV",
  );
}

/** The process finds Polars in the project's folder where it is, and else where Deno keeps packages. */
async function packageFlags(): Promise<readonly string[]> {
  try {
    await Deno.stat(new URL("../../node_modules/nodejs-polars", import.meta.url));
    return [];
  } catch {
    return ["--node-modules-dir=none", "--unstable-npm-lazy-caching"];
  }
}

/** A process that has ended takes nothing more; how it ended says why. */
async function send(stdin: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  await new Blob([bytes as BlobPart]).stream().pipeTo(stdin).catch(() => {});
}

function cellsOf(
  kind: ColumnType["kind"],
  values: Uint8Array,
  empty: Uint8Array | null,
  zone: string | undefined,
): Cells {
  if (kind === "text") return JSON.parse(new TextDecoder().decode(values));
  const numbers = new Float64Array(values.buffer);
  if (kind === "time") return timestamps(numbers, empty, zone);
  return empty === null ? numbers : Array.from(numbers, (n, row) => empty[row] === 1 ? null : n);
}

/**
 * Time stamps in ISO 8601, with the offset that holds in their zone at the first of them; without an
 * offset, if they have no zone.
 */
function timestamps(
  times: Float64Array,
  empty: Uint8Array | null,
  zone: string | undefined,
): (string | null)[] {
  const first = times.find((_, row) => empty?.[row] !== 1) ?? 0;
  const offset = zone === undefined ? "" : offsetText(first, zone);
  const [hours, minutes] = offset === "" ? [0, 0] : offset.slice(1).split(":").map(Number);
  const offsetMs = (offset.startsWith("-") ? -1 : 1) * (60 * hours + minutes) * 60_000;
  return Array.from(times, (ms, row) => {
    if (empty?.[row] === 1) return null;
    const local = new Date(ms + offsetMs);
    return Number.isNaN(local.getTime()) ? null : local.toISOString().slice(0, -1) + offset;
  });
}

/** `+01:00` for Europe/Berlin in winter. */
function offsetText(ms: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  return name.replace(/^GMT/, "") || "+00:00";
}
