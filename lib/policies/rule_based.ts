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

import { ACTION_SIZE, type BatteryActionSpan } from "../env/action.ts";
import { featureIndex, OBSERVATION_SIZE } from "../env/observation.ts";
import type { Policy } from "./policy.ts";
import { writeTruthfulAction } from "./truthful.ts";

/** Battery power that a rule wants for the observation that begins at `at`. [kW] */
type Rule = (observation: Float64Array, at: number) => number;

const NET_LOAD = featureIndex("netLoadKw");
const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const PRICE = featureIndex("importPricePerKwh");
const HIGHEST_AHEAD = featureIndex("highestImportPriceAheadPerKwh");
const LOWEST_AHEAD = featureIndex("lowestImportPriceAheadPerKwh");

const idle: Rule = () => 0;

const followNetLoad: Rule = (observation, at) => -observation[at + NET_LOAD];

const followTariff: Rule = (observation, at) => {
  const price = observation[at + PRICE];
  const highest = observation[at + HIGHEST_AHEAD];
  const lowest = observation[at + LOWEST_AHEAD];
  const netLoadKw = observation[at + NET_LOAD];
  if (netLoadKw < 0) return -netLoadKw;
  if (price < highest && price <= lowest) return observation[at + CHARGE_LIMIT];
  return price > lowest && price >= highest ? -netLoadKw : 0;
};

/** Rules by name of the policy, and whether it trades. */
const rules: Readonly<Record<string, { readonly battery: Rule; readonly trades: boolean }>> = {
  "grid-only": { battery: idle, trades: false },
  "trade-only": { battery: idle, trades: true },
  "self-consumption": { battery: followNetLoad, trades: true },
  "time-of-use": { battery: followTariff, trades: true },
};

/** Names of the rule-based policies. */
export const rulePolicyNames: readonly string[] = Object.keys(rules);

/**
 * A rule-based policy.
 *
 * @param span What the environment's battery action spans.
 * @throws {RangeError} If there is no rule of this name.
 *
 * @example
 * ```ts
 * import { rulePolicy } from "./rule_based.ts";
 * if (rulePolicy("grid-only", "feasible").name !== "grid-only") throw new Error("name");
 * ```
 */
export function rulePolicy(name: string, span: BatteryActionSpan): Policy {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) {
    throw new RangeError(
      `policy must be one of ${rulePolicyNames.join(", ")} to be rule-based, got "${name}"`,
    );
  }
  return {
    name,
    act(observation, actions) {
      for (let row = 0; row * ACTION_SIZE < actions.length; row++) {
        const at = row * OBSERVATION_SIZE;
        const powerKw = rule.battery(observation, at);
        const netLoadKw = observation[at + NET_LOAD];
        writeTruthfulAction(actions, row, observation, span, powerKw, netLoadKw, rule.trades);
      }
    },
  };
}
