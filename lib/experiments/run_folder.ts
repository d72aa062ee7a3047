/**
 * What a run leaves behind, and where.
 *
 *     runs/<name>/config.json              configuration, good for --config
 *     runs/<name>/model.json               the checkpoint
 *     runs/<name>/learning_curve.csv       a row per update
 *     runs/<name>/evaluation_results.csv   a row per policy, day, slot and prosumer
 *     runs/<name>/prosumers.csv            a row per policy and prosumer
 *     runs/<name>/bills.csv                a row per policy, prosumer and month
 *     runs/<name>/charging.csv             a row per policy, kind of device and hour, what it charges for
 *     runs/<name>/devices.csv              a row per policy, prosumer and device, where some have more
 *                                          than a battery
 *     runs/<name>/stores.csv               a row per policy, day, slot and store, likewise
 *     runs/<name>/network.csv              a row per policy and node, where homes are on a network
 *     runs/<name>/network_day.csv          a row per policy and time of day, likewise
 *     runs/<name>/network_summary.csv      a row per policy, likewise
 *     runs/<name>/summary.csv, .json       a row per policy
 *     runs/<name>/provenance.json          how all of it was made; written last
 *     runs/<name>/.lock                    names the task that is at work there
 *
 * The configuration, the checkpoint and the curve are written together, and so are the results; see
 * `lib/disk/whole_files.ts`.
 *
 * @module
 */

import type { Community } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import type { FileContent } from "../disk/whole_files.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import {
  billsCsv,
  devicesCsv,
  monthsCsv,
  resultsCsv,
  storesCsv,
  summaryCsv,
} from "../evaluation/export.ts";
import { CHARGING_FILE, chargingCsv } from "../evaluation/charging_file.ts";
import { waits } from "../policies/charging_rules.ts";
import { storesOf } from "../stores/stores.ts";
import { NETWORK_DAY_FILE, NETWORK_FILE } from "../evaluation/network_files.ts";
import { deviceBills, hasDevices } from "../evaluation/device_bills.ts";
import { monthlyBills } from "../evaluation/monthly_bills.ts";
import type { Ladder } from "../evaluation/ladder.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import type { DatasetSource } from "./dataset_source.ts";
import { networkFiles } from "./network_report.ts";
import { writeTogether } from "../disk/whole_files.ts";
import { isFree } from "../disk/folder_lock.ts";

/** Name of the configuration in the folder of a training. */
export const CONFIG_FILE = "config.json";

/** What an evaluation leaves. */
export const EVALUATION_FILES: readonly string[] = [
  "evaluation_results.csv",
  "prosumers.csv",
  "bills.csv",
  "summary.csv",
  "summary.json",
];

/** What it leaves beside these where homes have more than a battery. */
const DEVICE_FILES: readonly string[] = [
  "devices.csv",
  "stores.csv",
  CHARGING_FILE,
  "flexibility.csv",
];

/** What it leaves beside these where homes are on a network. */
export const NETWORK_FILES: readonly string[] = [
  NETWORK_FILE,
  NETWORK_DAY_FILE,
  "network_summary.csv",
  "safety.csv",
];

/** Names of all files that say how good something is: they are replaced together. */
export const RESULT_FILES: readonly string[] = [
  ...EVALUATION_FILES,
  ...DEVICE_FILES,
  ...NETWORK_FILES,
  "ladder.csv",
  "ladder.json",
  "ladder.md",
  "misreports.csv",
  "forecast_skill.csv",
  "captured.svg",
  "captured.png",
  "transfer.csv",
  "distribution.csv",
  "distribution.md",
  "communities.csv",
  "ablation.csv",
  "ablation.md",
  "battery_sizes.csv",
  "mechanisms.csv",
  "mechanism_bills.csv",
  "mechanisms.svg",
  "mechanisms.png",
  "pareto.csv",
  "pareto.svg",
  "pareto.png",
  "city.json",
];

/** What the folders of trainings on a data set have in common, unless others are named. */
export function runStem(
  { data, prosumers = 10, cars = 0, heatPumps = 0, appliances = 0, feeder }: DatasetSource,
): string {
  const name = data.split("/").findLast((part) => part !== "") ?? "data";
  const parts = [
    prosumers === 10 ? "" : `-${prosumers}`,
    ...Object.entries({ cars, "heat-pumps": heatPumps, appliances })
      .map(([what, count]) => count === 0 ? "" : `-${count}-${what}`),
    feeder === undefined ? "" : `-${feeder}`,
  ];
  return `runs/${name}${parts.join("")}`;
}

/** `base`, or with the next number behind it if that is taken. */
export async function freeFolder(base: string): Promise<string> {
  for (let n = 1;; n++) {
    const folder = n === 1 ? base : `${base}-${n}`;
    if (await isFree(folder)) return folder;
  }
}

/**
 * The results and the summary of an evaluation, by file. Whoever has more to say about it, such as
 * how it came about, adds his files and writes all in one go.
 */
export function evaluationFiles(
  { records, summary, bills }: Evaluation,
  dataset: Dataset,
  ladder: Ladder | null = null,
): Readonly<Record<string, FileContent>> {
  return {
    "evaluation_results.csv": resultsCsv(records, dataset),
    "prosumers.csv": billsCsv(bills, dataset.community),
    "bills.csv": monthsCsv(
      records.flatMap((each) => monthlyBills(each, dataset)),
      dataset.community,
    ),
    ...(hasDevices(dataset) && {
      "devices.csv": devicesCsv(
        records.flatMap((each) => deviceBills(each, dataset)),
        dataset.community,
      ),
      "stores.csv": storesCsv(records, dataset),
      ...(storesOf(dataset).some(waits) && { [CHARGING_FILE]: chargingCsv(records, dataset) }),
    }),
    ...networkFiles(records, dataset),
    "summary.csv": summaryCsv(summary, dataset.community),
    "summary.json": summaryJson(summary, dataset.community, ladder) + "\n",
  };
}

/**
 * Writes results into a folder, all or none; results of an earlier run that are not replaced are
 * removed, so that what is there belongs together.
 */
export async function writeResults(
  folder: string,
  files: Readonly<Record<string, FileContent>>,
  alsoOutdated: readonly string[] = [],
): Promise<void> {
  const outdated = [...RESULT_FILES, ...alsoOutdated];
  await writeTogether(folder, files, outdated.filter((name) => !Object.hasOwn(files, name)));
}

/** The summary as JSON text; with several seeds, the ladder of their means as well. */
export function summaryJson(
  summary: readonly Kpis[],
  { currency }: Pick<Community, "currency">,
  ladder: Ladder | null = null,
): string {
  const means = ladder === null ? {} : { rows: ladder.rows, comparison: ladder.comparison };
  return JSON.stringify({ currency, policies: summary, ...means }, null, 2);
}
