import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { createNormalizer, restoreNormalizer } from "../../lib/ppo/normalizer.ts";

Deno.test("normalizer: batches of any sizes give the mean and variance of all together", () => {
  const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  const batches = fc.array(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(batches, (batches) => {
      const normalizer = createNormalizer(2);
      for (const batch of batches) normalizer.update(batch.flat());
      const { count, mean, squaredDeviations } = normalizer.state();
      const all = batches.flat();
      assertEquals(count, all.length);
      for (const i of [0, 1]) {
        const expected = all.reduce((sum, vector) => sum + vector[i], 0) / all.length;
        assertAlmostEquals(mean[i], expected, 1e-9);
        const deviations = all.reduce((sum, vector) => sum + (vector[i] - expected) ** 2, 0);
        assertAlmostEquals(squaredDeviations[i], deviations, 1e-6);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("normalizer: a small spread around a large number keeps its digits", () => {
  const normalizer = createNormalizer(1);
  for (let k = 0; k < 1_000; k++) normalizer.update([1e8 + (k % 2)]);
  const [low, high] = normalizer.normalize([1e8, 1e8 + 1], new Float64Array(2));
  assertAlmostEquals(low, -1, 1e-6);
  assertAlmostEquals(high, 1, 1e-6);
});

Deno.test("normalizer: each feature has its own scale, and outliers are cut", () => {
  const normalizer = createNormalizer(2, 3);
  normalizer.update([1, 100, 3, 300]);
  const out = normalizer.normalize([3, 100, 1e6, -1e6], new Float64Array(4));
  [1, -1, 3, -3].forEach((expected, i) => assertAlmostEquals(out[i], expected, 1e-9));
});

Deno.test("normalizer: a feature that never varied is 0 whatever comes, and its mean on the way back", () => {
  for (const constant of [0, 5, 0.08, -1e12]) {
    const normalizer = createNormalizer(2);
    // Rounding of the running mean is no variation.
    for (let k = 0; k < 300; k++) normalizer.update([constant, k, constant, -k, constant, 0.1 * k]);
    const [ignored, varied] = normalizer.normalize([constant + 1e6, 1], new Float64Array(2));
    assertEquals(Math.abs(ignored), 0);
    assertNotEquals(varied, 0);
    const [back] = normalizer.denormalize([3, 0], new Float64Array(2));
    assertAlmostEquals(back, constant, 1e-9 * Math.abs(constant));
  }
});

Deno.test("normalizer: before any data it is the identity, and a constant becomes 0", () => {
  const normalizer = createNormalizer(1);
  assertEquals(normalizer.normalize([7], new Float64Array(1)), Float64Array.of(7));
  assertEquals(normalizer.denormalize([7], new Float64Array(1)), Float64Array.of(7));
  normalizer.update([5, 5, 5]);
  assertEquals(normalizer.normalize([5], new Float64Array(1)), Float64Array.of(0));
});

Deno.test("normalizer: denormalising undoes normalising", () => {
  const normalizer = createNormalizer(1);
  normalizer.update([-4, 1, 9, 2]);
  const there = normalizer.normalize([6.5], new Float64Array(1));
  assertAlmostEquals(normalizer.denormalize(there, new Float64Array(1))[0], 6.5, 1e-12);
});

Deno.test("normalizer: restored from its state it goes on bit for bit", () => {
  const straight = createNormalizer(2, 5);
  straight.update([0.1, 0.2, 0.3, 0.5]);
  const saved = straight.state();
  const restored = restoreNormalizer(saved, 5);
  straight.update([0.7, -0.9]);
  assertEquals(saved.count, 2);
  restored.update([0.7, -0.9]);
  assertEquals(restored.state(), straight.state());
  const normalized = (n: typeof straight) => n.normalize([0.3, 99], new Float64Array(2));
  assertEquals(normalized(restored), normalized(straight));
});
