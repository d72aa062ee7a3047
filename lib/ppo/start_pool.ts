/**
 * Starting a pool of workers: one thread does all, or several share the shards of the environment
 * and the minibatches.
 *
 * @module
 */

import { createLearner } from "./backend.ts";
import { parameterViews } from "./parameters.ts";
import { allocateRollout } from "./rollout.ts";
import {
  meanEpisodeCost,
  type PoolStart,
  rolloutShape,
  startEnvRunners,
  type WorkerPool,
} from "./worker_pool.ts";

/** Several threads if asked for, or this one alone. */
export async function startWorkerPool(start: PoolStart, workers: number): Promise<WorkerPool> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers must be a whole number of at least 1, got ${workers}`);
  }
  const { shards, config } = start;
  const members = Math.min(workers, shards.communities.length);
  if (members === 1) return singleThread(start);
  if (shards.recipe === undefined) {
    throw new Error("the environment has no recipe for Workers; set workers to 1");
  }
  if (config.backend !== "wasm") {
    throw new Error(`backend ${config.backend} works on one thread; set workers to 1`);
  }
  const { startThreads } = await import("./wasm/team.ts");
  return await startThreads(start, members);
}

async function singleThread(start: PoolStart): Promise<WorkerPool> {
  const { shards, config, sizes, parameters, adam } = start;
  const learner = await createLearner(config.backend, parameterViews(sizes, parameters), adam);
  const rollout = allocateRollout(learner.arrays, rolloutShape(start));
  const runners = startEnvRunners(start, [...shards.communities.keys()]);
  const networks = {
    actor: learner.actor,
    critic: learner.critic,
    logStd: learner.parameters.logStd,
  };
  return {
    learner,
    rollout,
    play(statistics, taught) {
      for (const runner of runners) {
        runner.play(rollout, networks, statistics, config.observationClip, taught);
      }
    },
    states: () => runners.map((runner) => runner.state()),
    takeEpisodeCost: () =>
      meanEpisodeCost(shards, runners.map((runner) => runner.takeEpisodeCost())),
    close: () => {},
  };
}
