import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { generalizedAdvantages, type Trajectories } from "../../lib/ppo/gae.ts";

function one(
  rewards: number[],
  values: number[],
  lastValue: number,
  ends: { terminated?: number[]; truncated?: number[] } = {},
): Trajectories {
  return {
    rows: 1,
    rewards: Float64Array.from(rewards),
    values: Float64Array.from(values),
    nextValues: Float64Array.from([...values.slice(1), lastValue]),
    terminated: Uint8Array.from(ends.terminated ?? rewards.map(() => 0)),
    truncated: Uint8Array.from(ends.truncated ?? rewards.map(() => 0)),
  };
}

const estimate = (trajectories: Trajectories, discount: number, lambda: number) => [
  ...generalizedAdvantages(
    trajectories,
    discount,
    lambda,
    new Float64Array(trajectories.rewards.length),
  ),
];

Deno.test("gae: three steps worked by hand", () => {
  // δ = 1 + ½·2 − 1, 2 + ½·3 − 2, 3 + ½·4 − 3 = 1, 1.5, 2; Â₂ = 2, Â₁ = 1.5 + ¼·2, Â₀ = 1 + ¼·2.
  assertEquals(estimate(one([1, 2, 3], [1, 2, 3], 4), 0.5, 0.5), [1.5, 2, 2]);
});

Deno.test("gae: nothing follows a terminated step, whatever its next value", () => {
  const terminated = one([1, 1, 1], [5, 6, 7], 8, { terminated: [0, 1, 0] });
  // Â₁ = 1 − 6; Â₀ = (1 + ½·6 − 5) + ½·(−5); Â₂ = 1 + ½·8 − 7.
  assertEquals(estimate(terminated, 0.5, 1), [-3.5, -5, -2]);
  terminated.nextValues[1] = 1e9;
  assertEquals(estimate(terminated, 0.5, 1), [-3.5, -5, -2]);
});

Deno.test("gae: a truncated step counts its own successor and not the next episode", () => {
  const truncated = one([1, 1, 1], [5, 6, 7], 8, { truncated: [0, 1, 0] });
  truncated.nextValues[1] = 10;
  // Â₁ = 1 + ½·10 − 6 = 0; Â₀ = (1 + ½·6 − 5) + ½·0; Â₂ = 1 + ½·8 − 7.
  assertEquals(estimate(truncated, 0.5, 1), [-1, 0, -2]);
});

Deno.test("gae: what lies behind the rollout in a larger buffer stays as it is", () => {
  const buffer = new Float64Array(4).fill(-1);
  generalizedAdvantages(one([1, 2], [0, 0], 0), 0.5, 1, buffer);
  assertEquals([...buffer], [2, 2, -1, -1]);
});

Deno.test("gae: it agrees with the double sum that defines it", () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  const step = fc.record({
    reward: number,
    value: number,
    nextValue: number,
    end: fc.constantFrom("none", "none", "none", "terminated", "truncated", "both"),
  });
  const trajectories = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))
    .chain(([rows, steps]) =>
      fc.record({
        rows: fc.constant(rows),
        steps: fc.array(step, { minLength: rows * steps, maxLength: rows * steps }),
        discount: fc.double({ min: 0, max: 1, noNaN: true }),
        lambda: fc.double({ min: 0, max: 1, noNaN: true }),
      })
    );
  fc.assert(
    fc.property(trajectories, ({ rows, steps, discount, lambda }) => {
      const flag = (name: string) =>
        Uint8Array.from(steps, ({ end }) => end === name || end === "both" ? 1 : 0);
      const actual = estimate(
        {
          rows,
          rewards: Float64Array.from(steps, (s) => s.reward),
          values: Float64Array.from(steps, (s) => s.value),
          nextValues: Float64Array.from(steps, (s) => s.nextValue),
          terminated: flag("terminated"),
          truncated: flag("truncated"),
        },
        discount,
        lambda,
      );
      steps.forEach((_, first) => {
        let expected = 0;
        for (let at = first, k = 0; at < steps.length; at += rows, k++) {
          const { reward, value, nextValue, end } = steps[at];
          const successor = end === "terminated" || end === "both" ? 0 : nextValue;
          expected += (discount * lambda) ** k * (reward + discount * successor - value);
          if (end !== "none") break;
        }
        assertAlmostEquals(actual[first], expected, 1e-9);
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});
