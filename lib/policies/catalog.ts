/**
 * All policies that need no training, by name.
 *
 * | policy | what it is |
 * | --- | --- |
 * | `grid-only`, `trade-only`, `self-consumption`, `time-of-use` | rules, see {@link ./rule_based.ts} |
 * | `charge-at-once`, `charge-last-moment`, `charge-evenly`, `charge-cheapest`, `charge-with-sun`, `heat-by-clock`, `heat-by-sun` | rules for cars, heat pumps and appliances, see {@link ./rule_based.ts} |
 * | `zero-intelligence` | random prices, see {@link ./zero_intelligence.ts} |
 * | `threshold` | a short rule on forecasts, see {@link ./threshold.ts} |
 * | `dynamic-programming-alone` | each home by itself with the grid alone, on its own forecasts, see {@link ./dynamic_programming.ts} |
 * | `dynamic-programming` | each home by itself on published numbers, see {@link ./dynamic_programming.ts} |
 * | `dynamic-programming-calibrated` | the same, told how far forecasts erred in the four weeks before |
 * | `mpc-local`, `mpc`, `mpc-scenarios` | planners on forecasts, see {@link ./mpc.ts} |
 * | `optimum-no-trade`, `optimum` | planners with perfect foresight, see {@link ./optimum.ts} |
 *
 * @module
 */

import { oneOf } from "../text/nearest.ts";
import { mpcPolicy } from "./mpc.ts";
import { optimumPolicy } from "./optimum.ts";
import { plainPolicies } from "./plain_policies.ts";
import type { Policy } from "./policy.ts";
import { chargingPolicyNames } from "./rule_based.ts";
import type { Solver } from "./solver.ts";

/** What a policy may need to be made. */
export interface PolicyIngredients {
  /** Seed of policies that draw at random. */
  readonly seed: number;
  /** Solves the planners' linear programs; its owner closes it. */
  readonly solver: Solver;
}

type Recipe = (ingredients: PolicyIngredients) => Policy;

const recipes: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(
    Object.entries(plainPolicies).map(([name, make]): [string, Recipe] => [
      name,
      ({ seed }) => make(seed),
    ]),
  ),
  "mpc-local": ({ solver }) => mpcPolicy(solver, { central: false }),
  "mpc": ({ solver }) => mpcPolicy(solver, { warn: console.warn }),
  "mpc-scenarios": ({ solver }) => mpcPolicy(solver, { scenarios: 8, warn: console.warn }),
  "optimum-no-trade": ({ solver }) => optimumPolicy(solver, { trades: false }),
  "optimum": ({ solver }) => optimumPolicy(solver),
};

/** What tells communities with cars apart, or what bills are compared with: on no ladder. */
const besides: readonly string[] = [...chargingPolicyNames, "dynamic-programming-alone"];

/**
 * Names of the policies that need no training and tell every community apart, from the simplest to the
 * best possible.
 */
export const policyNames: readonly string[] = Object.keys(recipes).filter((name) =>
  !besides.includes(name)
);

/** Names of all policies that need no training, the rules for cars and heat pumps among them. */
export const everyPolicyName: readonly string[] = Object.keys(recipes);

/**
 * A policy by its name.
 *
 * @throws {RangeError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { createPolicy, policyNames } from "./catalog.ts";
 * import { createSolver } from "./solver.ts";
 * using solver = createSolver();
 * const policies = policyNames.map((name) => createPolicy(name, { seed: 42, solver }));
 * if (policies.at(-1)?.name !== "optimum") throw new Error("the best comes last");
 * ```
 */
export function createPolicy(name: string, ingredients: PolicyIngredients): Policy {
  return recipes[oneOf("policy", name, everyPolicyName)](ingredients);
}
