/**
 * Flags that choose a data set, shared by the tasks that simulate.
 *
 * @module
 */

import { z } from "zod";
import { readDataset } from "../data/dataset.ts";
import { type Car, departureKinds } from "../data/devices/car.ts";
import type { Dataset } from "../data/profiles.ts";
import { EMBEDDED, synthesize, type SyntheticTariff, syntheticTariffs } from "../data/synthetic.ts";
import { oneOf } from "../text/nearest.ts";
import { type FeederKind, feederKinds } from "../data/synthetic/feeder.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { DISTRIBUTION, drawCommunity } from "./distribution.ts";
import { profilesGb, requireMemory } from "./memory_needed.ts";

/** Households of the embedded community, unless another number is asked for. */
export const SYNTHETIC_PROSUMERS = 10;

/** Flags that say which devices homes of the embedded community have. */
export const deviceOptions = {
  cars: { type: "integer", min: 0, help: "homes of the embedded community with an electric car" },
  "heat-pumps": {
    type: "integer",
    min: 0,
    help: "homes of the embedded community with a heat pump and a tank",
  },
  appliances: {
    type: "integer",
    min: 0,
    help: "homes of the embedded community with an appliance that may wait",
  },
  departures: {
    type: "string",
    placeholder: departureKinds.join("|"),
    help: "whether cars say at the arrival when they leave (default announced)",
  },
} as const;

/** Their names. */
export const deviceFlags = ["cars", "heat-pumps", "appliances", "departures"] as const;

/** The flags. */
export const datasetOptions = {
  data: {
    type: "string",
    placeholder: "synthetic|W|DIR",
    help: "the embedded community, the distribution W, or a data set folder",
  },
  prosumers: {
    type: "integer",
    min: 1,
    help: "households of the embedded community",
  },
  ...deviceOptions,
  tariff: {
    type: "string",
    placeholder: "NAME",
    help: `what households of the embedded community pay: ${syntheticTariffs.join(", ")}`,
  },
  "dt-hours": {
    type: "number",
    placeholder: "1|0.5|0.25",
    help: "length of a slot of the embedded community (default 1)",
  },
  feeder: {
    type: "string",
    placeholder: feederKinds.join("|"),
    help: "put the embedded community on a low-voltage feeder of this kind",
  },
} as const;

/** Where a data set comes from; recorded with every run. Of a folder nothing else is asked. */
export interface DatasetSource {
  /** `synthetic`, `W` for a distribution of communities ({@link ./distribution.ts}), or a folder. */
  readonly data: string;
  /** Households. */
  readonly prosumers?: number | undefined;
  /** Homes with a car; absent for none. */
  readonly cars?: number | undefined;
  /** Homes with a heat pump; absent for none. */
  readonly heatPumps?: number | undefined;
  /** Homes with an appliance that may wait; absent for none. */
  readonly appliances?: number | undefined;
  /** Whether cars say when they leave; absent if they do. */
  readonly departures?: Car["departure"] | undefined;
  /** What households pay; absent for time of use. */
  readonly tariff?: SyntheticTariff | undefined;
  /** Length of a slot; absent for an hour. [h] */
  readonly dtHours?: number | undefined;
  /** The feeder that the households are on; absent for none. */
  readonly feeder?: FeederKind | undefined;
}

/** What only the embedded community can be asked for. */
type SyntheticField = Exclude<keyof DatasetSource, "data">;

/** What may be asked of the embedded community, as files have it. */
export const syntheticFields = {
  prosumers: z.int().min(1).exactOptional(),
  cars: z.int().min(0).exactOptional(),
  heatPumps: z.int().min(0).exactOptional(),
  appliances: z.int().min(0).exactOptional(),
  departures: z.enum(departureKinds).exactOptional(),
  tariff: z.enum(syntheticTariffs).exactOptional(),
  dtHours: z.number().exactOptional(),
  feeder: z.enum(feederKinds).exactOptional(),
} as const;

/** What a source is, as files have it. */
export const sourceSchema: z.ZodType<DatasetSource> = z.strictObject({
  data: z.string().min(1).max(4096),
  ...syntheticFields,
});

/** What is asked of the embedded community, and nothing that is not. */
type MadeUp =
  & { readonly prosumers: number }
  & {
    readonly [field in SyntheticField]?: Exclude<DatasetSource[field], undefined>;
  };

