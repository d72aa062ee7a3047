/**
 * Undoes the compression of a page, which says how large it will be.
 *
 * @module
 */

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

/** Largest page; writers make pages of about 1 MiB. [bytes] */
const MOST_BYTES = 256 * 2 ** 20;

type Codec = (packed: Uint8Array, length: number) => Uint8Array;

/** By their numbers in the format. */
const CODECS: Readonly<Record<number, Codec>> = {
  0: (packed) => packed,
  1: unpackSnappy,
  2: (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength }),
  4: (packed, maxOutputLength) => brotliDecompressSync(packed, { maxOutputLength }),
  6: (packed, maxOutputLength) => zstdDecompressSync(packed, { maxOutputLength }),
};

/**
 * The content of a page.
 *
 * @param codec Number of the compression.
 * @param length Bytes that it unpacks to, as the page says.
 * @throws {Error} If the page is too large, damaged, or compressed in another way.
 */
export function unpack(codec: number, packed: Uint8Array, length: number): Uint8Array {
  if (length > MOST_BYTES) throw new RangeError(`a page unpacks to ${length} bytes`);
  const unpacker = CODECS[codec];
  if (unpacker === undefined) {
    throw new RangeError("its compression is not read here; use zstd, snappy, gzip or none");
  }
  if (length === 0) return new Uint8Array(0);
  const unpacked = unpacker(packed, length);
  if (unpacked.length !== length) throw new RangeError("a page is damaged");
  return unpacked;
}

/** Source: the format description of Snappy, format_description.txt. */
function unpackSnappy(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0, end = 0;
  const next = () => {
    if (at >= packed.length) throw new RangeError("a page is cut short");
    return packed[at++];
  };
  const little = (bytes: number) => {
    let value = 0;
    for (let k = 0; k < bytes; k++) value += next() * 256 ** k;
    return value;
  };
  while (next() >= 128);
  while (at < packed.length) {
    const tag = next();
    const kind = tag & 3;
    const short = tag >> 2;
    if (kind === 0) {
      const size = 1 + (short < 60 ? short : little(short - 59));
      if (size > packed.length - at || size > length - end) {
        throw new RangeError("a page is damaged");
      }
      out.set(packed.subarray(at, at + size), end);
      at += size;
      end += size;
      continue;
    }
    const size = kind === 1 ? 4 + (short & 7) : 1 + short;
    const back = kind === 1 ? (tag >> 5) * 256 + next() : little(kind === 2 ? 2 : 4);
    if (back === 0 || back > end || size > length - end) throw new RangeError("a page is damaged");
    for (let k = 0; k < size; k++, end++) out[end] = out[end - back];
  }
  return out.subarray(0, end);
}
