/**
 * Running normalisation of vectors to mean 0 and variance 1, in float64. Batches are merged
 * without loss of precision, so that the order of magnitude of a feature does not matter. A feature
 * that never varied is ignored, whatever comes later: nothing was learned of it, and no scale is
 * known by which a change of it could be judged.
 *
 * Source: Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances, 1979, equations 1.5a and 1.5b.
 *
 * @module
 */

import { type Blocks, eachBlock } from "./blocks.ts";

/** Added to the variance, so that a feature that hardly varied is not blown up without bound. */
const VARIANCE_FLOOR = 1e-12;

/** A standard deviation below this share of the mean is rounding: the feature never varied. */
const ROUNDING_SHARE = 1e-9;

/** What a normaliser has seen, to be saved with the model. */
export interface NormalizerState {
  /** Vectors seen. */
  readonly count: number;
  /** Mean of each feature, in its unit. */
  readonly mean: Float64Array;
  /** Sum of squared deviations of each feature from its mean, in its unit squared. */
  readonly squaredDeviations: Float64Array;
}

/** Running mean and variance of vectors; as long as it has seen none it is the identity. */
export interface Normalizer {
  /** Takes in `rows` vectors, laid out [rows × size]. */
  update(vectors: ArrayLike<number>): void;
  /**
   * Writes (x − mean)/std, cut to ±clip, of vectors [rows × size] into `out`; 0 for a feature that
   * never varied.
   */
  normalize<T extends Float32Array | Float64Array>(vectors: ArrayLike<number>, out: T): T;
  /**
   * Writes x·std + mean of vectors [rows × size] into `out`; the mean of a feature that never
   * varied.
   */
  denormalize<T extends Float32Array | Float64Array>(vectors: ArrayLike<number>, out: T): T;
  /** A copy of what was seen. */
  state(): NormalizerState;
}

/**
 * A normaliser of vectors of `size` numbers.
 *
 * @example
 * ```ts
 * import { createNormalizer } from "./normalizer.ts";
 * const normalizer = createNormalizer(1);
 * normalizer.update([2, 4]);
 * const [low, high] = normalizer.normalize([2, 4], new Float64Array(2));
 * if (Math.abs(low + 1) > 1e-6 || Math.abs(high - 1) > 1e-6) throw new Error(`${low}, ${high}`);
 * ```
 */
export function createNormalizer(size: number, clip = Infinity): Normalizer {
  return restoreNormalizer(
    { count: 0, mean: new Float64Array(size), squaredDeviations: new Float64Array(size) },
    clip,
  );
}

/**
 * What the distance from the mean is divided by: 1 as long as no vector was seen, infinity for a
 * feature that never varied.
 */
export function standardDeviations(
  { count, mean, squaredDeviations }: NormalizerState,
): Float64Array {
  if (count === 0) return new Float64Array(mean.length).fill(1);
  return squaredDeviations.map((sum, i) => {
    const variance = sum / count;
    const varied = Math.sqrt(variance) > ROUNDING_SHARE * Math.abs(mean[i]);
    return varied ? Math.sqrt(variance + VARIANCE_FLOOR) : Infinity;
  });
}

/** A normaliser that continues from a saved state. */
export function restoreNormalizer(state: NormalizerState, clip = Infinity): Normalizer {
  const size = state.mean.length;
  const mean = state.mean.slice();
  const squaredDeviations = state.squaredDeviations.slice();
  let count = state.count;
  let std = standardDeviations(state);

  return {
    update(vectors) {
      if (vectors.length === 0) return;
      const rows = vectors.length / size;
      const batchMean = new Float64Array(size);
      for (let at = 0; at < vectors.length;) {
        for (let i = 0; i < size; i++) batchMean[i] += vectors[at++];
      }
      for (let i = 0; i < size; i++) batchMean[i] /= rows;
      for (let at = 0; at < vectors.length;) {
        for (let i = 0; i < size; i++) {
          const deviation = vectors[at++] - batchMean[i];
          squaredDeviations[i] += deviation * deviation;
        }
      }
      for (let i = 0; i < size; i++) {
        const shift = batchMean[i] - mean[i];
        mean[i] += shift * rows / (count + rows);
        squaredDeviations[i] += shift * shift * count * rows / (count + rows);
      }
      count += rows;
      std = standardDeviations({ count, mean, squaredDeviations });
    },
    normalize(vectors, out) {
      for (let at = 0; at < vectors.length;) {
        for (let i = 0; i < size; i++, at++) {
          const value = (vectors[at] - mean[i]) / std[i];
          out[at] = value > clip ? clip : value < -clip ? -clip : value;
        }
      }
      return out;
    },
    denormalize(vectors, out) {
      for (let at = 0, i = 0; at < vectors.length; at++) {
        out[at] = std[i] === Infinity ? mean[i] : vectors[at] * std[i] + mean[i];
        if (++i === size) i = 0;
      }
      return out;
    },
    state: () => ({ count, mean: mean.slice(), squaredDeviations: squaredDeviations.slice() }),
  };
}

/** Normalisers of both blocks that continue from a saved state. */
export function restoreNormalizers(
  states: Blocks<NormalizerState>,
  clip = Infinity,
): Blocks<Normalizer> {
  return eachBlock((block) => restoreNormalizer(states[block], clip));
}
