/** A small data set with odd values in it, for the tests of files. */

import type { Battery } from "../../lib/data/community.ts";
import { writeDataset } from "../../lib/data/dataset.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import type { Dataset } from "../../lib/data/profiles.ts";

/** A battery with every optional field but one. */
export const battery: Battery = {
  capacityKwh: 6.4,
  maxChargeKw: 5,
  maxDischargeKw: 4,
  chargeEfficiency: Math.sqrt(0.9),
  dischargeEfficiency: 0.95,
  selfDischargePerHour: 1e-5,
  socMin: 0.1,
  socMax: 0.9,
  roundTripEfficiencyByPower: [[0, 0.83], [1, 0.9]],
  capacityLossCoefficient: 1e-5,
};

/** Two households whose columns are all made by `column`. */
export function twoHomes(column: () => Float64Array): Dataset {
  const slots = column().length;
  const both = () => Float64Array.from([...column(), ...column()]);
  const tariff = column();
  return {
    community: {
      name: "Two homes",
      currency: "CHF",
      prosumers: [{ id: "a", pvCapacityKw: 5.1, battery }, {
        id: "b-2",
        pvCapacityKw: 0,
        battery: null,
      }],
    },
    profiles: {
      grid: { startMs: Date.UTC(2024, 1, 28, 22), utcOffsetMinutes: -210, dtHours: 0.5, slots },
      loadKw: both(),
      pvKw: both(),
      importPricePerKwh: tariff.map((value) => value * 2),
      feedInTariffPerKwh: tariff,
      carbonKgPerKwh: column(),
      gridImportLimitKw: column().fill(Infinity, 0, 1),
      gridExportLimitKw: column().fill(Infinity),
    },
  };
}

/** Two households over four half hours. */
export const simple = () => twoHomes(() => new Float64Array(4).fill(0.25));

/** Writes a community whose weeks are few, as tests of tasks want it, and answers its folder. */
export async function fewWeeks(folder: string, prosumers = 3): Promise<string> {
  await writeDataset(synthesize({ seed: 5, prosumers, days: 28, dtHours: 1 }), folder);
  return folder;
}

/** Works in a folder that is gone afterwards. */
export async function inFolder<T>(work: (parent: string) => Promise<T>): Promise<T> {
  const parent = await Deno.makeTempDir({ prefix: "p2p-dataset-" });
  try {
    return await work(parent);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

/** What a folder holds, in alphabetical order. */
export async function names(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name).sort();
}
