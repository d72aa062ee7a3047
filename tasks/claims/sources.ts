/**
 * Where figures come from that need no run: code, and results that are committed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../../lib/env/config.ts";
import { SYNTHETIC } from "../../lib/experiments/dataset_source.ts";
import type { TitledLadder } from "../../lib/experiments/ladder_files.ts";
import type { TransferRow } from "../../lib/experiments/transfer.ts";
import type { Figure } from "./claim.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Ladder of R1 with everything that `benchmark` wrote about it. */
export interface CommittedLadder extends TitledLadder {
  readonly transfer: readonly TransferRow[];
}

/** Committed results. */
export const RESULTS = {
  R1: "notebooks/results/ladder_R1.json",
  R2: "docs/results/ladder_R2.md",
  seeds: "docs/results/summary_R1.csv",
  ablation: "docs/results/ablation_R1.md",
  ablationRows: "docs/results/ablation_R1.csv",
  bench: "docs/results/bench.txt",
} as const;

/** Text of a file of the repository. */
export function textOf(path: string): Promise<string> {
  return Deno.readTextFile(`${ROOT}${path}`);
}

/** What a pattern captures in a file, in order, as numbers where it is one. */
export async function inCode(path: string, pattern: RegExp): Promise<Figure[]> {
  const found = pattern.exec(await textOf(path));
  if (found === null) throw new Error(`${path} has nothing like ${pattern}; repair the claim`);
  return found.slice(1).map((text) => {
    const number = Number(text.replaceAll("_", ""));
    return Number.isNaN(number) ? text : number;
  });
}

/** The ladder of R1. */
export async function ladderR1(): Promise<CommittedLadder> {
  return JSON.parse(await textOf(RESULTS.R1));
}

/** A rung of R1's ladder by its policy. */
export async function rungR1(policy: string) {
  return (await ladderR1()).rungs.find((rung) => rung.policy === policy)!;
}

/** Cells of a rung in R2's table: policy first, time last. */
export async function rowR2(policy: string): Promise<string[]> {
  const line = (await textOf(RESULTS.R2)).split("\n")
    .find((line) => line.startsWith(`| ${policy} `));
  if (line === undefined) throw new Error(`${RESULTS.R2} has no row ${policy}`);
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** Days of the embedded community by part. */
export function splitSizes(): { train: number; validation: number; test: number } {
  const dataset = synthesize({ ...SYNTHETIC, prosumers: 1 });
  const { train, validation, test } = splitDays(dataset, defaultEnvironmentConfig);
  return { train: train.length, validation: validation.length, test: test.length };
}

/** Rows of a committed CSV file by the names of its columns. */
export async function csvRows(path: string): Promise<Record<string, string>[]> {
  const [header, ...lines] = (await textOf(path)).trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, k) => [names[k], cell]))
  );
}

/** A page of results with every paragraph on one line and without emphasis. */
export function unwrapped(markdown: string): string {
  return markdown.split("\n\n").map((block) =>
    block.startsWith("|") ? block : block.replaceAll("\n", " ").replaceAll("**", "")
  ).join("\n");
}
