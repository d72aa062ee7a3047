/**
 * Data-parallel training: this thread, the leader, and Workers, its helpers, share one memory, the
 * shards of the environment and those of every minibatch. They meet once per rollout and once per
 * minibatch, never per step.
 *
 * Shards and streams are the same whoever computes them, and every sum has a fixed order: the
 * number of members changes no bit.
 *
 * @module
 */

import { deserialize } from "node:v8";
import {
  meanEpisodeCost,
  type PoolStart,
  rolloutShape,
  startEnvRunners,
  type WorkerPool,
} from "../worker_pool.ts";
import { parameterViews } from "../parameters.ts";
import type { EnvRunnerState } from "../env_runner.ts";
import { allocateRollout } from "../rollout.ts";
import { minibatchCount } from "../update.ts";
import type { ShardRecipe } from "../vector_environment.ts";
import { createKernels } from "./kernels.ts";
import { createKernelLearner, type Spread } from "./kernel_learner.ts";
import { allocateSignals, awaitHelpers, COMMANDS, publish } from "./signals.ts";
import { startWorkers } from "./start_workers.ts";
import {
  allocateStatistics,
  type HelperSetup,
  shardsOf,
  type TeamMemory,
  writeStatistics,
} from "./team_setup.ts";
import { moduleBeside } from "../../module_beside.ts";
// A package holds what is imported.
import type {} from "./team_worker.ts";

/** How long a helper may give no sign of life. [ms] */
const PATIENCE_MS = 60_000;

/** Starts a team of `members`, this thread included, for shards that have a recipe. */
export async function startThreads(start: PoolStart, members: number): Promise<WorkerPool> {
  const { shards, config, sizes, parameters, adam, begin } = start;
  const shape = rolloutShape(start);
  const samples = shape.steps * shape.rows;
  const agents = shape.agentsPerCommunity;
  const minibatches = minibatchCount(samples, agents, config.minibatchSize);
  const kernels = createKernels();
  const signals = allocateSignals(kernels, members - 1);
  const spread: Spread = (communities, shards, { imitates }, own) => {
    publish(signals, imitates ? COMMANDS.imitate : COMMANDS.differentiate, communities);
    for (let k = 0; k < shards; k += members) own(k);
    awaitHelpers(signals, PATIENCE_MS);
  };
  const capacity = { communities: Math.ceil(samples / agents / minibatches) + 1, agents };
  const learner = createKernelLearner(parameterViews(sizes, parameters), adam, {
    kernels,
    capacity,
    spread,
  });
  const rollout = allocateRollout(kernels, shape);
  const statistics = allocateStatistics(kernels, sizes, config.critic === "community");
  const episodeCosts = kernels.float64(shards.communities.length);
  const shared: TeamMemory = {
    memory: kernels.memory,
    signals,
    parameters: learner.parameters.all,
    rollout,
    batch: learner.batch,
    statistics,
    episodeCosts,
  };
  const ownShards = shardsOf(0, members, shards.communities.length);
  const own = startEnvRunners(start, ownShards);
  const helperOf = (helper: number): HelperSetup => ({
    helper,
    members,
    recipe: shards.recipe as ShardRecipe,
    communities: shards.communities,
    begin,
    config,
    sizes,
    shared,
  });
  const module = moduleBeside("./team_worker.ts", import.meta.url);
  const workers = await startWorkers(module, members - 1, helperOf);
  let room = kernels.uint8(0);
  const networks = {
    actor: learner.actor,
    critic: learner.critic,
    logStd: learner.parameters.logStd,
  };

  return {
    learner,
    rollout,
    play(values, taught) {
      writeStatistics(statistics, values);
      publish(signals, COMMANDS.play, taught ? 1 : 0);
      own.forEach((runner, i) => {
        runner.play(rollout, networks, values, config.observationClip, taught);
        episodeCosts[ownShards[i]] = runner.takeEpisodeCost() ?? NaN;
      });
      awaitHelpers(signals, PATIENCE_MS);
    },
    states() {
      const states = new Array<EnvRunnerState>(shards.communities.length);
      own.forEach((runner, i) => states[ownShards[i]] = runner.state());
      publish(signals, COMMANDS.state, 0);
      awaitHelpers(signals, PATIENCE_MS);
      const longest = Math.max(...signals.length);
      if (room.length < longest * (members - 1)) room = kernels.uint8(longest * (members - 1));
      publish(signals, COMMANDS.fetch, room.byteOffset);
      awaitHelpers(signals, PATIENCE_MS);
      signals.length.forEach((length, helper) => {
        const bytes = room.slice(helper * longest, helper * longest + length);
        const theirs = deserialize(bytes) as EnvRunnerState[];
        shardsOf(helper + 1, members, states.length).forEach((shard, i) =>
          states[shard] = theirs[i]
        );
      });
      return states;
    },
    takeEpisodeCost() {
      const costs = Array.from(episodeCosts, (cost) => Number.isNaN(cost) ? null : cost);
      return meanEpisodeCost(shards, costs);
    },
    close() {
      publish(signals, COMMANDS.stop, 0);
      for (const worker of workers) worker.terminate();
    },
  };
}
