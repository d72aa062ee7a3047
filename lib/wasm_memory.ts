/**
 * What kernels in WebAssembly have in common: pages, aligned arrays, and what is said where they
 * cannot run.
 *
 * @module
 */

import { bytesOfBase64 } from "./text/base64.ts";

/** Size of a page of WebAssembly. [bytes] */
export const PAGE_BYTES = 65_536;

/** Arrays begin at multiples of a line of the processor's cache. [bytes] */
export const ALIGNMENT_BYTES = 64;

/** The next multiple of the alignment. [bytes] */
export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

/**
 * Compiles kernels.
 *
 * @param base64 The binary.
 * @param what What cannot run without them; the words before "WebAssembly with SIMD".
 * @throws {Error} In one line, if this runtime has no WebAssembly with SIMD.
 */
export function compileBinary(base64: string, what: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytesOfBase64(base64));
  } catch (error) {
    throw new Error(
      `this runtime cannot run ${what} WebAssembly with SIMD (${(error as Error).message}); ` +
        "take a newer processor or Deno",
    );
  }
}
