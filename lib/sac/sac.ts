/**
 * Soft actor-critic with a policy that all homes share: play a slot, keep what came of it, take
 * gradient steps on minibatches of all that was kept, repeat.
 *
 *     critics     Qᵢ(s, a) → r + γ·(min Q̄(s′, a′) − α·log π(a′|s′))     (two, each with a slow copy Q̄)
 *     policy      a = tanh(μ(s) + σ(s)·ε), to raise λ·min Q(s, a) − α·log π(a|s) − w·(a − aₜ)²
 *     temperature α, so that the entropy stays at what is wanted, −1 for each number
 *
 * As PPO here, it begins by imitating a teacher, whose aₜ counts by w: λ is 0 while the critics learn
 * how the policy does, and then the teacher holds the policy where the critics say little.
 *
 * Sources: Haarnoja et al., Soft Actor-Critic Algorithms and Applications, 2018; Fujimoto and Gu, A
 * Minimalist Approach to Offline Reinforcement Learning, 2021, for the pull of a teacher and for λ,
 * the inverse of the mean |Q|.
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
export interface SacKnobs {
  /** Slots between two reports. */
  readonly slots: number;
  /** Gradient steps after every slot. */
  readonly updates: number;
  /** Samples of a gradient step. */
  readonly batch: number;
  /** Samples that are kept. */
  readonly memory: number;
  /** Slots that are played before anything is learned. */
  readonly warmUp: number;
  /** Weight of the future. */
  readonly discount: number;
  /** How fast the slow critics follow. */
  readonly following: number;
  /** Adam's step size. */
  readonly learningRate: number;
  /** How much a teacher's action counts beside what critics say, once it is not all that counts. */
  readonly pull: number;
}

const REFERENCE: SacKnobs = {
  slots: 24,
  updates: 2,
  batch: 512,
  memory: 200_000,
  warmUp: 24,
  discount: 0.99,
  following: 0.01,
  learningRate: 5e-4,
  pull: 3,
};

/** Bounds of log σ. */
const LOG_STD = [-5, 1] as const;
const LOG_2PI = Math.log(2 * Math.PI);
const FIRST_TEMPERATURE = 0.01;

/** Soft actor-critic with some knobs other than they are at first. */
function softActorCritic(knobs: Partial<SacKnobs> = {}): Algorithm {
  return {
    name: "sac",
    async begin(market, options) {
      await startTensors("wasm");
      return new SoftActorCritic(market, options, { ...REFERENCE, ...knobs });
    },
  };
}

