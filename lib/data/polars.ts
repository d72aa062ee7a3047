/**
 * Polars, which reads and writes tables: loaded when the first table is, since it is by far the largest
 * package and most of what is done here needs no table.
 *
 * @module
 */

import { loadPackage } from "../packages.ts";
import { shown } from "../text/shown.ts";

/** The library. */
export type Polars = typeof import("nodejs-polars").default;

/** A table in Polars. */
export type Frame = import("nodejs-polars").default.DataFrame;

/**
 * Loads Polars.
 *
 * @throws {Error} In one line, if its native library cannot be loaded here.
 */
export async function loadPolars(): Promise<Polars> {
  try {
    return (await loadPackage<typeof import("nodejs-polars")>("nodejs-polars")).default;
  } catch (error) {
    const reason = shown((error as Error).message.split("\n")[0], 200);
    throw new Error(
      `Polars, which reads and writes tables, cannot be loaded on this machine: ${reason}`,
    );
  }
}
