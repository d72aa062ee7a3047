/**
 * The tables that `deno task data describe` prints.
 *
 * @module
 */

import { laidOut } from "../cli/terminal.ts";
import { shown } from "../text/shown.ts";
import {
  type DatasetSummary,
  describeDataset,
  type HouseholdSummary,
  type Range,
  range,
} from "./describe.ts";
import type { DeviceSummary } from "./devices/summary.ts";
import { datasetHash } from "./hash.ts";
import type { Dataset } from "./profiles.ts";
import { splitDays } from "./split.ts";
import { slotLength, timestamp } from "../units.ts";
import { table } from "../cli/table.ts";

const MOST_HOUSEHOLDS = 25;

/** The data set in two tables: its households, and its figures as a whole. */
export async function describe(
  dataset: Dataset,
  summary: DatasetSummary = describeDataset(dataset),
): Promise<string> {
  const { community, profiles } = dataset;
  const { grid, gridImportLimitKw, gridExportLimitKw } = profiles;
  const money = community.currency;
  const rows: [string, string, string][] = [
    ["first slot", timestamp(grid, 0), ""],
    ["last slot", timestamp(grid, grid.slots - 1), ""],
    ["slots", `${grid.slots} of ${slotLength(grid.dtHours)}`, ""],
    ["load", fixed(summary.loadKwh, 0), "kWh"],
    ["available PV", fixed(summary.pvKwh, 0), "kWh"],
    ["peak import, export", `${fixed(summary.peakImportKw)}, ${fixed(summary.peakExportKw)}`, "kW"],
    ["most that trade can match", fixed(summary.tradableKwh, 0), "kWh"],
    ["slots with both sides", fixed(100 * summary.bothSidesShare, 1), "%"],
    ...(dataset.tariffs === undefined
      ? [["import price", summary.importPricePerKwh] as const]
      : Object.entries(dataset.tariffs).map(([name, { importPricePerKwh }]) =>
        [`import price, ${shown(name, 20)}`, range(importPricePerKwh)] as const
      )).map(([what, price]): [string, string, string] => [what, spread(price), `${money}/kWh`]),
    ["feed-in tariff", spread(summary.feedInTariffPerKwh), `${money}/kWh`],
    ["carbon intensity", spread(summary.carbonKgPerKwh), "kg/kWh"],
    [
      "least import, export limit",
      `${least(gridImportLimitKw)}, ${least(gridExportLimitKw)}`,
      "kW",
    ],
    ["days to train, validate, test", splitText(dataset), ""],
    ["SHA-256", (await datasetHash(dataset)).slice(0, 16), ""],
  ];
  return [
    laidOut(`${shown(community.name)}: ${community.prosumers.length} prosumers`),
    householdTable(summary.households),
    ...summary.devices.length > 0 ? [deviceTable(summary.devices)] : [],
    table(["quantity", "value", "unit"], rows),
    ...remarks(summary.doubts.map(({ text }) => text), dataset.notes).map((text) => laidOut(text)),
  ].join("\n\n");
}

/** What looks like a mistake, and what was taken otherwise than it is written, a line each. */
export function remarks(doubts: readonly string[], notes: readonly string[] = []): string[] {
  const lines = [
    ...doubts.map((text) => `Check: ${text}`),
    ...notes.map((text) => `Note: ${text}`),
  ];
  return lines.length > 0 ? [lines.join("\n")] : [];
}

function householdTable(households: readonly HouseholdSummary[]): string {
  const rows = households.slice(0, MOST_HOUSEHOLDS).map((home) => [
    home.id,
    fixed(home.pvCapacityKw, 1),
    fixed(home.battery?.capacityKwh ?? 0, 1),
    fixed(home.battery?.maxDischargeKw ?? 0, 1),
    fixed(home.loadKwh, 0),
    fixed(home.pvKwh, 0),
    fixed(home.peakLoadKw),
  ]);
  const header = [
    "prosumer",
    "PV kW",
    "battery kWh",
    "battery kW",
    "load kWh",
    "PV kWh",
    "peak load kW",
  ];
  const more = households.length - rows.length;
  return table(header, rows) + (more > 0 ? `\nand ${more} more` : "");
}

function deviceTable(devices: readonly DeviceSummary[]): string {
  const rows = devices.slice(0, MOST_HOUSEHOLDS).map((device) => [
    device.prosumer,
    device.name,
    device.kind,
    fixed(device.powerKw, 1),
    fixed(device.capacityKwh, 1),
    device.neededKwh === null ? "" : fixed(device.neededKwh, 0),
    device.times === null ? "" : String(device.times),
  ]);
  const header = ["prosumer", "device", "kind", "kW", "kWh", "needs kWh", "times"];
  const more = devices.length - rows.length;
  return table(header, rows) + (more > 0 ? `\nand ${more} more` : "");
}

function splitText(dataset: Dataset): string {
  try {
    const { train, validation, test } = splitDays(dataset, { episodeDays: 1 });
    return `${train.length}, ${validation.length}, ${test.length}`;
  } catch (error) {
    if (error instanceof RangeError) return "too few days";
    throw error;
  }
}

function least(limits: Float64Array): string {
  const limit = limits.reduce((a, b) => Math.min(a, b));
  return limit === Infinity ? "none" : fixed(limit);
}

function spread({ least, mean, largest }: Range): string {
  return `${fixed(least, 3)} to ${fixed(largest, 3)}, mean ${fixed(mean, 3)}`;
}

function fixed(value: number, digits = 2): string {
  return value.toFixed(digits);
}
