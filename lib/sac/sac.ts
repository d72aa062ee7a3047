/**
 * Soft actor-critic with a policy that all homes share: play a slot, keep what came of it, take
 * gradient steps on minibatches of all that was kept, repeat.
 *
 *     critics     Qᵢ(s, a) → r + γ·(min Q̄(s′, a′) − α·log π(a′|s′))     (two, each with a slow copy Q̄)
 *     policy      a = tanh(μ(s) + σ(s)·ε), to raise min Q(s, a) − α·log π(a|s)
 *     temperature α, so that the entropy stays at what is wanted, −1 for each number
 *
 * Source: Haarnoja et al., Soft Actor-Critic Algorithms and Applications, 2018.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { ActorWeights } from "../ppo/actor_weights.ts";
import type { Algorithm, AlgorithmOptions, Learning } from "../ppo/algorithm.ts";
import { type Blocks, eachBlock, flatRows } from "../ppo/blocks.ts";
import type { MarketTrainingEnvironment } from "../ppo/market_environment.ts";
import { createNormalizer, type Normalizer, standardDeviations } from "../ppo/normalizer.ts";
import { startTensors } from "../ppo/tfjs/tensor_backend.ts";
import { type Stream, stream } from "../random.ts";
import { type DenseNetwork, denseNetwork, follow } from "./networks.ts";
import { createSamples, Replay, type Samples } from "./replay.ts";

/** Knobs that the configuration does not have. */
const KNOBS = {
  /** Slots between two reports. */
  slots: 24,
  /** Gradient steps after every slot. */
  updates: 2,
  /** Samples of a gradient step. */
  batch: 512,
  /** Samples that are kept. */
  memory: 200_000,
  /** Slots that are played at random first. */
  warmUp: 48,
  /** Weight of the future. */
  discount: 0.97,
  /** How fast the slow critics follow. */
  following: 0.01,
  learningRate: 1e-3,
  /** Bounds of log σ. */
  logStd: [-5, 1],
} as const;

const LOG_2PI = Math.log(2 * Math.PI);
const FIRST_TEMPERATURE = 0.01;

/** Soft actor-critic. */
export const sac: Algorithm = {
  name: "sac",
  async begin(market, options) {
    await startTensors("wasm");
    return new SoftActorCritic(market, options);
  },
};

