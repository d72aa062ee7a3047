/**
 * The market as some homes learn to work it for themselves: in each community a few homes decide by
 * what is learned, and the others by a policy that stands still.
 *
 * A home is rewarded with what it gains against acting by that policy as well. So beside each community
 * plays a twin with the same days and forecasts, in which all homes do: its cost is a baseline that no
 * action changes, and what weather and neighbours do to a bill cancels out. A community critic sees the
 * home in both. What the home has stored more than its twin counts at the twin's price as soon as it is
 * stored, so that a gain is seen where it is made; the sum over an episode stays what it gains.
 *
 * Sources: Mao et al., Variance Reduction for Reinforcement Learning in Input-Driven Environments, 2019,
 * theorem 1; potentials: Ng, Harada and Russell, Policy invariance under reward transformations, 1999.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { numbersOfCurves } from "../policies/curve_numbers.ts";
import type { Policy } from "../policies/policy.ts";
import { type Stream, stream } from "../random.ts";
import type { Blocks } from "./blocks.ts";
import { drawEpisodes } from "./market_environment.ts";
import { createSeats, type Seats } from "./seats.ts";
import type { StepResult, VectorEnvironment, VectorObservation } from "./vector_environment.ts";

/** Who learns, and who does not. */
export interface SeatedMarketOptions {
  /** First slots of the episodes to draw from. */
  readonly firstSlots: readonly number[];
  /** How all others decide, at once. */
  readonly policy: Policy;
  /** Homes of each community that learn, as many in each. `[communities][seats]` */
  readonly seats: readonly (readonly number[])[];
  /** Kinds of stores that the network knows; those of the homes if absent. */
  readonly kinds?: readonly string[];
  /** Factor on rewards, to bring them to order 1. */
  readonly rewardScale: number;
}

/** A market in which everybody has decided, but seats may decide anew. */
interface Play {
  readonly env: EnergyMarketEnv;
  readonly seats: Seats;
  /** Has the policy decide for all homes. */
  decide(): void;
}

/** Homes that learn for themselves, as a {@linkcode VectorEnvironment} that resets itself. */
export class SeatedMarketEnvironment implements VectorEnvironment {
  /** Rows of all seats. */
  readonly rows: number;
  /** Rows of a community's seats. */
  readonly agentsPerCommunity: number;
  /** Features of either block. */
  readonly observationSize: Blocks<number>;
  /** Numbers of a row. */
  readonly actionSize: number;
  /** A community critic also sees the home as it would stand by the policy. */
  readonly criticObservationSize: Blocks<number>;

  readonly #options: SeatedMarketOptions;
  readonly #real: Play;
  readonly #twin: Play;
  readonly #criticOwn: Float64Array;
  readonly #reward: Float64Array;
  readonly #terminated: Uint8Array;
  readonly #truncated: Uint8Array;
  /** Latest price of each community's twin. [currency/kWh] */
  readonly #price: Float64Array;
  /** What is stored more than by the twin, as it counts already. `[communities × seats]` [currency] */
  readonly #ahead: Float64Array;
  #random: Stream = stream(0);
  #decided = false;

  /**
   * Prepares the market; {@linkcode SeatedMarketEnvironment.reset} starts it.
   *
   * @throws {RangeError} As {@linkcode EnergyMarketEnv} does, or if the policy takes its time.
   */
  constructor(dataset: Dataset, config: EnvironmentConfig, options: SeatedMarketOptions) {
    this.#options = options;
    this.#real = begun(dataset, config, options);
    this.#twin = begun(dataset, config, options);
    const { env, seats } = this.#real;
    const common = env.observationSpace.common.length;
    this.rows = seats.rows;
    this.agentsPerCommunity = seats.rows / options.seats.length;
    this.observationSize = { common, own: seats.own.length };
    this.criticObservationSize = { common, own: 2 * seats.own.length };
    this.actionSize = seats.numbers.length;
    this.#criticOwn = new Float64Array(2 * this.rows * seats.own.length);
    this.#reward = new Float64Array(this.rows);
    this.#terminated = new Uint8Array(this.rows);
    this.#truncated = new Uint8Array(this.rows);
    this.#price = new Float64Array(options.seats.length);
    this.#ahead = new Float64Array(options.seats.length * options.seats[0].length);
  }

