/**
 * Data-parallel training: this thread, the leader, and Workers, its helpers, share one memory, the
 * parts of the communities and the shards of every minibatch. They meet once per rollout and once per
 * minibatch, never per step.
 *
 * Parts, streams and shards are the same whoever computes them, and every sum has a fixed order: the
 * number of members changes no bit.
 *
 * @module
 */

import { deserialize } from "node:v8";
import { type Crew, type CrewStart, meanEpisodeCost, rolloutShape, startParts } from "../crew.ts";
import { parameterViews } from "../parameters.ts";
import type { PartState } from "../part.ts";
import { allocateRollout } from "../rollout.ts";
import type { PartRecipe } from "../vector_environment.ts";
import { createKernels } from "./kernels.ts";
import { createKernelLearner, type Spread } from "./learner.ts";
import { allocateSignals, awaitHelpers, COMMANDS, publish } from "./signals.ts";
import { startWorkers } from "./start_workers.ts";
import {
  allocateStatistics,
  type HelperSetup,
  partsOf,
  type TeamMemory,
  writeStatistics,
} from "./team_setup.ts";

/** How long a helper may give no sign of life. [ms] */
const PATIENCE_MS = 60_000;

/** Starts a team of `members`, this thread included, for parts that have a recipe. */
export async function assembleTeam(start: CrewStart, members: number): Promise<Crew> {
  const { parts, config, sizes, parameters, adam, begin } = start;
  const shape = rolloutShape(start);
  const samples = shape.steps * shape.rows;
  const minibatches = Math.max(1, Math.round(samples / config.minibatchSize));
  const kernels = createKernels();
  const signals = allocateSignals(kernels, members - 1);
  const spread: Spread = (samples, shards, _config, own) => {
    publish(signals, COMMANDS.differentiate, samples);
    for (let k = 0; k < shards; k += members) own(k);
    awaitHelpers(signals, PATIENCE_MS);
  };
  const capacity = Math.ceil(samples / minibatches) + 1;
  const learner = createKernelLearner(parameterViews(sizes, parameters), adam, {
    kernels,
    capacity,
    spread,
  });
  const rollout = allocateRollout(kernels, shape);
  const statistics = allocateStatistics(kernels, sizes, config.critic === "community");
  const episodeCosts = kernels.float64(parts.communities.length);
  const shared: TeamMemory = {
    memory: kernels.memory,
    signals,
    parameters: learner.parameters.all,
    rollout,
    batch: learner.batch,
    statistics,
    episodeCosts,
  };
  const ownParts = partsOf(0, members, parts.communities.length);
  const own = startParts(start, ownParts);
  const helperOf = (helper: number): HelperSetup => ({
    helper,
    members,
    recipe: parts.recipe as PartRecipe,
    communities: parts.communities,
    begin,
    config,
    sizes,
    shared,
  });
  const module = new URL("./team_worker.ts", import.meta.url);
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
    play(values) {
      writeStatistics(statistics, values);
      publish(signals, COMMANDS.play, 0);
      own.forEach((part, i) => {
        part.play(rollout, networks, values, config.observationClip);
        episodeCosts[ownParts[i]] = part.takeEpisodeCost() ?? NaN;
      });
      awaitHelpers(signals, PATIENCE_MS);
    },
    states() {
      const states = new Array<PartState>(parts.communities.length);
      own.forEach((part, i) => states[ownParts[i]] = part.state());
      publish(signals, COMMANDS.state, 0);
      awaitHelpers(signals, PATIENCE_MS);
      const longest = Math.max(...signals.length);
      if (room.length < longest * (members - 1)) room = kernels.uint8(longest * (members - 1));
      publish(signals, COMMANDS.fetch, room.byteOffset);
      awaitHelpers(signals, PATIENCE_MS);
      signals.length.forEach((length, helper) => {
        const bytes = room.slice(helper * longest, helper * longest + length);
        const theirs = deserialize(bytes) as PartState[];
        partsOf(helper + 1, members, states.length).forEach((part, i) => states[part] = theirs[i]);
      });
      return states;
    },
    takeEpisodeCost() {
      const costs = Array.from(episodeCosts, (cost) => Number.isNaN(cost) ? null : cost);
      return meanEpisodeCost(parts, costs);
    },
    close() {
      publish(signals, COMMANDS.stop, 0);
      for (const worker of workers) worker.terminate();
    },
  };
}
