/**
 * Where a table's header is, which of its columns hold time, how dates are written in them, and which
 * end of an interval they name.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import { isNumber, isStamp, type Sample } from "./cells.ts";
import { mode } from "./dialect.ts";
import type { ValueColumn } from "./layout.ts";
import { type DateOrder, dateOrders, readStamp, StampReader } from "./stamps.ts";

const TIME = /time|date|datum|zeit|stamp|fecha|heure|hour|^ab|^von|^start|^begin|mtu|ende?$/i;

/** The first row whose cells are names, above rows with a time and a number. */
export function headerRowOf(path: string, all: readonly (readonly string[])[]): number {
  const isData = (row: readonly string[]) =>
    row.length > 1 && row.some(isStamp) && row.some((cell) => isNumber(cell) && !isStamp(cell));
  const first = all.findIndex((row, k) =>
    isData(row) && all.slice(k + 1, k + 4).every(isDataOrEnd)
  );
  function isDataOrEnd(row: readonly string[]) {
    return isData(row) || row.every((cell) => cell === "") || row.some(isStamp);
  }
  if (first < 0) {
    throw new RangeError(
      `${path}: no row has a time stamp and a reading; is it a file of a meter, and is its separator ` +
        "found rightly (--separator)?",
    );
  }
  let above = first - 1;
  while (above >= 0 && all[above].every((cell) => cell === "")) above--;
  const header = all[above];
  if (header === undefined || header.some(isNumber) && !header.some((cell) => TIME.test(cell))) {
    throw new RangeError(
      `${path} row ${
        first + 1
      }: the table begins without a header; write a line above it that names ` +
        "its columns, such as timestamp;Haus01_kWh",
    );
  }
  return above + 1;
}

/** Which order reads all dates; where several do, the one in which time goes on most evenly. */
export function dateOrderOf(path: string, { rows }: Sample): DateOrder {
  const cells = rows.flatMap((row) => row.filter(isStamp).slice(0, 1));
  const fitting = dateOrders.filter((order) => {
    const reader = new StampReader(order);
    return cells.every((cell) => readStamp(cell, reader) !== null);
  });
  if (fitting.length === 0) {
    throw new RangeError(
      `${path}: its dates are written in several ways, such as ${
        quoted(cells[0])
      }; write them in one`,
    );
  }
  if (fitting.length === 1) return fitting[0];
  const spans = fitting.map((order) => {
    const reader = new StampReader(order);
    const days = cells.map((cell) => Math.floor(readStamp(cell, reader)!.localSeconds / 86_400));
    return Math.max(...days) - Math.min(...days);
  });
  const least = Math.min(...spans);
  // Points are written with the day first, wherever they are; slashes differ.
  const plain = fitting.filter((_, k) => spans[k] === least);
  if (plain.includes("YMD")) return "YMD";
  if (plain.length === 1 || cells[0].includes(".")) return plain[0];
  // Halves of the day are written where months come first.
  if (/[ap]\.?m/i.test(cells[0])) return "MDY";
  throw new RangeError(
    `${path}: ${
      quoted(cells[0])
    } may begin with the day or with the month; say --date-order DMY or MDY`,
  );
}

/** Columns with stamps, or with dates and with times of day. */
export function timeColumns(path: string, { header, rows }: Sample, order: DateOrder): string[] {
  const reader = new StampReader(order);
  const kinds = header.map((name, k) => {
    const cells = rows.slice(0, 50).map((row) => row[k] ?? "");
    // A row that has none is refused where it is read, by its number.
    if (!isStamp(cells[0]) || cells.filter(isStamp).length < 0.6 * cells.length) return null;
    // Numbers that could be moments are readings unless the header says otherwise.
    if (cells.every(isNumber) && !TIME.test(name) && k > 0) return null;
    const { hasDate, hasTime } = readStamp(cells[0], reader)!;
    return { name, hasDate, hasTime };
  }).filter((kind) => kind !== null);
  const whole = kinds.find(({ hasDate, hasTime }) => hasDate && hasTime);
  if (whole !== undefined) return [whole.name];
  const date = kinds.find(({ hasDate }) => hasDate), time = kinds.find(({ hasDate }) => !hasDate);
  if (date !== undefined && time !== undefined) return [date.name, time.name];
  if (date !== undefined) {
    throw new RangeError(
      `${path}, column ${
        quoted(date.name)
      }: has days without a time of day, hence a reading a day or less; ` +
        "give readings of an hour or less, or say where the time of day is with --time-column DATE,TIME",
    );
  }
  throw new RangeError(
    `${path}: no column holds date and time of a reading; say which with --time-column COLUMN[,COLUMN]`,
  );
}

/** Which end of its interval a stamp names. */
export function labelOf(
  { header, rows }: Sample,
  time: readonly string[],
  order: DateOrder,
  values: readonly ValueColumn[],
): "start" | "end" {
  const name = time.at(-1)!;
  if (/end|bis|until|(^|_)to$/i.test(name)) return "end";
  if (/start|von|from|begin|(^|_)ab$/i.test(name)) return "start";
  if (values.every(({ quantity }) => quantity === "register")) return "end";
  const reader = new StampReader(order);
  const secondOf = (row: readonly string[]) =>
    time.reduce((sum, column) => {
      const stamp = readStamp(row[header.indexOf(column)] ?? "", reader);
      return sum + (stamp?.hasTime ? stamp.localSeconds % 86_400 : 0);
    }, 0);
  // Quarters of an hour that begin with 00:15 are named by their ends, and so are hours up to 24. Hours
  // that begin with 1 may as well be days of another clock.
  const seconds = [...new Set(rows.slice(0, 200).map(secondOf))];
  const step = mode(seconds.slice(1).map((second, k) => second - seconds[k]));
  const isTwentyFour = rows.some((row) =>
    time.some((column) => /(^|[ T])24:00/.test(row[header.indexOf(column)] ?? ""))
  );
  return isTwentyFour || (seconds[0] === step && step > 0 && step < 3600) ? "end" : "start";
}