/** A training in progress. */
class SoftActorCritic implements Learning {
  readonly #market: MarketTrainingEnvironment;
  readonly #communities: number;
  readonly #features: number;
  readonly #hidden: readonly number[];
  readonly #clip: number;
  readonly #random: Stream;
  readonly #replay: Replay;
  readonly #played: Samples;
  readonly #batch: Samples;
  readonly #normalizers: Blocks<Normalizer>;
  readonly #actor: DenseNetwork;
  readonly #critics: readonly DenseNetwork[];
  readonly #slow: readonly DenseNetwork[];
  readonly #logAlpha = tf.variable(tf.scalar(Math.log(FIRST_TEMPERATURE)));
  readonly #optimizers = {
    actor: tf.train.adam(KNOBS.learningRate),
    critics: tf.train.adam(KNOBS.learningRate),
    alpha: tf.train.adam(KNOBS.learningRate),
  };
  #statistics: { readonly mean: readonly number[]; readonly std: readonly number[] } = {
    mean: [],
    std: [],
  };
  #seen: Float64Array;
  #slots = 0;

  constructor(market: MarketTrainingEnvironment, { seed, experiment }: AlgorithmOptions) {
    const { observationSize: { common, own }, actionSize, rows, agentsPerCommunity } = market;
    const { hiddenSizes, observationClip } = experiment.ppo;
    this.#market = market;
    this.#communities = rows / agentsPerCommunity;
    this.#features = common + own;
    this.#hidden = hiddenSizes;
    this.#clip = observationClip;
    this.#random = stream(seed, "sac");
    this.#replay = new Replay(KNOBS.memory, this.#features, actionSize);
    this.#played = createSamples(rows, this.#features, actionSize);
    this.#batch = createSamples(KNOBS.batch, this.#features, actionSize);
    this.#normalizers = eachBlock((block) => createNormalizer(market.observationSize[block]));
    this.#actor = denseNetwork([this.#features, ...hiddenSizes, 2 * actionSize], seed, "actor");
    const critic = (k: number) =>
      denseNetwork([this.#features + actionSize, ...hiddenSizes, 1], seed, `critic ${k}`);
    this.#critics = [critic(0), critic(1)];
    this.#slow = [critic(0), critic(1)];
    this.#seen = this.#take(market.reset(seed));
  }

  get timesteps(): number {
    return this.#slots * this.#communities;
  }

  iterate() {
    const sums = { criticLoss: 0, actorLoss: 0, entropy: 0 };
    let updates = 0;
    for (let k = 0; k < KNOBS.slots; k++) {
      this.#play();
      if (this.#slots <= KNOBS.warmUp) continue;
      for (let each = 0; each < KNOBS.updates; each++, updates++) {
        const found = this.#learn();
        for (const name of ["criticLoss", "actorLoss", "entropy"] as const) {
          sums[name] += found[name];
        }
      }
    }
    const share = 1 / Math.max(1, updates);
    return {
      policyLoss: sums.actorLoss * share,
      valueLoss: sums.criticLoss * share,
      entropy: sums.entropy * share,
      learningRate: KNOBS.learningRate,
      temperature: Math.exp(this.#logAlpha.dataSync()[0]),
    };
  }

  /** The mean action tanh(μ), as a last hidden layer in front of one that changes nothing. */
  weights(): ActorWeights {
    const { actionSize } = this.#market;
    const parameters: number[] = [];
    const { variables } = this.#actor;
    variables.forEach((variable, k) => {
      const values = variable.dataSync();
      const isHead = k >= variables.length - 2;
      for (let at = 0; at < values.length; at++) {
        if (!isHead || at % (2 * actionSize) < actionSize) parameters.push(values[at]);
      }
    });
    for (let row = 0; row < actionSize; row++) {
      for (let column = 0; column < actionSize; column++) parameters.push(row === column ? 1 : 0);
    }
    parameters.push(...new Float32Array(actionSize));
    return {
      sizes: [this.#features, ...this.#hidden, actionSize, actionSize],
      parameters: Float32Array.from(parameters),
      logStd: new Float32Array(actionSize),
      normalizer: eachBlock((block) => this.#normalizers[block].state()),
      observationClip: this.#clip,
    };
  }

  #play(): void {
    const { rows } = this.#market;
    const { seen, actions, rewards, next, goesOn } = this.#played;
    if (this.#slots < KNOBS.warmUp) {
      for (let k = 0; k < actions.length; k++) actions[k] = 2 * this.#random.uniform() - 1;
    } else {
      const noise = this.#noise(rows);
      const action = tf.tidy(() => {
        const input = tf.tensor2d(this.#scaled(this.#seen), [rows, this.#features]);
        return this.#decide(input, noise).action.dataSync();
      });
      noise.dispose();
      actions.set(action as Float32Array);
    }
    const before = this.#seen;
    const step = this.#market.step(Float64Array.from(actions));
    this.#seen = this.#take(step.observation);
    seen.set(before);
    next.set(this.#seen);
    rewards.set(step.reward);
    step.terminated.forEach((ended, row) => goesOn[row] = 1 - ended);
    this.#replay.add(this.#played);
    this.#slots++;
  }

  #learn() {
    this.#replay.draw(this.#random, this.#batch);
    const { actionSize } = this.#market;
    const { actor, critics, alpha } = this.#optimizers;
    const [noise, nextNoise] = [this.#noise(KNOBS.batch), this.#noise(KNOBS.batch)];
    const column = (values: Float32Array) => tf.tensor2d(values, [KNOBS.batch, 1]);
    const result = tf.tidy(() => {
      const input = (values: Float32Array) =>
        tf.tensor2d(this.#scaled(values), [KNOBS.batch, this.#features]);
      const seen = input(this.#batch.seen), next = input(this.#batch.next);
      const actions = tf.tensor2d(this.#batch.actions, [KNOBS.batch, actionSize]);
      const temperature = tf.exp(this.#logAlpha);
      const following = this.#decide(next, nextNoise);
      const future = tf.sub(
        lowest(this.#slow, next, following.action),
        tf.mul(temperature, following.logProbability),
      );
      const target = tf.add(
        column(this.#batch.rewards),
        tf.mul(KNOBS.discount, tf.mul(column(this.#batch.goesOn), future)),
      );
      const criticLoss = critics.minimize(
        () =>
          tf.addN(
            this.#critics.map((critic) =>
              tf.mean(tf.squaredDifference(critic.forward(tf.concat([seen, actions], 1)), target))
            ),
          ) as tf.Scalar,
        true,
        this.#critics.flatMap(({ variables }) => variables),
      )!;
      const actorLoss = actor.minimize(
        () => {
          const { action, logProbability } = this.#decide(seen, noise);
          const value = lowest(this.#critics, seen, action);
          return tf.mean(tf.sub(tf.mul(temperature, logProbability), value)) as tf.Scalar;
        },
        true,
        this.#actor.variables,
      )!;
      const entropy = tf.neg(tf.mean(this.#decide(seen, noise).logProbability));
      const excess = tf.add(entropy, actionSize);
      alpha.minimize(() => tf.mul(this.#logAlpha, excess) as tf.Scalar, false, [this.#logAlpha]);
      return [criticLoss, actorLoss, entropy].map((each) => each.dataSync()[0]);
    });
    noise.dispose();
    nextNoise.dispose();
    this.#slow.forEach((slow, k) => follow(slow, this.#critics[k], KNOBS.following));
    const [criticLoss, actorLoss, entropy] = result;
    return { criticLoss, actorLoss, entropy };
  }

  /** Actions by some noise, and log π of each. */
  #decide(input: tf.Tensor2D, noise: tf.Tensor2D) {
    const [mean, raw] = tf.split(this.#actor.forward(input), 2, 1) as tf.Tensor2D[];
    const logStd = tf.clipByValue(raw, KNOBS.logStd[0], KNOBS.logStd[1]);
    const free = tf.add(mean, tf.mul(tf.exp(logStd), noise)) as tf.Tensor2D;
    // log(1 − tanh²) without the difference of equals.
    const squeezed = tf.mul(2, tf.sub(tf.sub(Math.LN2, free), tf.softplus(tf.mul(-2, free))));
    const density = tf.sub(
      tf.sub(tf.mul(-0.5, tf.add(tf.square(noise), LOG_2PI)), logStd),
      squeezed,
    );
    return { action: tf.tanh(free) as tf.Tensor2D, logProbability: tf.sum(density, 1, true) };
  }

  #noise(rows: number): tf.Tensor2D {
    const { actionSize } = this.#market;
    const values = Float32Array.from({ length: rows * actionSize }, () => this.#random.normal());
    return tf.tensor2d(values, [rows, actionSize]);
  }

  /** What rows see, in one vector each; statistics of it are kept. */
  #take(seen: ReturnType<MarketTrainingEnvironment["reset"]>): Float64Array {
    const { rows, observationSize } = this.#market;
    for (const block of ["common", "own"] as const) this.#normalizers[block].update(seen[block]);
    const { common, own } = eachBlock((block) => this.#normalizers[block].state());
    this.#statistics = {
      mean: [...common.mean, ...own.mean],
      std: [...standardDeviations(common), ...standardDeviations(own)],
    };
    return flatRows(seen, observationSize, new Float64Array(rows * this.#features));
  }

  #scaled(flat: Float32Array | Float64Array): Float32Array {
    const { mean, std } = this.#statistics;
    const scaled = new Float32Array(flat.length);
    for (let at = 0, k = 0; at < flat.length; at++, k = (k + 1) % mean.length) {
      const value = (flat[at] - mean[k]) / std[k];
      scaled[at] = Math.max(-this.#clip, Math.min(this.#clip, value));
    }
    return scaled;
  }
}

/** The lower of both critics' values, against hopes that are too high. */
function lowest(critics: readonly DenseNetwork[], seen: tf.Tensor2D, actions: tf.Tensor2D) {
  const input = tf.concat([seen, actions], 1) as tf.Tensor2D;
  const [one, other] = critics.map((critic) => critic.forward(input));
  return tf.minimum(one, other);
}
