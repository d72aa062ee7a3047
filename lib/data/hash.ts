/**
 * Fingerprint of a data set, by which results and models name the data they come from.
 *
 * @module
 */

import type { Dataset } from "./profiles.ts";

/**
 * SHA-256 over currency, devices, time grid, every column, every class of tariffs, charges and the network; the title does not count. [hex]
 *
 * @example
 * ```ts
 * import { datasetHash } from "./hash.ts";
 * import { synthesize } from "./synthetic.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const other = synthesize({ seed: 2, prosumers: 2, days: 1, dtHours: 1 });
 * if (await datasetHash(dataset) === await datasetHash(other)) throw new Error("other data");
 * ```
 */
export async function datasetHash(
  { community, profiles, tariffs = {}, network, charges }: Dataset,
): Promise<string> {
  const { currency, prosumers } = community;
  const { grid, ...columns } = profiles;
  const ofDevices: Float64Array[] = [];
  const described = {
    ...{ currency, prosumers, grid },
    ...(network !== undefined && { network }),
    ...(charges !== undefined && { charges: charges.tariffs }),
  };
  const description = JSON.stringify(sorted(described, ofDevices));
  const parts: (Uint8Array | Float64Array)[] = [
    new TextEncoder().encode(description),
    ...ofDevices,
  ];
  for (const name of Object.keys(columns).sort() as (keyof typeof columns)[]) {
    const column = columns[name];
    if (column !== undefined) parts.push(column);
  }
  for (const name of Object.keys(tariffs).sort()) {
    const { importPricePerKwh, feedInTariffPerKwh } = tariffs[name];
    parts.push(new TextEncoder().encode(name), importPricePerKwh, feedInTariffPerKwh);
  }
  // One after the other: each is copied while it is digested, and a year of many homes is large.
  const digests: number[] = [];
  for (const part of parts) digests.push(...await sha256(part));
  return (await sha256(Uint8Array.from(digests))).toHex();
}

/**
 * A copy whose objects list their keys in alphabetical order, as JSON should not depend on it; columns are
 * taken out into `columns`.
 */
function sorted(value: unknown, columns: Float64Array[]): unknown {
  if (Array.isArray(value)) return value.map((member) => sorted(member, columns));
  if (value instanceof Float64Array) return { column: columns.push(value) };
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member, columns)]));
}

async function sha256(data: Uint8Array | Float64Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data as BufferSource));
}
