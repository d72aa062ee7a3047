/**
 * Controllers that follow a rule, as they are sold with home batteries today. Those that trade place
 * truthful orders: the whole net position, at the price of the grid as its alternative.
 *
 * | policy | battery | trade |
 * | --- | --- | --- |
 * | `grid-only` | idle | none |
 * | `trade-only` | idle | truthful |
 * | `self-consumption` | stores every surplus, covers every deficit | truthful |
 * | `time-of-use` | stores surpluses; without one, charges fully in the cheapest hours to come and covers deficits in the dearest | truthful |
 *
 * @module
 */

import { oneOf } from "../text/nearest.ts";
import type { BatteryActionSpan } from "../env/action.ts";
import { featureIndex } from "../env/observation.ts";
import type { Act, Policy } from "./policy.ts";
import { actTruthfully, type BatteryPower, type BatteryRule, truthfulPolicy } from "./truthful.ts";

const NET_LOAD = featureIndex("netLoadKw");
const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const PRICE = featureIndex("importPricePerKwh");
const HIGHEST_AHEAD = featureIndex("highestImportPriceAheadPerKwh");
const LOWEST_AHEAD = featureIndex("lowestImportPriceAheadPerKwh");

const idle: BatteryPower = () => 0;

const followNetLoad: BatteryPower = (observation, at) => -observation[at + NET_LOAD];

const followTariff: BatteryPower = (observation, at) => {
  const price = observation[at + PRICE];
  const highest = observation[at + HIGHEST_AHEAD];
  const lowest = observation[at + LOWEST_AHEAD];
  const netLoadKw = observation[at + NET_LOAD];
  if (netLoadKw < 0) return -netLoadKw;
  if (price < highest && price <= lowest) return observation[at + CHARGE_LIMIT];
  return price > lowest && price >= highest ? -netLoadKw : 0;
};

const rules: Readonly<Record<string, BatteryRule>> = {
  "grid-only": { batteryKw: idle, trades: false },
  "trade-only": { batteryKw: idle },
  "self-consumption": { batteryKw: followNetLoad },
  "time-of-use": { batteryKw: followTariff },
};

/** Names of the rule-based policies. */
export const rulePolicyNames: readonly string[] = Object.keys(rules);

/**
 * A rule-based policy.
 *
 * @throws {RangeError} If there is no rule of this name.
 *
 * @example
 * ```ts
 * import { rulePolicy } from "./rule_based.ts";
 * if (rulePolicy("grid-only").name !== "grid-only") throw new Error("name");
 * ```
 */
export function rulePolicy(name: string): Policy {
  return truthfulPolicy(name, requireRule(name));
}

/**
 * What a rule-based policy does in any environment whose battery action spans `span`.
 *
 * @throws {RangeError} If there is no rule of this name.
 */
export function actByRule(name: string, span: BatteryActionSpan): Act {
  return actTruthfully(requireRule(name), span);
}

function requireRule(name: string): BatteryRule {
  return rules[oneOf("policy", name, rulePolicyNames)];
}
