/**
 * A ladder as it is printed and written: `ladder.csv`, `ladder.json` and `ladder.md`.
 *
 * @module
 */

import { rowsCsv } from "../text/csv.ts";
import type { Comparison, Ladder, LadderRow } from "../evaluation/ladder.ts";
import type { TargetRow } from "./targets.ts";
import { markdownTable, markdownText, microseconds, percent, table } from "../cli/table.ts";
import { laidOut } from "../cli/terminal.ts";
import { interval, ladderTable } from "./result_tables.ts";

/** A ladder with what it is about. */
export interface TitledLadder extends Ladder {
  /** What was compared, in a line. */
  readonly title: string;
  /** What prices are in. */
  readonly currency: string;
  /** What was to be reached, and whether it was; empty where nothing is asked. */
  readonly targets: readonly TargetRow[];
}

/** The ladder for reading, as the terminal shows it. */
export function ladderText(ladder: TitledLadder, wide: boolean): string {
  const { title, rows, currency, targets } = ladder;
  return [
    laidOut(title),
    ladderTable(rows, { currency, wide }),
    laidOut(wide ? NOTE : SHORT_NOTE),
    ...sentences(ladder).map((sentence) => laidOut(sentence)),
    ...(targets.length === 0 ? [] : [table(TARGET_HEADER, targets.map(targetCells))]),
  ].join("\n\n");
}

/** The same in Markdown, to be included in a page. */
export function ladderMarkdown(ladder: TitledLadder): string {
  const { title, rows, currency, targets } = ladder;
  return [
    `**${markdownText(title)}**`,
    markdownTable(header(currency), rows.map(cells)),
    NOTE,
    ...sentences(ladder),
    ...(targets.length === 0 ? [] : [markdownTable(TARGET_HEADER, targets.map(targetCells))]),
  ].join("\n\n") + "\n";
}

/** The three files by name. */
export function ladderFiles(
  ladder: TitledLadder,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  return {
    "ladder.csv": rowsCsv(ladder.rows.map((row) => ({ ...row, currency: ladder.currency }))),
    "ladder.json": JSON.stringify({ ...ladder, ...more }, null, 2) + "\n",
    "ladder.md": ladderMarkdown(ladder),
  };
}

const header = (currency: string) => [
  "policy",
  "seeds",
  `cost ${currency}/d`,
  "captured %",
  "95 %",
  "IQM %",
  "95 %",
  "efficiency %",
  "worse off",
  `worst, ${currency}/d`,
  "violations",
  "µs/decision",
];

const SHORT_NOTE =
  "captured: share of the saving that perfect foresight makes possible, with its " +
  "95 % interval over seeds and days; --wide and ladder.csv have all of it (docs/kpis.md).";

const NOTE = "captured: share of the saving that perfect foresight makes possible; IQM: " +
  "interquartile mean of single days; worst: change of cost of the prosumer that gains least; " +
  "intervals over seeds and days (docs/kpis.md).";

const TARGET_HEADER = ["what", "target", "measured", "met"];

function cells(row: LadderRow): (string | number)[] {
  return [
    row.policy,
    row.seeds,
    row.costPerDay.toFixed(2),
    percent(row.captured),
    interval(row.capturedLow, row.capturedHigh),
    percent(row.capturedIqm),
    interval(row.capturedIqmLow, row.capturedIqmHigh),
    percent(row.marketEfficiency),
    row.prosumersWorseOff,
    row.worstProsumerCostChangePerDay.toFixed(2).replace("-0.00", "0.00"),
    row.residualViolations,
    microseconds(row.microsecondsPerDecision),
  ];
}

function targetCells({ what, target, measured, met }: TargetRow): string[] {
  return [what, target, measured, met ? "yes" : "no"];
}

/** What there is to say about the learned agents and the market they make. */
function sentences({ rows, comparison, currency }: TitledLadder): string[] {
  return [
    ...(comparison === null ? [] : [comparisonLine(comparison)]),
    ...marketLine(rows, currency),
  ];
}

/** Whether selfish agents hold prices away from the competitive one, and what is lost. */
function marketLine(rows: readonly LadderRow[], currency: string): string[] {
  const [learned, optimum] = ["learned", "optimum"]
    .map((name) => rows.find(({ policy }) => policy === name));
  const gap = learned?.competitivePriceGapPerKwh ?? null;
  const truthful = optimum?.competitivePriceGapPerKwh ?? null;
  if (learned === undefined || gap === null) return [];
  return [
    `learned trades at prices that lie ${gap.toFixed(3)} ${currency}/kWh from the competitive ` +
    "price on average" +
    (truthful === null ? "" : `, truthful orders under the optimum ${truthful.toFixed(3)}`) +
    `; welfare lost against the optimum: ${learned.welfareLostPerDay!.toFixed(2)} ${currency}/d.`,
  ];
}

/** What a comparison says in a sentence. */
function comparisonLine(
  { policy, other, difference, different, probabilityOfImprovement: better }: Comparison,
): string {
  const points = (share: number) => `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)}`;
  return `${policy} against ${other} on the same days: ${points(difference.estimate)} points of ` +
    `captured [${points(difference.low)}, ${points(difference.high)}]; cheaper on a random day ` +
    `with probability ${better.estimate.toFixed(2)} [${better.low.toFixed(2)}, ` +
    `${better.high.toFixed(2)}]; their intervals ` +
    (different ? "do not overlap: they differ." : "overlap: they are not called different.");
}
