/**
 * Doubts about the clock: the sun tells whether stamps are an hour off. The middle between first and
 * last light is noon, whichever way panels face; it is compared with noon at the place.
 *
 * Where the place is not known, it is taken from the offset from UTC: 5° west of the meridian that the
 * offset belongs to, where most people of most zones live. Data of a summer alone may be labelled with
 * the offset of summer.
 *
 * @module
 */

import { HOURS_PER_DAY, localTime, slotsPerDay, type TimeGrid, timestamp } from "../../units.ts";
import type { Dataset } from "../profiles.ts";
import { type Location, sunDirection } from "../synthetic/sun.ts";
import type { Doubt } from "./doubt.ts";

/** Hours without sun, and the share of the energy in them that dawn and midsummer explain. */
const NIGHT = { fromHour: 22, toHour: 3, mostShare: 0.05 };
/** Light is from this share of the largest power on. */
const LIGHT = 0.01;
/** Noon is off from here on; places within a zone explain less. [min] */
const OFF_MINUTES = 42, JUMP_MINUTES = 35;
/** Fewer days say nothing. [d] */
const LEAST_DAYS = 5, DAYS_BESIDE_JUMP = 10;
const MS_PER_DAY = 86_400_000, MS_PER_HOUR = 3_600_000;

/** Doubts about the clock. */
export function doubtsAboutClock({ profiles }: Dataset, place?: Location): Doubt[] {
  const { grid } = profiles;
  const sunKw = new Float64Array(grid.slots);
  profiles.pvKw.forEach((power, at) => sunKw[at % grid.slots] += power);
  const sun = sunKw.reduce((sum, power) => sum + power, 0);
  const night = sunKw.reduce((sum, power, slot) => {
    const { hourOfDay } = localTime(grid, slot);
    return sum + (hourOfDay >= NIGHT.fromHour || hourOfDay < NIGHT.toHour ? power : 0);
  }, 0);
  const doubts: Doubt[] = [];
  if (night > NIGHT.mostShare * sun) {
    doubts.push({
      kind: "clock",
      text: `${Math.round(100 * night / sun)} % of the sun shines from ${NIGHT.fromHour}:00 to ` +
        `${NIGHT.toHour}:00; is the offset from UTC right? Import again with --time-zone`,
    });
  }
  const days = noons(sunKw, grid);
  const jump = jumpOf(days);
  if (jump !== null) {
    const day = timestamp(grid, jump.slot).slice(0, 10);
    doubts.push({
      kind: "clock",
      text:
        `the sun's noon jumps by ${
          Math.round(jump.minutes)
        } min around ${day}: stamps follow a clock ` +
        "that is changed in summer; import again with --time-zone and the name of the zone",
    });
    // Data in universal time may be from anywhere.
  } else if (
    (place !== undefined || grid.utcOffsetMinutes !== 0) && days.length >= LEAST_DAYS &&
    night <= NIGHT.mostShare * sun
  ) {
    doubts.push(...offNoon(days, grid, place));
  }
  return [...doubts, ...endLabels(grid)];
}

/** A day's noon by its light. */
interface Noon {
  readonly slot: number;
  /** [ms since 1970] */
  readonly atMs: number;
}

function noons(sunKw: Float64Array, grid: TimeGrid): Noon[] {
  const most = sunKw.reduce((a, b) => Math.max(a, b), 0), perDay = slotsPerDay(grid.dtHours);
  const hour = localTime(grid, 0).hourOfDay;
  const first = Math.round((HOURS_PER_DAY - hour) / grid.dtHours) % perDay;
  const found: Noon[] = [];
  for (let slot = first; slot + perDay <= grid.slots; slot += perDay) {
    const day = sunKw.subarray(slot, slot + perDay);
    const begin = day.findIndex((power) => power > LIGHT * most);
    const end = day.findLastIndex((power) => power > LIGHT * most) + 1;
    // Days under snow or in fog have no light to speak of.
    if (begin < 0 || (end - begin) * grid.dtHours < 5) continue;
    const middle = slot + (begin + end) / 2;
    found.push({ slot, atMs: grid.startMs + middle * grid.dtHours * MS_PER_HOUR });
  }
  return found;
}

