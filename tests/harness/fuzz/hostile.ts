/**
 * Worlds with actors that no sensible prosumer would be.
 *
 * @module
 */

import fc from "fast-check";
import { type ScenarioName, scenarioNames } from "../../../lib/data/scenarios.ts";
import type { EnergyMarketEnv } from "../../../lib/env/energy_market_env.ts";
import { rulePolicy, rulePolicyNames } from "../../../lib/policies/rule_based.ts";
import { type Stream, stream } from "../../../lib/random.ts";
import { anyPlan, awkward, type WorldPlan } from "../../helpers/worlds.ts";

/** A world, and who acts in it. */
export interface HostileWorld {
  readonly plan: WorldPlan;
  readonly scenario: ScenarioName;
  /** Communities that step together. */
  readonly communities: number;
  /** Seed of the feeder that the homes are on; `null` for none. */
  readonly feeder: number | null;
  /** How homes act in turn, names of {@linkcode styles}; or a rule that acts for all. */
  readonly actors: readonly string[] | string;
}

interface Moment {
  readonly row: number;
  /** Slots of the episode that are done. */
  readonly step: number;
  /** Whether energy is dear now, compared with the mean of the data set. */
  readonly dear: boolean;
  /** Which of a home's numbers is asked for. */
  readonly k: number;
}

const oneOf = (random: Stream, numbers: readonly number[]) => numbers[random.below(numbers.length)];
const wild = (random: Stream) => 3 * random.uniform() - 1.5;
const almost = [1 - 2 ** -53, -1 + 2 ** -53, 1 + 2 ** -52, -1 - 2 ** -52];
const even = (k: number) => k % 2 === 0;

/** Ways to act that no sensible prosumer would choose: each number of a home's in turn. */
const styles: Readonly<Record<string, (random: Stream, moment: Moment) => number>> = {
  "least": () => -1,
  "most": () => 1,
  "middle": () => 0,
  // Values what it holds little while energy is cheap and much while it is dear.
  "against-price": (_, { dear, k }) => even(k) === dear ? 1 : -1,
  "bang-bang": (_, { step }) => even(step) ? 1 : -1,
  // Neighbours sell to each other what they have just bought.
  "wash-trade": (_, { row, step, k }) => even(k) ? (even(row + step) ? 1 : -1) : -1,
  "wild": wild,
  "awkward": (random) => oneOf(random, awkward),
  "sometimes-awkward": (random) => random.uniform() < 0.2 ? oneOf(random, awkward) : wild(random),
  "almost-one": (random) => oneOf(random, almost),
  "nothing": () => NaN,
};

/** A style that writes value curves, where the market takes them. */
const CURVES = "curves";

/** Worlds of all kinds. */
export const hostileWorld: fc.Arbitrary<HostileWorld> = fc.record({
  plan: fc.tuple(anyPlan, fc.constantFrom(1, 1, 2))
    .map(([plan, episodeDays]) => ({ ...plan, config: { ...plan.config, episodeDays } })),
  // These worlds have no cars.
  scenario: fc.constantFrom(...scenarioNames.filter((name) => !name.endsWith("-cars"))),
  communities: fc.integer({ min: 1, max: 4 }),
  feeder: fc.option(fc.nat(1e6)),
  actors: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...Object.keys(styles), CURVES), {
        minLength: 1,
        maxLength: 6,
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom(...rulePolicyNames) },
  ),
});

/** Who acts: a policy for all, or each home in its style. */
export async function createDecide({ plan, actors }: HostileWorld, env: EnergyMarketEnv) {
  const { numbers } = env.decision;
  if (typeof actors === "string") {
    const act = await rulePolicy(actors).begin(env);
    return () => void act(env.observation, env.decision);
  }
  const { importPricePerKwh } = env.dataset.profiles;
  const random = stream(plan.seed, "actions");
  const mean = importPricePerKwh.reduce((a, b) => a + b, 0) / importPricePerKwh.length;
  const size = env.actionSpace.names.length;
  const styleOf = (row: number) => actors[row % env.homes % actors.length];
  return (step: number) => {
    for (let row = 0; row < env.rows; row++) {
      const slot = env.state.firstSlot[Math.floor(row / env.homes)] + step;
      const dear = importPricePerKwh[slot] > mean;
      const style = styles[styleOf(row)] ?? styles.wild;
      for (let k = 0; k < size; k++) {
        numbers[row * size + k] = style(random, { row, step, dear, k });
      }
    }
    if (env.book !== null) writeCurves(env, random, styleOf);
  };
}

/** Values that a curve may have; a certificate's own sums are lost beyond them. */
const odd = [NaN, Infinity, -Infinity, 0, -0, 5e-324, 0.2, 0.4, 1, -1, 20];

/** Curves of any form: steps out of order, rising values, no numbers. */
function writeCurves(env: EnergyMarketEnv, random: Stream, styleOf: (row: number) => string) {
  const { decision: { curves }, world: { stores }, homes } = env;
  for (let k = 0; k < curves.stepCount.length; k++) {
    const row = Math.floor(k / stores.length) * homes + stores[k % stores.length].owner;
    if (styleOf(row) !== CURVES) continue;
    curves.stepCount[k] = random.below(curves.steps + 1);
    const at = k * curves.steps;
    const tidy = random.uniform() < 0.7;
    let from = 0, value = 0.7 * random.uniform();
    for (let step = 0; step < curves.stepCount[k]; step++) {
      curves.stepFromKwh[at + step] = tidy ? from : wild(random);
      curves.stepValuePerKwh[at + step] = tidy ? value : oneOf(random, [value, ...odd]);
      from += (2 * random.uniform() * stores[k % stores.length].nominalKwh) / curves.steps;
      value -= 0.1 * random.uniform();
    }
  }
}
