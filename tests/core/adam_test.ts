import { assertAlmostEquals, assertEquals } from "@std/assert";
import { adamStep, clipGradientNorm, createAdam } from "../../lib/ppo/adam.ts";

Deno.test("adam: two steps worked by hand", () => {
  const state = createAdam(1);
  const parameters = Float32Array.of(1);
  adamStep(state, parameters, Float64Array.of(2), 0.1, 0);
  assertAlmostEquals(parameters[0], 0.9, 1e-7);
  adamStep(state, parameters, Float64Array.of(-1), 0.1, 0);
  // m = 0.9·0.2 − 0.1 over 1 − 0.81; v = 0.999·0.004 + 0.001 over 1 − 0.998001.
  const mean = 0.08 / 0.19, square = 0.004996 / 0.001999;
  assertAlmostEquals(parameters[0], 0.9 - 0.1 * mean / Math.sqrt(square), 1e-7);
  assertEquals(state.step, 2);
});

Deno.test("adam: ε bounds the step where gradients vanish", () => {
  const parameters = Float32Array.of(0);
  adamStep(createAdam(1), parameters, Float64Array.of(1e-5), 1, 1e-5);
  assertAlmostEquals(parameters[0], -0.5, 1e-6);
});

Deno.test("adam: a copy of the state goes on bit for bit", () => {
  const slope = (k: number) => Float64Array.of(Math.sin(k), Math.cos(3 * k));
  const straight = createAdam(2), parameters = Float32Array.of(1, 2);
  for (let k = 0; k < 5; k++) adamStep(straight, parameters, slope(k), 0.1, 1e-5);
  const copy = structuredClone(straight), copied = parameters.slice();
  for (let k = 5; k < 9; k++) {
    adamStep(straight, parameters, slope(k), 0.1, 1e-5);
    adamStep(copy, copied, slope(k), 0.1, 1e-5);
  }
  assertEquals(copied, parameters);
  assertEquals(copy, straight);
});

Deno.test("adam: a long gradient is shortened in its direction, a short one is left alone", () => {
  const long = Float64Array.of(3, -4), short = Float64Array.of(0.3, -0.4);
  assertEquals(clipGradientNorm(long, 0.5), 5);
  [0.3, -0.4].forEach((slope, i) => assertAlmostEquals(long[i], slope, 1e-15));
  assertEquals(clipGradientNorm(short, 1), 0.5);
  assertEquals([...short], [0.3, -0.4]);
});
