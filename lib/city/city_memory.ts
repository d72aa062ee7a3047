/**
 * The memory that the threads of a city share: orders and trades of every prosumer, the prices of
 * every slot, and what each shard has added up. A shard writes its own places only.
 *
 * @module
 */

import type { OrderRows } from "../env/market.ts";
import { allocateSignals, type Signals } from "../ppo/wasm/signals.ts";

/** Prosumers of a shard; always the same, so that no sum depends on the number of Workers. */
export const SHARD_PROSUMERS = 4096;

/** Sums over the prosumers and slots of a shard, in the order of its places. */
export const shardSums = [
  "cost",
  "bill",
  "emissionsKg",
  "loadKwh",
  "pvKwh",
  "unservedKwh",
  "curtailedKwh",
  "dischargedKwh",
  "interventionKwh",
  "interventions",
  "violations",
] as const;

/** Name of a sum. */
export type ShardSum = typeof shardSums[number];

/** What the threads share. */
export interface CityMemory {
  /** Calls between the threads. */
  readonly signals: Signals;
  /** Orders and trades of the current slot. `[prosumers]` each */
  readonly rows: OrderRows;
  /** Clearing price of each slot; NaN without trade. `[slots]` [currency/kWh] */
  readonly clearingPricePerKwh: Float64Array;
  /** Net import of shard p in slot t at `[t × shards + p]`. [kWh] */
  readonly gridKwh: Float64Array;
  /** Sums of shard p from `[p × shardSums.length]` on. */
  readonly sums: Float64Array;
}

/** Number of shards of a city. */
export function shardCount(prosumers: number): number {
  return Math.ceil(prosumers / SHARD_PROSUMERS);
}

/** Memory for a city and `helpers` Workers beside this thread. */
export function allocateCity(prosumers: number, slots: number, helpers: number): CityMemory {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const float64 = (length: number) => new Float64Array(shared(8 * length));
  const arrays = {
    uint8: (length: number) => new Uint8Array(shared(length)),
    uint32: (length: number) => new Uint32Array(shared(4 * length)),
    float32: (length: number) => new Float32Array(shared(4 * length)),
    float64,
  };
  const shards = shardCount(prosumers);
  return {
    signals: allocateSignals(arrays, helpers),
    rows: {
      orderKwh: float64(prosumers),
      orderPricePerKwh: float64(prosumers),
      tradedKwh: float64(prosumers),
    },
    clearingPricePerKwh: float64(slots),
    gridKwh: float64(slots * shards),
    sums: float64(shards * shardSums.length),
  };
}
