/**
 * What the footer of a Parquet file says about its columns, once it agrees with itself and with the
 * size of the file. Source: the Thrift definition of Apache Parquet, parquet.thrift.
 *
 * @module
 */

import { requireTableSize } from "../table_size.ts";
import { readStruct, struct, structs, type ThriftStruct, whole } from "./thrift.ts";

/** How values are stored; others are refused. */
export type PhysicalType = "boolean" | "int32" | "int64" | "float" | "double" | "text";

/** A column and where its values are. */
export interface ParquetColumn {
  /** Its name. */
  readonly name: string;
  /** How its values are stored. */
  readonly type: PhysicalType;
  /** Whether values may be missing. */
  readonly isOptional: boolean;
  /** Its parts, in the order of the rows. */
  readonly chunks: readonly ParquetChunk[];
}

/** A part of a column: pages that follow each other. */
export interface ParquetChunk {
  /** First byte of the first page. */
  readonly start: number;
  /** First byte beyond the last page. */
  readonly end: number;
  /** Number of the compression. */
  readonly codec: number;
  /** Rows, empty ones included. */
  readonly rows: number;
}

const MAGIC = 0x31524150;
const HEAD_BYTES = 4;
const TAIL_BYTES = 8;
const TYPES: Readonly<Record<number, PhysicalType>> = {
  0: "boolean",
  1: "int32",
  2: "int64",
  4: "float",
  5: "double",
  6: "text",
};
const DECIMAL = 5;

/**
 * The columns of a file.
 *
 * @param file Its name, for the message about its size.
 * @throws {RangeError} If the footer is damaged, or describes more than flat columns of texts and
 * numbers.
 */
export function parquetColumns(bytes: Uint8Array, file: string): ParquetColumn[] {
  const footer = readFooter(bytes);
  const [root, ...leaves] = structs(footer.get(2));
  const groups = structs(footer.get(4));
  if (whole(root, 5) !== leaves.length || leaves.length === 0) {
    throw new RangeError("its columns are nested, or there are none");
  }
  const rows = groups.map((group) => whole(group, 3));
  const all = rows.reduce((sum, count) => sum + count, 0);
  if (whole(footer, 3) !== all) throw new RangeError("its parts have other rows than the whole");
  requireTableSize(file, all, leaves.length);
  const chunks = groups.map((group) => structs(group.get(1)));
  if (chunks.some((parts) => parts.length !== leaves.length)) {
    throw new RangeError("a column is missing in a part");
  }
  return leaves.map((leaf, column) => ({
    ...describe(leaf),
    chunks: chunks.map((parts, group) =>
      locate(struct(parts[column].get(3)), rows[group], bytes.length)
    ),
  }));
}

function readFooter(bytes: Uint8Array): ThriftStruct {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isWhole = bytes.length >= HEAD_BYTES + TAIL_BYTES && view.getUint32(0, true) === MAGIC &&
    view.getUint32(bytes.length - 4, true) === MAGIC;
  if (!isWhole) throw new RangeError("it does not begin and end as one");
  const end = bytes.length - TAIL_BYTES;
  const start = end - view.getUint32(end, true);
  if (start < HEAD_BYTES) throw new RangeError("its footer is longer than the file");
  return readStruct(bytes.subarray(0, end), start).struct;
}

function describe(leaf: ThriftStruct): Omit<ParquetColumn, "chunks"> {
  const name = leaf.get(4);
  if (!(name instanceof Uint8Array)) throw new RangeError("a column has no name");
  const type = TYPES[whole(leaf, 1)];
  const logical = leaf.get(10);
  const isDecimal = leaf.get(6) === DECIMAL || logical instanceof Map && logical.has(DECIMAL);
  const repetition = whole(leaf, 3);
  if (type === undefined || isDecimal || repetition > 1) {
    throw new RangeError("a column holds neither texts nor plain numbers");
  }
  return { name: new TextDecoder().decode(name), type, isOptional: repetition === 1 };
}

function locate(chunk: ThriftStruct, rows: number, fileBytes: number): ParquetChunk {
  const dictionary = chunk.get(11);
  const first = whole(chunk, 9);
  const start = typeof dictionary === "number" && dictionary > 0
    ? Math.min(dictionary, first)
    : first;
  const end = start + whole(chunk, 7);
  if (start < HEAD_BYTES || end > fileBytes - TAIL_BYTES) {
    throw new RangeError("a column lies outside of the file");
  }
  return { start, end, codec: whole(chunk, 4), rows };
}
