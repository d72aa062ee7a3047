/**
 * Compiles the kernels of networks and environment from AssemblyScript and embeds them, with the hash
 * of their source, in modules, so that using them needs no permission to read. With `--check` it says
 * whether the modules are what the sources compile to, and writes nothing.
 *
 *     deno run --no-config --lock=tools/build_kernels.lock --frozen --node-modules-dir=none \
 *       --allow-read=lib --allow-write=lib --allow-env=CI tools/build_kernels.ts
 *
 * The compiler has a lock file of its own and no part in the project's: `@tensorflow/tfjs` would find
 * the compiler's version of a package that both need.
 *
 * @module
 */

import { sha256Hex } from "../lib/sha256.ts";

/** Kernels that are compiled together. */
interface KernelSet {
  /** Their folder: the source is `assembly/kernels.ts` in it, the module is `binary.ts`. */
  readonly folder: string;
  /** Whether they work on a memory that Workers share, or each instance has its own. */
  readonly memory: "shared" | "own";
}

/** The part of the compiler that is used. */
interface Compiler {
  main(
    args: readonly string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(): readonly string[];
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
}

const COMPILER: string = "npm:assemblyscript@0.28.20/asc";

const SETS: readonly KernelSet[] = [
  { folder: "lib/ppo/wasm", memory: "shared" },
];

/** SIMD without relaxed instructions, no runtime. */
const FLAGS = ["-O3", "--runtime", "stub", "--enable", "simd", "--initialMemory", "1"];
const MEMORY_FLAGS = {
  shared: [
    ["--enable", "threads"],
    ["--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
  ].flat(),
  own: [],
};

const compiler: Compiler = (await import(COMPILER)).default;
for (const { folder, memory } of SETS) {
  const module = new URL(`../${folder}/binary.ts`, import.meta.url);
  const source = await Deno.readTextFile(new URL("assembly/kernels.ts", module));
  const binary = await compile(source, memory);
  const text = moduleText(binary, await sha256Hex(source));
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(module, text);
    console.log(`${binary.length} bytes of kernels are in ${folder}/binary.ts`);
  } else if (await Deno.readTextFile(module) !== text) {
    console.error(`error: ${folder}/binary.ts is not what its source compiles to; build it again`);
    Deno.exit(1);
  }
}

async function compile(source: string, memory: KernelSet["memory"]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const flags = ["kernels.ts", "--outFile", "kernels.wasm", ...FLAGS, ...MEMORY_FLAGS[memory]];
  const { error, stderr } = await compiler.main(flags, {
    readFile: (name) => name === "kernels.ts" ? source : null,
    writeFile(name, contents) {
      if (name === "kernels.wasm") binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`kernels: ${error}\n${stderr}`);
  return binary;
}

function moduleText(binary: Uint8Array, sourceSha256: string): string {
  return [
    "/** Made by `tools/build_kernels.ts` from `assembly/kernels.ts`: not to be edited. */",
    "",
    "/** SHA-256 of the source. */",
    `export const sourceSha256 = "${sourceSha256}";`,
    "",
    "/** The module, in base64. */",
    `export const kernelsBase64 =\n  "${binary.toBase64()}";`,
    "",
  ].join("\n");
}
