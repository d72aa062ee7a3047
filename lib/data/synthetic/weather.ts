/**
 * One weather for the whole community, by quarter-hours: where the sun stands, what reaches the
 * ground under moving clouds, and how warm the air is.
 *
 * - Sun position: {@link ./sun.ts}, at the quarter-hour's middle.
 * - Clear sky: Haurwitz (1945, 1946), `GHI = 1098 cos z exp(−0.059 / cos z)`, as in pvlib.
 * - Clouds: days are clear, broken or overcast and tend to repeat (a Markov chain); within the day
 *   the clear-sky index is a first-order autoregression around the day's mean. The parameters are
 *   assumptions, set so that a year brings about 1,090 kWh/m² and December a tenth of June (DWD, mean
 *   of Germany: 1,114 kWh/m² a year in 2011–2020, 17 in December and 159 in June of 1981–2010).
 * - Diffuse share: Erbs, Klein and Duffie (1982), by the clearness index.
 * - Air temperature: a yearly cosine of 10 ± 9 °C (DWD, mean of Germany 1991–2020: 9.3 °C, January
 *   0.9 °C, July 18.3 °C), a daily one of ± 4 K, an assumption.
 *
 * @module
 */

import { cos, exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import type { Calendar } from "./quarter_hours.ts";
import { type Location, sunDirection } from "./sun.ts";

/** Weather by quarter-hours; the sun's direction is a unit vector. */
export interface Weather {
  /** East component of the sun's direction. */
  readonly sunEast: Float64Array;
  /** North component of the sun's direction. */
  readonly sunNorth: Float64Array;
  /** Upward component of the sun's direction, the cosine of the zenith angle; ≤ 0 at night. */
  readonly sunUp: Float64Array;
  /** Direct irradiance on a plane that faces the sun. [W/m²] */
  readonly directNormal: Float64Array;
  /** Diffuse irradiance on a horizontal plane. [W/m²] */
  readonly diffuseHorizontal: Float64Array;
  /** Global irradiance on a horizontal plane. [W/m²] */
  readonly globalHorizontal: Float64Array;
  /** Air temperature. [°C] */
  readonly airTemperature: Float64Array;
}

interface Sky {
  /** Mean clear-sky index of the day. */
  readonly mean: number;
  /** Standard deviation of the index within the day. */
  readonly deviation: number;
}

const CLEAR: Sky = { mean: 0.98, deviation: 0.04 };
const BROKEN: Sky = { mean: 0.66, deviation: 0.25 };
const OVERCAST: Sky = { mean: 0.28, deviation: 0.12 };

/** Chance that a day has the sky of the day before. */
const PERSISTENCE = 0.4;
/** Correlation of the clear-sky index between quarter-hours: 0.9⁴ ≈ 2/3 from hour to hour. */
const INDEX_CORRELATION = 0.9;
const SOLAR_CONSTANT = 1361;

/** Draws the weather of every quarter-hour of `calendar` from `random`. */
export function drawWeather(calendar: Calendar, location: Location, random: Stream): Weather {
  const quarters = calendar.hourOfDay.length;
  const column = () => new Float64Array(quarters);
  const weather = {
    sunEast: column(),
    sunNorth: column(),
    sunUp: column(),
    directNormal: column(),
    diffuseHorizontal: column(),
    globalHorizontal: column(),
    airTemperature: column(),
  };
  let sky = drawSky(calendar.dayOfYear[0], random);
  let deviation = random.normal();
  for (let q = 0; q < quarters; q++) {
    if (calendar.hourOfDay[q] === 0 && q > 0 && random.uniform() >= PERSISTENCE) {
      sky = drawSky(calendar.dayOfYear[q], random);
    }
    deviation = INDEX_CORRELATION * deviation +
      Math.sqrt(1 - INDEX_CORRELATION ** 2) * random.normal();
    const index = Math.min(Math.max(sky.mean + sky.deviation * deviation, 0.05), 1.05);
    setSun(weather, q, calendar.middle(q), location);
    setIrradiance(weather, q, index, calendar.dayOfYear[q]);
    weather.airTemperature[q] = 10 - 9 * yearly(calendar.dayOfYear[q], 20) +
      4 * cos(2 * Math.PI * (calendar.hourOfDay[q] - 15) / 24);
  }
  return weather;
}

/** Cosine of the year with its crest on `crestDay`, 0 being 1 January. */
export function yearly(dayOfYear: number, crestDay: number): number {
  return cos(2 * Math.PI * (dayOfYear - crestDay) / 365.25);
}

function drawSky(dayOfYear: number, random: Stream): Sky {
  const winter = (1 + yearly(dayOfYear, -10)) / 2;
  const draw = random.uniform();
  const clear = 0.32 - 0.2 * winter;
  const broken = 0.46 - 0.2 * winter;
  return draw < clear ? CLEAR : draw < clear + broken ? BROKEN : OVERCAST;
}

function setSun(weather: Weather, q: number, time: Date, location: Location): void {
  const { east, north, up } = sunDirection(time.getTime(), location);
  weather.sunEast[q] = east;
  weather.sunNorth[q] = north;
  weather.sunUp[q] = up;
}

function setIrradiance(weather: Weather, q: number, index: number, dayOfYear: number): void {
  const up = weather.sunUp[q];
  if (up <= 0) return;
  const global = index * 1098 * up * exp(-0.059 / up);
  const distance = 1 + 0.033 * yearly(dayOfYear, 2);
  const diffuse = global * diffuseFraction(global / (SOLAR_CONSTANT * distance * up));
  weather.globalHorizontal[q] = global;
  weather.diffuseHorizontal[q] = diffuse;
  weather.directNormal[q] = (global - diffuse) / up;
}

function diffuseFraction(clearness: number): number {
  const k = clearness;
  if (k <= 0.22) return 1 - 0.09 * k;
  if (k > 0.8) return 0.165;
  return 0.9511 - 0.1604 * k + 4.388 * k ** 2 - 16.638 * k ** 3 + 12.336 * k ** 4;
}
