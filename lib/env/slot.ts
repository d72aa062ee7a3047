/**
 * What the phases of a slot share: the data, the rules, the state and the books.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { SlotBattery } from "../physics/battery.ts";
import { ACTION_SIZE } from "./action.ts";
import type { EnvironmentConfig } from "./config.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { LoadsBySlot } from "../data/loads_by_slot.ts";
import type { Observer } from "./observer.ts";
import { createState, type MarketState, slotBatteries } from "./state.ts";
import { createMarket, type Market } from "./market.ts";

/** Everything that a slot reads and writes. */
export interface SlotContext {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Load and PV of the data set by slot. */
  readonly loads: LoadsBySlot;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** Every prosumer's battery, or `null`. */
  readonly batteries: readonly (SlotBattery | null)[];
  /** State between slots. */
  readonly state: MarketState;
  /** The books of the slot. */
  readonly ledger: Ledger;
  /** Raw actions. `[rows × ACTION_SIZE]` */
  readonly actions: Float64Array;
  /** Requested battery power. `[rows]` [kW] */
  readonly requestKw: Float64Array;
  /** The market of one community at a time. */
  readonly market: Market;
}

/** Makes room for `communities` of a data set, which an observer watches. */
export function createSlotContext(
  dataset: Dataset,
  config: EnvironmentConfig,
  communities: number,
  { loads, storage }: Observer,
): SlotContext {
  const prosumers = dataset.community.prosumers.length;
  const rows = communities * prosumers;
  return {
    dataset,
    loads,
    config,
    batteries: slotBatteries(dataset),
    state: createState(communities, prosumers, storage),
    ledger: createLedger(communities, prosumers),
    actions: new Float64Array(rows * ACTION_SIZE),
    requestKw: new Float64Array(rows),
    market: createMarket(prosumers),
  };
}
