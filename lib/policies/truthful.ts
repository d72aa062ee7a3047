/**
 * Truthful orders: the whole net position, at the price of the grid as the alternative. A buyer
 * bids the highest price and a seller asks the lowest, so that the market clears all it can.
 *
 * @module
 */

import { ACTION_SIZE, type BatteryActionSpan, rawBattery } from "../env/action.ts";
import { featureIndex, OBSERVATION_SIZE } from "../env/observation.ts";

const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const DISCHARGE_LIMIT = featureIndex("dischargeLimitKw");
const RATED_CHARGE = featureIndex("ratedChargeKw");
const RATED_DISCHARGE = featureIndex("ratedDischargeKw");

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
