/**
 * Adam on one flat vector of parameters, with the global norm of the gradient cut beforehand. Its
 * whole state is three plain values, so that a checkpoint restores it exactly.
 *
 * Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1.
 *
 * @module
 */

export const MEAN_DECAY = 0.9;
export const SQUARE_DECAY = 0.999;

/** Adam's memory, updated in place. */
export interface AdamState {
  /** Steps taken. */
  step: number;
  /** Running mean of the gradient. */
  readonly mean: Float64Array;
  /** Running mean of the squared gradient. */
  readonly square: Float64Array;
}

/** Adam's memory before its first step. */
export function createAdam(size: number): AdamState {
  return { step: 0, mean: new Float64Array(size), square: new Float64Array(size) };
}

/**
 * Takes one descent step, in place.
 *
 * @example
 * ```ts
 * import { adamStep, createAdam } from "./adam.ts";
 * const parameters = Float32Array.of(1);
 * adamStep(createAdam(1), parameters, Float64Array.of(3), 0.5, 1e-5);
 * if (Math.abs(parameters[0] - 0.5) > 1e-5) throw new Error("the first step is the learning rate");
 * ```
 */
export function adamStep(
  state: AdamState,
  parameters: Float32Array,
  gradient: Float64Array,
  learningRate: number,
  epsilon: number,
): void {
  const { mean, square } = state;
  state.step++;
  const meanScale = 1 / (1 - MEAN_DECAY ** state.step);
  const squareScale = 1 / (1 - SQUARE_DECAY ** state.step);
  for (let i = 0; i < parameters.length; i++) {
    const slope = gradient[i];
    mean[i] += (1 - MEAN_DECAY) * (slope - mean[i]);
    square[i] += (1 - SQUARE_DECAY) * (slope * slope - square[i]);
    parameters[i] -= learningRate * mean[i] * meanScale /
      (Math.sqrt(square[i] * squareScale) + epsilon);
  }
}

/** Shortens `gradient` in place to at most `maxNorm`; answers the norm that it had. */
export function clipGradientNorm(gradient: Float64Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (norm > maxNorm) {
    for (let i = 0; i < gradient.length; i++) gradient[i] *= maxNorm / norm;
  }
  return norm;
}
