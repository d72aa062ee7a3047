/**
 * Writes observations, one community at a time: see {@link ./observation.ts} for what is in them.
 *
 * Kernels do what is done for every prosumer; what a community sees alike is put together here, once
 * for all its prosumers. What the kernels read and write lies in their memory.
 *
 * @module
 */

import {
  createForecaster,
  errorOffset,
  type Forecaster,
  WEATHER_SERIES,
} from "../data/forecast.ts";
import { type LoadsBySlot, writeBySlot } from "../data/loads_by_slot.ts";
import type { Dataset } from "../data/profiles.ts";
import { createAhead } from "./ahead.ts";
import type { EnvironmentConfig } from "./config.ts";
import { OBSERVATION_SIZE, OWN_NOW_SIZE, SHARED_SIZE } from "./observation.ts";
import { createPublished, publishedNames } from "./published.ts";
import type { MarketState, StorageState } from "./state.ts";
import { createKernels } from "./wasm/kernels.ts";

/** Sums over a community: those of the kernel `own`, and the net loads ahead behind them. */
const CHARGE_LIMIT = 2, DISCHARGE_LIMIT = 3, NET_LOAD = 4;

const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
const ROW_BYTES = OBSERVATION_SIZE * NUMBER_BYTES;

/** Writes observations of one data set. */
export interface Observer {
  /** The forecasts that agents see; planners read the same. */
  readonly forecaster: Forecaster;
  /** Load and PV by slot. */
  readonly loads: LoadsBySlot;
  /** What it reads of the batteries, to be kept up to date. */
  readonly storage: StorageState;
  /** What every row sees. `[communities × prosumers × OBSERVATION_SIZE]` */
  readonly observation: Float64Array;
  /** Writes what every row of community `c` sees in a step of the episode. */
  write(state: MarketState, c: number, step: number): void;
}

