/**
 * What a measurement was taken on.
 *
 * @module
 */

/** The machine and the runtime. */
export interface Machine {
  readonly cpus: number;
  readonly architecture: string;
  readonly deno: string;
  readonly v8: string;
}

/** This one. */
export function machine(): Machine {
  return {
    cpus: navigator.hardwareConcurrency,
    architecture: `${Deno.build.os} ${Deno.build.arch}`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
  };
}

/** In one line. */
export function machineLine({ cpus, architecture, deno, v8 }: Machine): string {
  return `Deno ${deno}, V8 ${v8}, ${architecture}, ${cpus} cores`;
}
