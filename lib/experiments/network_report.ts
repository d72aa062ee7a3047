/**
 * What results say of the network under the homes: voltages and loadings under each policy, beside
 * what the same policies would do to it without operating envelopes, and what safety without
 * coordination costs.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { allocationOf } from "../env/grid.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Bound } from "../evaluation/bound.ts";
import { capturedShare } from "../evaluation/bound.ts";
import { episodeCosts } from "../evaluation/kpis.ts";
import { NETWORK_DAY_FILE, NETWORK_FILE } from "../evaluation/network_files.ts";
import { type NetworkIndicators, networkIndicators } from "../evaluation/network_indicators.ts";
import { type CostRecords, play, type PlayOptions, type Records } from "../evaluation/records.ts";
import type { FileContent } from "../disk/whole_files.ts";
import { allocations } from "../network/envelopes.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Policy } from "../policies/policy.ts";
import type { Solver } from "../policies/solver.ts";
import { percent, table } from "../cli/table.ts";
import { rowsCsv } from "../text/csv.ts";

/** What a policy that plays without envelopes is called. */
const WITHOUT = " without envelopes";

/** The least cost under one way to keep the network, a row of `safety.csv`. */
export interface SafetyCost {
  /** `flows` for the network itself, or how headroom is shared. */
  readonly network: string;
  /** The least cost. [currency/d] */
  readonly costPerDay: number;
  /** What it costs more than the network itself demands: the price of safety. [currency/d] */
  readonly priceOfSafetyPerDay: number;
  /** The same as a share of the saving that the network itself makes possible. */
  readonly ofPossibleSaving: number | null;
}

/** Files about the network; none without one. */
export function networkFiles(
  records: readonly Records[],
  dataset: Dataset,
): Readonly<Record<string, FileContent>> {
  const found = records.flatMap((each) => networkIndicators(each, dataset) ?? []);
  if (found.length === 0) return {};
  return {
    [NETWORK_FILE]: rowsCsv(found.flatMap(({ nodes }) => nodes)),
    [NETWORK_DAY_FILE]: rowsCsv(found.flatMap(({ hours }) => hours)),
    "network_summary.csv": rowsCsv(found.map(({ whole }) => whole)),
  };
}

/** Whom the same days are played with without envelopes: all but plans with foresight and who learned. */
export function playedWithoutEnvelopes(
  { dataset, config }: Pick<PlayOptions, "dataset" | "config">,
  policies: readonly Policy[],
): Policy[] {
  if (dataset.network === undefined || allocationOf(config) === null) return [];
  return policies.filter(({ name }) => !name.startsWith("optimum") && !name.startsWith("learned"));
}

/** The same days under rules without envelopes. */
export async function playWithoutEnvelopes(
  options: PlayOptions,
  policies: readonly Policy[],
): Promise<Records[]> {
  const config: EnvironmentConfig = { ...options.config, network: { envelopes: "none" } };
  const books: Records[] = [];
  for (const policy of playedWithoutEnvelopes(options, policies)) {
    const played = await play({ ...options, config }, policy);
    books.push({ ...played, policy: policy.name + WITHOUT });
  }
  return books;
}

/** The least costs of the days with the network itself, and with envelopes of each kind. */
export async function safetyCosts(
  options: PlayOptions,
  bound: Bound,
  reference: CostRecords,
  solver: Solver,
): Promise<SafetyCost[]> {
  const { dataset, config, firstSlots } = options;
  const own = allocationOf(config);
  if (dataset.network === undefined || own === null) return [];
  const sum = (costs: ArrayLike<number>) => Array.from(costs).reduce((a, b) => a + b, 0);
  const days = firstSlots.length * config.episodeDays;
  const flows = sum((await planOptimum({ ...options, network: "flows" }, solver)).cost);
  const alone = sum(episodeCosts(reference));
  const costs: [string, number][] = [["flows", flows]];
  for (const envelopes of allocations) {
    const cost = envelopes === own
      ? bound.cost
      : (await planOptimum({ ...options, config: { ...config, network: { envelopes } } }, solver))
        .cost;
    costs.push([envelopes, sum(cost)]);
  }
  return costs.map(([network, cost]) => {
    const captured = capturedShare({ alone, cost, optimum: flows });
    return {
      network,
      costPerDay: cost / days,
      priceOfSafetyPerDay: (cost - flows) / days,
      ofPossibleSaving: captured === null ? null : 1 - captured,
    };
  });
}

/** Indicators of the network as a table; empty without one. */
export function networkTable(rows: readonly NetworkIndicators[]): string {
  if (rows.length === 0) return "";
  const header = [
    "policy",
    "lowest pu",
    "highest pu",
    "outside h/d",
    "line %",
    "transformer %",
    "overloaded h/d",
    "losses kWh/d",
    "curtailed kWh/d",
    "unserved kWh/d",
  ];
  return table(
    header,
    rows.map((row) => [
      row.policy,
      row.lowestVoltagePu.toFixed(3),
      row.highestVoltagePu.toFixed(3),
      row.outsideBandHoursPerDay.toFixed(2),
      percent(row.highestLineLoading),
      percent(row.highestTransformerLoading),
      row.overloadedHoursPerDay.toFixed(2),
      row.lossesKwhPerDay.toFixed(1),
      row.curtailedKwhPerDay.toFixed(2),
      row.unservedKwhPerDay.toFixed(2),
    ]),
  );
}

/** The price of safety as a table; empty where it was not worked out. */
export function safetyTable(rows: readonly SafetyCost[], currency: string): string {
  if (rows.length === 0) return "";
  return table(
    ["least cost with", `${currency}/d`, `price of safety, ${currency}/d`, "points of captured"],
    rows.map((row) => [
      row.network === "flows" ? "the network itself" : `${row.network} envelopes`,
      row.costPerDay.toFixed(3),
      row.priceOfSafetyPerDay.toFixed(3),
      percent(row.ofPossibleSaving),
    ]),
  );
}

/** The indicators of some books. */
export function networkRows(records: readonly Records[], dataset: Dataset): NetworkIndicators[] {
  return records.flatMap((each) => networkIndicators(each, dataset)?.whole ?? []);
}
