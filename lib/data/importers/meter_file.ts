/**
 * A file of meter readings with the universal time of each.
 *
 * @module
 */

import { quoted, shown } from "../../text/shown.ts";
import { timestamp } from "../../units.ts";
import {
  type Clock,
  type ClockFault,
  clockOf,
  europeanZone,
  standardMinutes,
  toUniversal,
} from "./clock.ts";
import { zoneIn } from "./cells.ts";
import { headOf } from "./dialect.ts";
import { changedStep, type Ordered, ordered, stepOf } from "./energy.ts";
import { type Layout, layoutOf, type LayoutWishes } from "./layout.ts";
import { rowOf, type Scan, scanMeters, type Series } from "./scan.ts";
import type { ValueColumn } from "./layout.ts";
import type { Quantity } from "./names.ts";

/** Readings of one register of one home in universal time. */
export interface MeterSeries {
  /** The file, for messages. */
  readonly path: string;
  readonly home: string;
  readonly column: ValueColumn;
  readonly readings: Ordered;
  /** Usual time between two readings. [s] */
  readonly step: number;
  /** Which end of its interval a moment is. */
  readonly label: "start" | "end";
  /** Where a reading stands: file, row and column. */
  readonly place: (reading: number) => Promise<string>;
}

/** A file of meters. */
export interface MeterFile {
  readonly path: string;
  /** The layout as it was taken, the clock included; `null` where the format has only one. */
  readonly layout: Layout | null;
  readonly series: readonly MeterSeries[];
  /** Least offset from UTC, hence of standard time; `null` where the file has none. [min] */
  readonly utcOffsetMinutes: number | null;
  /** What was taken in which way, in words. */
  readonly notes: readonly string[];
}

/**
 * Reads a table of meter readings.
 *
 * @throws {RangeError} In one line, naming file, row, column, value and remedy.
 */
export async function readMeterTable(path: string, wishes: LayoutWishes): Promise<MeterFile> {
  const found = layoutOf(path, await headOf(path), wishes);
  const scan = await scanMeters(path, found);
  const { timeZone, origin } = scan.offsets === null
    ? zoneOf(path, found, wishes, scan)
    : { timeZone: null, origin: "" };
  const layout = { ...found, timeZone };
  const clock = timeZone === null ? null : clockOf(timeZone);
  const known = new Map<Uint32Array, Uint32Array>();
  const series: MeterSeries[] = [];
  for (const [index, one] of scan.series.entries()) {
    let moments = known.get(one.stamps);
    if (moments === undefined) {
      moments = clock === null ? one.stamps : await universal(path, layout, scan, index, clock);
      known.set(one.stamps, moments);
    }
    series.push(await meterSeries(path, layout, one, index, moments));
  }
  const { kept, said } = onceEach(series);
  return {
    path,
    layout,
    series: kept,
    utcOffsetMinutes: clock === null
      ? scan.offsets![0]
      : standardMinutes(clock, series[0].readings.moments[0]),
    notes: [...notesOn(layout, scan, origin), ...said],
  };
}

/** Energy of intervals says more than a register, whose digits are few, and both more than power. */
const PREFERRED: readonly Quantity[] = ["energy", "register", "power"];

/** What a file has in several ways of the same home, once: energy and power of one meter are not two meters. */
function onceEach(series: readonly MeterSeries[]): { kept: MeterSeries[]; said: string[] } {
  const place = ({ column: { quantity } }: MeterSeries) => PREFERRED.indexOf(quantity);
  const best = new Map<string, number>();
  const keyOf = ({ home, column: { role } }: MeterSeries) => `${role} ${home}`;
  for (const one of series) {
    best.set(keyOf(one), Math.min(best.get(keyOf(one)) ?? Infinity, place(one)));
  }
  const kept = series.filter((one) => place(one) === best.get(keyOf(one)));
  const columns = [
    ...new Set(series.filter((one) => !kept.includes(one)).map((one) => one.column.column)),
  ];
  return {
    kept,
    said: columns.length === 0 ? [] : [
      `${shown(columns.join(", "), 300)}: not used, as the same is there as ${
        kept[0].column.quantity
      }`,
    ],
  };
}

