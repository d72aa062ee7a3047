/**
 * A claim ties figures that a page states to where they come from.
 *
 * @module
 */

import { lineOf, type Page } from "./pages.ts";
import { numberOf, plain } from "./words.ts";

/** How much it takes to measure. */
export type Effort =
  /** Read from code or from a committed result: always checked. */
  | "read"
  /** A training or an evaluation of seconds to minutes: `--long`. */
  | "long"
  /** A time or a rate on this machine, compared with tolerance: `--timings`. */
  | "timing";

/** A figure as it is measured: a text is compared as it is, a number after rounding. */
export type Figure = string | number;

/** Figures in a sentence or a row: every group of the pattern is one. */
export interface FigureClaim {
  readonly kind: "figures";
  /** Page. */
  readonly file: string;
  /** Where; a space stands for any white space, and every place that matches is checked. */
  readonly pattern: RegExp;
  /** What they come from: a file or a command. */
  readonly by: string;
  readonly effort: Effort;
  /** Answers a figure per group. */
  readonly measure: () => Promise<readonly Figure[]> | readonly Figure[];
  /** How far a time may be off, as a share of what is stated; else they agree to the last digit. */
  readonly tolerance?: number;
}

/** Printed text, or a table: every line of it has to be among those that are measured. */
export interface BlockClaim {
  readonly kind: "block";
  readonly file: string;
  /** The first group is the block. */
  readonly pattern: RegExp;
  readonly by: string;
  readonly effort: Effort;
  /** Answers the text in which the lines have to be. */
  readonly measure: () => Promise<string> | string;
  /** Whether the last column is a time, which is not compared. */
  readonly timed?: boolean;
}

/** One or the other. */
export type Claim = FigureClaim | BlockClaim;

/** What a check says about one place. */
export interface Finding {
  /** `file:line`. */
  readonly place: string;
  readonly stated: string;
  readonly measured: string;
  readonly verdict: "holds" | "differs" | "not found" | "not measured";
  readonly by: string;
}

/** Where a page states something: from, to. */
export type Range = readonly [at: number, end: number];

/** Matches of a pattern in which spaces stand for white space. */
export function matches(pattern: RegExp, text: string): RegExpExecArray[] {
  const flexible = pattern.source.replaceAll(" ", "[\\s>]+");
  return [...text.matchAll(new RegExp(flexible, "dgm"))];
}

/** What of a page a claim covers. */
export function covered(claim: Claim, { text }: Page): Range[] {
  return matches(claim.pattern, text).flatMap((match) =>
    match.indices!.slice(1).filter((range) => range !== undefined)
  );
}

/** Compares what a page states with what is measured, unless that takes more than is allowed. */
export async function check(
  claim: Claim,
  page: Page,
  efforts: readonly Effort[],
): Promise<Finding[]> {
  const found = matches(claim.pattern, page.text);
  const { by } = claim;
  if (found.length === 0) {
    const stated = String(claim.pattern);
    return [{ place: page.file, stated, measured: "", verdict: "not found", by }];
  }
  const place = (at: number) => `${page.file}:${lineOf(page, at)}`;
  if (!efforts.includes(claim.effort)) {
    return found.map((match) => ({
      place: place(match.index),
      stated: oneLine(match.slice(1).join("; ")),
      measured: `by --${claim.effort === "timing" ? "timings" : claim.effort}`,
      verdict: "not measured",
      by,
    }));
  }
  try {
    return await compare(claim, page, found);
  } catch (error) {
    const { message } = error as Error;
    return [{
      place: place(found[0].index),
      stated: oneLine(found[0][0]),
      measured: message,
      verdict: "not found",
      by,
    }];
  }
}

async function compare(
  claim: Claim,
  page: Page,
  found: readonly RegExpExecArray[],
): Promise<Finding[]> {
  const { by } = claim;
  const place = (at: number) => `${page.file}:${lineOf(page, at)}`;
  if (claim.kind === "block") {
    const measured = linesOf(await claim.measure(), claim.timed);
    return found.map((match) => {
      const missing = linesOf(match[1], claim.timed).filter((line) => !measured.includes(line));
      const lines = linesOf(match[1]).length;
      return {
        place: place(startOf(match, 1)),
        stated: missing.length === 0 ? `${lines} lines` : missing[0],
        measured: missing.length === 0 ? "the same" : nearest(missing[0], measured),
        verdict: missing.length === 0 ? "holds" : "differs",
        by,
      };
    });
  }
  const figures = await claim.measure();
  return found.flatMap((match) => {
    const stated = match.slice(1);
    if (stated.length !== figures.length) {
      throw new Error(
        `${claim.pattern} has ${stated.length} groups, but ${figures.length} figures`,
      );
    }
    return stated.map((text, k): Finding => ({
      place: place(startOf(match, k + 1)),
      stated: text,
      measured: measuredText(text, figures[k]),
      verdict: agree(text, figures[k], claim.tolerance) ? "holds" : "differs",
      by,
    }));
  });
}

/** Whether a figure says what is measured, to the digits that it has. */
export function agree(stated: string, measured: Figure, tolerance: number = 0): boolean {
  if (typeof measured === "string") return plain(stated) === plain(measured);
  const value = numberOf(stated);
  if (!Number.isFinite(value) || !Number.isFinite(measured)) return false;
  if (tolerance > 0) return Math.abs(measured - value) <= tolerance * Math.abs(value);
  return measured.toFixed(decimals(stated)) === value.toFixed(decimals(stated));
}

function startOf(match: RegExpExecArray, group: number): number {
  return match.indices![group]?.[0] ?? match.index;
}

function decimals(text: string): number {
  return text.split(".")[1]?.match(/^\d+/)?.[0].length ?? 0;
}

function measuredText(stated: string, figure: Figure): string {
  return typeof figure === "string" ? figure : figure.toFixed(Math.max(decimals(stated), 0));
}

/** Lines as cells, whatever their widths; rules between header and rows are left out. */
function linesOf(text: string, timed: boolean = false): string[] {
  return text.split("\n").map((line) => {
    const isRow = line.startsWith("|");
    const cells = line.split(isRow ? "|" : /\s{2,}/).map((cell) => oneLine(plain(cell)))
      .filter((cell) => cell !== "");
    return (timed && cells.length > 2 ? cells.slice(0, -1) : cells).join(" | ");
  }).filter((line) => line !== "" && !/^[-\s|]+$/.test(line) && !line.startsWith("…"));
}

/** The measured line that begins like one that is missing. */
function nearest(line: string, measured: readonly string[]): string {
  const [first] = line.split(" | ");
  return measured.find((other) => other.split(" | ")[0] === first) ?? "no such line";
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
