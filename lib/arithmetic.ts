/**
 * Sine, cosine, arc sine, exponential and logarithm of plain arithmetic, for all that goes into data and
 * results: engines round those of `Math` differently, and the same seed would give other bits in
 * another version or another browser. IEEE 754 demands of +, −, ×, ÷ and √ that they are rounded
 * correctly, hence alike everywhere.
 *
 * Exponentials and logarithms are within 2 units in the last place of the true value; sine and cosine
 * within 2⁻⁵² for angles of up to some millions.
 *
 * Sources: range reduction of Cody and Waite, Software Manual for the Elementary Functions, 1980;
 * the series of sin, cos, exp and artanh.
 *
 * @module
 */

/** π/2 in three parts; the first two have zeros at their ends, so that their multiples are exact. */
const HALF_PI_1 = 1.5707963267341256, HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** ln 2 in two parts. */
const LN2_HIGH = 6.93147180369123816490e-1, LN2_LOW = 1.90821492927058770002e-10;
const SQRT_HALF = Math.SQRT1_2;

/**
 * Sine of an angle. [rad]
 *
 * @example
 * ```ts
 * import { sin } from "./arithmetic.ts";
 * if (Math.abs(sin(1) - 0.8414709848078965) > 2e-16) throw new Error(`${sin(1)}`);
 * ```
 */
export function sin(angle: number): number {
  return quarterTurn(angle, 0);
}

/** Cosine of an angle. [rad] */
export function cos(angle: number): number {
  return quarterTurn(angle, 1);
}

/** Angle in [−π/2, π/2] of a sine, by Newton's method; a sine beyond ±1 counts as ±1. [rad] */
export function arcsin(sine: number): number {
  if (Number.isNaN(sine)) return NaN;
  if (Math.abs(sine) >= 1) return Math.sign(sine) * Math.PI / 2;
  // Near ±1, where the sine is flat, by the angle to the vertical.
  if (Math.abs(sine) > 0.8) {
    const rest = arcsin(Math.sqrt((1 - Math.abs(sine)) * (1 + Math.abs(sine))));
    return Math.sign(sine) * (Math.PI / 2 - rest);
  }
  let angle = sine;
  for (let step = 0; step < 5; step++) angle -= (sin(angle) - sine) / cos(angle);
  return angle;
}

/** Sine of the angle and some quarter turns. */
function quarterTurn(angle: number, turns: number): number {
  if (!Number.isFinite(angle)) return NaN;
  const quarters = Math.round(angle / (Math.PI / 2));
  const rest = ((angle - quarters * HALF_PI_1) - quarters * HALF_PI_2) - quarters * HALF_PI_3;
  const quarter = (quarters + turns) & 3;
  const value = (quarter & 1) === 0 ? sinNear(rest) : cosNear(rest);
  return (quarter & 2) === 0 ? value : -value;
}

/** Sine of up to an eighth of a turn. */
function sinNear(x: number): number {
  const y = x * x;
  const series = -1 / 6 +
    y * (1 / 120 +
        y * (-1 / 5040 +
            y * (1 / 362880 +
                y * (-1 / 39916800 + y * (1 / 6227020800 - y / 1307674368000)))));
  return x + x * y * series;
}

/** Cosine of up to an eighth of a turn. */
function cosNear(x: number): number {
  const y = x * x;
  const series = 1 / 24 +
    y * (-1 / 720 +
        y * (1 / 40320 +
            y * (-1 / 3628800 +
                y * (1 / 479001600 + y * (-1 / 87178291200 + y / 20922789888000)))));
  const half = y / 2, whole = 1 - half;
  // What is lost in 1 − y/2 is added again.
  return whole + ((1 - whole - half) + y * y * series);
}

/**
 * e to the power of x.
 *
 * @example
 * ```ts
 * import { exp } from "./arithmetic.ts";
 * if (exp(0) !== 1 || Math.abs(exp(1) / Math.E - 1) > 3e-16) throw new Error(`${exp(1)}`);
 * ```
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const power = Math.round(x / Math.LN2);
  const high = x - power * LN2_HIGH, low = power * LN2_LOW;
  const y = high - low;
  let series = 0;
  for (let n = 14; n >= 2; n--) series = (series + 1) * (y / n);
  const scaled = 1 + (y + y * series);
  // In two steps, since the smallest powers of two are reached in one of them only.
  return scaled * twoTo(power >> 1) * twoTo(power - (power >> 1));
}

/** e to the power of x, less 1; without loss of digits where x is small. */
export function expm1(x: number): number {
  if (Math.abs(x) > 0.5) return exp(x) - 1;
  let series = 0;
  for (let n = 18; n >= 2; n--) series = (series + 1) * (x / n);
  return x + x * series;
}

/**
 * Natural logarithm.
 *
 * @example
 * ```ts
 * import { log } from "./arithmetic.ts";
 * if (log(1) !== 0 || Math.abs(log(10) / Math.LN10 - 1) > 3e-16) throw new Error(`${log(10)}`);
 * ```
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let power = 0, mantissa = x;
  while (mantissa >= 2) {
    const by = mantissa >= 4294967296 ? 32 : 1;
    mantissa /= twoTo(by);
    power += by;
  }
  while (mantissa < 1) {
    const by = mantissa < 1 / 4294967296 ? 32 : 1;
    mantissa *= twoTo(by);
    power -= by;
  }
  if (mantissa > 2 * SQRT_HALF) {
    mantissa /= 2;
    power++;
  }
  // ln m = 2 artanh f, and 2f = (m − 1) − f·(m − 1): the first is exact.
  const less = mantissa - 1;
  const f = less / (2 + less), y = f * f;
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = series * y + twiceReciprocals[n];
  return power * LN2_HIGH + (less - (f * (less - y * series) - power * LN2_LOW));
}

/** Natural logarithm of 1 + x; without loss of digits where x is small. */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (sum === 1 || !Number.isFinite(sum)) return x;
  return log(sum) + (x - (sum - 1)) / sum;
}

/** All powers of two from the smallest number on; a table is faster than `**`, and as exact. */
const LEAST_POWER = -1074, MOST_POWER = 1023;
const powersOfTwo = Float64Array.from(
  { length: MOST_POWER - LEAST_POWER + 1 },
  (_, i) => 2 ** (LEAST_POWER + i),
);

function twoTo(power: number): number {
  return powersOfTwo[power - LEAST_POWER];
}

/** 2/n */
const twiceReciprocals = Float64Array.from({ length: 24 }, (_, n) => 2 / n);
