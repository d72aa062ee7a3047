import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  crossedBootstrap,
  differ,
  interquartileMean,
  mean,
  pairedDifference,
  probabilityOfImprovement,
  type Scores,
  stratifiedBootstrap,
} from "../../lib/evaluation/statistics.ts";
import { stream } from "../../lib/random.ts";

/** Every way to draw `length` values from `values` with replacement. */
function draws<T>(values: readonly T[], length: number = values.length): T[][] {
  if (length === 0) return [[]];
  return draws(values, length - 1).flatMap((rest) => values.map((value) => [value, ...rest]));
}

/** Smallest and largest value within which the middle `share` of all outcomes lies, by counting. */
function exactInterval(outcomes: readonly number[], share: number): [number, number] {
  const sorted = outcomes.toSorted((a, b) => a - b);
  const tail = (1 - share) / 2;
  return [
    sorted[Math.floor(tail * (sorted.length - 1))],
    sorted[Math.ceil((1 - tail) * (sorted.length - 1))],
  ];
}

Deno.test("statistics: the interquartile mean leaves out a quarter at each end", () => {
  assertEquals(interquartileMean([8, 1, 7, 2, 6, 3, 5, 400]), (3 + 5 + 6 + 7) / 4);
  // A quarter of seven is one and a half of a value more; only whole values are left out.
  assertEquals(interquartileMean([1, 2, 3, 4, 5, 6, 700]), (2 + 3 + 4 + 5 + 6) / 5);
  assertEquals(interquartileMean([3]), 3);
});

Deno.test("statistics: an outlier moves the mean and not the interquartile mean", () => {
  fc.assert(fc.property(fc.integer({ min: 10, max: 1e6 }), (outlier) => {
    const values = [1, 2, 3, 4, 5, 6, 7, outlier];
    assertEquals(interquartileMean(values), 4.5);
    assertGreater(mean(values), 4.5);
  }));
});

Deno.test("statistics: the stratified bootstrap is the distribution over all draws, within strata", () => {
  const strata = [[1, 4, 9], [100, 200]];
  const outcomes = draws(strata[0]).flatMap((a) => draws(strata[1]).map((b) => mean([...a, ...b])));
  const [low, high] = exactInterval(outcomes, 0.8);
  const found = stratifiedBootstrap(strata, mean, { resamples: 20_000, confidence: 0.8 });
  assertEquals(found.estimate, mean(strata.flat()));
  assertAlmostEquals(found.low, low, 1e-9);
  assertAlmostEquals(found.high, high, 1e-9);
  // Without strata both hundreds could be missed.
  assertGreater(found.low, 40);
});

Deno.test("statistics: the crossed bootstrap draws whole seeds and whole days", () => {
  const scores = [[0, 10, 30], [1, 11, 31]];
  const outcomes = draws([0, 1]).flatMap((rows) =>
    draws([0, 1, 2]).map((columns) =>
      mean(rows.flatMap((row) => columns.map((day) => scores[row][day])))
    )
  );
  const [low, high] = exactInterval(outcomes, 0.9);
  const found = crossedBootstrap(
    [2],
    3,
    ([rows], columns) => mean([...rows].flatMap((row) => [...columns].map((d) => scores[row][d]))),
    { resamples: 20_000, confidence: 0.9 },
  );
  assertAlmostEquals(found.estimate, mean(scores.flat()), 1e-12);
  assertAlmostEquals(found.low, low, 1e-9);
  assertAlmostEquals(found.high, high, 1e-9);
});

Deno.test("statistics: pairing takes out what the days have in common", () => {
  const random = stream(3, "days");
  const days = Array.from({ length: 60 }, () => 50 * random.normal());
  const scores = [days.map((day) => day + 1 + 0.1 * random.normal())];
  const others = [days];
  const paired = pairedDifference(scores, others);
  assert(paired.low > 0.9 && paired.high < 1.1, `${paired.low} to ${paired.high}`);
  const alone = (table: Scores) =>
    crossedBootstrap([1], 60, (_, columns) => mean([...columns].map((day) => table[0][day])));
  assertEquals(differ(alone(scores), alone(others)), false);
  assertEquals(differ(paired, { estimate: 0, low: 0, high: 0 }), true);
});

