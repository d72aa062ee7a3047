/**
 * A policy in which some homes act by networks of their own.
 *
 * @module
 */

import { kindsAmong } from "../env/agent_rows.ts";
import type { Policy } from "../policies/policy.ts";
import type { Actor } from "./actor.ts";
import { createSeats } from "./seats.ts";

/**
 * `policy`, but for homes that have an actor.
 *
 * @param name Names its rows in results.
 * @param actors By index of the home.
 * @param observationNames What the actors see, feature by feature.
 */
export function separatePolicy(
  policy: Policy,
  name: string,
  actors: ReadonlyMap<number, Actor>,
  observationNames: readonly string[],
): Policy {
  return {
    ...policy,
    name,
    async begin(env) {
      const act = await policy.begin(env);
      const kinds = kindsAmong(observationNames);
      const seated = [...actors].map(([home, actor]) => {
        const homesOf = new Array<number[]>(env.communities).fill([home]);
        const seats = createSeats(env.world, homesOf, kinds);
        return { actor, seats, said: new Float64Array(seats.rows * seats.numbers.length) };
      });
      return async ({ common, own }, decision) => {
        await act({ common, own }, decision);
        for (const { actor, seats, said } of seated) {
          seats.decide(actor.mean({ common, own: seats.see(own) }, said), decision);
        }
      };
    },
  };
}
