/**
 * The gradient of a minibatch, shard by shard. A minibatch is cut into blocks ({@link ./cut.ts}); each
 * is passed forward and back while it is in the cache and leaves a gradient of its own. These are
 * added up in their order, so that the sum does not depend on who computed which shard.
 *
 * @module
 */

import type { Arrays } from "../arrays.ts";
import type { SeenViews } from "../learner.ts";
import { type LossConfig, lossOf, type Objective, objectiveNames } from "../loss.ts";
import type { Parameters } from "../parameters.ts";
import type { Views } from "../rollout.ts";
import { type BlockMlp, createBlockMlp } from "./block_mlp.ts";
import { type Block, blockCount, blockOf } from "./cut.ts";
import type { Kernels } from "./kernels.ts";

/** A minibatch, and what its shards leave. Targets are in the order of `chosen`, agent by agent. */
export interface Batch {
  /** Communities in a step for which there is room. */
  readonly capacity: number;
  /** Agents of each. */
  readonly agents: number;
  /** Their places in the rollout. */
  readonly chosen: Uint32Array;
  /** See {@linkcode ../loss.ts}. */
  readonly actions: Float64Array;
  /** See {@linkcode ../loss.ts}. */
  readonly logProbabilities: Float64Array;
  /** See {@linkcode ../loss.ts}. */
  readonly advantages: Float64Array;
  /** See {@linkcode ../loss.ts}. */
  readonly returns: Float64Array;
  /** See {@linkcode ../loss.ts}. */
  readonly weights: Float64Array;
  /** Gradients of the networks. [shards × partLength] */
  readonly parts: Float32Array;
  /** Shares of the objective in the order of `objectiveNames`, then ∂/∂log σ. [shards × …] */
  readonly outcomes: Float64Array;
}

/** Numbers in a shard's outcome. */
export function outcomeLength(actionSize: number): number {
  return objectiveNames.length + actionSize;
}

/** Room for minibatches of up to `capacity` communities of `agents`. */
export function allocateBatch(
  arrays: Arrays,
  capacity: number,
  agents: number,
  actionSize: number,
  partLength: number,
): Batch {
  const shards = blockCount(capacity, agents), samples = capacity * agents;
  return {
    capacity,
    agents,
    chosen: arrays.uint32(capacity),
    actions: arrays.float64(samples * actionSize),
    logProbabilities: arrays.float64(samples),
    advantages: arrays.float64(samples),
    returns: arrays.float64(samples),
    weights: arrays.float64(samples * actionSize),
    parts: arrays.float32(shards * partLength),
    outcomes: arrays.float64(shards * outcomeLength(actionSize)),
  };
}

/** Computes shards, with networks of its own; one for each thread. */
export interface ShardWorker {
  /** The policy's network. */
  readonly actor: BlockMlp;
  /** The critic's network. */
  readonly critic: BlockMlp;
  /** Length of a shard's gradient: the actor's, then the critic's. */
  readonly partLength: number;
  /** Takes in the parameters as they are now. */
  load(): void;
  /** Computes shard `k` of a batch of `communities`. */
  run(batch: Batch, seen: SeenViews, communities: number, k: number, config: LossConfig): void;
}

/** A worker on networks whose parameters are in the kernels' memory, as the views are later. */
export function createShardWorker(kernels: Kernels, parameters: Parameters): ShardWorker {
  const { sizes, logStd } = parameters;
  const actor = createBlockMlp(kernels, sizes.actor, sizes.common.actor);
  const critic = createBlockMlp(kernels, sizes.critic, sizes.common.critic);
  const partLength = actor.partLength + critic.partLength;
  const length = outcomeLength(logStd.length);

  function take(
    { input: { common, own } }: BlockMlp,
    { normalized: seen }: Views,
    { chosen, agents }: Batch,
    { community, communities, row, rows }: Block,
  ) {
    const first = chosen.byteOffset + 4 * community;
    kernels.gather(
      seen.common.byteOffset,
      4 * common.size,
      common.size,
      first,
      communities,
      1,
      common.numbers.byteOffset,
      4 * common.width,
    );
    kernels.gather(
      seen.own.byteOffset + 4 * own.size * (row - community * agents),
      4 * own.size * agents,
      own.size,
      first,
      communities,
      rows,
      own.numbers.byteOffset,
      4 * own.width,
    );
  }

  return {
    actor,
    critic,
    partLength,
    load() {
      actor.load(parameters.actor);
      critic.load(parameters.critic);
    },
    run(batch, { policyViews, criticViews }, count, k, config) {
      const block = blockOf(k, count, batch.agents);
      take(actor, policyViews, batch, block);
      take(critic, criticViews, batch, block);
      const { communities, row: from, rows } = block;
      const to = from + communities * rows;
      const targets = {
        actions: batch.actions.subarray(from * logStd.length, to * logStd.length),
        logProbabilities: batch.logProbabilities.subarray(from, to),
        advantages: batch.advantages.subarray(from, to),
        returns: batch.returns.subarray(from, to),
        weights: batch.weights.subarray(from * logStd.length, to * logStd.length),
      };
      const means = actor.forward(communities, rows);
      const values = critic.forward(communities, rows);
      const loss = lossOf(means, values, logStd, targets, config, count * batch.agents);
      actor.backward(loss.meanGradient, batch.parts, k * partLength);
      critic.backward(loss.valueGradient, batch.parts, k * partLength + actor.partLength);
      objectiveNames.forEach((name, i) => batch.outcomes[k * length + i] = loss[name]);
      batch.outcomes.set(loss.logStdGradient, k * length + objectiveNames.length);
    },
  };
}

/** Adds up what the shards have left: the objective, and the slopes of log σ. */
export function addOutcomes(
  { outcomes }: Batch,
  shards: number,
  logStdGradient: Float64Array,
): Objective {
  const length = outcomeLength(logStdGradient.length);
  const sum = (i: number) => {
    let total = 0;
    for (let k = 0; k < shards; k++) total += outcomes[k * length + i];
    return total;
  };
  for (let j = 0; j < logStdGradient.length; j++) {
    logStdGradient[j] = sum(objectiveNames.length + j);
  }
  const [loss, policyLoss, valueLoss, entropy, approxKl, clipFraction] = objectiveNames.map(
    (_, i) => sum(i),
  );
  return { loss, policyLoss, valueLoss, entropy, approxKl, clipFraction };
}
