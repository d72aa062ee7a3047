/**
 * The other end of {@link ./parquet_process.ts}, started by it and by nobody else: reads a Parquet file
 * from standard input by Polars and writes its columns to standard output.
 *
 * Polars works in a Worker. The main thread watches clock and memory and ends the process, whatever
 * native code is at.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { EXIT, type ParquetHead, type SentColumn } from "./parquet_messages.ts";
import { type Frame, loadPolars, type Polars } from "./polars.ts";

/** What the process is told. */
interface Limits {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly cells: number;
}

/** Longest part of a text that anybody looks at. */
const LONGEST_TEXT = 100;
const WATCH_MS = 10;

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<readonly [Uint8Array, Limits]>) => void;
    postMessage(message: unknown, transfer?: readonly ArrayBufferLike[]): void;
  };
  const polars = await loadPolars();
  scope.onmessage = ({ data: [bytes, limits] }) => {
    for (const part of answer(polars, bytes, limits)) scope.postMessage(part, [part.buffer]);
    scope.postMessage(null);
  };
  scope.postMessage("ready");
} else {
  const limits: Limits = JSON.parse(Deno.args[0]);
  const bytes = await new Response(Deno.stdin.readable).bytes();
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onerror = () => Deno.exit(EXIT.faulty);
  setInterval(() => {
    if (Deno.memoryUsage().rss > limits.memoryBytes) Deno.exit(EXIT.tooLarge);
  }, WATCH_MS);
  worker.onmessage = ({ data }: MessageEvent<"ready" | Uint8Array | null>) => {
    if (data === "ready") {
      setTimeout(() => Deno.exit(EXIT.tooLong), 1000 * limits.seconds);
      worker.postMessage([bytes, limits], [bytes.buffer]);
    } else if (data === null) Deno.exit(0);
    else write(data);
  };
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** The head, and then the columns one by one, each behind its length. */
function* answer(polars: Polars, bytes: Uint8Array, limits: Limits): Generator<Uint8Array> {
  const line = (head: ParquetHead) => new TextEncoder().encode(JSON.stringify(head) + "\n");
  let frame: Frame;
  try {
    frame = polars.readParquet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    yield line({ fault: (error as Error).message.split("\n")[0] });
    return;
  }
  const columns = frame.columns.map((name) => describe(frame, name));
  yield line({ rows: frame.height, columns });
  if (frame.height * frame.width > limits.cells) return;
  for (const column of columns) {
    if (column.kind === "other") continue;
    const values = valuesOf(polars, frame, column);
    yield new Uint8Array(new Float64Array([values.length]).buffer);
    yield values;
    if (column.hasNulls) {
      const empty = frame.getColumn(column.column).isNull().toArray() as boolean[];
      yield Uint8Array.from(empty, Number);
    }
  }
}

function describe(frame: Frame, column: string): SentColumn {
  const series = frame.getColumn(column);
  const name = String(series.dtype).replace(/^DataType\((.*)\)$/s, "$1");
  const hasNulls = series.nullCount() > 0;
  if (/^(U?Int\d+|Float\d+)$/.test(name)) return { column, kind: "numbers", name, hasNulls };
  if (name === "String") return { column, kind: "text", name, hasNulls };
  const [, zone] = /^Datetime\(\w+,(.*)\)$/s.exec(name) ?? [];
  if (zone !== undefined || name === "Date") {
    return { column, kind: "time", name, hasNulls, ...(zone ? { zone } : {}) };
  }
  return { column, kind: "other", name, hasNulls };
}

function valuesOf(
  polars: Polars,
  frame: Frame,
  { column, kind, name, hasNulls }: SentColumn,
): Uint8Array {
  const series = frame.getColumn(column);
  if (kind === "text") {
    const texts = series.str.slice(0, LONGEST_TEXT).toArray();
    return new TextEncoder().encode(JSON.stringify(texts));
  }
  if (kind === "numbers" && !hasNulls) {
    return new Uint8Array(Float64Array.from(series.cast(polars.Float64).toTypedArray()).buffer);
  }
  const numbers = series.cast(kind === "time" ? polars.Int64 : polars.Float64).toArray() as (
    | number
    | null
  )[];
  const scale = kind === "time" ? msPerUnit(name) : 1;
  return new Uint8Array(
    Float64Array.from(numbers, (n) => n === null ? NaN : scale === 1 ? n : Math.round(n * scale))
      .buffer,
  );
}

function msPerUnit(name: string): number {
  if (name === "Date") return 86_400_000;
  return name.startsWith("Datetime(ns") ? 1e-6 : name.startsWith("Datetime(us") ? 1e-3 : 1;
}
