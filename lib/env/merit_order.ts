/**
 * Actions as a storage owner thinks of them. An agent that says 0, 0, 0 does its part in balancing
 * the community and trades truthfully; each number departs from that.
 *
 * The battery number says what stored energy is worth to the agent. It runs through the merit order
 * of all that a battery can do, with a plateau wherever the best deed is the same for a range of
 * values, so that a policy need not hit a power to the last digit:
 *
 * | number | in a deficit of the community | in a surplus |
 * | --- | --- | --- |
 * | −1 | discharge fully, selling to the grid | the same |
 * | −0.6 to −0.4 | towards covering the deficit | idle |
 * | −0.2 to 0.2 | cover the deficit | store the surplus |
 * | 0.4 to 0.6 | idle | towards charging fully |
 * | 1 | charge fully, buying from the grid | the same |
 *
 * Covering a deficit lasts from −0.4 to 0.2 and storing a surplus from −0.2 to 0.4; what is between
 * two rows is linear. Every battery covers or stores by the same share of what it can do, the
 * `balancingShare` of {@link ./observation.ts}, so that together they balance the community.
 *
 * The `share` number offers the whole net position from −0.5 up and less below; the `price` number
 * accepts any price from −0.5 up and asks for a better one below.
 *
 * Source of the idea: optimal storage in a market follows thresholds of its marginal value of energy,
 * the dual of its energy balance; the thresholds are the prices at which the grid buys and sells.
 *
 * @module
 */

import { ACTION_SIZE, type BatteryActionSpan, rawBattery } from "./action.ts";
import { featureIndex, OBSERVATION_SIZE } from "./observation.ts";

/** What a policy's three numbers mean: raw actions, or those of this module. */
export type ActionMeaning = "raw" | "merit-order";

/** Ends of the plateaus in a deficit; in a surplus all is mirrored. */
const COVER_FROM = -0.4, COVER_TO = 0.2, IDLE_FROM = 0.4, IDLE_TO = 0.6;

/** How far the other two numbers may fall before they change anything. */
const SLACK = 0.5;

const NET_LOAD = featureIndex("netLoadKw");
const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const DISCHARGE_LIMIT = featureIndex("dischargeLimitKw");
const RATED_CHARGE = featureIndex("ratedChargeKw");
const RATED_DISCHARGE = featureIndex("ratedDischargeKw");
const BALANCING_SHARE = featureIndex("balancingShare");

/**
 * Turns merit-order actions into raw ones ({@link ./action.ts}); the two may be the same array.
 *
 * @param actions `[rows × ACTION_SIZE]`
 * @param observation What each row sees. `[rows × OBSERVATION_SIZE]`
 * @param span What the environment's battery action spans.
 * @param raw Receives the raw actions, each in [−1, 1]. `[rows × ACTION_SIZE]`
 */
export function rawFromMeritOrder(
  actions: Float64Array,
  observation: Float64Array,
  span: BatteryActionSpan,
  raw: Float64Array,
): Float64Array {
  const [chargeEnd, dischargeEnd] = span === "rated"
    ? [RATED_CHARGE, RATED_DISCHARGE]
    : [CHARGE_LIMIT, DISCHARGE_LIMIT];
  for (let row = 0; row * ACTION_SIZE < actions.length; row++) {
    const own = row * OBSERVATION_SIZE;
    const at = row * ACTION_SIZE;
    const powerKw = meritOrderKw(
      actions[at],
      observation[own + BALANCING_SHARE],
      observation[own + CHARGE_LIMIT],
      observation[own + DISCHARGE_LIMIT],
    );
    const buys = observation[own + NET_LOAD] + powerKw > 0;
    const willingness = cut(1 + SLACK + actions[at + 2]);
    const chargeKw = observation[own + chargeEnd], dischargeKw = observation[own + dischargeEnd];
    raw[at] = rawBattery(powerKw, chargeKw, dischargeKw, span);
    raw[at + 1] = cut(1 + SLACK + actions[at + 1]);
    raw[at + 2] = buys ? willingness : -willingness;
  }
  return raw;
}

/**
 * Battery power of a battery number. [kW]
 *
 * @param value The number: what stored energy is worth.
 * @param balancingShare Share of what the battery can charge (> 0) or discharge (< 0) that balances.
 */
export function meritOrderKw(
  value: number,
  balancingShare: number,
  chargeKw: number,
  dischargeKw: number,
): number {
  return balancingShare > 0
    ? -inDeficitKw(-value, balancingShare * chargeKw, dischargeKw, chargeKw)
    : inDeficitKw(value, -balancingShare * dischargeKw, chargeKw, dischargeKw);
}

/** Power in a deficit that takes `coverKw` to cover; mirrored, in a surplus. */
function inDeficitKw(value: number, coverKw: number, chargeKw: number, dischargeKw: number) {
  if (value < COVER_FROM) {
    return -coverKw - ramp(COVER_FROM - value, 1 + COVER_FROM) * (dischargeKw - coverKw);
  }
  if (value < IDLE_FROM) return -coverKw * (1 - ramp(value - COVER_TO, IDLE_FROM - COVER_TO));
  return ramp(value - IDLE_TO, 1 - IDLE_TO) * chargeKw;
}

/** From 0 to 1 over `length`, and constant outside. */
function ramp(distance: number, length: number): number {
  return Math.min(Math.max(distance / length, 0), 1);
}

function cut(number: number): number {
  return Math.min(Math.max(number, -1), 1);
}
