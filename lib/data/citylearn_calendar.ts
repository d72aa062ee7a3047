/**
 * When the rows of a CityLearn data set happen.
 *
 * CityLearn states month, hour (1 to 24) and day type (1 Monday to 7 Sunday, 8 holiday), but no year
 * and no day. A file that begins with hour 24 labels each hour by its **start**, hour 24 being the
 * midnight after the labelled day; a file that begins with hour 1 labels it by its **end**, as
 * EnergyPlus does. Either way the first row begins at midnight.
 *
 * Evidence, from the 2022 challenge, which begins with month 7, hour 24, day type 7 and then month 8,
 * hour 1, day type 1: read as starts, its panels produce most around 11:50 Pacific standard time,
 * which is solar noon in Fontana, and its evening price holds from 16:00 to 21:00, as in Southern
 * California Edison's tariffs. (From November 6 to March 12 that is; in summer the sun is an hour
 * later, because the files follow the wall clock. The rows run on without gap or repetition, so they
 * are kept as they are.)
 *
 * @module
 */

import { cellPlace, numberColumn, type Table } from "./columns.ts";

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const FIRST_YEAR = 2010;
/** After this many years weekdays and leap years repeat. */
const CALENDAR_CYCLE = 28;
const HOLIDAY = 8;

/**
 * Start of a file's first row as local time, in milliseconds as if it were UTC: the earliest from
 * 2010 on whose calendar agrees with month, hour and day type of every row.
 *
 * @throws {RangeError} Naming the row whose hour does not follow, or saying that no year agrees.
 */
export function firstRowMs(table: Table, dtHours: number): number {
  const [month, hour, dayType] = ["month", "hour", "day_type"].map((name) =>
    numberColumn(table, name)
  );
  checkHours(table, hour, dtHours);
  const labelledByEarlierDay = hour[0] === 24;
  const fits = (startMs: number) =>
    month.every((_, row) => {
      const labelHours = row * dtHours - (labelledByEarlierDay ? 1 : 0);
      const day = new Date(startMs + labelHours * MS_PER_HOUR);
      const weekday = day.getUTCDay() === 0 ? 7 : day.getUTCDay();
      return day.getUTCMonth() + 1 === month[row] &&
        (dayType[row] === weekday || dayType[row] === HOLIDAY);
    });
  const last = Date.UTC(FIRST_YEAR + CALENDAR_CYCLE, 0, 1);
  for (let ms = Date.UTC(FIRST_YEAR, 0, 1); ms < last; ms += MS_PER_DAY) {
    if (fits(ms)) return ms;
  }
  throw new RangeError(
    `${table.file}: no year has these months and day types; state the start of the first row`,
  );
}

function checkHours(table: Table, hour: Float64Array, dtHours: number): void {
  const [first] = hour;
  if (first !== 24 && first !== 0 && first !== 1) {
    throw new RangeError(
      `${
        cellPlace(table, "hour", 0)
      }: the first row must begin at midnight, hour 24, 0 or 1, got ` +
        `${first}; state the start of the first row`,
    );
  }
  hour.forEach((label, row) => {
    const since = Math.floor(row * dtHours) % 24;
    const expected = first === 1 ? since + 1 : since === 0 ? first : since;
    if (label !== expected) {
      throw new RangeError(
        `${cellPlace(table, "hour", row)}: must be ${expected}, got ${label}; rows must follow ` +
          "each other without gap or repetition",
      );
    }
  });
}
