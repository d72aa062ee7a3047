/**
 * Universal time of price intervals: the platform's name both ends in local time, and in the hour that
 * comes twice the clock as well; where they do not, an interval lasts until the next.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import { zoneIn } from "./cells.ts";
import { clockOf, toUniversal } from "./clock.ts";
import { mode } from "./dialect.ts";
import { dateOrders, readStamp, StampReader } from "./stamps.ts";

/** Lengths of intervals at the exchange. [s] */
const LENGTHS = [900, 1800, 3600];

/** Universal time of intervals; those of the platform name their ends too. */
export function intervalsOf(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  zone: string | undefined,
): { from: Uint32Array; to: Uint32Array } {
  const begins = stamps.map(({ text }) => text.split(/\s+-\s+/)[0]);
  const order = dateOrders.find((order) => {
    const reader = new StampReader(order);
    return begins.every((text) => readStamp(text, reader)?.hasDate);
  });
  if (order === undefined) {
    const reader = new StampReader("DMY");
    const k = Math.max(0, begins.findIndex((text) => readStamp(text, reader) === null));
    throw new RangeError(
      `${path} row ${
        stamps[k].row
      }, column ${column}: must be a time stamp or an interval of two, got ` +
        quoted(stamps[k].text),
    );
  }
  const reader = new StampReader(order);
  const local = new Uint32Array(begins.length), lengths = new Float64Array(begins.length);
  let offsets = 0;
  stamps.forEach(({ text }, k) => {
    const [begin, end] = text.split(/\s+-\s+/);
    const { localSeconds, offsetMinutes } = readStamp(begin, reader)!;
    const isUniversal = !Number.isNaN(offsetMinutes);
    local[k] = localSeconds - (isUniversal ? offsetMinutes * 60 : 0);
    if (isUniversal) offsets++;
    lengths[k] = end === undefined
      ? NaN
      : (readStamp(end, reader)?.localSeconds ?? NaN) - localSeconds;
  });
  const from = offsets === 0
    ? universalOf(path, column, stamps, local, zone)
    : mixed(path, column, stamps, local, offsets, zone);
  const usual = mode(Array.from(from.subarray(1), (time, k) => time - from[k]));
  const to = Uint32Array.from(from, (time, k) => {
    const length = LENGTHS.includes(lengths[k]) ? lengths[k] : usual;
    return k + 1 < from.length && from[k + 1] < time + length ? from[k + 1] : time + length;
  });
  return { from, to };
}

function universalOf(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  local: Uint32Array,
  zone: string | undefined,
): Uint32Array {
  const name = zoneIn(column) ?? zone;
  if (name === undefined) {
    throw new RangeError(
      `${path}, column ${column}: its time stamps state no offset; say by which clock they are with ` +
        "--time-zone, such as Europe/Berlin",
    );
  }
  const moments = new Uint32Array(local.length);
  const fault = toUniversal(clockOf(name), local, moments);
  if (fault !== null) {
    const { row, text } = stamps[fault.index];
    throw new RangeError(
      `${path} row ${row}, column ${column}: ${quoted(text)} ${
        fault.kind === "missing"
          ? `does not exist in ${name}; say another --time-zone`
          : `comes twice in ${name}, not in order; sort the rows by time as it passed`
      }`,
    );
  }
  requireRising(path, column, stamps, moments);
  return moments;
}

/** Some stamps name their clock, as the platform does in the hour that comes twice. */
function mixed(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  times: Uint32Array,
  offsets: number,
  zone: string | undefined,
): Uint32Array {
  if (offsets < times.length) {
    const name = zoneIn(column) ?? zone;
    if (name === undefined) {
      throw new RangeError(
        `${path}, column ${column}: some stamps name a clock and some do not; say which holds with ` +
          "--time-zone",
      );
    }
    const clock = clockOf(name);
    const isNamed = (text: string) => /\(\w+\)|[+-]\d\d:?\d\d$|Z$/.test(text.split(/\s+-\s+/)[0]);
    stamps.forEach(({ text }, k) => {
      if (isNamed(text)) return;
      const one = new Uint32Array(1);
      toUniversal(clock, times.subarray(k, k + 1), one);
      times[k] = one[0];
    });
  }
  requireRising(path, column, stamps, times);
  return times;
}

function requireRising(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  moments: Uint32Array,
): void {
  const wrong = moments.findIndex((time, k) => k > 0 && time <= moments[k - 1]);
  if (wrong < 0) return;
  const { row, text } = stamps[wrong];
  throw new RangeError(
    `${path} row ${row}, column ${column}: ${
      quoted(text)
    } does not come after the row before; keep one ` +
      "price for each interval, in the order of time",
  );
}
