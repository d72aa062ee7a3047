/**
 * Which slots a data set of meters has: in which resolution, from when to when, with which offset.
 *
 * @module
 */

import { parseDay, timestamp } from "../../units.ts";
import { quoted, shown } from "../../text/shown.ts";
import { clockOf, standardMinutes } from "./clock.ts";
import type { SlotGrid } from "./energy.ts";
import { spanOf } from "./readings.ts";
import type { MeterFile, MeterSeries } from "./meter_file.ts";
import type { ImportRules } from "./settings.ts";

const RESOLUTIONS = [300, 900, 1800, 3600];

/** Offset of the labels: that of standard time. [min] */
export function utcOffsetOf(files: readonly MeterFile[], { timeZone }: ImportRules): number {
  const first = files.flatMap(({ series }) => series)[0]?.readings.moments[0] ?? 0;
  if (timeZone !== undefined) return standardMinutes(clockOf(timeZone), first);
  const offsets = files.flatMap(({ utcOffsetMinutes }) => utcOffsetMinutes ?? []);
  return offsets.length === 0 ? 0 : Math.min(...offsets);
}

/**
 * The slots: as long as the longest interval of a load, from the first reading of any home to the last.
 *
 * @throws {RangeError} If there is no such time, or intervals are longer than an hour.
 */
export async function gridOf(
  series: readonly MeterSeries[],
  rules: ImportRules,
  utcOffsetMinutes: number,
): Promise<{ grid: SlotGrid; said: string[] }> {
  const loads = series.filter(({ column }) => column.role !== "pv");
  const steps = [...new Set((loads.length > 0 ? loads : series).map(({ step }) => step))]
    .sort((a, b) => a - b);
  const longest = steps.at(-1)!;
  const slotSeconds = rules.resolutionMinutes !== undefined
    ? rules.resolutionMinutes * 60
    : RESOLUTIONS.find((length) => length >= longest);
  if (slotSeconds === undefined) {
    const one = loads.find(({ step }) => step === longest)!;
    throw new RangeError(
      `${one.path}: ${shown(one.home)}: its readings are ${
        longest / 60
      } min apart; a data set has slots of 5, 15, 30 or 60 ` +
        "min: give finer readings, or say --resolution 60 to spread them",
    );
  }
  const said: string[] = [];
  if (steps.length > 1 || steps[0] !== slotSeconds) {
    said.push(
      `intervals of ${steps.map((step) => step / 60).join(", ")} min become slots of ` +
        `${slotSeconds / 60} min (--resolution)`,
    );
  }
  if (loads.some(({ column }) => column.quantity === "register")) {
    said.push(
      "a register says what was used from its first reading on, so that the data begin there",
    );
  }
  const spans = (loads.length > 0 ? loads : series).map(spanOf);
  const offset = utcOffsetMinutes * 60;
  const day = (text: string | undefined, flag: string) => {
    if (text === undefined) return undefined;
    const midnight = parseDay(text);
    if (Number.isNaN(midnight)) {
      throw new RangeError(`${flag} must be a day such as 2025-01-31, got ${quoted(text)}`);
    }
    return midnight / 1000 - offset;
  };
  const first = spans.reduce((least, [from]) => Math.min(least, from), Infinity);
  const last = spans.reduce((most, [, to]) => Math.max(most, to), -Infinity);
  const from = Math.max(first, day(rules.from, "--from") ?? first);
  const to = Math.min(last, day(rules.to, "--to") ?? last);
  await requireDense(loads.length > 0 ? loads : series, to - from);
  const begin = Math.ceil((from + offset) / slotSeconds),
    end = Math.floor((to + offset) / slotSeconds);
  if (end - begin < 2) {
    const label = (seconds: number) =>
      timestamp({ startMs: seconds * 1000, utcOffsetMinutes, dtHours: 1, slots: 1 }, 0).slice(
        0,
        16,
      );
    throw new RangeError(
      `${series[0].path}: the readings go from ${label(first)} to ${
        label(last)
      }, of which --from and --to leave less than ` +
        "two slots; say other days",
    );
  }
  const grid = { startSeconds: begin * slotSeconds - offset, slotSeconds, slots: end - begin };
  return { grid, said };
}

/** More time than that of all readings together, so many times, is a wrong stamp and no gap. */
const MOST_EMPTY = 4;

async function requireDense(series: readonly MeterSeries[], seconds: number): Promise<void> {
  const covered = series.reduce(
    (sum, { readings, step }) => sum + readings.moments.length * step,
    0,
  );
  if (seconds <= MOST_EMPTY * covered) return;
  let [widest, at, of] = [0, 1, series[0]];
  for (const one of series) {
    const { moments } = one.readings;
    for (let k = 1; k < moments.length; k++) {
      if (moments[k] - moments[k - 1] > widest) {
        [widest, at, of] = [moments[k] - moments[k - 1], k, one];
      }
    }
  }
  throw new RangeError(
    `${await of.place(at)}: comes ${
      Math.round(widest / 86_400)
    } days after the reading before; correct ` +
      "its time, or cut with --from and --to",
  );
}