/** Soft actor-critic. */
export const sac: Algorithm = softActorCritic();

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
  readonly #knobs: SacKnobs;
  readonly #optimizers: Readonly<Record<"actor" | "critics" | "alpha", tf.Optimizer>>;
  /** Timesteps in which the teacher alone is followed, and those in which it is asked at all. */
  readonly #imitated: number;
  #statistics: { readonly mean: readonly number[]; readonly std: readonly number[] } = {
    mean: [],
    std: [],
  };
  #seen: Float64Array;
  #slots = 0;

  constructor(
    market: MarketTrainingEnvironment,
    { seed, experiment, timesteps }: AlgorithmOptions,
    knobs: SacKnobs,
  ) {
    const { observationSize: { common, own }, actionSize, rows, agentsPerCommunity } = market;
    const { hiddenSizes, observationClip, imitationShare } = experiment.ppo;
    const adam = () => tf.train.adam(knobs.learningRate);
    this.#market = market;
    this.#knobs = knobs;
    this.#optimizers = { actor: adam(), critics: adam(), alpha: adam() };
    this.#imitated = imitationShare * timesteps;
    this.#communities = rows / agentsPerCommunity;
    this.#features = common + own;
    this.#hidden = hiddenSizes;
    this.#clip = observationClip;
    this.#random = stream(seed, "sac");
    this.#replay = new Replay(knobs.memory, this.#features, actionSize);
    this.#played = createSamples(rows, this.#features, actionSize);
    this.#batch = createSamples(knobs.batch, this.#features, actionSize);
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
    for (let k = 0; k < this.#knobs.slots; k++) {
      this.#play();
      if (this.#slots <= this.#knobs.warmUp) continue;
      for (let each = 0; each < this.#knobs.updates; each++, updates++) {
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
      learningRate: this.#knobs.learningRate,
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
    const { seen, actions, rewards, next, goesOn, taught, trust } = this.#played;
    const noise = this.#noise(rows);
    const action = tf.tidy(() => {
      const input = tf.tensor2d(this.#scaled(this.#seen), [rows, this.#features]);
      return this.#decide(input, noise).action.dataSync();
    });
    noise.dispose();
    actions.set(action as Float32Array);
    if (this.#imitated > 0) this.#ask(taught, trust);
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

  /** What the teacher would do, and how much that counts: not at all where it says nothing. */
  #ask(taught: Float32Array, trust: Float32Array): void {
    const said = new Float64Array(taught.length), weights = new Float64Array(taught.length);
    this.#market.teach(said, weights);
    for (let k = 0; k < said.length; k++) {
      const isSilent = Number.isNaN(said[k]);
      taught[k] = isSilent ? 0 : said[k];
      trust[k] = isSilent ? 0 : weights[k];
    }
  }

  #learn() {
    this.#replay.draw(this.#random, this.#batch);
    const { actionSize } = this.#market;
    const { actor, critics, alpha } = this.#optimizers;
    const [noise, nextNoise] = [this.#noise(this.#knobs.batch), this.#noise(this.#knobs.batch)];
    const column = (values: Float32Array) => tf.tensor2d(values, [this.#knobs.batch, 1]);
    const result = tf.tidy(() => {
      const input = (values: Float32Array) =>
        tf.tensor2d(this.#scaled(values), [this.#knobs.batch, this.#features]);
      const seen = input(this.#batch.seen), next = input(this.#batch.next);
      const numbers = (values: Float32Array) =>
        tf.tensor2d(values, [this.#knobs.batch, actionSize]);
      const actions = numbers(this.#batch.actions);
      const taught = numbers(this.#batch.taught), trust = numbers(this.#batch.trust);
      const isFree = this.timesteps >= this.#imitated;
      const pull = isFree ? this.#knobs.pull : 1;
      const temperature = tf.exp(this.#logAlpha);
      const following = this.#decide(next, nextNoise);
      const future = tf.sub(
        lowest(this.#slow, next, following.action),
        tf.mul(temperature, following.logProbability),
      );
      const target = tf.add(
        column(this.#batch.rewards),
        tf.mul(this.#knobs.discount, tf.mul(column(this.#batch.goesOn), future)),
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
          const away = tf.sum(tf.mul(trust, tf.squaredDifference(action, taught)), 1, true);
          const cost = tf.add(tf.mul(temperature, logProbability), tf.mul(pull, away));
          if (!isFree) return tf.mean(cost) as tf.Scalar;
          const value = lowest(this.#critics, seen, action);
          const scale = this.#imitated === 0 ? 1 : 1 / tf.mean(tf.abs(value)).dataSync()[0];
          return tf.mean(tf.sub(cost, tf.mul(scale, value))) as tf.Scalar;
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
    this.#slow.forEach((slow, k) => follow(slow, this.#critics[k], this.#knobs.following));
    const [criticLoss, actorLoss, entropy] = result;
    return { criticLoss, actorLoss, entropy };
  }

  /** Actions by some noise, and log π of each. */
  #decide(input: tf.Tensor2D, noise: tf.Tensor2D) {
    const [mean, raw] = tf.split(this.#actor.forward(input), 2, 1) as tf.Tensor2D[];
    const logStd = tf.clipByValue(raw, LOG_STD[0], LOG_STD[1]);
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
