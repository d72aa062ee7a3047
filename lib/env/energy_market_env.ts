/**
 * The environment: communities of homes that trade energy, slot by slot.
 *
 * B communities with the same homes, each in an episode of its own, step together in flat arrays;
 * B = 1 is the same code, and B communities equal B single ones bit for bit. A slot is a list of
 * stages, each a function that can be read by itself:
 *
 *     observe → decide → filter → clear → settle → advance
 *
 * `observe` writes what every home sees, a policy decides what stored energy is worth to it, the
 * filter keeps each store within what it can do, a market mechanism clears everybody's curves into
 * one price and what every store does, everything is paid, and stores go on. The reward is the
 * negative of the cost, so that the sum of rewards *is* the evaluated cost ({@link ./settle.ts}).
 *
 * Where orders are inelastic, stores move first and the market books the rest
 * ({@link ./inelastic.ts}).
 *
 * @module
 */

import { type Dataset, validateDataset } from "../data/profiles.ts";
import { LARGEST_PRICE_PER_KWH } from "../market/curves.ts";
import type { MarketBook } from "../market/market_book.ts";
import { mechanismNamed } from "../market/mechanisms/mod.ts";
import { slotsPerDay } from "../units.ts";
import { advance } from "./advance.ts";
import { beginPeriod, DAYS_PER_MONTH } from "./billing.ts";
import { clearCurves, filterCurves, prepareBook } from "./clear.ts";
import { allocateState, copyState, type Ledger, type MarketState } from "./columns.ts";
import { atOwnTariffs, defaultEnvironmentConfig, type EnvironmentConfig } from "./config.ts";
import type { Decision } from "./decision.ts";
import { billOrders, createOrderMarket, filterPowers, placeOrders } from "./inelastic.ts";
import { giveFeesBack, watchGrid } from "./grid.ts";
import { createObservation, createObserver, type Observation, type Observer } from "./observe.ts";
import { settle, settleEnd } from "./settle.ts";
import type { ActionSpace, ObservationSpace } from "./spaces.ts";
import { resetState, updateLimits } from "./state.ts";
import { createWorld, type World } from "./world.ts";

/** Where and with which forecasts an episode begins. */
export interface ResetOptions {
  /** Seed of the forecasts. */
  readonly seed: number;
  /** First slot of each community's episode in the data set. `[communities]` */
  readonly firstSlots: ArrayLike<number>;
}

/** What an environment is asked to do besides playing. */
export interface EnvironmentOptions {
  /**
   * Whether it works out what homes see: most of the time of a slot where every community passes days
   * of its own. Without, `observation` stands at NaN. Default `true`.
   */
  readonly observes?: boolean;
}

/** What a step answers; all arrays belong to the environment and the next step overwrites them. */
export interface MarketStep {
  /** What every home sees next; zeros after the last slot. */
  readonly observation: Observation;
  /** Negative cost of every home. `[rows]` [currency] */
  readonly reward: Float64Array;
  /** Whether this was the episode's last slot. */
  readonly terminated: boolean;
  /** Never: the end of the horizon is terminal, since stored energy is settled there. */
  readonly truncated: false;
  /** The books of the slot. */
  readonly info: Ledger;
}

/** A stage of a slot for one community. */
type Stage = (c: number, slot: number) => void;

/**
 * Communities of homes that trade energy.
 *
 * @example
 * ```ts
 * import { EnergyMarketEnv } from "./energy_market_env.ts";
 * import { synthesize } from "../data/synthetic.ts";
 * const env = new EnergyMarketEnv(synthesize({ seed: 1, prosumers: 4, days: 8, dtHours: 1 }));
 * env.reset({ seed: 7, firstSlots: [24] });
 * let cost = 0;
 * for (let slot = 0; slot < env.slotsPerEpisode; slot++) {
 *   env.decision.numbers.fill(0);
 *   for (const reward of env.step().reward) cost -= reward;
 * }
 * if (!(cost > 0)) throw new Error("a week costs something");
 * ```
 */
