/**
 * The environment: communities of prosumers that trade energy, slot by slot.
 *
 * B communities with the same households, each on a day of its own, step together in flat arrays;
 * B = 1 is the same code, and B communities equal B single ones bit for bit. In a slot:
 *
 *     observe → policy → raw action → feasibility filter (per agent) → community limit
 *             → orders → auction → settlement → batteries advance → reward
 *
 * The reward is the negative of the cost, so that the sum of rewards *is* the evaluated cost:
 *
 *     cost = bill + carbon price × CO2 + wear + unserved + peak and ramp (shared) + final energy
 *
 * where a shortfall of stored energy at the end of the episode is charged at the episode's highest
 * import price and a surplus earns nothing. A step allocates nothing.
 *
 * @module
 */

import { type Dataset, validateDataset } from "../data/profiles.ts";
import { slotsPerDay } from "../units.ts";
import { createForecaster } from "../data/forecast.ts";
import { chargeFinalEnergy } from "./account.ts";
import { ACTION_SIZE, readActions } from "./action.ts";
import { createAhead } from "./ahead.ts";
import { defaultEnvironmentConfig, type EnvironmentConfig } from "./config.ts";
import type { Ledger } from "./ledger.ts";
import { createMemory } from "./memory.ts";
import { createObserver, type Observer } from "./observer.ts";
import { createPhases, type Phases } from "./phases.ts";
import { createSlotContext, type SlotContext } from "./slot.ts";
import { copyState, createState, type MarketState, resetState } from "./state.ts";
import { trade } from "./trade.ts";

/** Where and with which forecasts an episode begins. */
export interface ResetOptions {
  /** Seed of the forecasts. */
  readonly seed: number;
  /** First slot of each community's episode in the data set. `[communities]` */
  readonly firstSlots: ArrayLike<number>;
}

/** What a step answers; all arrays belong to the environment and the next step overwrites them. */
export interface MarketStep {
  /** What every row sees next; zeros after the last slot. `[rows × OBSERVATION_SIZE]` */
  readonly observation: Float64Array;
  /** Negative cost of every row. `[rows]` [currency] */
  readonly reward: Float64Array;
  /** Whether this was the episode's last slot. */
  readonly terminated: boolean;
  /** Never: the end of the horizon is terminal, since final energy is settled there. */
  readonly truncated: false;
  /** The books of the slot. */
  readonly info: Ledger;
}

/**
 * Communities of prosumers that trade energy.
 *
 * @example
 * ```ts
 * import { EnergyMarketEnv } from "./energy_market_env.ts";
 * import { synthesize } from "../data/synthetic.ts";
 * const env = new EnergyMarketEnv(synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 1 }));
 * env.reset({ seed: 7, firstSlots: [24] });
 * const idle = new Float64Array(env.rows * 3);
 * let cost = 0;
 * for (let slot = 0; slot < env.slotsPerEpisode; slot++) {
 *   for (const reward of env.step(idle).reward) cost -= reward;
 * }
 * if (!(cost > 0)) throw new Error("a day costs something");
 * ```
 */
export class EnergyMarketEnv {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** Communities that step together, B. */
  readonly communities: number;
  /** Prosumers in each community, N. */
  readonly prosumers: number;
  /** Agents in all, B × N; row `c × N + i` is prosumer i of community c. */
  readonly rows: number;
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
  /** What every row sees now. `[rows × OBSERVATION_SIZE]` */
  readonly observation: Float64Array;
  /** State between slots; planners read it, nobody else writes it. */
  readonly state: MarketState;
  /** Writes the observations, and holds the forecasts that they show. */
  readonly observer: Observer;

  readonly #context: SlotContext;
  readonly #phases: Phases;
  readonly #result: { -readonly [K in keyof MarketStep]: MarketStep[K] };

