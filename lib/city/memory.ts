/**
 * The memory that the threads of a city share: orders and trades of every prosumer, the prices of
 * every slot, and what each part has added up. A part writes its own places only.
 *
 * @module
 */

import type { OrderRows } from "../env/market.ts";
import { allocateSignals, type Signals } from "../ppo/wasm/signals.ts";

/** Prosumers of a part; always the same, so that no sum depends on the number of Workers. */
export const PART_PROSUMERS = 4096;

/** Sums over the prosumers and slots of a part, in the order of its places. */
export const partSums = [
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
export type PartSum = typeof partSums[number];

/** What the threads share. */
export interface CityMemory {
  /** Calls between the threads. */
  readonly signals: Signals;
  /** Orders and trades of the current slot. `[prosumers]` each */
  readonly rows: OrderRows;
  /** Clearing price of each slot; NaN without trade. `[slots]` [currency/kWh] */
  readonly clearingPricePerKwh: Float64Array;
  /** Net import of part p in slot t at `[t × parts + p]`. [kWh] */
  readonly gridKwh: Float64Array;
  /** Sums of part p from `[p × partSums.length]` on. */
  readonly sums: Float64Array;
}

/** Number of parts of a city. */
export function partCount(prosumers: number): number {
  return Math.ceil(prosumers / PART_PROSUMERS);
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
  const parts = partCount(prosumers);
  return {
    signals: allocateSignals(arrays, helpers),
    rows: {
      orderKwh: float64(prosumers),
      orderPricePerKwh: float64(prosumers),
      tradedKwh: float64(prosumers),
    },
    clearingPricePerKwh: float64(slots),
    gridKwh: float64(slots * parts),
    sums: float64(parts * partSums.length),
  };
}
