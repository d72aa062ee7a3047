/**
 * Policies that need neither training nor a solver, by name: they run wherever the environment does.
 *
 * @module
 */

import { dynamicProgrammingPolicy } from "./dynamic_programming.ts";
import type { Policy } from "./policy.ts";
import { chargingPolicyNames, rulePolicy, rulePolicyNames } from "./rule_based.ts";
import { thresholdPolicy } from "./threshold.ts";
import { zeroIntelligencePolicy } from "./zero_intelligence.ts";

/** How each is made; the seed is that of policies that draw at random. */
export const plainPolicies: Readonly<Record<string, (seed: number) => Policy>> = {
  ...Object.fromEntries(
    [...rulePolicyNames, ...chargingPolicyNames].map((name) => [name, () => rulePolicy(name)]),
  ),
  "zero-intelligence": zeroIntelligencePolicy,
  "threshold": () => thresholdPolicy(),
  "dynamic-programming-alone": () => dynamicProgrammingPolicy({ alone: true }),
  "dynamic-programming": () => dynamicProgrammingPolicy(),
  "dynamic-programming-calibrated": () => dynamicProgrammingPolicy({ noise: "calibrated" }),
};