async function meterSeries(
  path: string,
  layout: Layout,
  { home, column, values }: Series,
  index: number,
  moments: Uint32Array,
): Promise<MeterSeries> {
  const readings = ordered(moments, values);
  const step = stepOf(readings.moments);
  const place = async (reading: number) => {
    const target = { series: index, index: readings.indexOf(reading) };
    return `${path} row ${await rowOf(path, layout, target)}, column ${shown(column.column)}`;
  };
  if (readings.moments.length < 2) {
    throw new RangeError(
      `${path}, ${
        shown(home || column.column)
      }: has ${readings.moments.length} readings, from which ` +
        "no length of an interval can be told; remove it",
    );
  }
  const changed = column.quantity === "register" ? -1 : changedStep(readings.moments, step);
  if (changed >= 0) {
    const seconds = readings.moments[changed] - readings.moments[changed - 1];
    const isJitter = Math.abs(seconds - step) < 30;
    throw new RangeError(
      `${await place(changed)}: intervals of ${lengthText(seconds)} where others have ${
        lengthText(step)
      }; ` +
        (isJitter
          ? "round the stamps to whole intervals"
          : "keep one length in a file: split it, several files may be given at once"),
    );
  }
  return { path, home, column, readings, step, label: layout.label, place };
}

function lengthText(seconds: number): string {
  return seconds % 6 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** The clock of stamps that state none, and how it is known. */
function zoneOf(
  path: string,
  layout: Layout,
  wishes: LayoutWishes,
  scan: Scan,
): { timeZone: string; origin: string } {
  const { timeZone } = layout;
  if (timeZone !== null) {
    const isSaid = [wishes.timeZone, wishes.zoneOfAll].includes(timeZone);
    const inHeader = zoneIn(layout.time.join(" "));
    const isOther = isSaid && inHeader !== null && inHeader !== timeZone;
    const origin = isSaid ? "as stated" : "as its title or header says";
    return { timeZone, origin: origin + (isOther ? `, though its header says ${inHeader}` : "") };
  }
  const found = europeanZone(scan.series[0].stamps);
  if (found !== null) return { timeZone: found, origin: "by when its clock is changed" };
  throw new RangeError(
    `${path}: its time stamps state no offset from UTC; say by which clock they are with ` +
      "--time-zone, such as Europe/Berlin, +01:00 for one that is never changed, or UTC",
  );
}

/** Universal time of the stamps of a series, by trying what a label of the end may mean. */
async function universal(
  path: string,
  layout: Layout,
  scan: Scan,
  index: number,
  clock: Clock,
): Promise<Uint32Array> {
  const { stamps } = scan.series[index];
  const sharing = scan.series.filter((one) => one.stamps === stamps);
  const { local, order } = inOrder(stamps);
  const step = stepOf(local);
  // The same reading again at the same time is no second hour, unless hours are what is read.
  const mayRepeat = (k: number) =>
    step >= 3600 ||
    sharing.some(({ values }) =>
      values[at(k)] !== values[at(k - 1)] && !Number.isNaN(values[at(k)])
    );
  const at = (k: number) => order === null ? k : order[k];
  const moments = new Uint32Array(local.length);
  let fault = toUniversal(clock, local, moments, mayRepeat);
  if (layout.label === "end" && (fault !== null || repeats(moments) > 0)) {
    const starts = local.map((time) => time - step);
    const ofStarts = new Uint32Array(local.length);
    if (
      toUniversal(clock, starts, ofStarts, mayRepeat) === null &&
      (fault !== null || repeats(ofStarts) < repeats(moments))
    ) {
      ofStarts.forEach((moment, k) => moments[k] = moment + step);
      fault = null;
    }
  }
  if (fault !== null) {
    throw await clockFault(path, layout, clock, index, at(fault.index), local, fault);
  }
  if (order === null) return moments;
  const asRead = new Uint32Array(moments.length);
  order.forEach((k, place) => asRead[k] = moments[place]);
  return asRead;
}

/** How often a moment comes again at once: an hour later than it, where an end is its start plus a step. */
function repeats(moments: Uint32Array): number {
  return moments.reduce((count, moment, k) => count + (moment === moments[k - 1] ? 1 : 0), 0);
}

/** Stamps in the order of time, where the rows are in another one than that. */
function inOrder(
  stamps: Uint32Array,
): { local: Uint32Array; order: Uint32Array | null } {
  let falls = 0, rises = 0;
  for (let k = 1; k < stamps.length; k++) {
    if (stamps[k] < stamps[k - 1]) falls++;
    else if (stamps[k] > stamps[k - 1]) rises++;
  }
  const years = stamps.length < 2 ? 0 : Math.abs(stamps.at(-1)! - stamps[0]) / 31e6 + 1;
  if (falls <= 2 * years) return { local: stamps, order: null };
  const order = Uint32Array.from(stamps, (_, k) => k);
  // Rows with the newest first are turned around, so that an hour that comes twice keeps its order.
  if (rises <= 2 * years) order.reverse();
  else order.sort((a, b) => stamps[a] - stamps[b] || a - b);
  return { local: order.map((k) => stamps[k]), order };
}

async function clockFault(
  path: string,
  layout: Layout,
  clock: Clock,
  series: number,
  index: number,
  local: Uint32Array,
  fault: ClockFault,
): Promise<RangeError> {
  const row = await rowOf(path, layout, { series, index });
  const time = timestamp(
    { startMs: local[fault.index] * 1000, utcOffsetMinutes: 0, dtHours: 1, slots: 1 },
    0,
  ).slice(0, 16).replace("T", " ");
  const place = `${path} row ${row}, column ${shown(layout.time.join(" and "))}`;
  return new RangeError(
    fault.kind === "missing"
      ? `${place}: ${
        quoted(time)
      } does not exist in ${clock.name}, where clocks go forward over it; if ` +
        `the file's clock is never changed, say --time-zone ${
          offsetText(standardMinutes(clock, local[fault.index]))
        }`
      : `${place}: ${
        quoted(time)
      } comes twice in ${clock.name}, where clocks go back, and the rows are ` +
        "not in an order that tells which is which; write offsets, or sort the rows by time as it passed",
  );
}

/** An offset such as `+01:00`. */
export function offsetText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const SEPARATOR_NAMES = { ";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars" } as const;

function notesOn(
  layout: Layout,
  { offsets, statuses, series, rows, left }: Scan,
  origin: string,
): string[] {
  const { separator, decimal, encoding, time, label, timeZone, values, unused, headerRow } = layout;
  const units = [
    ...new Set(
      values.map(({ unit, quantity }) =>
        `${unit}${
          quantity === "register"
            ? " since the meter began"
            : quantity === "energy"
            ? " per interval"
            : ""
        }`
      ),
    ),
  ];
  const zone = timeZone !== null
    ? `${timeZone}, ${origin}`
    : offsets![0] === offsets![1]
    ? `offset ${offsetText(offsets![0])}`
    : `offsets ${offsetText(offsets![0])} and ${offsetText(offsets![1])}`;
  const counted = [...statuses].map(([status, count]) => `${quoted(status)} ${count}`);
  return [
    `${rows} rows, ${SEPARATOR_NAMES[separator]}, decimal ${
      decimal === "," ? "comma" : "point"
    }, ` +
    `${encoding}, header in row ${headerRow}`,
    `time from ${shown(time.join(" and "))} (${zone}), label at the ${label}; ${
      units.join(", ")
    }; ` +
    `${series.length} series`,
    ...counted.length > 1 ? [`rows by ${shown(layout.statusColumn!)}: ${counted.join(", ")}`] : [],
    ...left.size > 0
      ? [
        `rows of registers that are not read: ${
          shown([...left].map(([register, count]) => `${register} (${count})`).join(", "), 400)
        }`,
      ]
      : [],
    ...unused.length > 0 ? [`columns that are not used: ${shown(unused.join(", "), 400)}`] : [],
  ];
}
