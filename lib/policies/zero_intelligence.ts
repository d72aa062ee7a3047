/**
 * Zero-intelligence traders: random prices within each trader's limit, so that nobody trades at a
 * loss, and nothing else. What such a market still achieves is due to its rules and not to its
 * traders: the floor for market efficiency.
 *
 * Every home offers its whole net position. A buyer's limit is the import price and a seller's the
 * feed-in tariff, so that both draw from the whole range of order prices. Batteries stay idle: what
 * they do is no part of the question.
 *
 * Source: "ZI-C" of D. K. Gode and S. Sunder (1993), Allocative efficiency of markets with
 * zero-intelligence traders, Journal of Political Economy 101(1), 119–137.
 *
 * @module
 */

import { ACTION_SIZE, rawBattery } from "../env/action.ts";
import { featureIndex, OBSERVATION_SIZE } from "../env/observation.ts";
import { stream } from "../random.ts";
import type { Policy } from "./policy.ts";

const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const DISCHARGE_LIMIT = featureIndex("dischargeLimitKw");

/**
 * The policy `zero-intelligence`. Its prices depend on the seed and on the first slot of the
 * episode, not on which episodes are played beside it.
 *
 * @example
 * ```ts
 * import { zeroIntelligencePolicy } from "./zero_intelligence.ts";
 * if (zeroIntelligencePolicy(7).name !== "zero-intelligence") throw new Error("name");
 * ```
 */
export function zeroIntelligencePolicy(seed: number): Policy {
  return {
    name: "zero-intelligence",
    begin({ state, rows, prosumers, config: { batteryAction } }) {
      const prices = Array.from(
        state.firstSlot,
        (slot) => stream(seed, "zero-intelligence", slot),
      );
      return (observation, actions) => {
        for (let row = 0; row < rows; row++) {
          const at = row * OBSERVATION_SIZE;
          const chargeKw = observation[at + CHARGE_LIMIT];
          const dischargeKw = observation[at + DISCHARGE_LIMIT];
          const random = prices[Math.floor(row / prosumers)];
          actions[row * ACTION_SIZE] = rawBattery(0, chargeKw, dischargeKw, batteryAction);
          actions[row * ACTION_SIZE + 1] = 1;
          actions[row * ACTION_SIZE + 2] = 2 * random.uniform() - 1;
        }
      };
    },
  };
}
