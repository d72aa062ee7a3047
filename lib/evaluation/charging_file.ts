/**
 * `charging.csv`: by policy, kind of device and hour of the day, what cars, heat pumps and appliances
 * charge for; written with an evaluation, and read again for its figure.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { rowsCsv } from "../text/csv.ts";
import {
  type ChargingHour,
  type ChargingReason,
  chargingReasonNames,
  chargingReasons,
} from "./charging_reasons.ts";
import { type CellKind, readTable } from "./checked_table.ts";
import type { Records } from "./records.ts";

/** Its name. */
export const CHARGING_FILE = "charging.csv";

const KW = "Kw" as const;

const COLUMNS: Readonly<Record<string, CellKind>> = {
  policy: "text",
  kind: "text",
  hourOfDay: "number",
  ...Object.fromEntries(chargingReasonNames.map((name) => [name + KW, "number" as const])),
};

/** The file's text; homes must have something that waits. */
export function chargingCsv(records: readonly Records[], dataset: Dataset): string {
  return rowsCsv(
    records.flatMap((each) =>
      chargingReasons(each, dataset).map(({ kind, hourOfDay, powerKw }) => ({
        policy: each.policy,
        kind,
        hourOfDay,
        ...Object.fromEntries(chargingReasonNames.map((name) => [name + KW, powerKw[name]])),
      }))
    ),
  );
}

/**
 * Reads the hours of one policy.
 *
 * @throws {RangeError} Naming file, row and column of what is no such table.
 */
export async function readCharging(path: string, policy: string): Promise<ChargingHour[]> {
  const table = await readTable(path, COLUMNS, 'write it again with "deno task evaluate"');
  const rows = table.toRecords() as unknown as (
    & { readonly policy: string; readonly kind: string; readonly hourOfDay: number }
    & Readonly<Record<`${ChargingReason}${typeof KW}`, number>>
  )[];
  return rows.filter((row) => row.policy === policy).map(({ kind, hourOfDay, ...row }) => {
    const { mustKw: must, sunKw: sun, neighboursKw: neighbours, priceKw: price } = row;
    return { kind, hourOfDay, powerKw: { must, sun, neighbours, price } };
  });
}
