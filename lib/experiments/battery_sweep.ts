/**
 * The same policies on the same days with batteries of several sizes at equal power.
 *
 * Stores begin with the least that they may hold, which is the same for all sizes, so that a larger
 * battery is given nothing. For the optimum more capacity then never costs more: whatever a smaller
 * battery does a larger one can do too. Policies that decide on forecasts come close to that and
 * promise nothing.
 *
 * @module
 */

import { table } from "../cli/table.ts";
import { laidOut } from "../cli/terminal.ts";
import {
  type BatterySize,
  beginningAlike,
  homesWithBattery,
  withBatterySizes,
} from "../data/battery_sizes.ts";
import type { FileContent } from "../disk/whole_files.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { DAYS_PER_YEAR } from "../evaluation/yearly_savings.ts";
import { rowsCsv } from "../text/csv.ts";
import type { EvaluationPlan } from "./evaluation_run.ts";

/** A policy with batteries of one size, a row of `battery_sizes.csv`. */
export interface SizeRow {
  /** Capacity of every home's battery. [kWh] */
  readonly batteryKwh: number;
  /** All batteries together. [kWh] */
  readonly communityKwh: number;
  /** The policy. */
  readonly policy: string;
  /** Everything that the community is charged, as in the reward. [currency/d] */
  readonly costPerDay: number;
  /** The same of the mean home in a year. [currency/a] */
  readonly costPerHomeAndYear: number;
  /** What that is less than with the smallest battery. [currency/a] */
  readonly savingPerHomeAndYear: number;
  /** CO2 of the community's net imports. [kg/d] */
  readonly emissionsKgPerDay: number;
  /** Highest net import of the community. [kW] */
  readonly peakKw: number;
  /** What the audit found wrong; 0 in a sound run. */
  readonly residualViolations: number;
  /** What money is. */
  readonly currency: string;
}

/** Plays the days of a plan once for every size. */
export async function sweepBatteries(
  { days, policies }: Pick<EvaluationPlan, "days" | "policies">,
  sizes: readonly BatterySize[],
  afterSlot?: () => Promise<void>,
): Promise<SizeRow[]> {
  const config = { ...days.config, initialSoc: 0 };
  const { currency, prosumers } = days.dataset.community;
  const rows: SizeRow[] = [];
  for (const [k, dataset] of withBatterySizes(beginningAlike(days.dataset), sizes).entries()) {
    const size = sizes[k];
    const { summary } = await evaluate(
      { ...days, config, dataset, ...(afterSlot !== undefined && { afterSlot }) },
      policies,
    );
    for (const row of summary) {
      const cost = row.costPerDay * DAYS_PER_YEAR / prosumers.length;
      const first = rows.find(({ policy }) => policy === row.policy);
      rows.push({
        batteryKwh: "capacityKwh" in size ? size.capacityKwh : NaN,
        communityKwh: homesWithBattery(dataset)
          .reduce((sum, { battery }) => sum + battery!.capacityKwh, 0),
        policy: row.policy,
        costPerDay: row.costPerDay,
        costPerHomeAndYear: cost,
        savingPerHomeAndYear: (first?.costPerHomeAndYear ?? cost) - cost,
        emissionsKgPerDay: row.physicalEmissionsKgPerDay,
        peakKw: row.highestPeakKw,
        residualViolations: row.residualViolations,
        currency,
      });
    }
  }
  return rows;
}

/** The results by name. */
export function sweepFiles(rows: readonly SizeRow[]): Readonly<Record<string, FileContent>> {
  return { [SWEEP_FILE]: rowsCsv(rows) };
}

/** Name of the table. */
export const SWEEP_FILE = "battery_sizes.csv";

/** The rows for reading, policy by policy. */
export function sweepText(title: string, rows: readonly SizeRow[]): string {
  const policies = [...new Set(rows.map(({ policy }) => policy))];
  const [{ currency }] = rows;
  return [
    laidOut(`${title}, by capacity of every home's battery at equal power`),
    table(
      [
        "policy",
        "battery kWh",
        `cost ${currency}/d`,
        `home ${currency}/a`,
        `saving ${currency}/a`,
        "CO2 kg/d",
        "peak kW",
      ],
      policies.flatMap((name) =>
        rows.filter(({ policy }) => policy === name).map((row) => [
          name,
          row.batteryKwh,
          row.costPerDay.toFixed(2),
          row.costPerHomeAndYear.toFixed(0),
          row.savingPerHomeAndYear.toFixed(0),
          row.emissionsKgPerDay.toFixed(2),
          row.peakKw.toFixed(1),
        ])
      ),
    ),
    laidOut(
      "home, saving: cost of the mean home in a year, with CO2, wear and what stores hold at the end; " +
        "stores begin empty.",
    ),
  ].join("\n\n");
}
