/**
 * The machine and Deno.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { cpus } from "node:os";
import type { Check } from "./finding.ts";

/** The oldest Deno that everything was tried with. */
export const OLDEST_DENO = "2.9.6";

/** A disk with less room than this is soon full: a long run leaves some ten megabytes. [bytes] */
const DISK_BYTES = 500e6;

/** Memory in which the chapters and the reference training fit. [bytes] */
const MEMORY_BYTES = 1e9;

/** The smallest module with SIMD instructions: it counts the bits of a vector of zeros. */
// deno-fmt-ignore
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0,
  10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** Whether a version is at least another one. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const first = a.findIndex((part, k) => part !== b[k]);
  return first < 0 || a[first] > b[first];
}

/** Everything about the machine; `folder` is one on the disk that is used. */
export function machineChecks(
  folder: string,
  version: typeof Deno.version = Deno.version,
): Check[] {
  return [
    {
      what: "Deno",
      required: true,
      remedy:
        `install Deno ${OLDEST_DENO} or later, or put "npx -y deno@${OLDEST_DENO}" in its place`,
      look() {
        const { deno, v8, typescript } = version;
        if (isAtLeast(deno, OLDEST_DENO)) return `${deno}, V8 ${v8}, TypeScript ${typescript}`;
        throw new Error(`${deno} is older than ${OLDEST_DENO}`);
      },
    },
    {
      what: "processor",
      required: false,
      remedy: "training runs on one thread; --workers changes nothing",
      look() {
        const cores = navigator.hardwareConcurrency;
        const model = cpus()[0]?.model.trim() || Deno.build.arch;
        const text = `${model}, ${cores} cores, ${Deno.build.os} ${Deno.osRelease()}`;
        if (cores >= 2) return text;
        throw new Error(`${text}: one core alone`);
      },
    },
    {
      what: "memory",
      required: false,
      remedy: "close other programs, or take smaller communities (--prosumers)",
      look() {
        const { total, available } = Deno.systemMemoryInfo();
        const text = `${gigabytes(available)} GB free of ${gigabytes(total)} GB`;
        if (available >= MEMORY_BYTES) return text;
        throw new Error(`only ${text}`);
      },
    },
    {
      what: "SIMD and threads",
      required: true,
      remedy: "start Deno without --v8-flags, on a processor of the last ten years",
      look() {
        if (!WebAssembly.validate(SIMD_MODULE)) throw new Error("no SIMD in WebAssembly");
        new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
        return "WebAssembly has both";
      },
    },
    {
      what: "disk",
      required: true,
      remedy: "free some space: old runs are in runs/, each can be removed",
      async look() {
        const { bavail, bsize } = await statfs(folder);
        const text = `${gigabytes(bavail * bsize)} GB free`;
        if (bavail * bsize >= DISK_BYTES) return text;
        throw new Error(`only ${text}`);
      },
    },
  ];
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
