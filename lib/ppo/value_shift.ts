/**
 * How far from another policy's values those of a policy are, in the very states to which it comes.
 *
 * @module
 */

import { type ValueRange, valueRange } from "../env/decision.ts";
import type { World } from "../env/world.ts";
import { numbersOfCurves } from "../policies/curve_numbers.ts";
import type { Policy } from "../policies/policy.ts";

/** What stored energy is said to be worth more than it is, means over stores and slots. */
export interface ValueShift {
  /** Mean difference; above 0 where energy is held back. [currency/kWh] */
  readonly meanPerKwh: number;
  /** Mean absolute difference. [currency/kWh] */
  readonly absolutePerKwh: number;
}

/** A policy that is watched while it plays. */
export interface Watched {
  /** Decides as it would unwatched. */
  readonly policy: Policy;
  /** What was seen so far. */
  shift(): ValueShift;
}

/**
 * Watches a policy.
 *
 * @param policy What decides.
 * @param truth What is asked beside it, and does nothing.
 */
export function watchValues(policy: Policy, truth: Policy): Watched {
  let count = 0, sum = 0, absolute = 0;
  return {
    policy: {
      ...policy,
      async begin(env) {
        const { world } = env;
        const act = await policy.begin(env), ask = await truth.begin(env);
        return async (observation, decision) => {
          await ask(observation, decision);
          const honest = saidValues(world);
          decision.curves.stepCount.fill(0);
          await act(observation, decision);
          const counts = decision.curves.stepCount.slice();
          const said = saidValues(world);
          decision.curves.stepCount.set(counts);
          said.forEach((value, k) => {
            count++;
            sum += value - honest[k];
            absolute += Math.abs(value - honest[k]);
          });
        };
      },
    },
    shift: () => ({ meanPerKwh: sum / count, absolutePerKwh: absolute / count }),
  };
}

/** What the decision of a world says that a kWh is worth to each store as it stands. [currency/kWh] */
function saidValues(world: World): Float64Array {
  const { stores, homes, communities, spaces, state, slotsPerEpisode, decision } = world;
  numbersOfCurves(world, decision);
  const range: ValueRange = { least: 0, most: 0 };
  return Float64Array.from({ length: communities * stores.length }, (_, k) => {
    const c = Math.floor(k / stores.length), s = k % stores.length;
    valueRange(world, s, state.firstSlot[c] + state.step, slotsPerEpisode - state.step, range);
    const row = c * homes + stores[s].owner;
    const number = decision.numbers[row * spaces.action.names.length + 2 * spaces.slotOfStore[s]];
    const share = (Math.min(1, Math.max(-1, number)) + 1) / 2;
    return range.least + share * (range.most - range.least);
  });
}
