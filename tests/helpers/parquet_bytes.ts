/**
 * Parquet files of one column, byte by byte, so that a test can write what no library would. Source:
 * Apache Parquet, parquet.thrift and Encodings.md; Apache Thrift, thrift-compact-protocol.md.
 */

/** Bytes of any kind. */
export type Bytes = ArrayLike<number>;

/** A field of a structure: its number, its kind and its value. */
export type Field = readonly [number: number, kind: number, value: Bytes];

const I32 = 5, I64 = 6, BINARY = 8, LIST = 9, STRUCT = 12;

/** Physical types of the format. */
export const TYPE = { int32: 1, double: 5 } as const;

/** Encodings of the format. */
export const ENCODING = { plain: 0, runs: 3, deltas: 5, dictionary: 8 } as const;

const DATA_PAGE = 0, DICTIONARY_PAGE = 2, DATA_PAGE_V2 = 3;
const MAGIC = new TextEncoder().encode("PAR1");
const COLUMN = "a";

/** What is in a file. */
export interface FileContent {
  readonly rows: number;
  /** The pages with their heads. */
  readonly pages: Bytes;
  /** Whether values may be missing, so that pages begin with levels. */
  readonly isOptional?: boolean;
  readonly type?: number;
  /** Fields behind those that a footer needs. */
  readonly moreInFooter?: readonly Field[];
}

/** A file with the one column `a`, uncompressed. */
export function parquetFile(
  { rows, pages, isOptional = false, type = TYPE.double, moreInFooter = [] }: FileContent,
): Uint8Array {
  const root = struct(text(4, "root"), i32(5, 1));
  const leaf = struct(i32(1, type), i32(3, isOptional ? 1 : 0), text(4, COLUMN));
  const column = struct(
    i32(1, type),
    list(2, I32, [zigzag(ENCODING.plain)]),
    list(3, BINARY, [lengthAndText(COLUMN)]),
    i32(4, 0),
    i64(5, rows),
    i64(6, pages.length),
    i64(7, pages.length),
    i64(9, MAGIC.length),
  );
  const chunk = struct(i64(2, MAGIC.length), [3, STRUCT, column]);
  const group = struct(list(1, STRUCT, [chunk]), i64(2, pages.length), i64(3, rows));
  const footer = struct(
    i32(1, 1),
    list(2, STRUCT, [root, leaf]),
    i64(3, rows),
    list(4, STRUCT, [group]),
    ...moreInFooter,
  );
  return joined(MAGIC, pages, footer, uint32(footer.length), MAGIC);
}

/** A page of values; levels come first in the content. */
export function dataPage(rows: number, encoding: number, content: Bytes): Uint8Array {
  const about = struct(i32(1, rows), i32(2, encoding), i32(3, 3), i32(4, 3));
  return page(DATA_PAGE, content, [5, STRUCT, about]);
}

/** A page of values in the second version of the format, without levels. */
export function dataPageV2(rows: number, encoding: number, content: Bytes): Uint8Array {
  const counts = [i32(1, rows), i32(2, 0), i32(3, rows)];
  const about = struct(...counts, i32(4, encoding), i32(5, 0), i32(6, 0));
  return page(DATA_PAGE_V2, content, [8, STRUCT, about]);
}

/** A page with the values that indices count in; `statedBytes` is the length that its head tells. */
export function dictionaryPage(
  entries: number,
  content: Bytes,
  statedBytes: number = content.length,
): Uint8Array {
  const about = struct(i32(1, entries), i32(2, ENCODING.plain));
  return page(DICTIONARY_PAGE, content, [7, STRUCT, about], statedBytes);
}

function page(
  kind: number,
  content: Bytes,
  about: Field,
  statedBytes: number = content.length,
): Uint8Array {
  const head = struct(i32(1, kind), i32(2, content.length), i32(3, statedBytes), about);
  return joined(head, content);
}

/** Levels of 0 or 1 in the first version of the format: their length, then their runs. */
export function levels(...runs: Bytes[]): Uint8Array {
  const all = joined(...runs);
  return joined(uint32(all.length), all);
}

/** One number of at most eight bits, repeated. */
export function run(length: number, value: number): Uint8Array {
  return joined(varint(2 * length), [value]);
}

/** Numbers side by side, in groups of eight. */
export function pack(groups: number, content: Bytes): Uint8Array {
  return joined(varint(2 * groups + 1), content);
}

/** Floating-point numbers of 64 bits. */
export function doubles(...numbers: number[]): Uint8Array {
  return new Uint8Array(new Float64Array(numbers).buffer);
}

/** A whole number, seven bits a byte. */
export function varint(value: number): Uint8Array {
  const bytes = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push(128 + left % 128);
  return Uint8Array.of(...bytes, left);
}

/** A field that holds a list, written as given. */
export function rawList(number: number, value: Bytes): Field {
  return [number, LIST, value];
}

/** A field that holds a whole number, written as given. */
export function rawInteger(number: number, value: Bytes): Field {
  return [number, I64, value];
}

/** One after the other. */
export function joined(...parts: Bytes[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Fields by ascending number; a zero ends them. */
function struct(...fields: readonly Field[]): Uint8Array {
  const heads = fields.map(([number, kind], k) => {
    const before = k === 0 ? 0 : fields[k - 1][0];
    return (number - before) * 16 + kind;
  });
  return joined(...fields.flatMap(([, , value], k) => [[heads[k]], value]), [0]);
}

function i32(number: number, value: number): Field {
  return [number, I32, zigzag(value)];
}

function i64(number: number, value: number): Field {
  return [number, I64, zigzag(value)];
}

function text(number: number, value: string): Field {
  return [number, BINARY, lengthAndText(value)];
}

/** Fewer than 15 items, whose number fits beside their kind. */
function list(number: number, kind: number, items: readonly Bytes[]): Field {
  return [number, LIST, joined([items.length * 16 + kind], ...items)];
}

function lengthAndText(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return joined(varint(bytes.length), bytes);
}

/** 0, −1, 1, −2, … as 0, 1, 2, 3, … */
function zigzag(value: number): Uint8Array {
  return varint(value >= 0 ? 2 * value : -2 * value - 1);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}