/**
 * Prepares observations of `communities` in episodes of `slotsPerEpisode`.
 *
 * @throws {RangeError} If all that does not fit into the memory of the kernels.
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createObserver(
  dataset: Dataset,
  config: EnvironmentConfig,
  slotsPerEpisode: number,
  communities: number,
): Observer {
  const { community: { prosumers }, profiles } = dataset;
  const { dtHours } = profiles.grid;
  const count = prosumers.length;
  const rows = communities * count;
  const published = createPublished(dataset, slotsPerEpisode);
  const { blocks, blockEnds, blockShare, horizon } = createAhead(dtHours);
  // Planners look to the end of the episode, which may lie beyond what agents see.
  const furthest = Math.max(horizon, slotsPerEpisode);
  const forecaster = createForecaster(config.forecast, dtHours, furthest);
  const { kernels, float64, int32 } = createKernels({
    // Prosumers are read in pairs, the last of all with a number that counts for nothing.
    loadKw: profiles.loadKw.length + 1,
    pvKw: profiles.pvKw.length + 1,
    capacityKwh: rows,
    energyKwh: rows,
    chargeLimitKw: rows,
    dischargeLimitKw: rows,
    observation: rows * OBSERVATION_SIZE,
    devices: 3 * count,
    gain: furthest,
    path: forecaster.path.length,
    pvFactor: horizon,
    blockShare: blocks,
    sums: NET_LOAD + 1 + blocks,
    shared: SHARED_SIZE,
  }, { blockEnds: blocks + 1, errors: count + 1 });
  const { observation, shared, sums, capacityKwh, energyKwh, chargeLimitKw, dischargeLimitKw } =
    float64;
  const loads = {
    loadKw: float64.loadKw.subarray(0, -1),
    pvKw: float64.pvKw.subarray(0, -1),
  };
  writeBySlot(profiles, loads);
  float64.devices.set(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  float64.gain.set(forecaster.gain);
  float64.path.set(forecaster.path);
  float64.blockShare.set(blockShare);
  int32.blockEnds.set(blockEnds);
  const at = { ...addresses(float64), ...addresses(int32) };
  int32.errors.fill(at.path);

  /** Where in the memory the errors of a series' forecast begin. */
  function errorsAt(seed: number, series: number, slot: number): number {
    return at.path + errorOffset(seed, series, slot) * NUMBER_BYTES;
  }

  /** Writes what the prosumers of community `c` see each for themselves, and adds it up. */
  function writeOwn(seed: number, c: number, slot: number, end: number): void {
    const { errors } = int32;
    for (let i = 0; i < count; i++) errors[i] = errorsAt(seed, i, slot);
    kernels.factors(at.gain, errorsAt(seed, WEATHER_SERIES, slot), end, at.pvFactor);
    const row = c * count;
    const ofRow = row * NUMBER_BYTES;
    const ofSlot = slot * count * NUMBER_BYTES;
    const out = at.observation + row * ROW_BYTES + SHARED_SIZE * NUMBER_BYTES;
    kernels.own(
      at.devices,
      at.capacityKwh + ofRow,
      at.energyKwh + ofRow,
      at.chargeLimitKw + ofRow,
      at.dischargeLimitKw + ofRow,
      at.loadKw + ofSlot,
      at.pvKw + ofSlot,
      count,
      at.errors,
      at.gain,
      at.pvFactor,
      out,
      ROW_BYTES,
      at.sums,
    );
    kernels.ahead(
      at.loadKw + ofSlot,
      at.pvKw + ofSlot,
      count,
      at.errors,
      at.gain,
      at.pvFactor,
      end,
      at.blockEnds,
      at.blockShare,
      blocks,
      out + OWN_NOW_SIZE * NUMBER_BYTES,
      ROW_BYTES,
      at.sums + (NET_LOAD + 1) * NUMBER_BYTES,
    );
  }

  /** Writes the features that are alike for all prosumers of community `c`. */
  function writeShared(state: MarketState, c: number, slot: number, left: number): void {
    const from = published.find(slot, left, state.highestImportPricePerKwh[c]);
    let k = 0;
    while (k < publishedNames.length) shared[k] = published.table[from + k++];
    shared[k++] = state.lastPriceShare[c];
    shared[k++] = state.lastVolumeKwh[c] / count;
    shared[k++] = state.lastNetKw[c] / count;
    shared[k++] = state.peakKw[c] / count;
    for (let s = 0; s < NET_LOAD; s++) shared[k++] = sums[s] / count;
    shared[k++] = balancingShare(sums[NET_LOAD], sums[CHARGE_LIMIT], sums[DISCHARGE_LIMIT]);
    for (let s = NET_LOAD; s < sums.length; s++) shared[k++] = sums[s] / count;
    const out = at.observation + c * count * ROW_BYTES;
    kernels.spread(at.shared, SHARED_SIZE, count, out, ROW_BYTES);
  }

  return {
    forecaster,
    loads,
    storage: { capacityKwh, energyKwh, chargeLimitKw, dischargeLimitKw },
    observation,
    write(state, c, step) {
      const slot = state.firstSlot[c] + step;
      const left = slotsPerEpisode - step;
      writeOwn(state.seed, c, slot, Math.min(horizon, left));
      writeShared(state, c, slot, left);
    },
  };
}

/** Share of all charging (> 0) or discharging (< 0) power that balances a net load. */
function balancingShare(netLoadKw: number, chargeKw: number, dischargeKw: number): number {
  if (netLoadKw < 0) return chargeKw > 0 ? Math.min(1, -netLoadKw / chargeKw) : 0;
  return dischargeKw > 0 ? -Math.min(1, netLoadKw / dischargeKw) : 0;
}

function addresses<Name extends string>(
  arrays: Readonly<Record<Name, ArrayBufferView>>,
): Record<Name, number> {
  const entries = Object.entries<ArrayBufferView>(arrays);
  return Object.fromEntries(entries.map(([name, { byteOffset }]) => [name, byteOffset])) as Record<
    Name,
    number
  >;
}