/** Noon by the sun on the day of a moment. [ms] */
function solarNoon(atMs: number, place: Location): number {
  const day = Math.floor(atMs / MS_PER_DAY + place.longitudeDeg / 360) * MS_PER_DAY;
  let noon = day + (12 - place.longitudeDeg / 15) * MS_PER_HOUR;
  for (let step = 0; step < 3; step++) {
    const { east } = sunDirection(noon, place), later = sunDirection(noon + MS_PER_HOUR, place);
    noon += MS_PER_HOUR * east / (east - later.east);
  }
  return noon;
}

function minutesOff(days: readonly Noon[], place: Location): number {
  const off = days.map(({ atMs }) => (atMs - solarNoon(atMs, place)) / 60_000).sort((a, b) =>
    a - b
  );
  return off[Math.floor(off.length / 2)];
}

/** The place that an offset from UTC points to. */
function placeOf(utcOffsetMinutes: number): Location {
  return { latitudeDeg: 51, longitudeDeg: utcOffsetMinutes / 4 - 5 };
}

function offNoon(days: readonly Noon[], grid: TimeGrid, place: Location | undefined): Doubt[] {
  const { utcOffsetMinutes } = grid;
  // An offset of summer stands an hour east of the place.
  const isSummer = [days[0], days.at(-1)!].every(({ slot }) => {
    const { dayOfYear } = localTime(grid, slot);
    return dayOfYear > 80 && dayOfYear < 305;
  }) && days.at(-1)!.slot - days[0].slot < 220 * slotsPerDay(grid.dtHours);
  const places = place !== undefined
    ? [place]
    : [placeOf(utcOffsetMinutes), ...isSummer ? [placeOf(utcOffsetMinutes - 60)] : []];
  const off = places.map((each) => minutesOff(days, each));
  const least = off.reduce((a, b) => Math.abs(b) < Math.abs(a) ? b : a);
  if (Math.abs(least) < (place === undefined ? OFF_MINUTES : 30)) return [];
  const hours = Math.abs(least) / 60;
  const size = hours > 0.6 && hours < 1.4 ? "an hour" : `${Math.round(Math.abs(least))} min`;
  const where = places[off.indexOf(least)];
  return [{
    kind: "clock",
    text:
      `the sun's noon is ${Math.round(Math.abs(least))} min too ${
        least > 0 ? "late" : "early"
      } for ` +
      `${Math.round(Math.abs(where.longitudeDeg))}° ${where.longitudeDeg < 0 ? "west" : "east"}` +
      `${place === undefined ? ", where the offset points to" : ""}: stamps are ${size} ` +
      `${
        least > 0 ? "late" : "early"
      }; import again with the right --time-zone or --label, or say where ` +
      "the homes are with --place LATITUDE,LONGITUDE",
  }];
}

/** A day from which on noon is about an hour later or earlier than before. */
function jumpOf(days: readonly Noon[]): { slot: number; minutes: number } | null {
  const place = { latitudeDeg: 51, longitudeDeg: 0 };
  const off = days.map(({ atMs }) => (atMs - solarNoon(atMs, place)) / 60_000);
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  let best: { slot: number; minutes: number } | null = null;
  for (let k = LEAST_DAYS; k + LEAST_DAYS <= days.length; k++) {
    const before = median(off.slice(Math.max(0, k - DAYS_BESIDE_JUMP), k));
    const after = median(off.slice(k, k + DAYS_BESIDE_JUMP));
    const minutes = Math.abs(after - before);
    if (minutes < JUMP_MINUTES || minutes > 90 || minutes <= (best?.minutes ?? 0)) continue;
    best = { slot: days[k].slot, minutes };
  }
  return best;
}

/** Whole days that begin with the end of their first slot. */
function endLabels(grid: TimeGrid): Doubt[] {
  const first = localTime(grid, 0).hourOfDay, last = localTime(grid, grid.slots - 1).hourOfDay;
  const perDay = slotsPerDay(grid.dtHours);
  if (first !== grid.dtHours || last !== 0 || grid.slots % perDay !== 0) return [];
  return [{
    kind: "label",
    text:
      `the first slot is ${
        timestamp(grid, 0).slice(11, 16)
      } and the last 00:00, as if stamps named ` +
      "the ends of slots; import again with --label end, or write the starts",
  }];
}
