/**
 * Controllers that follow a rule, as they are sold with home batteries today.
 *
 * | policy | stores | market |
 * | --- | --- | --- |
 * | `grid-only` | idle | none: every home deals with the grid |
 * | `trade-only` | idle | as configured |
 * | `self-consumption` | store every surplus, cover every deficit | as configured |
 * | `time-of-use` | store surpluses; without one, charge fully in the cheapest hours to come and cover deficits in the dearest | as configured |
 *
 * In a market of curves, stores give way before load is shed or sun curtailed.
 *
 * @module
 */

import { indexOfName } from "../env/spaces.ts";
import { oneOf } from "../text/nearest.ts";
import type { Policy } from "./policy.ts";
import { decideHome } from "./set_points.ts";

/** What a home knows: its net load, and ceilings now and among the published slots. */
interface Sight {
  readonly netLoadKw: number;
  readonly price: number;
  readonly highest: number;
  readonly lowest: number;
}

/** Power that a rule wants the stores of a home to take together. [kW] */
type Rule = (sight: Sight) => number;

const idle: Rule = () => 0;

const followNetLoad: Rule = ({ netLoadKw }) => -netLoadKw;

const followTariff: Rule = ({ netLoadKw, price, highest, lowest }) => {
  if (netLoadKw < 0) return -netLoadKw;
  if (price < highest && price <= lowest) return Infinity;
  return price > lowest && price >= highest ? -netLoadKw : 0;
};

/** Rules by name of the policy, and the market if it is not the configured one. */
const rules: Readonly<
  Record<string, { readonly stores: Rule; readonly mechanism?: string }>
> = {
  "grid-only": { stores: idle, mechanism: "grid-only" },
  "trade-only": { stores: idle },
  "self-consumption": { stores: followNetLoad },
  "time-of-use": { stores: followTariff },
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
  const rule = rules[oneOf("policy", name, rulePolicyNames)];
  return {
    name,
    ...(rule.mechanism !== undefined && { mechanism: rule.mechanism }),
    begin({ world, observationSpace: { common, own, ownTariffs } }) {
      const netLoad = indexOfName(own, "netLoadKw");
      const tariff = ownTariffs ? own : common;
      const price = indexOfName(tariff, "importPricePerKwh");
      const highest = indexOfName(tariff, "highestImportPricePerKwh");
      const lowest = indexOfName(tariff, "lowestImportPricePerKwh");
      return (observation, decision) => {
        for (let row = 0; row < world.communities * world.homes; row++) {
          const at = row * own.length;
          const prices = ownTariffs ? observation.own : observation.common;
          const from = ownTariffs ? at : Math.floor(row / world.homes) * common.length;
          const netLoadKw = observation.own[at + netLoad];
          const wantedKw = rule.stores({
            netLoadKw,
            price: prices[from + price],
            highest: prices[from + highest],
            lowest: prices[from + lowest],
          });
          decideHome(world, decision, row, netLoadKw, wantedKw);
        }
      };
    },
  };
}
