/**
 * Columns of the files of an evaluation, for who writes and who reads them.
 *
 * @module
 */

import { columnsOf, ledgerColumns } from "../env/columns.ts";
import type { CellKind } from "./checked_table.ts";

/** Columns of `evaluation_results.csv`, in the order in which they are written. */
export const RESULT_COLUMNS: Readonly<Record<string, CellKind>> = {
  policy: "text",
  episode: "number",
  date: "text",
  slot: "number",
  timestamp: "timestamp",
  prosumer: "text",
  ...Object.fromEntries(
    columnsOf(ledgerColumns, "home").map((name): [string, CellKind] => [
      name,
      name.startsWith("order") ? "number or empty" : "number",
    ]),
  ),
  storedKwh: "number or empty",
  socFraction: "number or empty",
  clearingPricePerKwh: "number or empty",
  importPricePerKwh: "number",
  ceilingPerKwh: "number",
  feedInTariffPerKwh: "number",
  carbonKgPerKwh: "number",
  currency: "text",
};

/** Columns of `stores.csv`, in the order in which they are written. */
export const STORE_COLUMNS: readonly string[] = [
  "policy",
  "episode",
  "timestamp",
  "prosumer",
  "store",
  "kind",
  ...columnsOf(ledgerColumns, "store"),
  "pricePaidPerKwh",
  "energyCost",
  "unmetCost",
  "currency",
];
