/**
 * Learned agents in communities of other sizes than the one they were trained in, as they are.
 *
 * @module
 */

import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { rowsCsv } from "../text/csv.ts";
import { ladderOf, type Rung } from "../evaluation/ladder.ts";
import type { PlayOptions } from "../evaluation/records.ts";
import { createPolicy } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Solver } from "../policies/solver.ts";
import { loadDataset } from "./dataset_source.ts";
import { spread } from "./episodes.ts";
import { percent, table } from "../cli/table.ts";
import { interval } from "./result_tables.ts";
import { type SeedModel, seedPolicies } from "./seed_models.ts";

/** Households of the communities. */
export const TRANSFER_SIZES: readonly number[] = [3, 10, 30, 100];

/** Name of the table. */
export const TRANSFER_FILE = "transfer.csv";

/** A row of `transfer.csv`: a policy in a community of some size. */
export type TransferRow = { readonly prosumers: number } & Rung;

/** What came of it. */
export interface Transfer {
  /** A row per size and policy. */
  readonly rows: readonly TransferRow[];
  /** The same as a file. */
  readonly csv: string;
  /** The same for reading. */
  readonly text: string;
}

/** Who goes where. */
export interface TransferOptions {
  /** The agents. */
  readonly models: readonly SeedModel[];
  /** Rules and noise. */
  readonly played: Pick<PlayOptions, "config" | "seed">;
  /** Plans the optimum. */
  readonly solver: Solver;
  /** Test days, evenly spread; all if absent. */
  readonly days: number | undefined;
  /** Waited for after every slot. */
  readonly afterSlot: () => Promise<void>;
  /** Says what is going on. */
  readonly say: (line: string) => void;
}

/** Plays every size; the rows as text are `transfer.csv`. */
export async function transfer(
  { models, played: { config, seed }, solver, days, afterSlot, say }: TransferOptions,
): Promise<Transfer> {
  const rows: TransferRow[] = [];
  for (const prosumers of TRANSFER_SIZES) {
    say(`Playing a community of ${prosumers}`);
    const dataset = await loadDataset({ data: "synthetic", prosumers });
    const firstSlots = spread(splitDays(dataset, config).test, days);
    const played = { dataset, config, firstSlots, seed, afterSlot };
    const policies = [createPolicy("mpc", { seed, solver }), ...seedPolicies(models)];
    const bound = await planOptimum(played, solver);
    const { rungs } = ladderOf(await evaluate(played, policies, bound), bound);
    const { currency } = dataset.community;
    rows.push(...rungs.map((rung) => ({ prosumers, ...rung, currency })));
  }
  return { rows, csv: rowsCsv(rows), text: transferText(rows) };
}

function transferText(rows: readonly TransferRow[]): string {
  const header = ["prosumers", "policy", "captured %", "95 %", "efficiency %", "worse off"];
  return "The same agents in communities of other sizes (transfer.csv):\n\n" + table(
    header,
    rows.map((row) => [
      row.prosumers,
      row.policy,
      percent(row.captured),
      interval(row.capturedLow, row.capturedHigh),
      percent(row.marketEfficiency),
      row.prosumersWorseOff,
    ]),
  );
}
