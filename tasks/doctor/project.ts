/**
 * The folder of the project: its packages, its kernels, and where it writes.
 *
 * @module
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Check } from "./finding.ts";
import { sha256Hex } from "../../lib/sha256.ts";

/** Everything about the project in the folder `root`. */
export function projectChecks(root: string): Check[] {
  return [
    {
      what: "packages",
      required: true,
      remedy: 'fetch them again: remove node_modules/ and call "deno install --frozen"',
      look: () => packages(root),
    },
    ...[["environment", "lib/env/wasm"], ["network", "lib/ppo/wasm"]].map((
      [of, folder],
    ): Check => ({
      what: `${of} kernels`,
      required: true,
      remedy: `take the committed files back ("git checkout ${folder}"), or, if the source was ` +
        'changed on purpose, call "deno task build:kernels"',
      look: () => kernels(join(root, folder)),
    })),
    ...["runs", "reports"].map((name): Check => ({
      what: `folder ${name}/`,
      required: true,
      remedy: `let yourself write in ${name}/ (chmod u+rwx), or name another folder with --out`,
      look: () => writable(join(root, name)),
    })),
  ];
}

/** Compares what is installed with what the lock file says, for this system and processor. */
async function packages(root: string): Promise<string> {
  const { npm } = JSON.parse(await Deno.readTextFile(join(root, "deno.lock"))) as {
    npm: Record<string, { readonly os?: string[]; readonly cpu?: string[] }>;
  };
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  const cpu = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  const needed = Object.entries(npm).filter(([, platform]) =>
    (platform.os?.includes(os) ?? true) && (platform.cpu?.includes(cpu) ?? true)
  ).map(([id]) => id.replace(/^(@?[^@]+@[^_]+)_.*$/, "$1"));
  const missing: string[] = [];
  for (const id of needed) {
    const name = id.slice(0, id.lastIndexOf("@"));
    const folder = join(root, "node_modules/.deno", id.replace("/", "+"), "node_modules", name);
    const file = join(folder, "package.json");
    if (!await Deno.stat(file).then((stat) => stat.size > 0, () => false)) missing.push(id);
  }
  if (missing.length === 0) return `${needed.length} in node_modules, as deno.lock says`;
  const shown = missing.slice(0, 3).join(", ");
  throw new Error(`${missing.length} of ${needed.length} are not in node_modules: ${shown}`);
}

/** Compares the hash of the kernels' source with what they were made from, and compiles them. */
async function kernels(folder: string): Promise<string> {
  const { sourceSha256, kernelsBase64 } = await import(
    pathToFileURL(join(folder, "binary.ts")).href
  );
  const source = await Deno.readFile(join(folder, "assembly/kernels.ts"));
  const hash = await sha256Hex(source);
  if (hash !== sourceSha256) {
    throw new Error(
      `their source has SHA-256 ${hash.slice(0, 12)}…, but they were made from one with ` +
        `${String(sourceSha256).slice(0, 12)}…`,
    );
  }
  const module = await WebAssembly.compile(Uint8Array.fromBase64(kernelsBase64));
  const names = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function");
  return `${names.length} functions, source SHA-256 ${hash.slice(0, 12)}…`;
}

/** Writes a file into a folder and removes it; makes the folder if there is none. */
async function writable(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const file = await Deno.makeTempFile({ dir: folder, prefix: ".doctor-" });
  try {
    await Deno.writeTextFile(file, "written");
    if (await Deno.readTextFile(file) !== "written") throw new Error("what is written is lost");
  } finally {
    await Deno.remove(file);
  }
  return "can be written";
}