export class EnergyMarketEnv {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** Communities that step together, B. */
  readonly communities: number;
  /** Homes in each community, N. */
  readonly homes: number;
  /** Agents in all, B × N; row `c × N + i` is home i of community c. */
  readonly rows: number;
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
  /** What agents see, by name. */
  readonly observationSpace: ObservationSpace;
  /** What agents say, by name. */
  readonly actionSpace: ActionSpace;
  /** What every home sees now; NaN if the environment does not observe. */
  readonly observation: Observation;
  /** What agents say; written by policies before a step. */
  readonly decision: Decision;
  /** All that the stages share; planners read it, nobody else writes it. */
  readonly world: World;
  /** The latest slot's book; `null` where orders are inelastic. */
  readonly book: MarketBook | null;

  readonly #stages: readonly Stage[];
  readonly #observe: Observer | null;
  readonly #result: { -readonly [K in keyof MarketStep]: MarketStep[K] };

  /**
   * Prepares communities; {@linkcode EnergyMarketEnv.reset} starts their episodes.
   *
   * @throws {RangeError} If `communities` is not positive, the data set has no whole episode, or the
   * rules do not fit it.
   */
  constructor(
    dataset: Dataset,
    rules: EnvironmentConfig = defaultEnvironmentConfig,
    communities: number = 1,
    { observes = true }: EnvironmentOptions = {},
  ) {
    const config = atOwnTariffs(rules, dataset);
    if (!Number.isInteger(communities) || communities < 1) {
      throw new RangeError(`communities must be a whole number of at least 1, got ${communities}`);
    }
    validateDataset(dataset);
    const { grid } = dataset.profiles;
    this.slotsPerEpisode = config.episodeDays * slotsPerDay(grid.dtHours);
    if (this.slotsPerEpisode > grid.slots) {
      throw new RangeError(
        `episodeDays must fit into the data set, got ${config.episodeDays} days of ` +
          `${this.slotsPerEpisode / config.episodeDays} slots and only ${grid.slots} slots of data`,
      );
    }
    this.world = createWorld(dataset, config, communities, this.slotsPerEpisode);
    const { world } = this;
    requireCapAboveTariffs(world);
    requireCurvesOnNetwork(world);
    requireNetworkToRefund(world);
    requirePricing(world);
    if (world.book !== null) requireMarketPrices(world);
    this.dataset = dataset;
    this.config = config;
    this.communities = communities;
    this.homes = world.homes;
    this.rows = communities * world.homes;
    this.observationSpace = world.spaces.observation;
    this.actionSpace = world.spaces.action;
    this.decision = world.decision;
    this.book = world.book;
    this.observation = createObservation(this.observationSpace, communities, world.homes);
    this.#observe = observes ? createObserver(world, this.observation) : null;
    if (!observes) { for (const block of Object.values(this.observation)) block.fill(NaN); }
    this.#stages = stagesOf(world);
    this.#result = {
      observation: this.observation,
      reward: new Float64Array(this.rows),
      terminated: false,
      truncated: false,
      info: world.ledger,
    };
    world.state.step = this.slotsPerEpisode;
  }

  /** State between slots; planners read it, nobody else writes it. */
  get state(): MarketState {
    return this.world.state;
  }

  /**
   * Starts an episode in every community.
   *
   * @returns What every home sees.
   * @throws {RangeError} If an episode would not lie within the data set.
   */
  reset({ seed, firstSlots }: ResetOptions): Observation {
    const { slots } = this.dataset.profiles.grid;
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
      if (Number.isInteger(first) && first >= 0 && first + this.slotsPerEpisode <= slots) continue;
      throw new RangeError(
        `firstSlots[${c}] must leave room for ${this.slotsPerEpisode} slots in the data set's ` +
          `${slots}, got ${first}`,
      );
    }
    resetState(this.world, seed, firstSlots);
    this.#enterSlot();
    return this.observation;
  }

  /**
   * Carries out one slot by what stands in `decision`.
   *
   * @param numbers Numbers of all homes, in place of those in the decision; any numbers, NaN too.
   * `[rows × numbers]`
   * @throws {RangeError} If there are too few numbers, or the episode is over.
   */
  step(numbers?: Float64Array): MarketStep {
    const { state, ledger, decision } = this.world;
    if (numbers !== undefined) {
      if (numbers.length !== decision.numbers.length) {
        throw new RangeError(
          `actions must have ${this.rows} × ${this.actionSpace.names.length} numbers, got ` +
            `${numbers.length}`,
        );
      }
      decision.numbers.set(numbers);
      decision.curves.stepCount.fill(0);
    }
    if (state.step >= this.slotsPerEpisode) {
      throw new RangeError("the episode is over; call reset before the next step");
    }
    const last = state.step === this.slotsPerEpisode - 1;
    for (let c = 0; c < this.communities; c++) {
      const slot = state.firstSlot[c] + state.step;
      ledger.slot[c] = slot;
      for (const stage of this.#stages) stage(c, slot);
      if (last) settleEnd(this.world, c);
      advance(this.world, c);
    }
    for (let row = 0; row < this.rows; row++) this.#result.reward[row] = -ledger.cost[row];
    decision.curves.stepCount.fill(0);
    state.step++;
    this.#enterSlot();
    this.#result.terminated = last;
    return this.#result;
  }

  /** A copy of everything that {@linkcode EnergyMarketEnv.restore} needs to go on from here. */
  snapshot(): MarketState {
    const copy = allocateState({
      community: this.communities,
      home: this.rows,
      store: this.communities * this.world.stores.length,
    });
    copyState(this.state, copy);
    return copy;
  }

  /**
   * Goes on, bit for bit, from where a snapshot of the same data set was taken.
   *
   * @returns What every home sees.
   * @throws {RangeError} If the snapshot has another number of communities or stores.
   */
  restore(snapshot: MarketState): Observation {
    const { firstSlot, energyKwh } = snapshot;
    const stores = this.communities * this.world.stores.length;
    if (firstSlot.length !== this.communities || energyKwh.length !== stores) {
      throw new RangeError(
        `snapshot must have ${this.communities} communities and ${stores} stores, got ` +
          `${firstSlot.length} and ${energyKwh.length}`,
      );
    }
    copyState(snapshot, this.state);
    this.#enterSlot();
    return this.observation;
  }

  #enterSlot(): void {
    const { state } = this.world;
    const left = this.slotsPerEpisode - state.step;
    if (left <= 0) {
      if (this.#observe === null) return;
      this.observation.common.fill(0);
      this.observation.own.fill(0);
      return;
    }
    for (let c = 0; c < this.communities; c++) {
      const slot = state.firstSlot[c] + state.step;
      beginPeriod(this.world, c, slot);
      updateLimits(this.world, c, slot);
      this.#observe?.(c, slot, left);
    }
  }
}

