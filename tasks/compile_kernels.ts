/**
 * The AssemblyScript compiler, as kernels need it: SIMD without relaxed instructions, no runtime, and
 * a memory that Workers share or one of their own.
 *
 * @module
 */

import asc from "assemblyscript/asc";
import { sha256Hex } from "../lib/sha256.ts";

const FLAGS = ["-O3", "--runtime", "stub", "--enable", "simd", "--initialMemory", "1"];

const SHARED_FLAGS = [
  ["--enable", "threads"],
  ["--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
].flat();

/** Kernels of the library: their source, and the module that holds what the compiler makes of it. */
export const kernelSets: readonly KernelSet[] = [
  {
    source: "lib/ppo/wasm/assembly/kernels.ts",
    module: "lib/ppo/wasm/binary.ts",
    memory: "shared",
  },
  { source: "lib/env/wasm/assembly/kernels.ts", module: "lib/env/wasm/binary.ts", memory: "own" },
];

/** Kernels that are compiled together. */
export interface KernelSet {
  /** Their source, from the root. */
  readonly source: string;
  /** The module that embeds them, from the root. */
  readonly module: string;
  /** Whether they work on a memory that Workers share, or each instance has its own. */
  readonly memory: "shared" | "own";
}

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
export async function compileKernels(
  source: string,
  memory: KernelSet["memory"],
): Promise<Compiled> {
  let binary: Uint8Array | undefined;
  const flags = memory === "shared" ? [...FLAGS, ...SHARED_FLAGS] : FLAGS;
  const { error, stderr } = await asc.main(["kernels.ts", "--outFile", "kernels.wasm", ...flags], {
    readFile: (name: string) => name === "kernels.ts" ? source : null,
    writeFile(name: string, contents: Uint8Array | string) {
      if (name === "kernels.wasm") binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`kernels: ${error}\n${stderr}`);
  return { binary, sourceSha256: await sha256Hex(source) };
}
