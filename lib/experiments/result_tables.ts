/**
 * Results as tables for reading: on a screen what matters first, with `wide` all of it. What costs
 * least stands first.
 *
 * @module
 */

import { barOf, microseconds, NONE, percent, table } from "../cli/table.ts";
import type { FlexibilityWorth } from "../evaluation/flexibility.ts";
import type { LadderRow } from "../evaluation/ladder.ts";
import type { Kpis } from "../evaluation/kpis.ts";

/** A column of a table of results. */
interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number;
  /** Only where everything is asked for. */
  readonly wide?: boolean;
  /** Left out, the first of them first, where the table would not fit the terminal otherwise. */
  readonly spare?: true;
}

/** How much there is to show. */
export interface ResultTableOptions {
  /** What costs are in, such as `EUR`. */
  readonly currency: string;
  /** All indicators, in several tables where they do not fit beside each other. */
  readonly wide?: boolean;
}

/** One line for each policy; the best of those without foresight is in bold. */
export function summaryTable(summary: readonly Kpis[], options: ResultTableOptions): string {
  const money = `${options.currency}/d`;
  return resultTable<Kpis>(
    [
      { title: "policy", cell: (row) => row.policy },
      { title: `cost ${money}`, cell: (row) => amount(row.costPerDay) },
      { title: "saving %", cell: (row) => percent(row.savingFraction) },
      { title: "captured %", cell: (row) => barOf(row.captured) },
      { title: "CO2 kg/d", cell: (row) => amount(row.physicalEmissionsKgPerDay), wide: true },
      { title: "import kWh/d", cell: (row) => amount(row.importKwhPerDay, 1), wide: true },
      { title: "self-suff. %", cell: (row) => percent(row.selfSufficiency), wide: true },
      { title: "peak kW", cell: (row) => amount(row.meanPeakKw, 1) },
      { title: "unserved kWh/d", cell: (row) => amount(row.unservedKwhPerDay), wide: true },
      { title: "inside %", cell: (row) => percent(row.insideFraction), wide: true },
      { title: "corr.", cell: (row) => decimals(row.competitiveCorrelation, 2), wide: true },
      { title: "price gap", cell: (row) => decimals(row.competitiveDistancePerKwh, 3), wide: true },
      { title: "churn %", cell: (row) => percent(row.churnFraction), wide: true },
      { title: "worse off", cell: (row) => row.prosumersWorseOff },
      { title: "worst home", cell: (row) => row.worstProsumer, wide: true },
      {
        title: `its change ${money}`,
        cell: (row) => amount(row.worstProsumerCostChangePerDay),
        wide: true,
      },
      { title: "violations", cell: (row) => row.residualViolations, wide: isSound(summary) },
      {
        title: "µs/decision",
        cell: (row) => microseconds(row.microsecondsPerDecision),
        wide: true,
      },
    ],
    summary,
    options,
  );
}

/** What devices that wait are worth in a year, by policy and kind. */
export function flexibilityTable(
  rows: readonly FlexibilityWorth[],
  { currency }: ResultTableOptions,
): string {
  return table(
    ["policy", "devices", `worth ${currency}/a of each`, "95 % interval"],
    rows.map(({ policy, kind, devices, worthPerDeviceAndYear, low, high }) => [
      policy,
      `${devices} ${kind}`,
      amount(worthPerDeviceAndYear),
      low === null || high === null ? NONE : `${amount(low)} to ${amount(high)}`,
    ]),
  );
}

/** The same for means over training seeds, with the interval of what is captured. */
export function ladderTable(rows: readonly LadderRow[], options: ResultTableOptions): string {
  const money = `${options.currency}/d`;
  return resultTable<LadderRow>(
    [
      { title: "policy", cell: (row) => row.policy },
      { title: "seeds", cell: (row) => row.seeds, wide: true },
      { title: `cost ${money}`, cell: (row) => amount(row.costPerDay) },
      { title: "captured %", cell: (row) => barOf(row.captured) },
      {
        title: "95 % interval",
        cell: (row) => interval(row.capturedLow, row.capturedHigh),
        spare: true,
      },
      { title: "IQM %", cell: (row) => percent(row.capturedIqm), wide: true },
      {
        title: "95 % of it",
        cell: (row) => interval(row.capturedIqmLow, row.capturedIqmHigh),
        wide: true,
      },
      { title: "inside %", cell: (row) => percent(row.insideFraction), spare: true },
      { title: "corr.", cell: (row) => decimals(row.competitiveCorrelation, 2), spare: true },
      { title: "price gap", cell: (row) => decimals(row.competitiveDistancePerKwh, 3), wide: true },
      { title: "churn %", cell: (row) => percent(row.churnFraction), wide: true },
      { title: "peak kW", cell: (row) => decimals(row.meanPeakKw, 1) },
      { title: "worse off", cell: (row) => row.prosumersWorseOff },
      {
        title: `worst ${money}`,
        cell: (row) => amount(row.worstProsumerCostChangePerDay),
        wide: true,
      },
      { title: "violations", cell: (row) => row.residualViolations, wide: isSound(rows) },
      {
        title: "µs/decision",
        cell: (row) => microseconds(row.microsecondsPerDecision),
        wide: true,
      },
    ],
    rows,
    options,
  );
}

/** Whether the audit found nothing, so that nothing has to be said of it. */
function isSound(rows: readonly { readonly residualViolations: number }[]): boolean {
  return rows.every(({ residualViolations }) => residualViolations === 0);
}

function resultTable<Row extends { readonly policy: string; readonly costPerDay: number }>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { wide = false }: ResultTableOptions,
): string {
  const chosen = columns.filter((column) => wide || !column.wide);
  const sorted = rows.toSorted((a, b) => a.costPerDay - b.costPerDay);
  const best = sorted.findIndex(({ policy }) => !policy.startsWith("optimum"));
  const laidOut = (columns: readonly Column<Row>[]) =>
    table(
      columns.map(({ title }) => title),
      sorted.map((row) => columns.map(({ cell }) => cell(row))),
      best < 0 ? {} : { bold: best },
    );
  const isWhole = (text: string) =>
    text.split("\n").length === sorted.length + 2 && !text.includes("…");
  let shown = chosen, text = laidOut(shown);
  while (!wide && !isWhole(text)) {
    const spare = shown.find((column) => column.spare);
    if (spare === undefined) break;
    shown = shown.filter((column) => column !== spare);
    text = laidOut(shown);
  }
  return text;
}

/** Ends of an interval of shares in percent. */
export function interval(low: number | null, high: number | null): string {
  return low === null ? NONE : `${percent(low)} to ${percent(high)}`;
}

/** A number with so many decimals, {@linkcode NONE} if it is `null`. */
function decimals(value: number | null, digits: number): string {
  return value === null ? NONE : amount(value, digits);
}

/** A number with so many decimals; what rounds to nothing has no sign. */
function amount(value: number, decimals = 2): string {
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1");
}
