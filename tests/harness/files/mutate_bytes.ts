/**
 * Mutations of any file: cut, swapped, in another encoding, or something else altogether.
 *
 * @module
 */

import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Stream } from "../../../lib/random.ts";

/** A mutation of the bytes of a file. */
export type BytesMutation = (bytes: Uint8Array, random: Stream) => Uint8Array;

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Mutations by name. */
export const bytesMutations: Readonly<Record<string, BytesMutation>> = {
  "cut": (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  "beginning lost": (bytes, random) => bytes.slice(random.below(bytes.length + 1)),
  "bytes changed": (bytes, random) => {
    const changed = bytes.slice();
    for (let left = 1 + random.below(8); left > 0 && bytes.length > 0; left--) {
      changed[random.below(bytes.length)] = random.below(256);
    }
    return changed;
  },
  "bits flipped": (bytes, random) => {
    const changed = bytes.slice();
    for (let left = 1 + random.below(4); left > 0 && bytes.length > 0; left--) {
      changed[random.below(bytes.length)] ^= 1 << random.below(8);
    }
    return changed;
  },
  "pieces swapped": (bytes, random) => {
    const [a, b] = [random.below(bytes.length + 1), random.below(bytes.length + 1)].sort((x, y) =>
      x - y
    );
    return joined(bytes.subarray(b), bytes.subarray(a, b), bytes.subarray(0, a));
  },
  "piece twice": (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + random.below(200));
    return joined(bytes.subarray(0, end), bytes.subarray(at));
  },
  "noise inside": (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + random.below(64) }, () => random.below(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  "nothing but noise": (_, random) =>
    Uint8Array.from({ length: random.below(2000) }, () => random.below(256)),
  "empty": () => new Uint8Array(0),
  "blank": () => encode(" \n\t\r\n "),
  "NUL inside": (bytes, random) =>
    bytes.length === 0 ? bytes : bytes.with(random.below(bytes.length), 0),
  "byte order mark": (bytes) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), bytes),
  "CRLF": (bytes) => encode(decode(bytes).replaceAll("\n", "\r\n")),
  "CR": (bytes) => encode(decode(bytes).replaceAll("\n", "\r")),
  "UTF-16": (bytes) => {
    const text = `\ufeff${decode(bytes)}`;
    const words = Uint16Array.from({ length: text.length }, (_, k) => text.charCodeAt(k));
    return new Uint8Array(words.buffer);
  },
  "gzip": (bytes) => new Uint8Array(gzipSync(bytes)),
  "zstd": (bytes) => new Uint8Array(zstdCompressSync(bytes)),
  "gzip bomb": () => new Uint8Array(gzipSync(new Uint8Array(2 ** 24).fill(49))),
  "a web page": () => encode("<!doctype html><html><body>Not found</body></html>"),
  "a line of megabytes": (bytes) => joined(bytes, encode("9".repeat(5 * 2 ** 20))),
  "a million blank lines": (bytes) => joined(bytes, encode("\n".repeat(1e6)), bytes),
};

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
