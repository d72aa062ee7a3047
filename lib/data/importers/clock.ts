/**
 * Local time and universal time: by a zone whose clocks are changed, or by a fixed offset.
 *
 * A time that comes twice, when the clocks go back, is told by the order of the rows: each is the first
 * of its moments that lies behind the row before.
 *
 * @module
 */

import { nearest } from "../../text/nearest.ts";
import { quoted } from "../../text/shown.ts";

const FIXED = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;
const DAY = 86_400;
/** First and last moment for which clocks are known: 1990 and 2060. [ms] */
const FIRST_MS = Date.UTC(1990, 0, 1), LAST_MS = Date.UTC(2060, 0, 1);

/** A clock: which offset holds from which moment on. */
export interface Clock {
  /** Its name, such as `Europe/Berlin` or `+01:00`. */
  readonly name: string;
  /** Moments from which another offset holds, the first being before all. [s] */
  readonly from: readonly number[];
  /** The offsets. [s] */
  readonly offsets: readonly number[];
}

const clocks = new Map<string, Clock>();

/**
 * The clock of a zone, or of an offset such as `+01:00`.
 *
 * @throws {RangeError} If there is no such zone.
 *
 * @example
 * ```ts
 * import { clockOf, momentsOf } from "./clock.ts";
 * const twice = Date.UTC(2025, 9, 26, 2, 30) / 1000;
 * if (momentsOf(clockOf("Europe/Berlin"), twice).length !== 2) throw new Error("it comes twice");
 * ```
 */
export function clockOf(name: string): Clock {
  const known = clocks.get(name);
  if (known !== undefined) return known;
  const clock = fixedClock(name) ?? zoneClock(name);
  clocks.set(name, clock);
  return clock;
}

function fixedClock(name: string): Clock | null {
  const fixed = /^(utc|gmt|z)$/i.test(name) ? ["", "+", "0", "0"] : FIXED.exec(name);
  if (fixed === null) return null;
  const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
  if (minutes > 14 * 60) return null;
  const signed = fixed[1] === "-" ? -minutes : minutes;
  return { name, from: [-Infinity], offsets: [signed * 60] };
}

function zoneClock(name: string): Clock {
  let moment: Temporal.ZonedDateTime | null;
  try {
    // Temporal takes the zone of a whole time stamp as well.
    new Intl.DateTimeFormat("en", { timeZone: name });
    moment = Temporal.Instant.fromEpochMilliseconds(FIRST_MS).toZonedDateTimeISO(name);
  } catch {
    const best = nearest(name, Intl.supportedValuesOf("timeZone"));
    throw new RangeError(
      `there is no time zone ${quoted(name)}; ` +
        (best === null ? "" : `did you mean ${best}? `) +
        "name one such as Europe/Berlin, or an offset such as +01:00",
    );
  }
  const from = [-Infinity], offsets = [moment.offsetNanoseconds / 1e9];
  while ((moment = moment.getTimeZoneTransition("next")) !== null) {
    if (moment.epochMilliseconds > LAST_MS) break;
    from.push(moment.epochMilliseconds / 1000);
    offsets.push(moment.offsetNanoseconds / 1e9);
  }
  return { name, from, offsets };
}

/** Moments at which a clock shows a local time: none, one or two, in order. [s] */
export function momentsOf({ from, offsets }: Clock, localSeconds: number): number[] {
  return offsets.flatMap((offset, k) => {
    const moment = localSeconds - offset;
    return moment >= from[k] && moment < (from[k + 1] ?? Infinity) ? [moment] : [];
  });
}

/** Offset of standard time: the least that a clock has in the year around a moment. [min] */
export function standardMinutes({ from, offsets }: Clock, moment: number): number {
  const half = 183 * DAY;
  const first = lastBefore(from, moment - half), last = lastBefore(from, moment + half);
  return Math.min(...offsets.slice(first, last + 1)) / 60;
}

/** What a clock shows at a moment, as seconds since 1970 of its own. [s] */
export function localOf({ from, offsets }: Clock, moment: number): number {
  return moment + offsets[lastBefore(from, moment)];
}

/** Why a local time is none of a clock, or not told from another. */
export interface ClockFault {
  /** Which time. */
  readonly index: number;
  /** `missing` when clocks went forward over it, `order` when it comes twice and not in order. */
  readonly kind: "missing" | "order";
}

/**
 * Universal time of local times in the order of the rows.
 *
 * @param local Times by the clock. [s]
 * @param moments Receives universal time. [s]
 * @param mayRepeat Whether a time that equals the one before may be the second of two.
 */
export function toUniversal(
  clock: Clock,
  local: Uint32Array,
  moments: Uint32Array,
  mayRepeat: (index: number) => boolean = () => true,
): ClockFault | null {
  let segment = 0, previous = -Infinity;
  const { from, offsets } = clock;
  for (let k = 0; k < local.length; k++) {
    const time = local[k];
    const moment = time - offsets[segment];
    // Well inside of a segment there is only one moment.
    if (moment - DAY > from[segment] && moment + DAY < (from[segment + 1] ?? Infinity)) {
      moments[k] = previous = moment;
      continue;
    }
    const all = momentsOf(clock, time);
    if (all.length === 0) return { index: k, kind: "missing" };
    let chosen = all[0];
    if (all.length > 1 && k > 0) {
      const repeated = time === local[k - 1] && !mayRepeat(k);
      const later = all.find((each) => each > previous);
      if (!repeated && later === undefined) return { index: k, kind: "order" };
      chosen = repeated ? previous : later!;
    }
    moments[k] = previous = chosen;
    segment = lastBefore(from, chosen);
  }
  return null;
}

function lastBefore(from: readonly number[], moment: number): number {
  let at = from.length - 1;
  while (from[at] > moment) at--;
  return at;
}

/**
 * The zone whose clocks are changed when these local times jump, of those that go by the European
 * Union's dates; `null` where none does.
 */
export function europeanZone(local: Uint32Array): string | null {
  for (let k = 1; k < local.length; k++) {
    const jump = local[k] - local[k - 1];
    if (jump === 0) continue;
    for (const name of ["Europe/Berlin", "Europe/London", "Europe/Helsinki"]) {
      const clock = clockOf(name);
      const at = clock.from.findIndex((moment, n) =>
        n > 0 &&
        (jump > 0
          ? local[k] === moment + clock.offsets[n] && clock.offsets[n] > clock.offsets[n - 1] &&
            local[k - 1] < moment + clock.offsets[n - 1] && jump > 3600 && jump <= 7200
          : local[k] === moment + clock.offsets[n] && clock.offsets[n] < clock.offsets[n - 1] &&
            jump >= -3600)
      );
      if (at >= 0) return name;
    }
  }
  return null;
}
