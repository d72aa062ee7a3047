/**
 * How a table of text is written: encoding, separator, decimal mark, and where its header stands, found
 * from its first lines.
 *
 * @module
 */

// csv-parse: RFC 4180 with every deviation that exports have, no dependencies, kept since 2010.
import { parse } from "csv-parse/sync";
import { quoted } from "../../text/shown.ts";
import { firstBytes, LARGEST_BYTES, lineChunks } from "../bounded_file.ts";

/** How a table is written. */
export interface Dialect {
  /** Encoding of its texts. */
  readonly encoding: Encoding;
  /** Between two cells. */
  readonly separator: Separator;
  /** Between the whole and the fraction of a number. */
  readonly decimal: "." | ",";
  /** Row of the header, counted from 1. */
  readonly headerRow: number;
}

/** Encodings that are read. */
export const encodings = ["utf-8", "windows-1252", "utf-16le", "utf-16be"] as const;
/** An encoding. */
export type Encoding = typeof encodings[number];

/** Separators that are looked for. */
export const separators = [";", "\t", "|", ","] as const;
/** A separator. */
export type Separator = typeof separators[number];

/** The beginning of a file. */
export interface Head {
  /** How it is encoded. */
  readonly encoding: Encoding;
  /** Its first lines. */
  readonly lines: readonly string[];
  /** Whether these are all. */
  readonly isWhole: boolean;
}

const HEAD_BYTES = 1 << 18;
/** Enough to know a table by, however short its lines are. */
const HEAD_LINES = 4000;
const MISSING_FILE = "name the file of a meter, of prices, of weather or of devices";

/** What reading a file of any shape is bounded by. */
export const reading = { maxBytes: LARGEST_BYTES.table, remedy: MISSING_FILE };

/** Bytes as text: in the encoding, or what spreadsheets of Western Europe write if it is not UTF-8. */
export function decoded(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding !== "utf-8") return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * A file in UTF-8 or in an encoding whose digits are those of UTF-8, in pieces of whole lines.
 *
 * @throws {Error} If it cannot be read.
 */
export async function* textChunks(path: string, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (!encoding.startsWith("utf-16")) {
    yield* lineChunks(path, reading);
    return;
  }
  const decoder = new TextDecoder(encoding), encoder = new TextEncoder();
  let rest = "";
  for await (const chunk of lineChunks(path, reading)) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) yield encoder.encode(text.slice(0, end));
  }
  if (rest !== "") yield encoder.encode(rest);
}

/** The beginning of a file, decoded. */
export async function headOf(path: string): Promise<Head> {
  const { bytes, isWhole } = await firstBytes(path, HEAD_BYTES, reading);
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes).replace(/^\ufeff/, "");
  if (encoding === "utf-8" && text.includes("\0")) {
    throw new RangeError(`${path}: holds bytes that no text has; is it a spreadsheet or packed?`);
  }
  const lines = text.split(/\r\n|\n|\r/);
  if (!isWhole && lines.length > 1) lines.pop();
  return {
    encoding,
    lines: lines.slice(0, HEAD_LINES),
    isWhole: isWhole && lines.length <= HEAD_LINES,
  };
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  // The last character may be cut.
  for (let cut = 0; cut < 4; cut++) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, bytes.length - cut));
      return "utf-8";
    } catch {
      continue;
    }
  }
  return "windows-1252";
}

/**
 * Cells of lines of text.
 *
 * @param path The file, for messages.
 * @param firstRow Number of the first line.
 * @throws {RangeError} Naming the row in which quotes are open or closed in the middle.
 */
export function cellsOf(
  path: string,
  lines: readonly string[],
  separator: string,
  firstRow = 1,
): string[][] {
  const cells = (text: string): string[][] =>
    parse(text, {
      delimiter: separator,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      trim: true,
    });
  try {
    return cells(lines.join("\n"));
  } catch {
    const wrong = lines.findIndex((line) => {
      try {
        cells(line);
        return false;
      } catch {
        return true;
      }
    });
    throw new RangeError(
      `${path} row ${
        firstRow + Math.max(0, wrong)
      }: a quote is opened or closed within a cell, got ` +
        `${quoted(lines[Math.max(0, wrong)])}; put whole cells in quotes, or none`,
    );
  }
}

/** The separator that the last of these lines have in common. */
export function separatorOf(lines: readonly string[]): Separator | null {
  const sample = lines.filter((line) => line.trim() !== "").slice(-60);
  for (const separator of separators) {
    const counts = sample.map((line) => outsideQuotes(line).split(separator).length - 1);
    const usual = mode(counts);
    if (usual > 0 && counts.filter((count) => count === usual).length >= 0.7 * counts.length) {
      return separator;
    }
  }
  return null;
}

/** A line without what stands in quotes. */
function outsideQuotes(line: string): string {
  return line.includes('"') ? line.replaceAll(/"(?:[^"]|"")*"/g, "") : line;
}

/** The value that comes most often. */
export function mode(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = [NaN, 0];
  for (const [value, count] of counts) if (count > most) [best, most] = [value, count];
  return best;
}

const WITH_COMMA = /^[+-]?\d{1,3}(?:[. ]?\d{3})*,\d+$|^[+-]?\d+,\d+$/;
const WITH_POINT = /^[+-]?\d+\.\d+(?:[eE][+-]?\d+)?$/;

/** The decimal mark of these cells; a point where none has a fraction. */
export function decimalOf(cells: readonly string[], separator: string): "." | "," {
  const commas = cells.filter((cell) => WITH_COMMA.test(cell)).length;
  const points = cells.filter((cell) => WITH_POINT.test(cell)).length;
  return separator === "," && commas === 0 ? "." : commas > points ? "," : ".";
}
