/**
 * Running normalisation of vectors to mean 0 and variance 1, in float64. Batches are merged
 * without loss of precision, so that the order of magnitude of a feature does not matter.
 *
 * Source: Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances, 1979, equations 1.5a and 1.5b.
 *
 * @module
 */

/** Added to the variance, so that a constant feature becomes 0 and not NaN. */
const VARIANCE_FLOOR = 1e-12;

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
  /** Writes (x − mean)/std, cut to ±clip, of vectors [rows × size] into `out`. */
  normalize<T extends Float32Array | Float64Array>(vectors: ArrayLike<number>, out: T): T;
  /** Writes x·std + mean of vectors [rows × size] into `out`. */
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

/** What vectors are divided by: 1 as long as none was seen. */
export function standardDeviations({ count, squaredDeviations }: NormalizerState): Float64Array {
  return squaredDeviations.map((sum) => count === 0 ? 1 : Math.sqrt(sum / count + VARIANCE_FLOOR));
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
      const rows = vectors.length / size;
      const batchMean = new Float64Array(size);
      for (let at = 0, i = 0; at < vectors.length; at++) {
        batchMean[i] += vectors[at] / rows;
        if (++i === size) i = 0;
      }
      for (let at = 0, i = 0; at < vectors.length; at++) {
        squaredDeviations[i] += (vectors[at] - batchMean[i]) ** 2;
        if (++i === size) i = 0;
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
      for (let at = 0, i = 0; at < vectors.length; at++) {
        const value = (vectors[at] - mean[i]) / std[i];
        out[at] = value > clip ? clip : value < -clip ? -clip : value;
        if (++i === size) i = 0;
      }
      return out;
    },
    denormalize(vectors, out) {
      for (let at = 0, i = 0; at < vectors.length; at++) {
        out[at] = vectors[at] * std[i] + mean[i];
        if (++i === size) i = 0;
      }
      return out;
    },
    state: () => ({ count, mean: mean.slice(), squaredDeviations: squaredDeviations.slice() }),
  };
}
