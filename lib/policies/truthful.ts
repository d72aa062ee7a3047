/**
 * Truthful orders: the whole net position, at the price of the grid as the alternative. A buyer
 * bids the highest price and a seller asks the lowest, so that the market clears all it can.
 *
 * @module
 */

import { ACTION_SIZE, type BatteryActionSpan, rawBattery } from "../env/action.ts";
import { featureIndex, OBSERVATION_SIZE } from "../env/observation.ts";
import type { Act, Policy } from "./policy.ts";

const NET_LOAD = featureIndex("netLoadKw");
const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const DISCHARGE_LIMIT = featureIndex("dischargeLimitKw");
const RATED_CHARGE = featureIndex("ratedChargeKw");
const RATED_DISCHARGE = featureIndex("ratedDischargeKw");

/** Battery power that is wanted for the observation that begins at `at`; charging > 0. [kW] */
export type BatteryPower = (observation: Float64Array, at: number) => number;

/** What every home does. */
export interface BatteryRule {
  /** What its battery should do; as far as it is feasible, it will. */
  readonly batteryKw: BatteryPower;
  /** Whether it places orders, as it does if this is left out. */
  readonly trades?: boolean;
}

/**
 * A policy by which every home decides about its battery alone and trades truthfully.
 *
 * @example Store half of every surplus
 * ```ts
 * import { featureIndex } from "../env/observation.ts";
 * import { truthfulPolicy } from "./truthful.ts";
 * const NET_LOAD = featureIndex("netLoadKw");
 * const policy = truthfulPolicy("half", {
 *   batteryKw: (observation, at) => Math.max(0, -0.5 * observation[at + NET_LOAD]),
 * });
 * if (policy.name !== "half") throw new Error(policy.name);
 * ```
 */
export function truthfulPolicy(name: string, rule: BatteryRule): Policy {
  return { name, begin: ({ config }) => actTruthfully(rule, config.batteryAction) };
}

/** What such a policy does in any environment whose battery action spans `span`. */
export function actTruthfully(
  { batteryKw, trades = true }: BatteryRule,
  span: BatteryActionSpan,
): Act {
  return (observation, actions) => {
    for (let row = 0; row * ACTION_SIZE < actions.length; row++) {
      const at = row * OBSERVATION_SIZE;
      const powerKw = batteryKw(observation, at);
      const netLoadKw = observation[at + NET_LOAD];
      writeTruthfulAction(actions, row, observation, span, powerKw, netLoadKw, trades);
    }
  };
}

/**
 * Writes the action of a row: a battery power, as far as it is feasible, and a truthful order.
 *
 * @param powerKw What the battery should do. [kW]
 * @param netLoadKw Load − PV, as far as known; with the battery it says who buys and who sells. [kW]
 * @param trades Whether an order is placed at all.
 */
export function writeTruthfulAction(
  actions: Float64Array,
  row: number,
  observation: Float64Array,
  span: BatteryActionSpan,
  powerKw: number,
  netLoadKw: number,
  trades: boolean,
): void {
  const at = row * OBSERVATION_SIZE;
  const feasibleKw = Math.min(
    observation[at + CHARGE_LIMIT],
    Math.max(-observation[at + DISCHARGE_LIMIT], powerKw),
  );
  const feasible = span === "feasible";
  const chargeKw = observation[at + (feasible ? CHARGE_LIMIT : RATED_CHARGE)];
  const dischargeKw = observation[at + (feasible ? DISCHARGE_LIMIT : RATED_DISCHARGE)];
  actions[row * ACTION_SIZE] = rawBattery(feasibleKw, chargeKw, dischargeKw, span);
  actions[row * ACTION_SIZE + 1] = trades ? 1 : -1;
  actions[row * ACTION_SIZE + 2] = netLoadKw + feasibleKw > 0 ? 1 : -1;
}
