/**
 * Time to quality: how long training takes until its agents come near to the best that needs none, over
 * the time of a fixed amount of work on the same machine.
 *
 * The amount is 100,000 timesteps of PPO alone by `deno task train`'s defaults. The project's first
 * edition took 1/0.8 of that for its own 100,000 timesteps (both in one run, processor time), so that a
 * ratio up to 1.25 is no more time than those took.
 *
 * @module
 */

import { splitDays } from "../lib/data/split.ts";
import { observationNames } from "../lib/env/agent_rows.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { PARTS } from "../lib/experiments/distribution.ts";
import { mixedShards } from "../lib/experiments/mixed_shards.ts";
import { FIRST_SEED } from "../lib/experiments/seeds.ts";
import { setups } from "../lib/experiments/setups.ts";
import { dynamicProgrammingPolicy } from "../lib/policies/dynamic_programming.ts";
import { learnedPolicy } from "../lib/policies/learned.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { marketShards } from "../lib/ppo/market_shards.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { measure, type Row, row } from "./measure.ts";

/** Share of what the rival captures that counts as near. */
const NEAR = 0.97;

/** Ratio that the first edition's training had. */
const FIRST_EDITION = 1 / 0.8;

/** Longest training of the model of W. [s] */
const DISTRIBUTION_SECONDS = 15 * 60;

/** Iterations between two looks at the test weeks, which take no time of training. */
const LOOK_EVERY = 8;

/**
 * Time of R1's training until the agents capture 97 % of what `dynamic-programming` does on the test
 * weeks, over that of the fixed work.
 *
 * @param workSeconds Time of the fixed work on as many threads. [s]
 * @throws {Error} If a whole training does not come that far.
 */
export async function qualityRow(workSeconds: number, workers: number): Promise<Row> {
  const { experiment, source, name } = setups.R1;
  const { environment: config, training, ppo } = parseExperiment(experiment, name);
  const dataset = await loadDataset(source);
  const days = splitDays(dataset, config);
  const played = { dataset, config, firstSlots: days.test, seed: FIRST_SEED };
  using solver = createSolver({ workers: 1 });
  const bound = await planOptimum(played, solver);
  const captured = async (policy: Policy) => {
    const { summary } = await evaluate(played, [policy], bound);
    return summary.find((each) => each.policy === policy.name)!.captured!;
  };
  const enough = NEAR * await captured(dynamicProgrammingPolicy());
  const shards = marketShards(dataset, config, { ...training, firstSlots: days.train });
  using trainer = await createTrainer(shards, ppo, FIRST_SEED, { workers });
  const names = observationNames(dataset, config);
  let seconds = 0;
  while (!trainer.done) {
    const began = performance.now();
    for (let k = 0; k < LOOK_EVERY && !trainer.done; k++) trainer.iterate();
    seconds += (performance.now() - began) / 1000;
    const agents = learnedPolicy(trainer.policy(), { observationNames: names });
    if (await captured(agents) < enough) continue;
    const what = `training of R1 to ${NEAR} of the best rival, over 100,000 timesteps of PPO alone`;
    return row(what, [seconds / workSeconds], "times", "less", FIRST_EDITION);
  }
  throw new Error(`a training of R1 did not come to ${NEAR} of the best rival`);
}

/** Time of W's training, from so many iterations of it. */
export async function distributionRow(workers: number, runs: number): Promise<Row> {
  const { experiment, name } = setups.W;
  const { training, ppo } = parseExperiment(experiment, name);
  using trainer = await createTrainer(mixedShards(training), ppo, FIRST_SEED, { workers });
  const before = () => trainer.state().timesteps;
  const first = before();
  trainer.iterate();
  const iterations = ppo.totalTimesteps / (before() - first);
  const seconds = await measure(runs, () => void trainer.iterate());
  const what = `training of W on ${PARTS.train} communities, ${workers} threads`;
  return row(what, seconds.map((s) => s * iterations), "s", "less", DISTRIBUTION_SECONDS);
}