Deno.test("statistics: a paired difference weighs all seeds of both sides alike", () => {
  const { estimate } = pairedDifference([[1, 2], [3, 4]], [[0, 0], [0, 3], [0, 0]]);
  assertAlmostEquals(estimate, 2.5 - 0.5, 1e-12);
});

Deno.test("statistics: the probability of improvement is that of a random pair on a random day", () => {
  const scores = [[1, 5, 2], [3, 5, 0]];
  const others = [[2, 5, 1]];
  let wins = 0;
  for (const row of scores) {
    row.forEach((score, day) => {
      wins += score > others[0][day] ? 1 : score === others[0][day] ? 0.5 : 0;
    });
  }
  assertAlmostEquals(probabilityOfImprovement(scores, others).estimate, wins / 6, 1e-12);
  assertAlmostEquals(probabilityOfImprovement(others, scores).estimate, 1 - wins / 6, 1e-12);
});

Deno.test("statistics: about 95 of 100 intervals cover the truth", () => {
  const samples = 400;
  let covered = 0;
  for (let k = 0; k < samples; k++) {
    const random = stream(k, "coverage");
    const values = Array.from({ length: 60 }, () => 7 + 2 * random.normal());
    const { low, high } = stratifiedBootstrap([values], mean, { seed: k, resamples: 500 });
    if (low <= 7 && 7 <= high) covered++;
  }
  assert(covered / samples > 0.91 && covered / samples < 0.98, `${covered} of ${samples}`);
});

Deno.test("statistics: crossed intervals cover the truth where seeds and days both vary", () => {
  const [samples, seeds, days] = [200, 8, 40];
  let covered = 0;
  for (let k = 0; k < samples; k++) {
    const random = stream(k, "crossed coverage");
    const ofDay = Array.from({ length: days }, () => 3 * random.normal());
    const scores = Array.from({ length: seeds }, () => {
      const ofSeed = random.normal();
      return ofDay.map((day) => day + ofSeed + random.normal());
    });
    const { low, high } = pairedDifference(scores, [ofDay.map(() => 0)], {
      seed: k,
      resamples: 300,
    });
    if (low <= 0 && 0 <= high) covered++;
  }
  assert(covered / samples > 0.9, `${covered} of ${samples}`);
});

Deno.test("statistics: intervals are reproducible, and wider with more confidence", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 20 }),
      fc.integer(),
      (values, seed) => {
        const options = { seed, resamples: 200 };
        const interval = stratifiedBootstrap([values], interquartileMean, options);
        assertEquals(stratifiedBootstrap([values], interquartileMean, options), interval);
        const wide = { ...options, confidence: 0.99 };
        const wider = stratifiedBootstrap([values], interquartileMean, wide);
        assert(wider.low <= interval.low && interval.high <= wider.high);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("statistics: overlapping intervals are not called different", () => {
  const interval = (low: number, high: number) => ({ estimate: (low + high) / 2, low, high });
  assertEquals(differ(interval(0, 2), interval(1, 3)), false);
  assertEquals(differ(interval(0, 2), interval(2.1, 3)), true);
  assertEquals(differ(interval(2.1, 3), interval(0, 2)), true);
});

Deno.test("statistics: what cannot be paired or resampled is one clear line", () => {
  assertThrows(() => pairedDifference([[1, 2]], [[1]]), RangeError, "same days");
  assertThrows(
    () => stratifiedBootstrap([[1]], mean, { resamples: 0 }),
    RangeError,
    "resamples must be a whole number of at least 1, got 0",
  );
  assertThrows(
    () => stratifiedBootstrap([[1]], mean, { confidence: 95 }),
    RangeError,
    "confidence must be between 0 and 1, got 95",
  );
});