  /** Starts the first episodes, on days and with forecasts that the seed decides. */
  reset(seed: number): VectorObservation {
    this.#random = stream(seed, "episodes");
    this.#begin();
    return this.#seen();
  }

  /** Carries out one slot; after the last of an episode the next one begins. */
  step(actions: Float64Array): StepResult {
    this.#decide();
    this.#decided = false;
    const { env, seats } = this.#real;
    seats.decide(actions, env.decision);
    this.#twin.decide();
    const { reward, terminated } = env.step();
    const { reward: untouched } = this.#twin.env.step();
    const { seats: sitting, rewardScale } = this.#options;
    const perSeat = this.agentsPerCommunity / sitting[0].length;
    const { clearingPricePerKwh } = this.#twin.env.world.ledger;
    let row = 0;
    sitting.forEach((homes, c) => {
      if (!Number.isNaN(clearingPricePerKwh[c])) this.#price[c] = clearingPricePerKwh[c];
      homes.forEach((home, k) => {
        const at = c * env.homes + home, seat = c * homes.length + k;
        const ahead = terminated ? 0 : this.#price[c] * this.#storedMoreKwh(c, home);
        const gain = reward[at] - untouched[at] + ahead - this.#ahead[seat];
        this.#ahead[seat] = ahead;
        this.#reward.fill(rewardScale * gain, row, row += perSeat);
      });
    });
    this.#terminated.fill(terminated ? 1 : 0);
    if (terminated) this.#begin();
    return {
      observation: this.#seen(),
      reward: this.#reward,
      terminated: this.#terminated,
      truncated: this.#truncated,
    };
  }

  /** What the homes would do by the policy. */
  teach(actions: Float64Array, weights: Float64Array): void {
    this.#decide();
    const { env: { world, decision }, seats } = this.#real;
    const { numbers, curves: { stepCount } } = decision;
    const counts = stepCount.slice();
    numbersOfCurves(world, decision);
    stepCount.set(counts);
    seats.copy(numbers, actions);
    weights.fill(1);
  }

  /** What a community critic sees: each home as it stands, and as it would. */
  criticObservation(): VectorObservation {
    const { common, own } = this.#seen();
    const { env, seats } = this.#twin;
    const twin = seats.see(env.observation.own);
    const size = this.observationSize.own;
    for (let row = 0; row < this.rows; row++) {
      const from = row * size, to = from + size;
      this.#criticOwn.set(own.subarray(from, to), 2 * from);
      this.#criticOwn.set(twin.subarray(from, to), 2 * from + size);
    }
    return { common, own: this.#criticOwn };
  }

  /** What a home's stores hold more than those of its twin. [kWh] */
  #storedMoreKwh(c: number, home: number): number {
    const { world: { stores, state: { energyKwh } } } = this.#real.env;
    const twin = this.#twin.env.state.energyKwh;
    return stores.reduce((sum, { owner }, s) => {
      const k = c * stores.length + s;
      return owner === home ? sum + energyKwh[k] - twin[k] : sum;
    }, 0);
  }

  #seen(): VectorObservation {
    const { env: { observation: { common, own } }, seats } = this.#real;
    return { common, own: seats.see(own) };
  }

  #decide(): void {
    if (!this.#decided) this.#real.decide();
    this.#decided = true;
  }

  #begin(): void {
    const { firstSlots, seats } = this.#options;
    const episodes = drawEpisodes(this.#random, firstSlots, seats.length);
    this.#real.env.reset(episodes);
    this.#twin.env.reset(episodes);
    this.#price.fill(0);
    this.#ahead.fill(0);
  }
}

function begun(
  dataset: Dataset,
  config: EnvironmentConfig,
  { policy, seats, kinds }: SeatedMarketOptions,
): Play {
  const env = new EnergyMarketEnv(dataset, config, seats.length);
  const act = policy.begin(env);
  if (typeof act !== "function") throw new RangeError(`${policy.name} has to decide at once`);
  return {
    env,
    seats: createSeats(env.world, seats, kinds),
    decide: () => void act(env.observation, env.decision),
  };
}