  /**
   * Prepares communities; {@linkcode EnergyMarketEnv.reset} starts their episodes.
   *
   * @throws {RangeError} If `communities` is not positive or the data set has no whole episode.
   */
  constructor(
    dataset: Dataset,
    config: EnvironmentConfig = defaultEnvironmentConfig,
    communities: number = 1,
  ) {
    if (!Number.isInteger(communities) || communities < 1) {
      throw new RangeError(`communities must be a whole number of at least 1, got ${communities}`);
    }
    validateDataset(dataset);
    const { community: { prosumers }, profiles: { grid } } = dataset;
    this.dataset = dataset;
    this.config = config;
    this.communities = communities;
    this.prosumers = prosumers.length;
    this.rows = communities * prosumers.length;
    this.slotsPerEpisode = config.episodeDays * slotsPerDay(grid.dtHours);
    if (this.slotsPerEpisode > grid.slots) {
      throw new RangeError(
        `episodeDays must fit into the data set, got ${config.episodeDays} days of ` +
          `${this.slotsPerEpisode / config.episodeDays} slots and only ${grid.slots} slots of data`,
      );
    }
    const ahead = createAhead(grid.dtHours);
    // Planners look to the end of the episode, which may lie beyond what agents see.
    const furthest = Math.max(ahead.horizon, this.slotsPerEpisode);
    const forecaster = createForecaster(config.forecast, grid.dtHours, furthest);
    const memory = createMemory(dataset, config, communities, forecaster, ahead);
    this.#context = createSlotContext(dataset, config, communities, memory);
    this.#phases = createPhases(this.#context, memory);
    this.observer = createObserver(dataset, this.slotsPerEpisode, forecaster, ahead, memory);
    this.observation = memory.float64.observation;
    this.state = this.#context.state;
    this.#result = {
      observation: this.observation,
      reward: new Float64Array(this.rows),
      terminated: false,
      truncated: false,
      info: this.#context.ledger,
    };
    this.state.step = this.slotsPerEpisode;
  }

  /**
   * Starts an episode in every community.
   *
   * @returns What every row sees. `[rows × OBSERVATION_SIZE]`
   * @throws {RangeError} If an episode would not lie within the data set.
   */
  reset({ seed, firstSlots }: ResetOptions): Float64Array {
    const { importPricePerKwh, grid } = this.dataset.profiles;
    if (firstSlots.length !== this.communities) {
      throw new RangeError(
        `firstSlots must have one slot per community (${this.communities}), got ${firstSlots.length}`,
      );
    }
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`seed must be a whole number, got ${seed}`);
    }
    for (let c = 0; c < this.communities; c++) {
      const first = firstSlots[c];
      if (!Number.isInteger(first) || first < 0 || first + this.slotsPerEpisode > grid.slots) {
        throw new RangeError(
          `firstSlots[${c}] must leave room for ${this.slotsPerEpisode} slots in the data set's ` +
            `${grid.slots}, got ${first}`,
        );
      }
    }
    for (let c = 0; c < this.communities; c++) {
      const first = firstSlots[c];
      const end = first + this.slotsPerEpisode;
      this.state.firstSlot[c] = first;
      let highest = -Infinity;
      for (let t = first; t < end; t++) highest = Math.max(highest, importPricePerKwh[t]);
      this.state.highestImportPricePerKwh[c] = highest;
    }
    this.state.seed = seed;
    resetState(this.state, this.#context.batteries, this.config.initialSoc);
    return this.#observe();
  }

  /**
   * Carries out one slot.
   *
   * @param actions Raw actions, see {@link ./action.ts}; any numbers, NaN too. `[rows × 3]`
   * @throws {RangeError} If there are too few actions, or the episode is over.
   */
  step(actions: Float64Array): MarketStep {
    if (actions.length !== this.rows * ACTION_SIZE) {
      throw new RangeError(
        `actions must have ${this.rows} × ${ACTION_SIZE} numbers, got ${actions.length}`,
      );
    }
    if (this.state.step >= this.slotsPerEpisode) {
      throw new RangeError("the episode is over; call reset before the next step");
    }
    const { ledger } = this.#context;
    const { step, firstSlot } = this.state;
    const last = step === this.slotsPerEpisode - 1;
    readActions(actions, this.#context.actions);
    for (let c = 0; c < this.communities; c++) ledger.slot[c] = firstSlot[c] + step;
    this.#phases.order();
    for (let c = 0; c < this.communities; c++) trade(this.#context, c, ledger.slot[c]);
    this.#phases.account();
    if (last) {
      for (let c = 0; c < this.communities; c++) chargeFinalEnergy(this.#context, c);
    }
    for (let row = 0; row < this.rows; row++) this.#result.reward[row] = -ledger.cost[row];
    this.state.step++;
    this.#observe();
    this.#result.terminated = last;
    return this.#result;
  }

  /** A copy of everything that {@linkcode EnergyMarketEnv.restore} needs to go on from here. */
  snapshot(): MarketState {
    const copy = createState(this.communities, this.prosumers);
    copyState(this.state, copy);
    return copy;
  }

  /**
   * Goes on, bit for bit, from where a snapshot of the same data set was taken.
   *
   * @returns What every row sees. `[rows × OBSERVATION_SIZE]`
   * @throws {RangeError} If the snapshot has another number of communities or prosumers.
   */
  restore(snapshot: MarketState): Float64Array {
    const { firstSlot, energyKwh } = snapshot;
    if (firstSlot.length !== this.communities || energyKwh.length !== this.rows) {
      throw new RangeError(
        `snapshot must have ${this.communities} communities and ${this.rows} rows, got ` +
          `${firstSlot.length} and ${energyKwh.length}`,
      );
    }
    copyState(snapshot, this.state);
    return this.#observe();
  }

  #observe(): Float64Array {
    if (this.state.step >= this.slotsPerEpisode) return this.observation.fill(0);
    this.observer.write(this.state);
    return this.observation;
  }
}
