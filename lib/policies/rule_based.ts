/**
 * Controllers that follow a rule, as they are sold with home batteries and chargers today.
 *
 * | policy | batteries | market |
 * | --- | --- | --- |
 * | `grid-only` | idle | none: every home deals with the grid |
 * | `trade-only` | idle | as configured |
 * | `self-consumption` | store every surplus, cover every deficit | as configured |
 * | `time-of-use` | store surpluses; without one, charge fully in the cheapest hours to come and cover deficits in the dearest | as configured |
 *
 * Under these, cars, heat pumps and appliances charge at once, as where nobody controls them. The others
 * play batteries like `self-consumption`, behind what the rest of the home takes:
 *
 * | policy | cars and appliances | heat pumps |
 * | --- | --- | --- |
 * | `charge-at-once` | as soon as they can | keep the tank full |
 * | `charge-last-moment` | as late as they can | keep the tank full |
 * | `charge-evenly` | evenly until they are needed | keep the tank full |
 * | `charge-cheapest` | in the cheapest hours before they are needed | keep the tank full |
 * | `charge-with-sun` | from the home's sun, and what must be | keep the tank full |
 * | `heat-by-clock` | as soon as they can | fill the tank around midday, when it is warmest |
 * | `heat-by-sun` | as soon as they can | fill the tank from the home's sun |
 *
 * In a market of curves, stores give way before load is shed or sun curtailed.
 *
 * @module
 */

import type { Decision } from "../env/decision.ts";
import { HIGHEST_IMPORT_PRICE, IMPORT_PRICE, LOWEST_IMPORT_PRICE } from "../env/published.ts";
import type { World } from "../env/world.ts";
import { oneOf } from "../text/nearest.ts";
import type { Policy } from "./policy.ts";
import { chargingKw, type ChargingRule } from "./charging_rules.ts";
import { decideHome, decideWaitingStores } from "./set_points.ts";

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

/** What a policy does. */
interface Rules {
  /** Batteries together. */
  readonly batteries: Rule;
  /** Cars and appliances; at once if absent. */
  readonly charging?: ChargingRule;
  /** Heat pumps; at once if absent. */
  readonly heating?: ChargingRule;
  /** The market, if it is not the configured one. */
  readonly mechanism?: string;
}

const rules: Readonly<Record<string, Rules>> = {
  "grid-only": { batteries: idle, mechanism: "grid-only" },
  "trade-only": { batteries: idle },
  "self-consumption": { batteries: followNetLoad },
  "time-of-use": { batteries: followTariff },
};

const chargingRules: Readonly<Record<string, Rules>> = {
  "charge-at-once": { batteries: followNetLoad },
  "charge-last-moment": { batteries: followNetLoad, charging: "last-moment" },
  "charge-evenly": { batteries: followNetLoad, charging: "evenly" },
  "charge-cheapest": { batteries: followNetLoad, charging: "cheapest" },
  "charge-with-sun": { batteries: followNetLoad, charging: "with-sun" },
  "heat-by-clock": { batteries: followNetLoad, heating: "by-clock" },
  "heat-by-sun": { batteries: followNetLoad, heating: "with-sun" },
};

/** Names of the rule-based policies. */
export const rulePolicyNames: readonly string[] = Object.keys(rules);

/** Names of the rules for cars, heat pumps and appliances; without these all are `self-consumption`. */
export const chargingPolicyNames: readonly string[] = Object.keys(chargingRules);

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
  const known = { ...rules, ...chargingRules };
  const rule = known[oneOf("policy", name, Object.keys(known))];
  return {
    name,
    ...(rule.mechanism !== undefined && { mechanism: rule.mechanism }),
    observes: false,
    begin({ world }) {
      const { state, homes, communities, slotsPerEpisode, forecaster, tariffs } = world;
      const loadKw = new Float64Array(1), pvKw = new Float64Array(1);
      return (_observation, decision) => {
        for (let row = 0; row < communities * homes; row++) {
          const home = row % homes;
          const slot = state.firstSlot[(row - home) / homes] + state.step;
          forecaster.write(state.seed, home, slot, 1, loadKw, pvKw);
          const netLoadKw = loadKw[0] - pvKw[0];
          const published = world.publishedTariffs[tariffs.classOf[home]];
          const at = published.find(slot, slotsPerEpisode - state.step);
          const takenKw = decideWaiting(world, decision, row, rule, -netLoadKw);
          const wantedKw = rule.batteries({
            netLoadKw: netLoadKw + takenKw,
            price: published.values[at + IMPORT_PRICE],
            highest: published.values[at + HIGHEST_IMPORT_PRICE],
            lowest: published.values[at + LOWEST_IMPORT_PRICE],
          });
          decideHome(world, decision, row, netLoadKw + takenKw, wantedKw);
        }
      };
    },
  };
}

/** Lets what waits for energy in a home charge by the rules; answers what it takes. [kW] */
function decideWaiting(
  world: World,
  decision: Decision,
  row: number,
  { charging = "at-once", heating = "at-once" }: Rules,
  surplusKw: number,
): number {
  const { stores } = world;
  return decideWaitingStores(world, decision, row, (k, takenKw) => {
    const rule = stores[k % stores.length].kind === "heat-pump" ? heating : charging;
    return chargingKw(rule, world, k, surplusKw - takenKw);
  });
}
