/**
 * `deno task build:kernels`: compiles the kernels of networks and environment from AssemblyScript and
 * embeds them, with the hash of their source, in modules, so that using them needs no permission to
 * read.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { compileKernels, kernelSets } from "./compile_kernels.ts";

await main({
  name: "build:kernels",
  summary: "Compiles the kernels of networks and environment, for who changes them.",
  options: {},
  async run() {
    const root = new URL("../", import.meta.url);
    for (const { source, module, memory } of kernelSets) {
      const text = await Deno.readTextFile(new URL(source, root));
      const { binary, sourceSha256 } = await compileKernels(text, memory);
      const lines = [
        "/** Made by `deno task build:kernels` from `assembly/kernels.ts`: not to be edited. */",
        "",
        "/** SHA-256 of the source. */",
        `export const sourceSha256 = "${sourceSha256}";`,
        "",
        "/** The module, in base64. */",
        `export const kernelsBase64 =\n  "${binary.toBase64()}";`,
        "",
      ];
      await Deno.writeTextFile(new URL(module, root), lines.join("\n"));
      console.log(`${binary.length} bytes of kernels are in ${module}`);
    }
  },
});
