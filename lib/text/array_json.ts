/**
 * Typed arrays in JSON: `{"array": "float32", "base64": "…"}` of their little-endian bytes.
 *
 * @module
 */

import { bytesOfBase64 } from "./base64.ts";

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
};

/** Replacer for `JSON.stringify`. @throws {RangeError} If a plain number is not finite. */
export function packArrays(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`cannot save ${key}: ${value} must be kept in a typed array`);
  }
  if (!ArrayBuffer.isView(value)) return value;
  const array = Object.entries(ARRAYS).find(([, type]) => value instanceof type)?.[0];
  if (array === undefined) throw new RangeError(`cannot save ${key}: unknown kind of typed array`);
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return { array, base64: bytes.toBase64() };
}

/** Reviver for `JSON.parse`. */
export function unpackArrays(_key: string, value: unknown): unknown {
  const { array, base64 } = Object(value);
  if (typeof base64 !== "string" || !Object.hasOwn(ARRAYS, array)) return value;
  return new ARRAYS[array as keyof typeof ARRAYS](bytesOfBase64(base64).buffer);
}
