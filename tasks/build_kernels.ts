/**
 * `deno task build:kernels`: compiles the network kernels from AssemblyScript and embeds them, with
 * the hash of their source, in a module, so that using them needs no permission to read.
 *
 * @module
 */

import { main } from "./cli.ts";
import { compileKernels } from "./compile_kernels.ts";

await main({
  name: "build:kernels",
  summary: "Compiles the network kernels, for who changes them.",
  options: {},
  async run() {
    const folder = new URL("../lib/ppo/wasm/", import.meta.url);
    const source = await Deno.readTextFile(new URL("assembly/kernels.ts", folder));
    const { binary, sourceSha256 } = await compileKernels(source);
    const text = [
      "/** Made by `deno task build:kernels` from `assembly/kernels.ts`: not to be edited. */",
      "",
      "/** SHA-256 of the source. */",
      `export const sourceSha256 =\n  "${sourceSha256}";`,
      "",
      "/** The module, in base64. */",
      `export const kernelsBase64 =\n  "${binary.toBase64()}";`,
      "",
    ].join("\n");
    await Deno.writeTextFile(new URL("binary.ts", folder), text);
    console.log(`${binary.length} bytes of kernels are in lib/ppo/wasm/binary.ts`);
  },
});
