/**
 * Reads values in Thrift's compact protocol, in which Parquet files describe themselves. Source: the
 * specification of Apache Thrift, thrift-compact-protocol.md.
 *
 * Every value is checked against the bytes that are there, so that a length which is made up costs
 * nothing.
 *
 * @module
 */

/** A structure: values by field number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** What a field may hold. */
export type ThriftValue = number | boolean | Uint8Array | ThriftStruct | readonly ThriftValue[];

const STOP = 0, TRUE = 1, FALSE = 2, BYTE = 3, I16 = 4, I32 = 5, I64 = 6, DOUBLE = 7, BINARY = 8;
const LIST = 9, SET = 10, STRUCT = 12;
const DEEPEST = 16;

/**
 * The structure that begins at `start`, and where it ends.
 *
 * @throws {RangeError} If the bytes are no such structure.
 *
 * @example
 * ```ts
 * import { readStruct } from "./thrift.ts";
 * const { struct, end } = readStruct(Uint8Array.of(0x15, 6, 0), 0);
 * if (struct.get(1) !== 3 || end !== 3) throw new Error("field 1 is the 32-bit number 3");
 * ```
 */
export function readStruct(
  bytes: Uint8Array,
  start: number,
): { readonly struct: ThriftStruct; readonly end: number } {
  const reader = { bytes, at: start };
  return { struct: structAt(reader, 0), end: reader.at };
}

/** A field that must be a structure. */
export function struct(value: ThriftValue | undefined): ThriftStruct {
  if (value instanceof Map) return value;
  throw new RangeError("a part of its description is missing");
}

/** A field that must be a list of structures. */
export function structs(value: ThriftValue | undefined): readonly ThriftStruct[] {
  if (Array.isArray(value)) return value.map(struct);
  throw new RangeError("a part of its description is missing");
}

/** A field that must be a number of things or a place. */
export function whole(from: ThriftStruct, field: number): number {
  const value = from.get(field);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError("a count or a place in it is no whole number");
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function structAt(reader: Reader, depth: number): ThriftStruct {
  requireDepth(depth);
  const struct = new Map<number, ThriftValue>();
  for (let field = 0;;) {
    const head = byteAt(reader);
    const type = head & 15;
    if (type === STOP) return struct;
    field = head >> 4 === 0 ? integerAt(reader) : field + (head >> 4);
    struct.set(field, type === TRUE || type === FALSE ? type === TRUE : value(reader, type, depth));
  }
}

function value(reader: Reader, type: number, depth: number): ThriftValue {
  switch (type) {
    case TRUE:
    case FALSE:
      return byteAt(reader) === TRUE;
    case BYTE:
      return byteAt(reader);
    case I16:
    case I32:
    case I64:
      return integerAt(reader);
    case DOUBLE:
      return new DataView(bytesAt(reader, 8).slice().buffer).getFloat64(0, true);
    case BINARY:
      return bytesAt(reader, varintAt(reader));
    case LIST:
    case SET:
      return listAt(reader, depth);
    case STRUCT:
      return structAt(reader, depth + 1);
    default:
      throw new RangeError(`unknown kind of value ${type}`);
  }
}

function listAt(reader: Reader, depth: number): ThriftValue[] {
  requireDepth(depth);
  const head = byteAt(reader);
  const length = head >> 4 === 15 ? varintAt(reader) : head >> 4;
  if (length > reader.bytes.length - reader.at) {
    throw new RangeError(`a list of ${length} values where there are fewer bytes`);
  }
  return Array.from({ length }, () => value(reader, head & 15, depth + 1));
}

function requireDepth(depth: number): void {
  if (depth > DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST} levels`);
}

function byteAt(reader: Reader): number {
  return bytesAt(reader, 1)[0];
}

function bytesAt(reader: Reader, length: number): Uint8Array {
  const { bytes, at } = reader;
  if (length > bytes.length - at) throw new RangeError("the file is cut short");
  reader.at += length;
  return bytes.subarray(at, reader.at);
}

/** Zigzag: 0, −1, 1, −2, … */
function integerAt(reader: Reader): number {
  const coded = varintAt(reader);
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
}

function varintAt(reader: Reader): number {
  let sum = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = byteAt(reader);
    sum += (byte & 127) * 2 ** shift;
    if (byte < 128) return sum;
  }
  throw new RangeError("a number of more than ten bytes");
}
