/**
 * What a measurement was taken on.
 *
 * @module
 */

import { cpus } from "node:os";

/** The machine and the runtime. */
export interface Machine {
  readonly cpus: number;
  readonly processor: string;
  readonly architecture: string;
  readonly deno: string;
  readonly v8: string;
}

/** This one. */
export function machine(): Machine {
  return {
    cpus: navigator.hardwareConcurrency,
    processor: cpus()[0]?.model ?? "unknown",
    architecture: `${Deno.build.os} ${Deno.build.arch}`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
  };
}

/** In one line. */
export function machineLine({ cpus, processor, architecture, deno, v8 }: Machine): string {
  return `Deno ${deno}, V8 ${v8}, ${architecture}, ${cpus} cores of ${processor}`;
}
