/**
 * What a ladder comes to, in sentences.
 *
 * @module
 */

import type { LadderRow } from "../evaluation/ladder.ts";
import type { LadderFile } from "./ladder_file.ts";

/**
 * The verdict on trained agents as Markdown: how much they capture, how certain that is, beside whom
 * they stand, and what it harms.
 *
 * @throws {RangeError} If the ladder has no trained agents.
 *
 * @example
 * ```ts
 * import { ladderVerdict } from "./ladder_verdict.ts";
 * import { readLadder } from "./ladder_file.ts";
 * const verdict = ladderVerdict(await readLadder(["docs/results/ladder_R1.json"]));
 * if (!verdict.startsWith("**Learned agents capture ")) throw new Error(verdict);
 * ```
 */
export function ladderVerdict(
  { rows, comparison }: Pick<LadderFile, "rows" | "comparison">,
): string {
  const learned = rows.find(({ policy }) => policy === "learned");
  if (learned === undefined) throw new RangeError("the ladder has no policy learned");
  const sentences = [
    `**Learned agents capture ${share(learned.captured)} of what is possible** (95 % interval ` +
    `${share(learned.capturedLow)} to ${share(learned.capturedHigh)}), on weeks that training ` +
    "never saw.",
    ...beside(learned, rows),
  ];
  if (comparison !== null) {
    const { other, difference: { estimate, low, high } } = comparison;
    const amount = `${Math.abs(100 * estimate).toFixed(1)} points`;
    sentences.push(
      low <= 0 && high >= 0
        ? `Against ${other}, the best that needs neither training nor foresight, no difference ` +
          `is certain: the interval is ${points(low)} to ${points(high)} points.`
        : `They are ${amount} ${estimate < 0 ? "behind" : "ahead of"} ${other}, the best that ` +
          `needs neither training nor foresight (${points(low)} to ${points(high)}).`,
    );
  }
  sentences.push(
    learned.prosumersWorseOff === 0
      ? "No home pays more than alone on the grid."
      : `${learned.prosumersWorseOff} homes pay more than alone on the grid.`,
  );
  return sentences.join(" ");
}

/** Rules and planners above and below, each named once. */
function beside(learned: LadderRow, rows: readonly LadderRow[]): string[] {
  const others = rows.filter(({ policy, captured }) =>
    captured !== null && captured > 0 && !/^(learned|untrained|optimum)/.test(policy)
  );
  const named = (kind: (row: LadderRow) => boolean) =>
    others.filter(kind).sort((a, b) => b.captured! - a.captured!)
      .map(({ policy, captured }) => `${policy} (${share(captured)})`).join(", ");
  const above = named((row) => row.capturedLow! > learned.capturedHigh!);
  const below = named((row) => row.capturedHigh! < learned.capturedLow!);
  const level = named((row) =>
    row.capturedLow! <= learned.capturedHigh! && row.capturedHigh! >= learned.capturedLow!
  );
  return [
    ...(above === "" ? [] : [`Better: ${above}.`]),
    ...(level === "" ? [] : [`Not to be told apart by their intervals: ${level}.`]),
    ...(below === "" ? [] : [`Worse: ${below}.`]),
  ];
}

function share(captured: number | null): string {
  return captured === null ? "–" : `${(100 * captured).toFixed(1)} %`;
}

function points(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${Math.abs(100 * difference).toFixed(1)}`;
}
