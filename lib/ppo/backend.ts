/**
 * Where networks are computed: by fused kernels (`wasm`), or by TensorFlow.js (`tfjs`), an
 * independent implementation to compare with. The latter is loaded only when it is asked for.
 *
 * @module
 */

import { announceFetch } from "../packages.ts";
import type { AdamState } from "./adam.ts";
import type { BackendName } from "./ppo_config.ts";
import type { Learner } from "./learner.ts";
import type { Parameters } from "./parameters.ts";
import { createKernelLearner } from "./wasm/kernel_learner.ts";

/**
 * Networks in training on a backend, which takes over a copy of parameters and optimiser.
 *
 * @throws {Error} If the backend does not start; there is no silent fallback.
 *
 * @example
 * ```ts
 * import { createAdam } from "./adam.ts";
 * import { createLearner } from "./backend.ts";
 * import { parameterViews } from "./parameters.ts";
 * const sizes = { actor: [1, 1], critic: [1, 1], common: { actor: 0, critic: 0 } };
 * const parameters = parameterViews(sizes, Float32Array.of(2, 1, 0, 5, 0));
 * const { actor } = await createLearner("wasm", parameters, createAdam(5));
 * const seen = { common: new Float32Array(0), own: Float32Array.of(3, 4) };
 * const output = actor.forward(seen);
 * if (output.join() !== "7,9") throw new Error(`2x + 1 of 3 and 4 is ${output}`);
 * ```
 */
export async function createLearner(
  backend: BackendName,
  parameters: Parameters,
  adam: AdamState,
): Promise<Learner> {
  switch (backend) {
    case "wasm":
      return createKernelLearner(parameters, adam);
    case "tfjs": {
      await announceFetch("@tensorflow/tfjs");
      const module: string = "./tfjs/tensor_learner.ts";
      const { createTensorLearner }: typeof import("./tfjs/tensor_learner.ts") = await import(
        module
      );
      return await createTensorLearner(parameters, adam);
    }
  }
}
