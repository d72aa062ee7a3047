/**
 * Worlds with actors that no sensible prosumer would be.
 *
 * @module
 */

import fc from "fast-check";
import { type ScenarioName, scenarioNames } from "../../../lib/data/scenarios.ts";
import { ACTION_SIZE } from "../../../lib/env/action.ts";
import type { EnergyMarketEnv } from "../../../lib/env/energy_market_env.ts";
import { actByRule, rulePolicyNames } from "../../../lib/policies/rule_based.ts";
import { type Stream, stream } from "../../../lib/random.ts";
import { anyPlan, awkward, type WorldPlan } from "../../helpers/worlds.ts";

/** A world, and who acts in it. */
export interface HostileWorld {
  readonly plan: WorldPlan;
  readonly scenario: ScenarioName;
  /** Communities that step together. */
  readonly communities: number;
  /** How homes act in turn, names of {@linkcode styles}; or a rule that acts for all. */
  readonly actors: readonly string[] | string;
}

interface Moment {
  readonly row: number;
  /** Slots of the episode that are done. */
  readonly step: number;
  /** Whether energy is dear now, compared with the mean of the data set. */
  readonly dear: boolean;
}

const oneOf = (random: Stream, numbers: readonly number[]) => numbers[random.below(numbers.length)];
const wild = (random: Stream) => 3 * random.uniform() - 1.5;
const three = (draw: (random: Stream) => number) => (random: Stream) =>
  [draw(random), draw(random), draw(random)] as const;
const almost = [1 - 2 ** -53, -1 + 2 ** -53, 1 + 2 ** -52, -1 - 2 ** -52];

/** Ways to act that no sensible prosumer would choose: battery, share and price of the action. */
const styles: Readonly<
  Record<string, (random: Stream, moment: Moment) => readonly [number, number, number]>
> = {
  "idle": () => [0, -1, 0],
  "always-charge": () => [1, 1, 1],
  "always-discharge": () => [-1, 1, -1],
  // Charges while energy is dear and discharges while it is cheap, at the price that nobody takes.
  "against-price": (_, { dear }) => dear ? [1, 1, -1] : [-1, 1, 1],
  "bang-bang": (_, { step }) => step % 2 === 0 ? [1, 1, 1] : [-1, 1, -1],
  // Neighbours sell to each other at one price what they have just discharged and charge again.
  "wash-trade": (_, { row, step }) => (row + step) % 2 === 0 ? [1, 1, 0] : [-1, 1, 0],
  "wild": three(wild),
  "awkward": three((random) => oneOf(random, awkward)),
  "sometimes-awkward": three((random) =>
    random.uniform() < 0.2 ? oneOf(random, awkward) : wild(random)
  ),
  "almost-one": three((random) => oneOf(random, almost)),
  "nothing": () => [NaN, NaN, NaN],
};

/** Worlds of all kinds. */
export const hostileWorld: fc.Arbitrary<HostileWorld> = fc.record({
  plan: fc.tuple(anyPlan, fc.constantFrom(1, 1, 2))
    .map(([plan, episodeDays]) => ({ ...plan, config: { ...plan.config, episodeDays } })),
  scenario: fc.constantFrom(...scenarioNames),
  communities: fc.integer({ min: 1, max: 4 }),
  actors: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...Object.keys(styles)), { minLength: 1, maxLength: 6 }),
    },
    { weight: 1, arbitrary: fc.constantFrom(...rulePolicyNames) },
  ),
});

/** Who acts: a policy for all, or each home in its style. */
export function createDecide({ plan, actors }: HostileWorld, env: EnergyMarketEnv) {
  const { importPricePerKwh } = env.dataset.profiles;
  if (typeof actors === "string") {
    const act = actByRule(actors, plan.config.batteryAction);
    return (actions: Float64Array) => void act(env.observation, actions);
  }
  const random = stream(plan.seed, "actions");
  const mean = importPricePerKwh.reduce((a, b) => a + b, 0) / importPricePerKwh.length;
  return (actions: Float64Array, step: number) => {
    for (let row = 0; row < env.rows; row++) {
      const slot = env.state.firstSlot[Math.floor(row / env.prosumers)] + step;
      const dear = importPricePerKwh[slot] > mean;
      const style = styles[actors[row % env.prosumers % actors.length]];
      actions.set(style(random, { row, step, dear }), row * ACTION_SIZE);
    }
  };
}
