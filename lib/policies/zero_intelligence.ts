/**
 * Zero-intelligence traders: random prices within each trader's limit, so that nobody trades at a
 * loss, and nothing else. What such a market still achieves is due to its rules and not to its
 * traders: the floor for market efficiency.
 *
 * Every store's energy is worth a random price of the range that a value may have, the same for all
 * of it. Where orders are inelastic, stores stay idle, and every home offers its whole net position
 * at a random price between feed-in and import.
 *
 * Source: "ZI-C" of D. K. Gode and S. Sunder (1993), Allocative efficiency of markets with
 * zero-intelligence traders, Journal of Political Economy 101(1), 119–137.
 *
 * @module
 */

import { stream } from "../random.ts";
import type { Policy } from "./policy.ts";
import { decideHome } from "./set_points.ts";

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
    observes: false,
    begin({ world, homes, actionSpace: { orders, names } }) {
      const prices = Array.from(
        world.state.firstSlot,
        (slot) => stream(seed, "zero-intelligence", slot),
      );
      return (_observation, decision) => {
        const { numbers } = decision;
        for (let row = 0; row < world.communities * homes; row++) {
          const random = prices[Math.floor(row / homes)];
          const at = row * names.length;
          if (orders === "inelastic") {
            decideHome(world, decision, row, 0, 0);
            numbers[at + names.length - 1] = 2 * random.uniform() - 1;
            continue;
          }
          for (let k = 0; k < names.length; k += 2) {
            numbers[at + k] = 2 * random.uniform() - 1;
            numbers[at + k + 1] = -1;
          }
        }
      };
    },
  };
}
