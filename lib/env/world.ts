/**
 * What the stages of a slot share: the data, the rules, the state and the books.
 *
 * @module
 */

import { createForecaster } from "../data/forecasts/create.ts";
import type { Forecaster } from "../data/forecasts/forecaster.ts";
import { type LoadsBySlot, loadsBySlot } from "../data/loads_by_slot.ts";
import type { Dataset } from "../data/profiles.ts";
import { type Tariffs, tariffsOf } from "../data/tariffs.ts";
import { createMarketBook, type MarketBook } from "../market/market_book.ts";
import type { Store } from "../stores/store.ts";
import { storesOf } from "../stores/stores.ts";
import { type Ahead, createAhead } from "./ahead.ts";
import {
  allocate,
  allocateState,
  type Ledger,
  ledgerColumns,
  type MarketState,
  type Sizes,
} from "./columns.ts";
import {
  type BillingCalendar,
  createBillingCalendar,
  hasCommunityPeak,
  hasOwnPeaks,
} from "./billing.ts";
import type { EnvironmentConfig } from "./config.ts";
import type { Decision, ValueCurves } from "./decision.ts";
import { type FeatureTable, publishedFeatures, tariffFeatures } from "./published.ts";
import { createGrid, type Grid, hasEnvelopes } from "./grid.ts";
import { createSpaces, type Spaces } from "./spaces.ts";

/** Everything that a slot reads and writes. */
export interface World {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** Communities that step together. */
  readonly communities: number;
  /** Homes of a community. */
  readonly homes: number;
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
  /** Load and sun by slot. `[slots × homes]` [kW] */
  readonly loads: LoadsBySlot;
  /** Stores of a community, in the order of its homes. */
  readonly stores: readonly Store[];
  /** Stores of home i are `firstStore[i]` to `firstStore[i + 1]` (exclusive). `[homes + 1]` */
  readonly firstStore: Int32Array;
  /** Tariffs and who has which. */
  readonly tariffs: Tariffs;
  /** The network that the homes are on, or `null`. */
  readonly grid: Grid | null;
  /** Months as they are billed. */
  readonly billing: BillingCalendar;
  /** What agents see and say. */
  readonly spaces: Spaces;
  /** What homes can know of their load and sun to come. */
  readonly forecaster: Forecaster;
  /** Blocks of hours ahead. */
  readonly ahead: Ahead;
  /** What is published for all. */
  readonly published: FeatureTable;
  /** What is published of each class of tariffs. */
  readonly publishedTariffs: readonly FeatureTable[];
  /** State between slots. */
  readonly state: MarketState;
  /** The books of the slot. */
  readonly ledger: Ledger;
  /** What agents say. */
  readonly decision: Decision;
  /** The market's book, whose value curves are the decision's; `null` where orders are inelastic. */
  readonly book: MarketBook | null;
}

/** Makes room for `communities` of a data set in episodes of `slotsPerEpisode`. */
export function createWorld(
  dataset: Dataset,
  config: EnvironmentConfig,
  communities: number,
  slotsPerEpisode: number,
): World {
  const { community: { prosumers }, profiles } = dataset;
  const homes = prosumers.length;
  const stores = storesOf(dataset);
  const sizes: Sizes = {
    community: communities,
    home: communities * homes,
    store: communities * stores.length,
  };
  const tariffs = tariffsOf(dataset);
  const ownTariffs = tariffs.classes.length > 1;
  const ownPeaks = hasOwnPeaks(dataset);
  const envelopes = hasEnvelopes(dataset, config);
  const { orders } = config.market;
  const spaces = createSpaces(stores, { ownTariffs, ownPeaks, envelopes }, orders);
  const loads = loadsBySlot(profiles);
  const ahead = createAhead(profiles.grid.dtHours);
  const book = config.market.orders === "inelastic" ? null : createMarketBook({
    communities,
    homes,
    owners: stores.map(({ owner }) => owner),
    gridSteps: hasCommunityPeak(dataset, config) ? 1 : 0,
    ownTariffs: ownTariffs || ownPeaks,
    homeSteps: ownPeaks,
    meterLimits: envelopes,
  });
  return {
    dataset,
    config,
    communities,
    homes,
    slotsPerEpisode,
    loads,
    stores,
    firstStore: firstStores(stores, homes),
    tariffs,
    grid: createGrid(dataset, loads, stores, config),
    billing: createBillingCalendar(profiles.grid, slotsPerEpisode),
    spaces,
    // Planners look to the end of the episode, which may lie beyond what agents see.
    forecaster: createForecaster(
      { loads, homes, grid: profiles.grid },
      config.forecast,
      Math.max(ahead.horizon, slotsPerEpisode),
    ),
    ahead,
    published: publishedFeatures(dataset),
    publishedTariffs: tariffs.classes.map((tariff) =>
      tariffFeatures(tariff, profiles, config.cost.carbonPricePerKg)
    ),
    state: allocateState(sizes),
    ledger: allocate(ledgerColumns, sizes),
    decision: {
      numbers: new Float64Array(sizes.home * spaces.action.names.length),
      curves: book ?? noCurves,
      valueFactor: new Float64Array(sizes.store).fill(1),
    },
    book,
  };
}

/** Where orders are inelastic there are no curves. */
const noCurves: ValueCurves = {
  steps: 0,
  stepCount: new Int32Array(),
  stepFromKwh: new Float64Array(),
  stepValuePerKwh: new Float64Array(),
};

function firstStores(stores: readonly Store[], homes: number): Int32Array {
  const first = new Int32Array(homes + 1);
  for (const { owner } of stores) first[owner + 1]++;
  for (let i = 0; i < homes; i++) first[i + 1] += first[i];
  return first;
}
