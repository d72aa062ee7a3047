/**
 * A policy whose cars, heat pumps or appliances charge at once, while it decides for the rest: what being
 * flexible is worth, seen from the other side.
 *
 * @module
 */

import { decidePower } from "../env/decision.ts";
import type { Policy } from "./policy.ts";

/**
 * The policy with the stores of a kind charging as soon as they can.
 *
 * @example
 * ```ts
 * import { chargingAtOnce } from "./at_once.ts";
 * import { rulePolicy } from "./rule_based.ts";
 * const policy = chargingAtOnce(rulePolicy("charge-cheapest"), "car");
 * if (policy.name !== "charge-cheapest, car at once") throw new Error(policy.name);
 * ```
 */
export function chargingAtOnce(policy: Policy, kind: string): Policy {
  return {
    ...policy,
    name: `${policy.name}, ${kind} at once`,
    async begin(env) {
      const act = await policy.begin(env);
      const { stores, communities } = env.world;
      return async (observation, decision) => {
        await act(observation, decision);
        for (let k = 0; k < communities * stores.length; k++) {
          if (stores[k % stores.length].kind !== kind) continue;
          decidePower(env.world, decision, k, Infinity);
        }
      };
    },
  };
}
