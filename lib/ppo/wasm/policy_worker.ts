/**
 * A helper of a policy on several threads, see {@link ./policy_team.ts}.
 *
 * @module
 */

import { createPolicyNetwork, type PolicyNetwork } from "./policy_network.ts";
import { PLACE_LENGTH, type PolicyHelperSetup } from "./policy_team_setup.ts";
import { serve } from "./signals.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<PolicyHelperSetup>) => void;
  /** `null` when it is ready, or what is wrong. */
  postMessage(answer: string | null): void;
};

scope.onmessage = ({ data }) => {
  const { helper, weights, memory, signals, places } = data;
  const own = weights.normalizer.own.mean.length;
  const decided = weights.sizes[weights.sizes.length - 1];
  let means: PolicyNetwork;
  try {
    means = createPolicyNetwork(weights);
  } catch (error) {
    scope.postMessage((error as Error).message);
    return;
  }
  scope.postMessage(null);
  serve(signals, helper, () => {
    Atomics.add(signals.heartbeat, helper, 1);
    const [commonAt, commonLength, ownAt, ownLength, actionsAt, first, last] = places.subarray(
      helper * PLACE_LENGTH,
    );
    const seen = {
      common: new Float64Array(memory.buffer, commonAt, commonLength),
      own: new Float64Array(memory.buffer, ownAt, ownLength),
    };
    const rows = ownLength / own;
    const actions = new Float64Array(memory.buffer, actionsAt, rows * decided);
    means(seen, actions, [first, last]);
  });
};
