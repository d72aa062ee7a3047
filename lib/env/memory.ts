/**
 * The memory of the environment's kernels: all that they read and write, in arrays that the rest of
 * the environment uses as its own.
 *
 * @module
 */

import type { Forecaster } from "../data/forecast.ts";
import type { Dataset } from "../data/profiles.ts";
import { ACTION_SIZE } from "./action.ts";
import type { Ahead } from "./ahead.ts";
import type { EnvironmentConfig } from "./config.ts";
import { OBSERVATION_SIZE, SHARED_SIZE } from "./observation.ts";
import { publishedNames } from "./published.ts";
import { createKernels } from "./wasm/kernels.ts";

/** What the kernels add up over a community, in order; net loads ahead follow. */
export const sumNames = [
  "capacityKwh",
  "energyKwh",
  "chargeLimitKw",
  "dischargeLimitKw",
  "netLoadKw",
] as const;

/** Columns of a data set that the kernels read by slot. */
export const slotColumns = [
  "importPricePerKwh",
  "feedInTariffPerKwh",
  "carbonKgPerKwh",
  "gridImportLimitKw",
  "gridExportLimitKw",
] as const;

/** Fields of a battery, in the order in which the kernel `advance` reads them. */
export const batteryFields = [
  "retention",
  "effectiveHours",
  "chargeEfficiency",
  "dischargeEfficiency",
  "maxChargeKw",
  "maxDischargeKw",
  "socMin",
  "socMax",
] as const;

/**
 * Memory for `communities` of a data set.
 *
 * @throws {RangeError} If it takes more than 4 GB.
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createMemory(
  { community, profiles }: Dataset,
  { cost, market }: EnvironmentConfig,
  communities: number,
  { gain, path }: Forecaster,
  { blocks, horizon }: Ahead,
) {
  const count = community.prosumers.length;
  const rows = communities * count;
  // Prosumers are read in pairs: behind the last stands a number that counts for nothing.
  return createKernels({
    float64: {
      loads: profiles.loadKw.length + 1,
      pvs: profiles.pvKw.length + 1,
      importPricePerKwh: profiles.grid.slots,
      feedInTariffPerKwh: profiles.grid.slots,
      carbonKgPerKwh: profiles.grid.slots,
      gridImportLimitKw: profiles.grid.slots,
      gridExportLimitKw: profiles.grid.slots,
      clearingPricePerKwh: communities,
      lastPriceShare: communities,
      lastVolumeKwh: communities,
      lastNetKw: communities,
      peakKw: communities,
      published: profiles.grid.slots * publishedNames.length,
      actions: rows * ACTION_SIZE,
      requestKw: rows,
      loadKw: rows,
      pvKw: rows,
      batteryKw: rows,
      curtailedKw: rows,
      unservedKw: rows,
      endEnergyKwh: rows,
      netKwh: rows,
      orderKwh: rows,
      orderPricePerKwh: rows,
      tradedKwh: rows,
      gridKwh: rows,
      bill: rows,
      emissionsKg: rows,
      cost: rows,
      interventionKwh: rows,
      capacityKwh: rows,
      energyKwh: rows,
      chargeLimitKw: rows,
      dischargeLimitKw: rows,
      batteries: batteryFields.length * (count + 1),
      devices: 3 * count,
      gain: gain.length,
      path: path.length,
      pvFactor: horizon,
      blockShare: blocks,
      cumulative: 2 * (horizon + 2),
      sums: sumNames.length + blocks,
      shared: SHARED_SIZE,
      observation: rows * OBSERVATION_SIZE,
    },
    int32: {
      slots: communities,
      seenSlots: communities,
      weather: communities,
      errors: rows + 1,
      blockEnds: blocks + 1,
    },
    uint8: { exceeds: communities, reasons: rows },
  }, {
    communities,
    prosumers: count,
    blocks,
    observationSize: OBSERVATION_SIZE,
    sharedSize: SHARED_SIZE,
    publishedSize: publishedNames.length,
    dtHours: profiles.grid.dtHours,
    networkFeePerKwh: market.networkFeePerKwh,
    carbonPricePerKg: cost.carbonPricePerKg,
    wearPricePerKwh: cost.wearPricePerKwh,
    lostLoadPricePerKwh: cost.lostLoadPricePerKwh,
  });
}

/** See {@linkcode createMemory}. */
export type EnvironmentMemory = ReturnType<typeof createMemory>;
