/**
 * Many different communities as PPO trains on them at once. A place plays a week of one community, then
 * of another; in each a few homes with stores are the learner's, and the others act as the teacher
 * says. So communities of all sizes fill rows of one length.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { MarketState } from "../env/columns.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { restoreStream, type Stream, stream, type StreamState } from "../random.ts";
import type { Blocks } from "./blocks.ts";
import { drawEpisodes } from "./market_environment.ts";
import { requireSameShape } from "./same_shape.ts";
import { createTeacher, type Teach } from "./teacher.ts";
import { type RewardConfig, trainingReward } from "./training_reward.ts";
import type { StepResult, VectorEnvironment, VectorObservation } from "./vector_environment.ts";

/** A community to learn from. */
export interface Member {
  /** Homes and profiles; one of them at least has a store. */
  readonly dataset: Dataset;
  /** Its rules. */
  readonly config: EnvironmentConfig;
  /** First slots of the episodes to draw from. */
  readonly firstSlots: readonly number[];
}

/** How communities are presented. */
export interface MixedMarketOptions extends RewardConfig {
  /** Communities that play at once; fewer than there are. */
  readonly places: number;
  /** Homes of each that are the learner's. */
  readonly seats: number;
}

/** What a place remembers. */
interface PlaceState {
  readonly member: number;
  readonly seats: Int32Array;
  readonly market: MarketState;
}

/** A community, its teacher, and what the teacher says now. */
interface Stage {
  readonly env: EnergyMarketEnv;
  readonly teach: Teach;
  readonly said: Float64Array;
  readonly weighed: Float64Array;
  readonly reward: Float64Array;
}

/** Different communities as one {@linkcode VectorEnvironment} that resets itself. */
export class MixedMarketEnvironment implements VectorEnvironment {
  /** Places × seats. */
  readonly rows: number;
  /** Seats. */
  readonly agentsPerCommunity: number;
  /** Features of either block, alike in all communities. */
  readonly observationSize: Blocks<number>;
  /** Numbers of a home. */
  readonly actionSize: number;
  /** What each row sees, feature by feature. */
  readonly observationNames: readonly string[];

  readonly #members: readonly Member[];
  readonly #options: MixedMarketOptions;
  readonly #stages = new Map<number, Stage>();
  readonly #playing: number[];
  readonly #seats: Int32Array;
  readonly #observation: Blocks<Float64Array>;
  readonly #reward: Float64Array;
  readonly #terminated: Uint8Array;
  readonly #truncated: Uint8Array;
  #random: Stream = stream(0);
  /** Whether the teacher has spoken since the last step. */
  #taught = false;

