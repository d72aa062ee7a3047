/**
 * A ladder as it is printed and written: `ladder.csv`, `ladder.json` and `ladder.md`.
 *
 * @module
 */

import { rowsCsv } from "../text/csv.ts";
import type { Exploitability } from "../evaluation/exploitability.ts";
import type { ForecastSkill } from "../evaluation/forecast_skill.ts";
import type { Comparison, Ladder, LadderRow } from "../evaluation/ladder.ts";
import type { TargetRow } from "./targets.ts";
import { markdownTable, markdownText, microseconds, NONE, percent, table } from "../cli/table.ts";
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
  /** What the learned agents' values and misreports move; `null` where that was not measured. */
  readonly exploitability: Exploitability | null;
  /** How good the forecasts were that all read; empty where that was not measured. */
  readonly forecastSkill: readonly ForecastSkill[];
}

/** The ladder for reading, as the terminal shows it. */
export function ladderText(ladder: TitledLadder, wide: boolean): string {
  const { title, rows, currency, targets, forecastSkill } = ladder;
  return [
    laidOut(title),
    ladderTable(rows, { currency, wide }),
    laidOut(wide ? NOTE : SHORT_NOTE),
    ...sentences(ladder).map((sentence) => laidOut(sentence)),
    ...(targets.length === 0 ? [] : [table(TARGET_HEADER, targets.map(targetCells))]),
    ...(forecastSkill.length === 0 ? [] : [
      table(skillHeader(forecastSkill), skillCells(forecastSkill)),
      laidOut(SKILL_NOTE),
    ]),
  ].join("\n\n");
}

/** The same in Markdown, to be included in a page. */
export function ladderMarkdown(ladder: TitledLadder): string {
  const { title, rows, currency, targets, forecastSkill } = ladder;
  return [
    `**${markdownText(title)}**`,
    markdownTable(header(currency), rows.map(cells)),
    NOTE,
    ...sentences(ladder),
    ...(targets.length === 0 ? [] : [markdownTable(TARGET_HEADER, targets.map(targetCells))]),
    ...(forecastSkill.length === 0 ? [] : [
      markdownTable(skillHeader(forecastSkill), skillCells(forecastSkill)),
      SKILL_NOTE,
    ]),
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
    ...(ladder.forecastSkill.length === 0
      ? {}
      : { "forecast_skill.csv": rowsCsv(ladder.forecastSkill) }),
    ...(ladder.exploitability === null ? {} : {
      "misreports.csv": rowsCsv(
        ladder.exploitability.misreports.map((row) => ({ ...row, currency: ladder.currency })),
      ),
    }),
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
  "inside %",
  "corr.",
  "price gap",
  "churn %",
  "peak kW",
  "worse off",
  `worst, ${currency}/d`,
  "violations",
  "µs/decision",
];

const SHORT_NOTE =
  "captured: share of the saving that perfect foresight makes possible, with its 95 % interval over " +
  "seeds and episodes; inside: slots with trade whose price lies strictly between those of the grid; " +
  "corr.: correlation with the competitive price; peak: highest import of an episode, mean; --wide and ladder.csv have all (docs/kpis.md).";

const NOTE = "captured: share of the saving that perfect foresight makes possible; IQM: " +
  "interquartile mean of single episodes; inside: slots with trade whose price lies strictly between " +
  "those of the grid; corr. and price gap: correlation with and mean distance to the competitive " +
  "price over all slots; churn: discharged energy that other stores charge; peak: highest import of " +
  "an episode, mean; worst: change of cost of " +
  "the prosumer that gains least; intervals over seeds and episodes (docs/kpis.md).";

const SKILL_NOTE =
  "Mean absolute error in kW by lead: the forecast that all read, the load or sun " +
  "known last, and that of the day before (docs/kpis.md).";

/** Who forecasts, in the words of the table. */
const FORECASTS = [
  ["forecast", "forecastMaeKw"],
  ["now", "nowMaeKw"],
  ["yesterday", "yesterdayMaeKw"],
] as const;

function skillHeader(skill: readonly ForecastSkill[]): string[] {
  return ["error of", "by", ...leadsOf(skill).map((hours) => `${hours} h`)];
}

function skillCells(skill: readonly ForecastSkill[]): string[][] {
  return [...Map.groupBy(skill, ({ series, scope }) => `${series}, ${scope}`)].flatMap(
    ([what, rows]) =>
      FORECASTS.map(([by, field]) => [
        what,
        by,
        ...leadsOf(skill).map((hours) =>
          rows.find(({ leadHours }) => leadHours === hours)?.[field].toFixed(3) ?? NONE
        ),
      ]),
  );
}

function leadsOf(skill: readonly ForecastSkill[]): number[] {
  return [...new Set(skill.map(({ leadHours }) => leadHours))];
}

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
    percent(row.insideFraction),
    row.competitiveCorrelation?.toFixed(2) ?? NONE,
    row.competitiveDistancePerKwh?.toFixed(3) ?? NONE,
    percent(row.churnFraction),
    row.meanPeakKw?.toFixed(1) ?? NONE,
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
function sentences({ comparison, exploitability }: TitledLadder): string[] {
  return [
    ...(comparison === null ? [] : [comparisonLine(comparison)]),
    ...(exploitability === null ? [] : [exploitabilityLine(exploitability)]),
  ];
}

/** How far the outcome moves with what homes say. */
function exploitabilityLine(
  { policy, priceSensitivity, costSensitivity, misreportGain }: Exploitability,
): string {
  return `If all values of ${policy} change by 0.2 %, the price moves by ` +
    `${percent2(priceSensitivity)} of its mean and a home's cost by at most ` +
    `${
      percent2(costSensitivity)
    } of its saving; the best constant misreport gains a home at most ` +
    `${percent2(misreportGain)} of its saving (misreports.csv).`;
}

function percent2(share: number | null): string {
  return share === null ? NONE : `${(100 * share).toFixed(2)} %`;
}

/** What a comparison says in a sentence. */
function comparisonLine(
  { policy, other, difference, different, probabilityOfImprovement: better }: Comparison,
): string {
  const points = (share: number) => `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)}`;
  return `${policy} against ${other} on the same episodes: ${
    points(difference.estimate)
  } points of ` +
    `captured [${points(difference.low)}, ${
      points(difference.high)
    }]; cheaper in a random episode ` +
    `with probability ${better.estimate.toFixed(2)} [${better.low.toFixed(2)}, ` +
    `${better.high.toFixed(2)}]; their intervals ` +
    (different ? "do not overlap: they differ." : "overlap: they are not called different.");
}
