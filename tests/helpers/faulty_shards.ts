/**
 * Shards of a probe of which one fails: what a Worker does when its environment breaks.
 *
 * @module
 */

import type { EnvironmentShards, VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { probeEnvironment } from "./probe_environments.ts";

/** Which shard fails, and in which step. */
interface Fault {
  readonly shard: number;
  readonly step: number;
}

/** Two shards of four communities each. */
export function faultyShards(fault: Fault): EnvironmentShards {
  return {
    communities: [4, 4],
    create: (shard) => createShard(fault, shard),
    recipe: { module: import.meta.url, data: fault },
  };
}

/** Found by the Worker. */
export function createShard(data: unknown, shard: number): VectorEnvironment {
  const fault = data as Fault;
  const probe = probeEnvironment({ observations: [0, 1], reward: (a) => -a * a }, 8);
  let steps = 0;
  return {
    ...probe,
    step(actions) {
      if (shard === fault.shard && ++steps > fault.step) throw new Error("a fuse has blown");
      return probe.step(actions);
    },
  };
}
