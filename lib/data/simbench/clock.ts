/**
 * The clock of SimBench's profiles: German wall time, without a mark of daylight saving. In spring
 * 01:45 is followed by 03:00, in autumn 02:00 to 02:45 stand twice. Rows are in order, so that their
 * order says what the stamps do not.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import type { TimeGrid } from "../../units.ts";
import { clockOf, localOf } from "../importers/clock.ts";

const MS_PER_MINUTE = 60_000;
const STEP_MS = 15 * MS_PER_MINUTE;
const STAMP = /^(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2})$/;
const STANDARD_MINUTES = 60;

/**
 * The slots of some stamps, labelled with Central European (standard) time.
 *
 * @param stamps Such as `27.03.2016 01:45`, every 15 minutes by the wall clock of Berlin.
 * @throws {RangeError} Naming the row whose stamp does not follow.
 *
 * @example
 * ```ts
 * import { wallClockGrid } from "./clock.ts";
 * const grid = wallClockGrid(["27.03.2016 01:45", "27.03.2016 03:00"], "profiles.csv");
 * if (grid.slots !== 2 || grid.utcOffsetMinutes !== 60) throw new Error("an hour that there is not");
 * ```
 */
export function wallClockGrid(stamps: ArrayLike<unknown>, file: string): TimeGrid {
  const first = String(stamps[0] ?? "").trim();
  const found = STAMP.exec(first);
  if (found === null) {
    throw new RangeError(
      `${file} row 2, column time: must be like 01.01.2016 00:00, got ${quoted(first)}`,
    );
  }
  const [day, month, year, hour, minute] = found.slice(1).map(Number);
  const wallMs = Date.UTC(year, month - 1, day, hour, minute);
  // Of two moments with this stamp the earlier.
  const startMs = [120, 60].map((offset) => wallMs - offset * MS_PER_MINUTE)
    .find((ms) => stampOf(ms) === first);
  if (startMs === undefined) {
    throw new RangeError(`${file} row 2, column time: there is no ${quoted(first)} in Berlin`);
  }
  for (let slot = 1; slot < stamps.length; slot++) {
    const stamp = String(stamps[slot] ?? "").trim();
    const expected = stampOf(startMs + slot * STEP_MS);
    if (stamp === expected) continue;
    throw new RangeError(
      `${file} row ${slot + 2}, column time: must be ${expected}, 15 minutes later by the clock ` +
        `of Berlin, got ${quoted(stamp)}`,
    );
  }
  return { startMs, utcOffsetMinutes: STANDARD_MINUTES, dtHours: 0.25, slots: stamps.length };
}

/** What the wall clock shows at a moment. */
function stampOf(ms: number): string {
  const local = localOf(clockOf("Europe/Berlin"), ms / 1000) * 1000;
  const [date, time] = new Date(local).toISOString().split("T");
  return `${date.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
}
