/**
 * What cars and heat pumps cost in time: the same homes with and without them, in turn.
 *
 * @module
 */

import type { Dataset } from "../lib/data/profiles.ts";
import { synthesize } from "../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../lib/env/config.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { resetState } from "../lib/env/state.ts";
import { createWorld } from "../lib/env/world.ts";
import { communityProgram } from "../lib/policies/community_program.ts";
import { hindsight } from "../lib/policies/outlook.ts";
import { createPlanner } from "../lib/policies/planner.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../lib/ppo/market_environment.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { stream } from "../lib/random.ts";
import { measure, type Row, row } from "./measure.ts";

const WEEK = 7 * 24;
const HOMES = 30, EVERY = 3, PLANNED_HOMES = 20, COMMUNITIES = 16;
const config = environmentConfigSchema.parse({ episodeDays: 7 });

/** Homes for two weeks; with cars and heat pumps in every third, and appliances too. */
function homes(prosumers: number, withThem: boolean, appliances: boolean): Dataset {
  const count = withThem ? Math.round(prosumers / EVERY) : 0;
  return synthesize({
    seed: 1,
    prosumers,
    days: 14,
    dtHours: 1,
    cars: count,
    heatPumps: count,
    appliances: appliances ? count : 0,
  });
}

/** Three ratios: of the environment's speed, of PPO's time, of the time of a plan per column. */
export async function deviceRows(runs: number): Promise<Row[]> {
  const without = homes(HOMES, false, false), within = homes(HOMES, true, false);
  const speed = await ratios(runs, () => weekPlayer(without), () => weekPlayer(within));
  const training = await ratios(runs, () => trainer(within), () => trainer(without));
  using solver = createSolver({ workers: 1 });
  const [bare, full] = [false, true].map((withThem) =>
    planProgram(homes(PLANNED_HOMES, withThem, withThem))
  );
  const perColumn = bare.model.cost.length / full.model.cost.length;
  const plans = await ratios(
    Math.min(3, runs),
    () => () => solver.solve([full]),
    () => () => solver.solve([bare]),
  );
  return [
    row(
      "environment with a car and a heat pump in every third home",
      speed,
      "of its speed",
      "more",
      0.75,
    ),
    row("training with them, per agent-step", training, "times the time", "less", 1.3),
    row(
      "a week's plan of 20 homes with all kinds, per column",
      plans.map((ratio) => ratio * perColumn),
      "times the time",
      "less",
      2,
    ),
  ];
}

type Work = () => unknown;

/** Times of one work over those of another, run by run in turn. */
async function ratios(
  runs: number,
  over: () => Work | Promise<Work>,
  under: () => Work | Promise<Work>,
): Promise<number[]> {
  const [first, second] = [await over(), await under()];
  const found: number[] = [];
  for (let k = 0; k < runs; k++) {
    const warmUps = k === 0 ? 2 : 0;
    const [a] = await measure(1, async () => void await first(), warmUps);
    const [b] = await measure(1, async () => void await second(), warmUps);
    found.push(a / b);
  }
  return found;
}

function weekPlayer(dataset: Dataset): Work {
  const env = new EnergyMarketEnv(dataset, config, COMMUNITIES);
  const random = stream(1, "bench", "devices");
  const numbers = env.decision.numbers.map(() => 2 * random.uniform() - 1);
  const firstSlots = Array.from({ length: COMMUNITIES }, (_, c) => (c % 2) * WEEK);
  return () => {
    env.reset({ seed: 1, firstSlots });
    for (let slot = 0; slot < env.slotsPerEpisode; slot++) env.step(numbers);
  };
}

async function trainer(dataset: Dataset): Promise<Work> {
  const { environment, training, ppo } = parseExperiment(
    { ppo: { totalTimesteps: 1e6 }, training: { communities: COMMUNITIES } },
    "bench",
  );
  const market = new MarketTrainingEnvironment(dataset, environment, {
    ...training,
    firstSlots: [0, WEEK],
  });
  const learner = await createTrainer(market, ppo, 1);
  return () => learner.iterate();
}

function planProgram(dataset: Dataset) {
  const world = createWorld(dataset, config, 1, WEEK);
  resetState(world, 0, [0]);
  const planner = createPlanner(world, { trades: true, community: true });
  return communityProgram(planner, hindsight(world, 0, WEEK));
}
