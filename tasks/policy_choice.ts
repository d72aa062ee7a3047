/**
 * Policies by their names on the command line.
 *
 * @module
 */

import { closest } from "fastest-levenshtein";
import type { BatteryActionSpan } from "../lib/env/action.ts";
import { mpcPolicy } from "../lib/policies/mpc.ts";
import { optimumPolicy } from "../lib/policies/optimum.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../lib/policies/rule_based.ts";
import type { Solver } from "../lib/policies/solver.ts";

/** The learned policy, which needs a model. */
export const LEARNED = "learned";

/** Policies that need no model, from the floor to the optimum. */
export const untrainedNames: readonly string[] = [
  ...rulePolicyNames,
  "mpc-local",
  "mpc",
  "optimum-no-trade",
  "optimum",
];

/** The names in `list`, each once, all of them known. */
export function policyNames(list: string): string[] {
  const known = [...untrainedNames, LEARNED];
  const names = [...new Set(list.split(",").map((name) => name.trim()))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new Error(
    `--policies has an unknown policy "${unknown}"; did you mean ${closest(unknown, known)}? ` +
      `There are: ${known.join(", ")}`,
  );
}

/** A policy that needs no model. */
export function untrainedPolicy(
  name: string,
  { span, solver }: { readonly span: BatteryActionSpan; readonly solver: Solver },
): Policy {
  switch (name) {
    case "mpc":
    case "mpc-local":
      return mpcPolicy(solver, { central: name === "mpc" });
    case "optimum":
    case "optimum-no-trade":
      return optimumPolicy(solver, { trades: name === "optimum" });
    default:
      return rulePolicy(name, span);
  }
}