  /**
   * Prepares communities; {@linkcode MixedMarketEnvironment.reset} starts them.
   *
   * @throws {RangeError} If there are fewer communities than places.
   */
  constructor(members: readonly Member[], options: MixedMarketOptions) {
    if (members.length < options.places) {
      throw new RangeError(
        `places must be at most the ${members.length} communities, got ${options.places}`,
      );
    }
    this.#members = members;
    this.#options = options;
    const { env } = this.#stage(0);
    const { common, own } = env.observationSpace;
    this.rows = options.places * options.seats;
    this.agentsPerCommunity = options.seats;
    this.observationSize = { common: common.length, own: own.length };
    this.observationNames = [...common, ...own];
    this.actionSize = env.actionSpace.names.length;
    this.#playing = new Array<number>(options.places).fill(-1);
    this.#seats = new Int32Array(this.rows);
    this.#observation = {
      common: new Float64Array(options.places * common.length),
      own: new Float64Array(this.rows * own.length),
    };
    this.#reward = new Float64Array(this.rows);
    this.#terminated = new Uint8Array(this.rows);
    this.#truncated = new Uint8Array(this.rows);
  }

  /** Starts the first episodes, in communities that the seed decides. */
  reset(seed: number): VectorObservation {
    this.#random = stream(seed, "episodes");
    this.#playing.fill(-1);
    this.#taught = false;
    for (let place = 0; place < this.#playing.length; place++) this.#begin(place);
    return this.#observation;
  }

  /** Carries out one slot in every place; after the last of an episode another community plays. */
  step(actions: Float64Array): StepResult {
    if (!this.#taught) this.#ask();
    this.#taught = false;
    const { seats } = this.#options;
    for (let place = 0; place < this.#playing.length; place++) {
      const { env, said, reward } = this.#stage(this.#playing[place]);
      for (let row = place * seats; row < (place + 1) * seats; row++) {
        const own = actions.subarray(row * this.actionSize, (row + 1) * this.actionSize);
        said.set(own, this.#seats[row] * this.actionSize);
      }
      const step = env.step(said);
      trainingReward(env, step, this.#options, reward);
      for (let row = place * seats; row < (place + 1) * seats; row++) {
        this.#reward[row] = reward[this.#seats[row]];
        this.#terminated[row] = step.terminated ? 1 : 0;
      }
      if (step.terminated) this.#begin(place);
      else this.#see(place);
    }
    return {
      observation: this.#observation,
      reward: this.#reward,
      terminated: this.#terminated,
      truncated: this.#truncated,
    };
  }

  /** What each home's dynamic programme would say. */
  teach(actions: Float64Array, weights: Float64Array): void {
    this.#ask();
    const { seats } = this.#options;
    for (let row = 0; row < this.rows; row++) {
      const { said, weighed } = this.#stage(this.#playing[Math.floor(row / seats)]);
      const from = this.#seats[row] * this.actionSize, to = from + this.actionSize;
      actions.set(said.subarray(from, to), row * this.actionSize);
      weights.set(weighed.subarray(from, to), row * this.actionSize);
    }
  }

  /** Everything that {@linkcode MixedMarketEnvironment.restore} needs. */
  state(): { readonly places: readonly PlaceState[]; readonly random: StreamState } {
    const { seats } = this.#options;
    return {
      places: this.#playing.map((member, place) => ({
        member,
        seats: this.#seats.slice(place * seats, (place + 1) * seats),
        market: this.#stage(member).env.snapshot(),
      })),
      random: this.#random.state(),
    };
  }

  /** Goes on, bit for bit, from where a state was taken. */
  restore(state: unknown): VectorObservation {
    const { places, random } = state as ReturnType<MixedMarketEnvironment["state"]>;
    const remedy = "the state of the communities is of others than these; train again";
    if (!Array.isArray(places) || places.length !== this.#playing.length) {
      throw new RangeError(remedy);
    }
    this.#taught = false;
    places.forEach(({ member, seats, market }: PlaceState, place) => {
      if (!Number.isInteger(member) || !(member in this.#members)) throw new RangeError(remedy);
      const { env } = this.#stage(member);
      const fits = seats.every((home) => home >= 0 && home < env.homes) &&
        seats.length === this.#options.seats;
      if (!fits) throw new RangeError(remedy);
      requireSameShape(market, env.snapshot(), "the state of a community");
      this.#playing[place] = member;
      this.#seats.set(seats, place * this.#options.seats);
      env.restore(market);
      this.#see(place);
    });
    this.#random = restoreStream(random);
    return this.#observation;
  }

  /** A community, prepared when it plays for the first time. */
  #stage(member: number): Stage {
    const there = this.#stages.get(member);
    if (there !== undefined) return there;
    const { dataset, config, firstSlots } = this.#members[member];
    const env = new EnergyMarketEnv(dataset, config);
    const stage = {
      env,
      teach: createTeacher(env, firstSlots),
      said: new Float64Array(env.decision.numbers.length),
      weighed: new Float64Array(env.decision.numbers.length),
      reward: new Float64Array(env.rows),
    };
    this.#stages.set(member, stage);
    return stage;
  }

  /** Another community takes a place: one that plays nowhere else. */
  #begin(place: number): void {
    const free = this.#members.map((_, member) => member)
      .filter((member) => !this.#playing.includes(member) || this.#playing[place] === member);
    const member = free[this.#random.below(free.length)];
    this.#playing[place] = member;
    const { env } = this.#stage(member);
    env.reset(drawEpisodes(this.#random, this.#members[member].firstSlots, 1));
    const { stores } = env.world;
    for (let k = 0; k < this.#options.seats; k++) {
      const { owner } = stores[this.#random.below(stores.length)];
      this.#seats[place * this.#options.seats + k] = owner;
    }
    this.#see(place);
  }

  /** Copies what the learner's homes see. */
  #see(place: number): void {
    const { common: commonSize, own: ownSize } = this.observationSize;
    const { observation: { common, own } } = this.#stage(this.#playing[place]).env;
    this.#observation.common.set(common, place * commonSize);
    const { seats } = this.#options;
    for (let row = place * seats; row < (place + 1) * seats; row++) {
      const from = this.#seats[row] * ownSize;
      this.#observation.own.set(own.subarray(from, from + ownSize), row * ownSize);
    }
  }

  /** Has every teacher speak for all homes. */
  #ask(): void {
    for (const member of this.#playing) {
      const { teach, said, weighed } = this.#stage(member);
      const { numbers, weights } = teach();
      said.set(numbers);
      weighed.set(weights);
    }
    this.#taught = true;
  }
}
