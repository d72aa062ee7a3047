/**
 * Random numbers that arithmetic trips over. For the fuzzer and the property tests.
 *
 * @module
 */

import fc from "fast-check";

/** A number in a range: mostly anywhere, sometimes at an end, sometimes as small as numbers go. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  const steps = 1_000_000;
  return fc.oneof(
    { weight: 6, arbitrary: fc.nat(steps).map((n) => min + (n / steps) * (max - min)) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  );
}

/** No numbers, none at all, the smallest and the largest there are. */
export const awkward: readonly number[] = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  1e-310,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1e30,
  -1e30,
];

/** Any number whatever. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...awkward),
  fc.double(),
  between(-10, 10),
);
