/**
 * Proximal policy optimisation with weights of one's own for every learner, side by side in one
 * environment: all begin as one trained policy, and each goes on from its own rows alone.
 *
 * What is seen stays scaled as it was for that policy. It is kept as it is while critics come to know
 * what it earns (the environment's teacher says what it would do); then PPO goes on. Exploration is the
 * same for all and does not shrink. Parts are those of {@link ./ppo.ts}.
 *
 * @module
 */

import { log } from "../arithmetic.ts";
import { restoreStream, type Stream, stream } from "../random.ts";
import type { ActorWeights } from "./actor_weights.ts";
import { plainArrays } from "./arrays.ts";
import { createLearner } from "./backend.ts";
import { type Blocks, eachBlock } from "./blocks.ts";
import { generalizedAdvantages } from "./gae.ts";
import type { Learner } from "./learner.ts";
import { createNormalizer, type NormalizerState, restoreNormalizers } from "./normalizer.ts";
import { parameterViews } from "./parameters.ts";
import type { PpoConfig } from "./ppo_config.ts";
import { allocateRollout, type Player, playRollout, type Views } from "./rollout.ts";
import { routedNetwork, takeRowsOf } from "./routed_network.ts";
import { phaseAt } from "./schedule.ts";
import { initialState } from "./trainer_state.ts";
import { learn } from "./update.ts";
import type { VectorEnvironment } from "./vector_environment.ts";

/** What separate learners begin with. */
export interface SeparateOptions {
  /** Which learner each row belongs to, counted from 0, as many rows to each. `[rows]` */
  readonly learnerOfRow: ArrayLike<number>;
  /** Rules of learning; timesteps are steps of one learner's rows. */
  readonly config: PpoConfig;
  /** The policy from which all begin. */
  readonly start: ActorWeights;
  /** Seed of everything random. */
  readonly seed: number;
}

/** Learners at work. */
export interface SeparateLearners {
  /** Steps of one learner's rows so far. */
  readonly timesteps: number;
  /** Whether all timesteps are played. */
  readonly done: boolean;
  /** Plays a rollout, from which every learner learns. */
  iterate(): void;
  /** What a learner acts by now. */
  weights(learner: number): ActorWeights;
}

/** A learner and its share of a rollout. */
interface Member {
  readonly learner: Learner;
  readonly rows: Int32Array;
  readonly shuffling: Stream;
  readonly policyViews: Views;
  readonly criticViews: Views;
}

/**
 * Learners at their start.
 *
 * @throws {RangeError} If the policy sees or says other things than the environment shows.
 */
