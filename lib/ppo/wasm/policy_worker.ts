/**
 * A helper of a policy on several threads, see {@link ./policy_team.ts}.
 *
 * @module
 */

import { createPolicyNetwork } from "./policy_network.ts";
import { PLACE_LENGTH, type PolicyHelperSetup } from "./policy_team_setup.ts";
import { serve } from "./signals.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<PolicyHelperSetup>) => void;
  /** `null` when it is ready, or what is wrong. */
  postMessage(answer: string | null): void;
};

scope.onmessage = ({ data }) => {
  const { helper, weights, memory, signals, places } = data;
  const [seen, decided] = [weights.sizes[0], weights.sizes[weights.sizes.length - 1]];
  let means: ReturnType<typeof createPolicyNetwork>;
  try {
    means = createPolicyNetwork(weights);
  } catch (error) {
    scope.postMessage((error as Error).message);
    return;
  }
  scope.postMessage(null);
  serve(signals, helper, () => {
    Atomics.add(signals.heartbeat, helper, 1);
    const [observationsAt, actionsAt, rows] = places.subarray(helper * PLACE_LENGTH);
    means(
      new Float64Array(memory.buffer, observationsAt, rows * seen),
      new Float64Array(memory.buffer, actionsAt, rows * decided),
    );
  });
};
