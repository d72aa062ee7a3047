/**
 * A shard of a city: some of its prosumers with their batteries, through the same phases of a slot as
 * in {@link ../env/energy_market_env.ts}. The auction between the phases is the whole city's.
 *
 * @module
 */

import { type Composition, writeComposedSlot } from "../data/composed.ts";
import type { LoadsBySlot } from "../data/loads_by_slot.ts";
import type { Dataset } from "../data/profiles.ts";
import { account, chargeFinalEnergy } from "../env/account.ts";
import { ACTION_SIZE, readActions } from "../env/action.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { dispatch } from "../env/dispatch.ts";
import { createLedger } from "../env/ledger.ts";
import { createMarket } from "../env/market.ts";
import type { Published } from "../env/published.ts";
import type { SlotContext } from "../env/slot.ts";
import { createState, resetState } from "../env/state.ts";
import { writeOrders } from "../env/trade.ts";
import type { SlotBattery } from "../physics/battery.ts";
import type { Act } from "../policies/policy.ts";
import { countViolations } from "./count_violations.ts";
import {
  type CityMemory,
  SHARD_PROSUMERS,
  shardCount,
  type ShardSum,
  shardSums,
} from "./city_memory.ts";
import { createDecide } from "./decide.ts";

/** What all shards of a thread have in common. */
export interface ShardSource {
  readonly composition: Composition;
  readonly config: EnvironmentConfig;
  readonly memory: CityMemory;
  /** Load and PV of the archetypes by slot. */
  readonly archetypeLoads: LoadsBySlot;
  /** Battery of each archetype. */
  readonly archetypeBatteries: readonly (SlotBattery | null)[];
  /** Tariffs and carbon intensity, now and ahead. */
  readonly published: Published;
  /** Highest import price of all slots. [currency/kWh] */
  readonly highestPricePerKwh: number;
  /** What the policy does; it decides at once. */
  readonly act: Act;
}

/** Some prosumers of a city. */
export interface CityShard {
  /** First half of a slot: profiles, decisions, batteries, orders. */
  order(slot: number): void;
  /** Second half, once the orders are cleared: settlement, batteries, sums. */
  settle(slot: number): void;
}

/** Shard number `shard`, at the start of the first slot. */
export function createCityShard(source: ShardSource, shard: number): CityShard {
  const { composition, config, memory, published } = source;
  const { archetypes: { profiles }, archetype } = composition;
  const from = shard * SHARD_PROSUMERS;
  const to = Math.min(from + SHARD_PROSUMERS, archetype.length);
  const shards = shardCount(archetype.length);
  const { slots, dtHours } = profiles.grid;
  const context = createContext(source, from, to);
  const { dataset: { profiles: now }, loads, state, ledger, actions, batteries } = context;
  const decide = createDecide(context, source.act);
  const sums = memory.sums.subarray(shard * shardSums.length, (shard + 1) * shardSums.length);
  const add = (name: ShardSum, amount: number) => sums[shardSums.indexOf(name)] += amount;
  resetState(state, batteries, config.initialSoc);
  state.highestImportPricePerKwh[0] = source.highestPricePerKwh;

  function addUp(slot: number): void {
    let cost = 0, bill = 0, emissions = 0, load = 0, pv = 0, unserved = 0, curtailed = 0;
    let discharged = 0, intervention = 0, interventions = 0, gridKwh = 0;
    for (let row = 0; row < batteries.length; row++) {
      cost += ledger.cost[row];
      bill += ledger.bill[row];
      emissions += ledger.emissionsKg[row];
      load += ledger.loadKw[row];
      pv += ledger.pvKw[row];
      unserved += ledger.unservedKw[row];
      curtailed += ledger.curtailedKw[row];
      if (ledger.batteryKw[row] < 0) discharged -= ledger.batteryKw[row];
      intervention += ledger.interventionKwh[row];
      if (ledger.reasons[row] !== 0) interventions++;
      gridKwh += ledger.gridKwh[row];
    }
    add("cost", cost);
    add("bill", bill);
    add("emissionsKg", emissions);
    add("loadKwh", load * dtHours);
    add("pvKwh", pv * dtHours);
    add("unservedKwh", unserved * dtHours);
    add("curtailedKwh", curtailed * dtHours);
    add("dischargedKwh", discharged * dtHours);
    add("interventionKwh", intervention);
    add("interventions", interventions);
    add("violations", countViolations(context));
    memory.gridKwh[slot * shards + shard] = gridKwh;
  }

  return {
    order(slot) {
      const { loadKw, pvKw } = loads;
      writeComposedSlot(composition, source.archetypeLoads, slot, from, to, loadKw, pvKw);
      now.importPricePerKwh[0] = profiles.importPricePerKwh[slot];
      now.feedInTariffPerKwh[0] = profiles.feedInTariffPerKwh[slot];
      now.carbonKgPerKwh[0] = profiles.carbonKgPerKwh[slot];
      decide(published, published.find(slot, slots - slot, source.highestPricePerKwh));
      readActions(actions, actions);
      dispatch(context, 0, 0);
      writeOrders(context, 0, 0);
    },
    settle(slot) {
      ledger.clearingPricePerKwh[0] = memory.clearingPricePerKwh[slot];
      account(context, 0, 0, {
        importPricePerKwh: now.importPricePerKwh[0],
        feedInTariffPerKwh: now.feedInTariffPerKwh[0],
        networkFeePerKwh: config.market.networkFeePerKwh,
      });
      if (slot === slots - 1) chargeFinalEnergy(context, 0);
      state.step++;
      addUp(slot);
    },
  };
}

/** One community whose data set is the current slot alone. */
function createContext(source: ShardSource, from: number, to: number): SlotContext {
  const { composition, config, memory, archetypeBatteries } = source;
  const count = to - from;
  const loads = { loadKw: new Float64Array(count), pvKw: new Float64Array(count) };
  const rows = Object.fromEntries(
    Object.entries(memory.rows).map(([name, values]) => [name, values.subarray(from, to)]),
  );
  return {
    dataset: currentSlot(composition.archetypes, loads),
    loads,
    config,
    batteries: Array.from(
      composition.archetype.subarray(from, to),
      (archetype) => archetypeBatteries[archetype],
    ),
    state: createState(1, count),
    ledger: { ...createLedger(1, count), ...rows },
    actions: new Float64Array(count * ACTION_SIZE),
    requestKw: new Float64Array(count),
    market: createMarket(0),
  };
}

function currentSlot({ community, profiles }: Dataset, loads: LoadsBySlot): Dataset {
  return {
    community,
    profiles: {
      grid: { ...profiles.grid, slots: 1 },
      ...loads,
      importPricePerKwh: new Float64Array(1),
      feedInTariffPerKwh: new Float64Array(1),
      carbonKgPerKwh: new Float64Array(1),
      gridImportLimitKw: new Float64Array(1).fill(Infinity),
      gridExportLimitKw: new Float64Array(1).fill(Infinity),
    },
  };
}
