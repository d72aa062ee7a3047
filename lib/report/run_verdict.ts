/**
 * The verdict on a training run: what its agents capture, what that is for a home in a year, and where
 * they lose.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { Ladder, LadderRow } from "../evaluation/ladder.ts";
import type { ProsumerBill } from "../evaluation/prosumer_bills.ts";
import { DAYS_PER_YEAR } from "../evaluation/yearly_savings.ts";
import { shown } from "../text/shown.ts";
import { escapeHtml, markdownHtml, markdownText } from "./html.ts";
import { lostScenarios, type ScenarioResult } from "./run_scenarios.ts";

/** Most homes or worlds named in a sentence. */
const MOST_NAMED = 5;

/** What a run is judged by. */
export interface RunResults {
  /** All policies by what they capture. */
  readonly ladder: Pick<Ladder, "rows">;
  /** What each home pays under the agents. */
  readonly bills: readonly ProsumerBill[];
  /** The agents in other worlds. */
  readonly scenarios: readonly ScenarioResult[];
  /** Test episodes. */
  readonly episodes: number;
}

/** The head of the page. */
export function runVerdict(dataset: Dataset, results: RunResults): string {
  const { community: { name, currency, prosumers } } = dataset;
  const row = (policy: string) => results.ladder.rows.find((each) => each.policy === policy)!;
  const learned = row("learned"), alone = row("grid-only");
  const yearPerHome = (costPerDay: number) =>
    (alone.costPerDay - costPerDay) * DAYS_PER_YEAR / prosumers.length;
  const possible = yearPerHome(row("optimum").costPerDay);
  const saving = yearPerHome(learned.costPerDay);
  const interval = learned.capturedLow === null
    ? ""
    : ` (95 % interval ${whole(learned.capturedLow * possible)} to ` +
      `${whole(learned.capturedHigh! * possible)})`;
  return markdownHtml(`# What these agents are worth: ${markdownText(name)}

> ${capturedWords(learned)}
>
> **${whole(Math.abs(saving))} ${currency} a year** is what a home ${
    saving >= 0 ? "saves" : "loses"
  } by it${interval}, of ${whole(possible)} that could be saved.

On ${results.episodes} test episodes that training never saw. Against homes alone on the grid without
battery and trade; costs include CO2, wear and what batteries hold at the end. Intervals are over days
only, as there is one training seed.`) + losses(learned, results);
}

function capturedWords({ captured, capturedLow, capturedHigh }: LadderRow): string {
  if (captured === null) return "Nothing could be saved on these days.";
  const percent = (share: number | null) => (100 * share!).toFixed(1);
  return `**${
    percent(captured)
  } % captured** of what perfect foresight could save (95 % interval ` +
    `${percent(capturedLow)} to ${percent(capturedHigh)}).`;
}

/** Where the agents lose: to which policies, for which homes, in which worlds. */
function losses(learned: LadderRow, { ladder, bills, scenarios }: RunResults): string {
  const better = ladder.rows.filter(({ policy, costPerDay }) =>
    !/^(learned|optimum)/.test(policy) && costPerDay < learned.costPerDay - 1e-6
  );
  const homes = bills.filter(({ costChangePerDay }) => costChangePerDay > 1e-6);
  const worlds = lostScenarios(scenarios);
  const lines = [
    better.length > 0 && `Cheaper without training: ${named(better.map(({ policy }) => policy))}.`,
    homes.length > 0 &&
    `Dearer than alone on the grid for ${named(homes.map(({ prosumer }) => shown(prosumer)))}.`,
    worlds.length > 0 &&
    `Dearer than a rule in other worlds: ${named(worlds.map(({ scenario }) => scenario))}.`,
    learned.residualViolations > 0 &&
    `${learned.residualViolations} violations were found by the audit.`,
  ].filter((line) => line !== false);
  if (lines.length === 0) {
    return markdownHtml(
      "Nowhere do they lose: no rule and no planner is cheaper, no home pays more " +
        "than alone, and no rule is cheaper in any other world.",
    );
  }
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  return `<div class="loses"><strong>Where they lose</strong><ul>${items}</ul></div>`;
}

function named(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US").replace("-", "−");
}
