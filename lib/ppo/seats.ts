/**
 * Some homes of a market taken apart from the others: what they see, and how their numbers take the
 * place of what a policy said for them.
 *
 * @module
 */

import { agentRows } from "../env/agent_rows.ts";
import type { Decision } from "../env/decision.ts";
import type { World } from "../env/world.ts";

/** Homes that decide for themselves, a seat for each; the rows of a seat are those of its home. */
export interface Seats {
  /** Rows of all seats. */
  readonly rows: number;
  /** Own features of a row, in order. */
  readonly own: readonly string[];
  /** Numbers that a row says, in order. */
  readonly numbers: readonly string[];
  /** Own features of the rows; overwritten by the next call. `[rows × own]` */
  see(homesOwn: Float64Array): Float64Array;
  /** Puts the rows' numbers into a decision, in the place of what it holds for these homes. */
  decide(rowNumbers: Float64Array, decision: Decision): void;
  /** Writes into the rows' numbers what the homes' numbers say. */
  copy(homeNumbers: Float64Array, rowNumbers: Float64Array): void;
}

/**
 * Seats in every community of a world.
 *
 * @param homesOf The homes of each community that sit, as many in each. `[communities][seats]`
 * @param kinds Kinds of stores that the network knows; those of the world if absent.
 */
export function createSeats(
  world: World,
  homesOf: readonly (readonly number[])[],
  kinds?: readonly string[],
): Seats {
  const { homes, stores, spaces: { action }, decision: { numbers: homeNumbers } } = world;
  const { perHome, own, numbers, spread, gather, scatter } = agentRows(world, kinds);
  const places = Int32Array.from(
    homesOf.flatMap((sitting, c) => sitting.map((i) => c * homes + i)),
  );
  const storesOfSeats = homesOf.flatMap((sitting, c) =>
    stores.flatMap(({ owner }, s) => sitting.includes(owner) ? [c * stores.length + s] : [])
  );
  const seen = new Float64Array(places.length * perHome * own.length);
  const everybody = new Float64Array(homesOf.length * homes * perHome * numbers.length);
  const said = new Float64Array(homeNumbers.length);
  const width = perHome * numbers.length, perDecision = action.names.length;
  return {
    rows: places.length * perHome,
    own,
    numbers,
    see(homesOwn) {
      const all = spread(homesOwn), size = perHome * own.length;
      places.forEach((home, k) => seen.set(all.subarray(home * size, (home + 1) * size), k * size));
      return seen;
    },
    decide(rowNumbers, { numbers, curves }) {
      places.forEach((home, k) =>
        everybody.set(rowNumbers.subarray(k * width, (k + 1) * width), home * width)
      );
      gather(everybody, said);
      for (const home of places) {
        const from = home * perDecision;
        numbers.set(said.subarray(from, from + perDecision), from);
      }
      for (const store of storesOfSeats) curves.stepCount[store] = 0;
    },
    copy(homeNumbers, rowNumbers) {
      scatter(homeNumbers, everybody);
      places.forEach((home, k) =>
        rowNumbers.set(everybody.subarray(home * width, (home + 1) * width), k * width)
      );
    },
  };
}
