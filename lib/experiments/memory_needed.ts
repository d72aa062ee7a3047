/**
 * What large data need of the machine's memory: said before it is taken, and refused where it is not
 * there.
 *
 * @module
 */

import { say } from "../cli/terminal.ts";
import type { Dataset } from "../data/profiles.ts";
import { columnsOf, ledgerColumns } from "../env/columns.ts";
import { storesOf } from "../stores/stores.ts";

const BYTES_PER_NUMBER = 8;
const BYTES_PER_GB = 1e9;

/** Nothing is said of less. [GB] */
const LARGE_GB = 2;

/** Memory for load and PV of a community, which an environment holds by prosumer and by slot. [GB] */
export function profilesGb(prosumers: number, slots: number): number {
  return 4 * prosumers * slots * BYTES_PER_NUMBER / BYTES_PER_GB;
}

/** Memory for the books of `policies` over `episodes` of `slotsPerEpisode`. [GB] */
export function recordsGb(
  dataset: Dataset,
  policies: number,
  episodes: number,
  slotsPerEpisode: number,
): number {
  const numbers = columnsOf(ledgerColumns, "home").length * dataset.community.prosumers.length +
    columnsOf(ledgerColumns, "store").length * storesOf(dataset).length;
  return policies * episodes * slotsPerEpisode * numbers * BYTES_PER_NUMBER / BYTES_PER_GB;
}

/** Memory that is free, if the task may know. [GB] */
function availableGb(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  return state === "granted" ? Deno.systemMemoryInfo().available / BYTES_PER_GB : null;
}

/**
 * Says what is needed, where it is much.
 *
 * @param needGb What is needed. [GB]
 * @param what What needs it.
 * @param remedy What to do where it is too much.
 * @param freeGb Memory that is free; `null` if that is not known. [GB]
 * @throws {Error} If more is needed than is free.
 */
export function requireMemory(
  needGb: number,
  what: string,
  remedy: string,
  freeGb: number | null = availableGb(),
): void {
  if (needGb < LARGE_GB) return;
  const need = `${what} need about ${needGb.toFixed(1)} GB of memory`;
  if (freeGb !== null && needGb > freeGb) {
    throw new Error(`${need}, of which ${freeGb.toFixed(1)} GB are free; ${remedy}`);
  }
  say(need, "stderr");
}
