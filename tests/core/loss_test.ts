import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { diagonalGaussian } from "../../lib/ppo/gaussian.ts";
import { type LossConfig, type LossTargets, ppoLoss } from "../../lib/ppo/loss.ts";

const config: LossConfig = { clipRange: 0.2, valueCoefficient: 0.5, entropyCoefficient: 0.01 };

/** One sample of a standard normal policy whose action has become `ratio` times as likely. */
function sample(ratio: number, advantage: number): LossTargets {
  const now = diagonalGaussian([0]).logProbability([1], [0], 0);
  return {
    actions: Float64Array.of(1),
    logProbabilities: Float64Array.of(now - Math.log(ratio)),
    advantages: Float64Array.of(advantage),
    returns: Float64Array.of(0),
  };
}

Deno.test("loss: the ratio counts up to the clip range, and beyond it only to the worse", () => {
  // Columns: ratio, advantage, the surrogate r·A or its bound, whether the gradient vanishes.
  const cases: [number, number, number, boolean][] = [
    [1, 2, 2, false],
    [1.1, 2, 2.2, false],
    [1.5, 2, 2.4, true],
    [0.5, 2, 1, false],
    [0.9, -2, -1.8, false],
    [0.5, -2, -1.6, true],
    [1.5, -2, -3, false],
  ];
  for (const [ratio, advantage, surrogate, flat] of cases) {
    const { policyLoss, meanGradient, clipFraction } = ppoLoss(
      [0],
      [0],
      [0],
      sample(ratio, advantage),
      config,
    );
    assertAlmostEquals(policyLoss, -surrogate, 1e-12);
    assertAlmostEquals(meanGradient[0], flat ? 0 : -ratio * advantage, 1e-6);
    assertEquals(clipFraction, Math.abs(ratio - 1) > 0.2 ? 1 : 0);
  }
});

Deno.test("loss: the divergence is 0 for the same policy and r − 1 − log r for another", () => {
  assertAlmostEquals(ppoLoss([0], [0], [0], sample(1, 1), config).approxKl, 0, 1e-12);
  const { approxKl } = ppoLoss([0], [0], [0], sample(2, 1), config);
  assertAlmostEquals(approxKl, 1 - Math.log(2), 1e-12);
});

Deno.test("loss: its gradient agrees with finite differences", () => {
  const number = fc.double({ min: -2, max: 2, noNaN: true });
  const row = fc.record({
    actions: fc.tuple(number, number),
    means: fc.tuple(number, number),
    logRatio: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    advantage: number,
    value: number,
    target: number,
  });
  const batch = fc.record({
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
    logStd: fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), number),
  });
  const width = 1e-6;
  fc.assert(
    fc.property(batch, ({ rows, logStd }) => {
      const inputs = {
        means: rows.flatMap((r) => r.means),
        values: rows.map((r) => r.value),
        logStd: [...logStd],
      };
      const actions = Float64Array.from(rows.flatMap((r) => r.actions));
      const policy = diagonalGaussian(logStd);
      const targets = {
        actions,
        logProbabilities: Float64Array.from(
          rows,
          ({ logRatio }, i) => policy.logProbability(actions, inputs.means, i) - logRatio,
        ),
        advantages: Float64Array.from(rows, (r) => r.advantage),
        returns: Float64Array.from(rows, (r) => r.target),
      };
      // Differences across the kink of the clip have no meaning.
      const edges = [Math.log(0.8), Math.log(1.2)];
      fc.pre(rows.every((r) => edges.every((edge) => Math.abs(r.logRatio - edge) > 1e-3)));
      const at = () => ppoLoss(inputs.means, inputs.values, inputs.logStd, targets, config);
      const { meanGradient, valueGradient, logStdGradient } = at();
      const check = (values: number[], gradient: ArrayLike<number>) =>
        values.forEach((value, i) => {
          values[i] = value + width;
          const above = at().loss;
          values[i] = value - width;
          const slope = (above - at().loss) / (2 * width);
          values[i] = value;
          assertAlmostEquals(gradient[i], slope, 1e-4 * (1 + Math.abs(slope)));
        });
      check(inputs.means, meanGradient);
      check(inputs.values, valueGradient);
      check(inputs.logStd, logStdGradient);
    }),
    { seed: 1, numRuns: 300 },
  );
});
