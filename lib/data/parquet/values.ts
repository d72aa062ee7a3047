/**
 * The encodings of values that writers of tables use: plain, and runs of small whole numbers, which
 * say where values are missing and count in a dictionary. Source: Apache Parquet, Encodings.md.
 *
 * @module
 */

import type { PhysicalType } from "./footer.ts";

/** Values of a page, without the missing ones. */
export type Values = ArrayLike<number | string>;

/** Longest text that is read: no timestamp comes near it. [bytes] */
const LONGEST_TEXT_BYTES = 1000;

/**
 * `count` values, one after the other.
 *
 * @throws {RangeError} If there are not as many.
 */
export function plainValues(bytes: Uint8Array, type: PhysicalType, count: number): Values {
  switch (type) {
    case "double":
      return new Float64Array(aligned(bytes, 8 * count));
    case "float":
      return new Float32Array(aligned(bytes, 4 * count));
    case "int32":
      return new Int32Array(aligned(bytes, 4 * count));
    case "int64":
      return Float64Array.from(new BigInt64Array(aligned(bytes, 8 * count)), Number);
    case "boolean": {
      const bits = new Uint8Array(aligned(bytes, Math.ceil(count / 8)));
      return Uint8Array.from({ length: count }, (_, k) => (bits[k >> 3] >> (k & 7)) & 1);
    }
    case "text":
      return texts(bytes, count);
  }
}

/** A copy of the first bytes, which begins where an array of numbers may begin. */
function aligned(bytes: Uint8Array, length: number): ArrayBuffer {
  if (length > bytes.length) throw new RangeError("a page is cut short");
  return new Uint8Array(bytes.subarray(0, length)).buffer;
}

function texts(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  if (4 * count > bytes.length) throw new RangeError("a page is cut short");
  let at = 0;
  return Array.from({ length: count }, () => {
    const start = at + 4;
    if (start > bytes.length) throw new RangeError("a page is cut short");
    const length = view.getUint32(at, true);
    if (length > LONGEST_TEXT_BYTES) throw new RangeError(`a text has ${length} bytes`);
    at = start + length;
    if (at > bytes.length) throw new RangeError("a page is cut short");
    return decoder.decode(bytes.subarray(start, at));
  });
}

/**
 * `count` whole numbers of `width` bits each, in runs of one number and in packs of eight. The last
 * pack may be longer, as writers fill it up; a run may not.
 *
 * @throws {RangeError} If there are not as many, a run is longer, or its number is wider.
 */
export function runs(bytes: Uint8Array, width: number, count: number): Uint32Array {
  if (width > 32) throw new RangeError("a page is damaged");
  const numbers = new Uint32Array(count);
  let at = 0;
  for (let done = 0; done < count;) {
    let head = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      if (at >= bytes.length || shift > 28) throw new RangeError("a page is cut short");
      more = bytes[at] >= 128;
      head += (bytes[at++] & 127) * 2 ** shift;
    }
    const isPack = head % 2 === 1;
    const stated = Math.floor(head / 2) * (isPack ? 8 : 1);
    if (!isPack && stated > count - done) throw new RangeError("a run is longer than its page");
    const size = Math.min(count - done, stated);
    const used = isPack ? Math.ceil(size * width / 8) : Math.ceil(width / 8);
    if (used > bytes.length - at) throw new RangeError("a page is cut short");
    if (isPack) {
      for (let k = 0; k < size; k++) numbers[done + k] = bitsAt(bytes, 8 * at + k * width, width);
      at += Math.floor(head / 2) * width;
    } else {
      const number = bitsAt(bytes, 8 * at, 8 * used);
      if (number >= 2 ** width) throw new RangeError("a number is wider than its run");
      numbers.fill(number, done, done + size);
      at += used;
    }
    done += size;
  }
  return numbers;
}

/** Least significant bit first. */
function bitsAt(bytes: Uint8Array, start: number, width: number): number {
  let value = 0;
  for (let bit = 0; bit < width;) {
    const offset = (start + bit) % 8;
    const taken = Math.min(8 - offset, width - bit);
    const part = (bytes[Math.floor((start + bit) / 8)] >> offset) & ((1 << taken) - 1);
    value += part * 2 ** bit;
    bit += taken;
  }
  return value;
}
