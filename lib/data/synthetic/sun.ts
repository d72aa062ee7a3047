/**
 * Where the sun stands, by plain arithmetic ({@link ../../arithmetic.ts}), so that made-up data are the
 * same in every engine.
 *
 * Source: J. Meeus, Astronomical Algorithms, 2nd ed., 1998: apparent position of the sun in chapter
 * 25, sidereal time in 12, refraction in 16; difference of terrestrial and universal time by the
 * polynomial of Espenak and Meeus for 2005 to 2050. Within 0.01° of the true position.
 *
 * @module
 */

import { arcsin, cos, sin } from "../../arithmetic.ts";

/** Where on earth. */
export interface Location {
  /** Latitude, north positive. [°] */
  readonly latitudeDeg: number;
  /** Longitude, east positive. [°] */
  readonly longitudeDeg: number;
}

/** Direction of the sun as seen from the ground, a unit vector. */
export interface SunDirection {
  /** Component to the east. */
  readonly east: number;
  /** Component to the north. */
  readonly north: number;
  /** Upward component, the cosine of the zenith angle; ≤ 0 at night. */
  readonly up: number;
}

const RADIANS = Math.PI / 180;
const MS_PER_DAY = 86_400_000;
/** Julian day of 1 January 1970, 0 h, and of the epoch J2000, noon of 1 January 2000. [d] */
const JULIAN_1970 = 2_440_587.5, JULIAN_2000 = 2_451_545;
const SECONDS_PER_DAY = 86_400, DAYS_PER_CENTURY = 36_525, DAYS_PER_YEAR = 365.2425;

/**
 * Direction of the sun at a moment, raised by refraction.
 *
 * @param epochMs Universal time. [ms since 1970]
 *
 * @example Noon at midsummer on the northern tropic
 * ```ts
 * import { sunDirection } from "./sun.ts";
 * const noon = Date.UTC(2025, 5, 21, 12, 2);
 * const { up } = sunDirection(noon, { latitudeDeg: 23.44, longitudeDeg: 0 });
 * if (up < 0.9999) throw new Error(`the sun is overhead, got ${up}`);
 * ```
 */
export function sunDirection(epochMs: number, location: Location): SunDirection {
  const julianDay = epochMs / MS_PER_DAY + JULIAN_1970;
  const days = julianDay - JULIAN_2000;
  const { x, y, z } = equatorial(days + terrestrialLead(days));
  const sidereal = RADIANS *
    (280.46061837 + 360.98564736629 * days + location.longitudeDeg);
  const [turnCos, turnSin] = [cos(sidereal), sin(sidereal)];
  const meridian = x * turnCos + y * turnSin, west = x * turnSin - y * turnCos;
  const latitude = location.latitudeDeg * RADIANS;
  const up = sin(latitude) * z + cos(latitude) * meridian;
  const north = cos(latitude) * z - sin(latitude) * meridian;
  return refracted(-west, north, up);
}

/** The sun's apparent direction in equatorial coordinates, `days` of terrestrial time after J2000. */
function equatorial(days: number) {
  const t = days / DAYS_PER_CENTURY;
  const meanLongitude = 280.46646 + t * (36000.76983 + t * 0.0003032);
  const anomaly = RADIANS * (357.52911 + t * (35999.05029 - t * 0.0001537));
  const center = (1.914602 - t * (0.004817 + t * 0.000014)) * sin(anomaly) +
    (0.019993 - t * 0.000101) * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly);
  const node = RADIANS * (125.04 - 1934.136 * t);
  const longitude = RADIANS *
    (meanLongitude + center - 0.00569 - 0.00478 * sin(node));
  const obliquity = RADIANS *
    (23.439291 - t * (0.0130042 + t * (1.6e-7 - t * 5.04e-7)) + 0.00256 * cos(node));
  return {
    x: cos(longitude),
    y: cos(obliquity) * sin(longitude),
    z: sin(obliquity) * sin(longitude),
  };
}

/** By how much terrestrial time is ahead of universal time. [d] */
function terrestrialLead(days: number): number {
  const years = days / DAYS_PER_YEAR;
  return (62.92 + years * (0.32217 + years * 0.005589)) / SECONDS_PER_DAY;
}

/** Raises a direction by what the air bends it; below the horizon as much as on it. */
function refracted(east: number, north: number, up: number): SunDirection {
  const altitude = arcsin(up);
  const above = Math.max(0, altitude);
  const seen = above + 0.00312536 / (above + 0.08901179);
  const apparent = altitude + 0.0002967 * cos(seen) / sin(seen);
  const level = Math.sqrt(east * east + north * north);
  const scale = level > 0 ? cos(apparent) / level : 0;
  return { east: east * scale, north: north * scale, up: sin(apparent) };
}
