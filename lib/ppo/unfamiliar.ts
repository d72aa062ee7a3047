/**
 * Which of its inputs lie outside of what a policy was trained on. A feature that never varied in
 * training is ignored, and one that is further from its mean than the clip is cut: in both cases the
 * policy acts as if it saw something else, and who uses it ought to know.
 *
 * @module
 */

import type { ActorWeights } from "./actor_weights.ts";
import { type Blocks, eachBlock } from "./blocks.ts";
import { standardDeviations } from "./normalizer.ts";

/** What is rounding in a feature that never varied, as a share of it. */
const ROUNDING_SHARE = 1e-6;

/** Sets the mark of every feature of which some row shows what training never did. */
export type MarkUnfamiliar = (seen: Blocks<Float64Array>, marks: Uint8Array) => void;

/**
 * Finds what is outside of the statistics of a training.
 *
 * @example
 * ```ts
 * import { createNormalizer } from "./normalizer.ts";
 * import { unfamiliarTo } from "./unfamiliar.ts";
 * const own = createNormalizer(2);
 * own.update([0.3, 1, 0.3, 3]);
 * const normalizer = { common: createNormalizer(0).state(), own: own.state() };
 * const marks = new Uint8Array(2);
 * const seen = { common: new Float64Array(0), own: Float64Array.of(0.301, 4) };
 * unfamiliarTo({ normalizer, observationClip: 10 })(seen, marks);
 * if (marks.join() !== "1,0") throw new Error("the first never varied, the second is near");
 * ```
 */
export function unfamiliarTo(
  { normalizer, observationClip }: Pick<ActorWeights, "normalizer" | "observationClip">,
): MarkUnfamiliar {
  const mean = eachBlock((block) => normalizer[block].mean);
  const farthest = eachBlock((block) =>
    standardDeviations(normalizer[block]).map((std, i) =>
      std === Infinity ? ROUNDING_SHARE * (1 + Math.abs(mean[block][i])) : observationClip * std
    )
  );
  return (seen, marks) => {
    for (const block of ["common", "own"] as const) {
      const from = block === "common" ? 0 : mean.common.length;
      const numbers = seen[block], centre = mean[block], far = farthest[block];
      for (let at = 0; at < numbers.length;) {
        for (let i = 0; i < centre.length; i++, at++) {
          if (Math.abs(numbers[at] - centre[i]) > far[i]) marks[from + i] = 1;
        }
      }
    }
  };
}