/** What happens between a decision and the next slot, in order. */
function stagesOf(world: World): readonly Stage[] {
  const settleSlot: Stage = (c, slot) => settle(world, c, slot);
  const { book } = world;
  if (book === null) {
    const clearOrders = createOrderMarket(world);
    return [
      (c, slot) => filterPowers(world, c, slot),
      (c, slot) => placeOrders(world, c, slot),
      clearOrders,
      (c, slot) => billOrders(world, c, slot),
      (c, slot) => watchGrid(world, c, slot),
      (c) => giveFeesBack(world, c),
      settleSlot,
    ];
  }
  const mechanism = mechanismNamed(world.config.market.mechanism);
  prepareBook(world, book);
  return [
    (c, slot) => filterCurves(world, book, c, slot),
    (c) => clearCurves(world, book, mechanism, c),
    (c, slot) => watchGrid(world, c, slot),
    (c) => giveFeesBack(world, c),
    settleSlot,
  ];
}

/** Prices and rules must be of one configuration. */
function requirePricing({ config: { tariffs }, dataset: { charges } }: World): void {
  if (JSON.stringify(tariffs) === JSON.stringify(charges?.tariffs)) return;
  throw new RangeError(
    "environment.tariffs must be what the data set is priced by: put priced(dataset, tariffs) in its " +
      "place",
  );
}

