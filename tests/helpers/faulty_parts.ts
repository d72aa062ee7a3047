/**
 * Parts of a probe of which one fails: what a Worker does when its environment breaks.
 *
 * @module
 */

import type { EnvironmentParts, VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { probeEnvironment } from "./probe_environments.ts";

/** Which part fails, and in which step. */
interface Fault {
  readonly part: number;
  readonly step: number;
}

/** Two parts of four communities each. */
export function faultyParts(fault: Fault): EnvironmentParts {
  return {
    communities: [4, 4],
    create: (part) => createPart(fault, part),
    recipe: { module: import.meta.url, data: fault },
  };
}

/** Found by the Worker. */
export function createPart(data: unknown, part: number): VectorEnvironment {
  const fault = data as Fault;
  const probe = probeEnvironment({ observations: [0, 1], reward: (a) => -a * a }, 8);
  let steps = 0;
  return {
    ...probe,
    step(actions) {
      if (part === fault.part && ++steps > fault.step) throw new Error("a fuse has blown");
      return probe.step(actions);
    },
  };
}
