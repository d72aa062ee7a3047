/**
 * What the phases of a slot share: the data, the rules, the state and the books.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { SlotBattery } from "../physics/battery.ts";
import type { EnvironmentConfig } from "./config.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { type LoadsBySlot, writeBySlot } from "../data/loads_by_slot.ts";
import type { EnvironmentMemory } from "./memory.ts";
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

/** Makes room for `communities` of a data set, as far as possible in the memory of the kernels. */
export function createSlotContext(
  dataset: Dataset,
  config: EnvironmentConfig,
  communities: number,
  { float64, int32, uint8 }: EnvironmentMemory,
): SlotContext {
  const prosumers = dataset.community.prosumers.length;
  const loads = { loadKw: float64.loads.subarray(0, -1), pvKw: float64.pvs.subarray(0, -1) };
  writeBySlot(dataset.profiles, loads);
  return {
    dataset,
    loads,
    config,
    batteries: slotBatteries(dataset),
    state: createState(communities, prosumers, {
      capacityKwh: float64.capacityKwh,
      energyKwh: float64.energyKwh,
      chargeLimitKw: float64.chargeLimitKw,
      dischargeLimitKw: float64.dischargeLimitKw,
      lastPriceShare: float64.lastPriceShare,
      lastVolumeKwh: float64.lastVolumeKwh,
      lastNetKw: float64.lastNetKw,
      peakKw: float64.peakKw,
    }),
    ledger: createLedger(communities, prosumers, {
      slot: int32.slots,
      clearingPricePerKwh: float64.clearingPricePerKwh.fill(NaN),
      loadKw: float64.loadKw,
      pvKw: float64.pvKw,
      batteryKw: float64.batteryKw,
      curtailedKw: float64.curtailedKw,
      unservedKw: float64.unservedKw,
      energyKwh: float64.endEnergyKwh,
      netKwh: float64.netKwh,
      orderKwh: float64.orderKwh,
      orderPricePerKwh: float64.orderPricePerKwh,
      tradedKwh: float64.tradedKwh,
      gridKwh: float64.gridKwh,
      bill: float64.bill,
      emissionsKg: float64.emissionsKg,
      cost: float64.cost,
      interventionKwh: float64.interventionKwh,
      reasons: uint8.reasons,
    }),
    actions: float64.actions,
    requestKw: float64.requestKw,
    market: createMarket(prosumers),
  };
}
