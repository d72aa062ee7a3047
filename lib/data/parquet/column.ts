/**
 * The values of one column of a Parquet file, page by page. Every length that a page states is
 * checked before anything is made of it.
 *
 * @module
 */

import type { ParquetChunk, ParquetColumn } from "./footer.ts";
import { readStruct, struct, type ThriftStruct, whole } from "./thrift.ts";
import { unpack } from "./unpack.ts";
import { plainValues, runs, type Values } from "./values.ts";

const DATA_PAGE = 0, DICTIONARY_PAGE = 2, DATA_PAGE_V2 = 3;
const PLAIN = 0, PLAIN_DICTIONARY = 2, RLE_DICTIONARY = 8;

/** What is in a page before its values are decoded. */
interface Page {
  /** Rows, empty ones included. */
  readonly rows: number;
  /** 1 where there is a value; absent where all rows have one. */
  readonly isThere: Uint32Array | undefined;
  readonly encoding: number;
  readonly content: Uint8Array;
}

/**
 * The cells of a column; `null` where the value is missing.
 *
 * @throws {Error} If a page is damaged, too large, or encoded in an uncommon way.
 */
export function columnCells(
  bytes: Uint8Array,
  column: ParquetColumn,
): ArrayLike<string | number | null> {
  const rows = column.chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  const numbers = column.type === "text" ? null : new Float64Array(rows);
  const texts: (string | number | null)[] = [];
  let cells: typeof texts | null = numbers === null ? texts : null;
  let row = 0;
  const put = (value: string | number | null) => {
    if (cells === null && value === null) cells = [...numbers!.subarray(0, row)];
    if (cells !== null) cells.push(value);
    else numbers![row] = value as number;
    row++;
  };
  for (const chunk of column.chunks) readChunk(bytes, column, chunk, put);
  return cells ?? numbers!;
}

function readChunk(
  bytes: Uint8Array,
  column: ParquetColumn,
  chunk: ParquetChunk,
  put: (value: string | number | null) => void,
): void {
  let dictionary: Values = [];
  let left = chunk.rows;
  for (let at = chunk.start; at < chunk.end;) {
    const { struct: head, end: body } = readStruct(bytes.subarray(0, chunk.end), at);
    const kind = whole(head, 1);
    at = body + whole(head, 3);
    if (at > chunk.end) throw new RangeError("a page is longer than its column");
    const packed = bytes.subarray(body, at);
    if (kind === DICTIONARY_PAGE) {
      const entries = whole(struct(head.get(7)), 1);
      const content = unpack(chunk.codec, packed, whole(head, 2));
      dictionary = plainValues(content, column.type, entries);
    } else if (kind === DATA_PAGE || kind === DATA_PAGE_V2) {
      const read = kind === DATA_PAGE ? pageOf : pageV2Of;
      const page = read(head, packed, chunk.codec, column.isOptional, left);
      left -= page.rows;
      putPage(page, column, dictionary, put);
    }
  }
  if (left !== 0) throw new RangeError(`${left} rows are missing in a column`);
}

function pageOf(
  head: ThriftStruct,
  packed: Uint8Array,
  codec: number,
  isOptional: boolean,
  left: number,
): Page {
  const about = struct(head.get(5));
  const rows = rowsOf(about, left);
  const all = unpack(codec, packed, whole(head, 2));
  const encoding = whole(about, 2);
  if (!isOptional) return { rows, isThere: undefined, encoding, content: all };
  if (all.length < 4) throw new RangeError("a page is cut short");
  const levels = new DataView(all.buffer, all.byteOffset).getUint32(0, true);
  if (levels > all.length - 4) throw new RangeError("a page is cut short");
  const isThere = runs(all.subarray(4, 4 + levels), 1, rows);
  return { rows, isThere, encoding, content: all.subarray(4 + levels) };
}

/** In the second version, levels come first and are never compressed. */
function pageV2Of(
  head: ThriftStruct,
  packed: Uint8Array,
  codec: number,
  isOptional: boolean,
  left: number,
): Page {
  const about = struct(head.get(8));
  const rows = rowsOf(about, left);
  const levels = whole(about, 5);
  if (whole(about, 6) !== 0 || levels > packed.length || levels > whole(head, 2)) {
    throw new RangeError("a page is damaged");
  }
  const rest = packed.subarray(levels);
  const content = unpack(about.get(7) === false ? 0 : codec, rest, whole(head, 2) - levels);
  const isThere = isOptional ? runs(packed.subarray(0, levels), 1, rows) : undefined;
  return { rows, isThere, encoding: whole(about, 4), content };
}

function rowsOf(about: ThriftStruct, left: number): number {
  const rows = whole(about, 1);
  if (rows > left) throw new RangeError("a page has more rows than its column");
  return rows;
}

function putPage(
  { rows, isThere, encoding, content }: Page,
  { type }: ParquetColumn,
  dictionary: Values,
  put: (value: string | number | null) => void,
): void {
  const count = isThere?.reduce((sum, one) => sum + one, 0) ?? rows;
  const isIndexed = encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;
  if (!isIndexed && encoding !== PLAIN) {
    throw new RangeError("its encoding is not read here; use plain or dictionary");
  }
  const values = isIndexed
    ? lookedUp(content, dictionary, count)
    : plainValues(content, type, count);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    put(isThere === undefined || isThere[row] === 1 ? values[next++] : null);
  }
}

function lookedUp(content: Uint8Array, dictionary: Values, count: number): Values {
  if (count === 0) return [];
  if (content.length === 0) throw new RangeError("a page is cut short");
  const indices = runs(content.subarray(1), content[0], count);
  if (indices.some((index) => index >= dictionary.length)) {
    throw new RangeError("a dictionary is cut short");
  }
  return Array.from(indices, (index) => dictionary[index]);
}