export async function createSeparateLearners(
  environment: VectorEnvironment,
  { learnerOfRow, config: given, start, seed }: SeparateOptions,
): Promise<SeparateLearners> {
  const critic = environment.criticObservationSize === undefined ? "independent" : "community";
  const config: PpoConfig = { ...given, critic, hiddenSizes: start.sizes.slice(1, -1) };
  const { rolloutSteps: steps, discount, gaeLambda, observationClip } = config;
  const { rows, agentsPerCommunity, observationSize, actionSize } = environment;
  const criticSize = critic === "community" ? environment.criticObservationSize! : null;
  const count = 1 + Math.max(...Array.from(learnerOfRow));
  const rowsEach = rows / count;
  const logStd = new Float32Array(actionSize).fill(log(config.initialStd));
  const members: Member[] = [];
  for (let k = 0; k < count; k++) {
    const state = initialState(environment, config, stream(seed, "learner", k).below(2 ** 31));
    if (state.sizes.actor.join() !== start.sizes.join()) {
      throw new RangeError(
        `the policy has layers ${start.sizes.join("-")}, and the environment needs ` +
          `${state.sizes.actor.join("-")}; train a model on this environment`,
      );
    }
    const parameters = parameterViews(state.sizes, state.parameters);
    parameters.actor.set(start.parameters);
    parameters.logStd.set(logStd);
    const learner = await createLearner(config.backend, parameters, state.adam);
    const room = (sizes: Blocks<number>): Views => ({
      raw: eachBlock(() => new Float64Array()),
      normalized: eachBlock((block) => learner.arrays.float32(steps * rowsEach * sizes[block])),
    });
    const policyViews = room(observationSize);
    members.push({
      learner,
      rows: Int32Array.from({ length: rows }, (_, row) => row)
        .filter((row) => learnerOfRow[row] === k),
      shuffling: restoreStream(state.shuffling),
      policyViews,
      criticViews: criticSize === null ? policyViews : room(criticSize),
    });
  }
  const places = members.map((member) => member.rows);
  const taught = config.imitationShare > 0;
  const rollout = allocateRollout(plainArrays, {
    steps,
    rows,
    agentsPerCommunity,
    observationSize,
    criticSize,
    actionSize,
    taught,
  });
  const returnNormalizer = createNormalizer(1);
  const player: Omit<Player, "taught"> = {
    environment,
    firstRow: 0,
    policy: routedNetwork(members.map(({ learner }) => learner.actor), places, observationSize),
    critic: routedNetwork(
      members.map(({ learner }) => learner.critic),
      places,
      criticSize ?? observationSize,
    ),
    logStd,
    observationNormalizer: restoreNormalizers(start.normalizer, observationClip),
    criticNormalizer: criticSize === null
      ? null
      : restoreNormalizers(repeated(start.normalizer, criticSize), observationClip),
    returnNormalizer,
    explorations: Array.from(
      { length: rows / agentsPerCommunity },
      (_, c) => stream(seed, "exploration", c),
    ),
    episodeReturns: new Float64Array(rows),
  };
  const communities = rows / agentsPerCommunity;
  const takeViews = (from: Views, sizes: Blocks<number>, own: Int32Array, to: Views) => {
    const community = own.map((row) => Math.floor(row / agentsPerCommunity));
    const { common, own: each } = from.normalized;
    takeRowsOf(common, communities, sizes.common, community, to.normalized.common);
    takeRowsOf(each, rows, sizes.own, own, to.normalized.own);
  };
  let observation = environment.reset(seed);
  let timesteps = 0;

  return {
    get timesteps() {
      return timesteps;
    },
    get done() {
      return timesteps >= config.totalTimesteps;
    },
    iterate() {
      const { imitates, learningRate } = phaseAt(config, timesteps);
      observation = playRollout({ ...player, taught: imitates }, rollout, observation);
      const advantages = new Float64Array(steps * rows);
      generalizedAdvantages(rollout, discount, gaeLambda, advantages);
      const returns = advantages.map((advantage, i) => advantage + rollout.values[i]);
      returnNormalizer.update(returns);
      returnNormalizer.normalize(returns, returns);
      for (const { learner, rows: own, shuffling, policyViews, criticViews } of members) {
        const take = (from: Float64Array) => {
          const width = from.length / (steps * rows);
          return takeRowsOf(from, rows, width, own, new Float64Array(steps * own.length * width));
        };
        takeViews(rollout.policyViews, observationSize, own, policyViews);
        if (criticSize !== null) takeViews(rollout.criticViews, criticSize, own, criticViews);
        const samples = {
          agentsPerCommunity: 1,
          policyViews,
          criticViews,
          actions: take(imitates ? rollout.teacherActions : rollout.actions),
          logProbabilities: take(rollout.logProbabilities),
          advantages: take(advantages),
          returns: take(returns),
          ...(imitates && { teacherWeights: take(rollout.teacherWeights) }),
        };
        learn(learner, { ...config, imitates }, samples, learningRate, shuffling);
        learner.parameters.logStd.set(logStd);
      }
      timesteps += steps * rowsEach;
    },
    weights: (k) => ({
      ...start,
      parameters: members[k].learner.parameters.actor.slice(),
      logStd: logStd.slice(),
    }),
  };
}

/** Statistics of an own block that shows the same features several times. */
function repeated(
  { common, own }: Blocks<NormalizerState>,
  sizes: Blocks<number>,
): Blocks<NormalizerState> {
  const again = (values: Float64Array) =>
    Float64Array.from({ length: sizes.own }, (_, i) => values[i % values.length]);
  return {
    common,
    own: {
      count: own.count,
      mean: again(own.mean),
      squaredDeviations: again(own.squaredDeviations),
    },
  };
}
