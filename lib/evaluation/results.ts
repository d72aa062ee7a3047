/**
 * Reads what an evaluation wrote: `evaluation_results.csv`, one row per policy, episode, slot and
 * prosumer. Here the prosumers are summed up to the community; charts and reports start from there.
 *
 * @module
 */

import { loadPolars } from "../data/polars.ts";
import { parseTimestamp, SLOT_LENGTHS_HOURS, slotLength } from "../units.ts";
import { readTable, type Table } from "./checked_table.ts";
import { RESULT_COLUMNS } from "./result_columns.ts";

/** One slot of the whole community under one policy. */
export interface CommunitySlot {
  /** The policy that acted. */
  readonly policy: string;
  /** Local calendar day of the slot, such as `2025-06-21`. */
  readonly day: string;
  /** Local time of the slot's start, 0 to 24 exclusive. [h] */
  readonly hourOfDay: number;
  /** Net import from the grid; negative is export. [kW] */
  readonly gridKw: number;
  /** Energy that changed hands in the auction. [kWh] */
  readonly volumeKwh: number;
  /** Clearing price, or `null` where nothing traded. [currency/kWh] */
  readonly clearingPricePerKwh: number | null;
  /** Retail price of imported energy. [currency/kWh] */
  readonly importPricePerKwh: number;
  /** What imported energy costs with its CO2. [currency/kWh] */
  readonly ceilingPerKwh: number;
  /** Price paid for exported energy. [currency/kWh] */
  readonly feedInTariffPerKwh: number;
  /** Stored share of the capacity at the end of the slot, mean over stores; `null` without any. */
  readonly socFraction: number | null;
  /** What the slot cost all prosumers together. [currency] */
  readonly cost: number;
}

/** An evaluation, summed over prosumers. */
export interface Results {
  /** What prices and costs are in, such as `EUR`. */
  readonly currency: string;
  /** Policies, in the order of the file. */
  readonly policies: readonly string[];
  /** Local calendar days, sorted. */
  readonly days: readonly string[];
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** Slots of every policy, in the order of the file. */
  readonly slots: readonly CommunitySlot[];
}

const MS_PER_HOUR = 3_600_000;
const REMEDY = 'write it again with "deno task evaluate"';

/**
 * Reads an `evaluation_results.csv`.
 *
 * @throws {RangeError} If the file is missing, misses a column, holds a cell that is no number, or
 * is cut short; the message names file, row and column.
 */
export async function readResults(path: string): Promise<Results> {
  const rows = await readTable(path, RESULT_COLUMNS, REMEDY);
  checkComplete(rows, path);
  const pl = await loadPolars();
  const sums = rows.lazy().groupBy(["policy", "episode", "slot"], true).agg(
    pl.first("timestamp"),
    pl.col("gridKwh").sum(),
    pl.col("tradedKwh").abs().sum().div(2).alias("volumeKwh"),
    pl.first("clearingPricePerKwh"),
    pl.first("importPricePerKwh"),
    pl.first("ceilingPerKwh"),
    pl.first("feedInTariffPerKwh"),
    pl.col("socFraction").mean(),
    pl.col("cost").sum(),
  ).collectSync().toRecords() as unknown as SlotRecord[];
  const dtHours = slotLengthHours(sums, path);
  const slots = sums.map((sum) => communitySlot(sum, dtHours));
  return {
    currency: currencyOf(rows, path),
    policies: [...new Set(slots.map((slot) => slot.policy))],
    days: [...new Set(slots.map((slot) => slot.day))].sort(),
    dtHours,
    slots,
  };
}

type SlotRecord = Omit<CommunitySlot, "day" | "hourOfDay" | "gridKw"> & {
  readonly timestamp: string;
  readonly gridKwh: number;
};

function communitySlot(
  { timestamp, gridKwh, ...rest }: SlotRecord,
  dtHours: number,
): CommunitySlot {
  const [hours, minutes] = timestamp.slice(11, 16).split(":").map(Number);
  return {
    ...rest,
    day: timestamp.slice(0, 10),
    hourOfDay: hours + minutes / 60,
    gridKw: gridKwh / dtHours,
  };
}

function currencyOf(rows: Table, path: string): string {
  const currencies = rows.getColumn("currency").unique();
  if (currencies.length === 1) return currencies.get(0);
  throw new RangeError(`${path}, column currency: must be the same in all rows; ${REMEDY}`);
}

function slotLengthHours(sums: readonly SlotRecord[], path: string): number {
  if (sums.length < 2) throw new RangeError(`${path}: one slot has no length; ${REMEDY}`);
  const [first, second] = sums.map(({ timestamp }) => parseTimestamp(timestamp).epochMs);
  const dtHours = (second - first) / MS_PER_HOUR;
  if (!SLOT_LENGTHS_HOURS.includes(dtHours)) {
    throw new RangeError(
      `${path}, column timestamp: slots must be 60, 30, 15 or 5 min long, got ${
        slotLength(dtHours)
      }; ${REMEDY}`,
    );
  }
  return dtHours;
}

/** Every policy runs through the same slots, so a file that was cut short shows in the counts. */
function checkComplete(rows: Table, path: string): void {
  const policies = rows.select("policy").unique().height;
  const slots = rows.select("episode", "slot").unique().height;
  const prosumers = rows.select("prosumer").unique().height;
  if (rows.height !== policies * slots * prosumers) {
    throw new RangeError(
      `${path}: ${rows.height} rows where ${policies} policies × ${slots} slots × ${prosumers} ` +
        `prosumers need ${policies * slots * prosumers}; the file is cut short, ${REMEDY}`,
    );
  }
}