/** The flags' names, and what a data set folder has of its own in the place of each. */
const ONLY_SYNTHETIC: Readonly<Record<SyntheticField, readonly [string, string]>> = {
  tariff: ["tariff", "prices of its own"],
  prosumers: ["prosumers", "its own households"],
  cars: ["cars", "devices of its own"],
  heatPumps: ["heat-pumps", "devices of its own"],
  appliances: ["appliances", "devices of its own"],
  departures: ["departures", "devices of its own"],
  dtHours: ["dt-hours", "slots of its own"],
  feeder: ["feeder", "a network of its own, or none"],
};
const FIELDS = Object.keys(ONLY_SYNTHETIC) as (SyntheticField)[];

/** Values of the flags. */
export type DatasetFlags = {
  readonly [flag in keyof typeof datasetOptions]?:
    | ((typeof datasetOptions)[flag]["type"] extends "integer" | "number" ? number : string)
    | undefined;
};

/** The flags as a source, over what they default to. */
export function datasetSource(
  flags: DatasetFlags,
  fallback: DatasetSource = { data: "synthetic", prosumers: SYNTHETIC_PROSUMERS },
): DatasetSource {
  const data = flags.data ?? fallback.data;
  const given = (field: SyntheticField) => flags[ONLY_SYNTHETIC[field][0] as keyof DatasetFlags];
  if (data !== "synthetic") {
    for (const field of FIELDS) {
      if (given(field) === undefined) continue;
      const [flag, own] = ONLY_SYNTHETIC[field];
      throw new Error(`--${flag} goes with the embedded community only; ${data} has ${own}`);
    }
    return { data };
  }
  if (flags.tariff !== undefined) oneOf("--tariff", flags.tariff, syntheticTariffs);
  if (flags.feeder !== undefined) oneOf("--feeder", flags.feeder, feederKinds);
  if (flags.departures !== undefined) oneOf("--departures", flags.departures, departureKinds);
  const asked = FIELDS.map((field) => [field, given(field) ?? fallback[field]] as const);
  const source = madeUp({ data, ...Object.fromEntries(asked) });
  requireDevices(source);
  return { data, ...source };
}

/** A source as the arguments that ask for it. */
export function sourceArguments(source: DatasetSource): string[] {
  const of = (field: SyntheticField) =>
    source[field] === undefined ? [] : [`--${ONLY_SYNTHETIC[field][0]}`, String(source[field])];
  return ["--data", source.data, ...FIELDS.flatMap(of)];
}

/** What is asked of the embedded community, as {@linkcode synthesize} takes it. */
export function madeUp({ data: _, ...source }: DatasetSource): MadeUp {
  const entries = Object.entries(source).filter(([, value]) => value !== undefined);
  return { prosumers: SYNTHETIC_PROSUMERS, ...Object.fromEntries(entries) };
}

/** Loads a data set; of the distribution W the first community that models are judged by. */
export async function loadDataset(source: DatasetSource): Promise<Dataset> {
  if (source.data === DISTRIBUTION) return drawCommunity("test", 0).dataset;
  if (source.data !== "synthetic") return await readDataset(source.data);
  const synthetic = madeUp(source);
  const { prosumers } = synthetic;
  requireMemory(
    profilesGb(
      prosumers + devicesOf(source),
      EMBEDDED.days * HOURS_PER_DAY / (source.dtHours ?? EMBEDDED.dtHours),
    ),
    `the profiles of ${prosumers} households over a year`,
    "take fewer with --prosumers, or deno task benchmark --setup city, which holds no profiles",
  );
  return synthesize({ ...EMBEDDED, ...synthetic });
}

/** Devices beside batteries that a community is to have; each takes about the memory of a home. */
export function devicesOf(
  { cars = 0, heatPumps = 0, appliances = 0 }: DatasetSource,
): number {
  return cars + heatPumps + appliances;
}

/**
 * Checks that no more homes are to have a device than there are.
 *
 * @throws {Error} Naming the flag.
 */
function requireDevices(source: MadeUp): void {
  for (const field of ["cars", "heatPumps", "appliances"] as const) {
    const count = source[field] ?? 0;
    if (count <= source.prosumers) continue;
    const [flag] = ONLY_SYNTHETIC[field];
    throw new Error(
      `--${flag} must be at most the number of homes, ${source.prosumers}, got ${count}; more ` +
        "homes: --prosumers",
    );
  }
}