/** A cap below a tariff would forbid what the grid sells. */
function requireCapAboveTariffs({ config, tariffs }: World): void {
  const cap = config.market.priceCapPerKwh;
  if (cap === null) return;
  for (const { importPricePerKwh } of tariffs.classes) {
    const highest = importPricePerKwh.reduce((most, price) => Math.max(most, price), -Infinity);
    if (!(highest > cap)) continue;
    throw new RangeError(
      `environment.market.priceCapPerKwh must be at least every import price, got ${cap}; ` +
        `the highest is ${highest}, and null is no cap but the value of lost load`,
    );
  }
}

/** Envelopes are cut out of curves. */
function requireCurvesOnNetwork({ grid, config: { market } }: World): void {
  if (market.orders === "curves" || grid === null || grid.allocation === null) return;
  throw new RangeError(
    'market.orders must be "curves" where homes have operating envelopes, got "inelastic"; ' +
      'set network.envelopes to "none" to go without',
  );
}

/** Who is near is said by the network. */
function requireNetworkToRefund({ grid, config: { network } }: World): void {
  if (network?.feeRefund === undefined || grid !== null) return;
  throw new RangeError(
    "network.feeRefund needs a data set with a network, and this one has none; leave it out, or make " +
      "one, such as deno task data synthesize --feeder rural",
  );
}

/** A market of curves counts in millionths of the currency, and not beyond all bounds. */
function requireMarketPrices(world: World) {
  const { dataset: { profiles, charges }, config: { cost, market }, tariffs } = world;
  const require = (name: string, price: number) => {
    if (Math.abs(price) <= LARGEST_PRICE_PER_KWH) return;
    throw new RangeError(
      `${name} must be at most ${LARGEST_PRICE_PER_KWH} per kWh in a market of curves, got ` +
        `${price}; take a larger unit of currency`,
    );
  };
  require("cost.lostLoadPricePerKwh", cost.lostLoadPricePerKwh);
  require("cost.curtailmentPricePerKwh", cost.curtailmentPricePerKwh);
  require("cost.wearPricePerKwh", cost.wearPricePerKwh);
  require("market.networkFeePerKwh", market.networkFeePerKwh);
  const { dtHours } = profiles.grid;
  const communityPeak = cost.peakPricePerKw + (charges?.communityCapacityPerKwMonth ?? 0);
  const homePeak = Math.max(0, ...charges?.capacityPerKwMonth ?? []);
  require("cost.peakPricePerKw, or a capacity charge,", (communityPeak + homePeak) / dtHours);
  if (charges !== undefined) requireLoadWorthItsCharge(world);
  for (const { importPricePerKwh, feedInTariffPerKwh } of tariffs.classes) {
    feedInTariffPerKwh.forEach((price) => require("feedInTariffPerKwh", price));
    importPricePerKwh.forEach((price, slot) =>
      require(
        "importPricePerKwh with its carbon price",
        price + cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot],
      )
    );
  }
}

/** Nobody goes without power to save a capacity charge: load has to be worth more than it. */
function requireLoadWorthItsCharge(
  { dataset: { profiles, charges }, config: { cost, episodeDays }, tariffs }: World,
): void {
  const { dtHours } = profiles.grid;
  const perKw = charges!.communityCapacityPerKwMonth + Math.max(...charges!.capacityPerKwMonth);
  if (perKw === 0) return;
  const months = Math.min(1, episodeDays / DAYS_PER_MONTH);
  let highest = 0;
  for (const { importPricePerKwh } of tariffs.classes) {
    importPricePerKwh.forEach((price, slot) => {
      highest = Math.max(highest, price + cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot]);
    });
  }
  const least = highest + perKw * months / dtHours;
  if (cost.lostLoadPricePerKwh > least) return;
  throw new RangeError(
    `cost.lostLoadPricePerKwh must be above what a kWh of a new peak costs, ${
      least.toFixed(2)
    }, or ` +
      `load would be shed to save the capacity charge, got ${cost.lostLoadPricePerKwh}`,
  );
}
