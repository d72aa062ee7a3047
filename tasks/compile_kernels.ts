/**
 * The AssemblyScript compiler, as the network kernels need it: SIMD without relaxed instructions,
 * no runtime, and a memory that Workers share.
 *
 * @module
 */

import asc from "assemblyscript/asc";

const FLAGS = [
  ["-O3", "--runtime", "stub"],
  ["--enable", "simd", "--enable", "threads"],
  ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
].flat();

/** What the compiler made. */
export interface Compiled {
  /** The WebAssembly module. */
  readonly binary: Uint8Array;
  /** SHA-256 of the source, in hexadecimal digits. */
  readonly sourceSha256: string;
}

/**
 * Compiles the kernels.
 *
 * @throws {Error} With the compiler's own words, if it refuses the source.
 */
export async function compileKernels(source: string): Promise<Compiled> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["kernels.ts", "--outFile", "kernels.wasm", ...FLAGS], {
    readFile: (name: string) => name === "kernels.ts" ? source : null,
    writeFile(name: string, contents: Uint8Array | string) {
      if (name === "kernels.wasm") binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`kernels: ${error}\n${stderr}`);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
  return { binary, sourceSha256: new Uint8Array(digest).toHex() };
}
