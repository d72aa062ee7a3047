/**
 * Flags that choose a data set, shared by the tasks that simulate.
 *
 * @module
 */

import { readDataset } from "../data/dataset.ts";
import type { Dataset } from "../data/profiles.ts";
import { EMBEDDED, synthesize, type SyntheticTariff, syntheticTariffs } from "../data/synthetic.ts";
import { oneOf } from "../text/nearest.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { profilesGb, requireMemory } from "./memory_needed.ts";

/** Households of the embedded community, unless another number is asked for. */
export const SYNTHETIC_PROSUMERS = 10;

/** The flags. */
export const datasetOptions = {
  data: {
    type: "string",
    placeholder: "synthetic|DIR",
    help: "the embedded community, or a data set folder",
  },
  prosumers: {
    type: "integer",
    min: 1,
    help: "households of the embedded community",
  },
  tariff: {
    type: "string",
    placeholder: "NAME",
    help: `what households of the embedded community pay: ${syntheticTariffs.join(", ")}`,
  },
} as const;

/** Where a data set comes from; recorded with every run. */
export interface DatasetSource {
  /** `synthetic`, or a folder. */
  readonly data: string;
  /** Households of the embedded community; absent for a folder. */
  readonly prosumers?: number | undefined;
  /** Tariff of the embedded community; absent for a folder, and for time of use. */
  readonly tariff?: SyntheticTariff | undefined;
}

/** The flags as a source, over what they default to. */
export function datasetSource(
  { data, prosumers, tariff }: {
    readonly data?: string | undefined;
    readonly prosumers?: number | undefined;
    readonly tariff?: string | undefined;
  },
  fallback: DatasetSource = { data: "synthetic", prosumers: SYNTHETIC_PROSUMERS },
): DatasetSource {
  const chosen = data ?? fallback.data;
  if (chosen === "synthetic") {
    const wanted = tariff === undefined
      ? fallback.tariff
      : oneOf("--tariff", tariff, syntheticTariffs) as SyntheticTariff;
    return {
      data: chosen,
      prosumers: prosumers ?? fallback.prosumers ?? SYNTHETIC_PROSUMERS,
      ...(wanted !== undefined && { tariff: wanted }),
    };
  }
  if (tariff !== undefined) {
    throw new Error(
      `--tariff goes with the embedded community only; ${chosen} has prices of its own`,
    );
  }
  if (prosumers !== undefined) {
    throw new Error(
      `--prosumers goes with the embedded community only; ${chosen} has its own households`,
    );
  }
  return { data: chosen };
}

/** Loads a data set. */
export async function loadDataset(
  { data, prosumers = SYNTHETIC_PROSUMERS, tariff }: DatasetSource,
): Promise<Dataset> {
  if (data !== "synthetic") return await readDataset(data);
  requireMemory(
    profilesGb(prosumers, EMBEDDED.days * HOURS_PER_DAY),
    `the profiles of ${prosumers} households over a year`,
    "take fewer with --prosumers, or deno task benchmark --setup city, which holds no profiles",
  );
  return synthesize({ ...EMBEDDED, prosumers, ...(tariff !== undefined && { tariff }) });
}
