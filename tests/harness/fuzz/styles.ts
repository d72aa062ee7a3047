/**
 * Ways to act that no sensible prosumer would choose.
 *
 * @module
 */

import { ACTION_SIZE } from "../../../lib/env/action.ts";
import type { Stream } from "../../../lib/random.ts";
import { awkward } from "./numbers.ts";

/** What an agent that acts knows of its slot. */
export interface Moment {
  /** Row of the agent. */
  readonly row: number;
  /** Slots of the episode that are done. */
  readonly step: number;
  /** Whether energy is dear now, compared with the mean of the data set. */
  readonly dear: boolean;
}

type Style = (random: Stream, moment: Moment) => readonly [number, number, number];

const wild = (random: Stream) => 3 * random.uniform() - 1.5;
const oneOf = (random: Stream, numbers: readonly number[]) => numbers[random.below(numbers.length)];
const huge = [1e6, -1e6, 1e7, 1e300, -1e300, Number.MAX_VALUE, -Number.MAX_VALUE];
const tiny = [5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17, 0, -0];
const almost = [1 - 2 ** -53, -1 + 2 ** -53, 1 + 2 ** -52, -1 - 2 ** -52];

/** Styles by name: battery, share and price of the raw action. */
export const styles: Readonly<Record<string, Style>> = {
  "idle": () => [0, -1, 0],
  "always-charge": () => [1, 1, 1],
  "always-discharge": () => [-1, 1, -1],
  // Charges while energy is dear and discharges while it is cheap, at the price that nobody takes.
  "against-price": (_, { dear }) => dear ? [1, 1, -1] : [-1, 1, 1],
  "bang-bang": (_, { step }) => step % 2 === 0 ? [1, 1, 1] : [-1, 1, -1],
  // Neighbours sell to each other at one price what they have just discharged and charge again.
  "wash-trade": (_, { row, step }) => (row + step) % 2 === 0 ? [1, 1, 0] : [-1, 1, 0],
  "wild": (random) => [wild(random), wild(random), wild(random)],
  "awkward": (random) => [oneOf(random, awkward), oneOf(random, awkward), oneOf(random, awkward)],
  "sometimes-awkward": (random) => {
    const number = () => random.uniform() < 0.2 ? oneOf(random, awkward) : wild(random);
    return [number(), number(), number()];
  },
  "huge": (random) => [oneOf(random, huge), oneOf(random, huge), oneOf(random, huge)],
  "tiny": (random) => [oneOf(random, tiny), oneOf(random, tiny), oneOf(random, tiny)],
  "almost-one": (random) => [oneOf(random, almost), oneOf(random, almost), oneOf(random, almost)],
  "repeated": (_, { row }) => [Math.sin(row + 1), Math.cos(row + 1), Math.sin(2 * row + 1)],
  "nothing": () => [NaN, NaN, NaN],
};

/** Names of the styles. */
export const styleNames: readonly string[] = Object.keys(styles);

/** Writes the action of a row. */
export function act(style: string, random: Stream, moment: Moment, actions: Float64Array): void {
  actions.set(styles[style](random, moment), moment.row * ACTION_SIZE);
}
