/**
 * What the report of a training run says about its results: the ladder, prices and flows, and bills.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { shown } from "../text/shown.ts";
import { communityResults } from "../evaluation/community_results.ts";
import { chargingReasons } from "../evaluation/charging_reasons.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import type { Ladder } from "../evaluation/ladder.ts";
import type { Figure } from "./figure.ts";
import { bars } from "./figures/bars.ts";
import { batterySoc } from "./figures/battery_soc.ts";
import { charging } from "./figures/charging.ts";
import { captured } from "./figures/captured.ts";
import { gridFlow } from "./figures/grid_flow.ts";
import { gridSeasons, seasonOf } from "./figures/grid_seasons.ts";
import { marketPrices } from "./figures/market_prices.ts";
import { priceFan } from "./figures/price_fan.ts";
import { figureHtml, markdownHtml, tableHtml } from "./html.ts";
import { policyStyle } from "./palette.ts";

/** Characters of a home's name beside its bar. */
const LONGEST_LABEL = 24;

/** All policies by what they capture of the possible saving. */
export function ladderSection(
  { rows }: Pick<Ladder, "rows">,
  evaluation: Evaluation,
  { community }: Dataset,
  testDays: number,
): string {
  const subject = `${shown(community.name)}, ${testDays} test episodes, one seed`;
  return markdownHtml(`## Ladder

The captured share of the saving that perfect foresight makes possible: 0 % is homes without battery
and trade. Intervals are over days only, as there is one training seed.`) +
    figureHtml(captured(rows, { subject })) +
    tableHtml({
      header: [
        "policy",
        `cost [${community.currency}/d]`,
        "CO2 [kg/d]",
        "peak [kW]",
        "worse off",
        "violations",
      ],
      rows: evaluation.summary.map((row) => [
        row.policy,
        row.costPerDay.toFixed(2),
        row.physicalEmissionsKgPerDay.toFixed(1),
        row.meanPeakKw.toFixed(2),
        row.prosumersWorseOff,
        row.residualViolations,
      ]),
    });
}

/** Market prices, grid exchange and batteries over the day. */
export function flowSection({ records }: Evaluation, dataset: Dataset): string {
  const results = communityResults(records, dataset);
  const { currency, prosumers } = dataset.community;
  const figures = [
    marketPrices(results, { currency }),
    ...(results.slots.some(({ clearingPricePerKwh }) => clearingPricePerKwh !== null)
      ? [priceFan(results, { currency })]
      : []),
    gridFlow(results, { currency }),
    ...(new Set(results.days.map(seasonOf)).size > 1 ? [gridSeasons(results, { currency })] : []),
    ...(prosumers.some(({ battery }) => battery !== null)
      ? [batterySoc(results, { currency })]
      : []),
  ];
  const learned = records.find(({ policy }) => policy === "learned");
  const charged = learned === undefined ? [] : chargingReasons(learned, dataset);
  if (charged.length > 0) figures.push(charging(charged, "learned"));
  return markdownHtml("## Prices and flows") + figures.map(figureHtml).join("\n");
}

/** What each home pays, and how that differs from being alone on the grid. */
export function billSection({ bills }: Evaluation, { community: { currency } }: Dataset): string {
  const own = bills.filter(({ policy }) => policy === "learned");
  return markdownHtml(`## Bills

What each home pays under the learned policy, and how that differs from being alone on the grid
without battery and trade; the cost includes CO2, wear and the final charge of the battery.`) +
    figureHtml(billFigure(own, currency)) +
    tableHtml({
      header: [
        "home",
        `bill [${currency}/d]`,
        "change of bill",
        `cost [${currency}/d]`,
        "change of cost",
      ],
      rows: own.map((bill) => [
        shown(bill.prosumer),
        bill.billPerDay.toFixed(2),
        signed(bill.billChangePerDay),
        bill.costPerDay.toFixed(2),
        signed(bill.costChangePerDay),
      ]),
    });
}

function billFigure(bills: Evaluation["bills"], currency: string): Figure {
  const losers = bills.filter(({ costChangePerDay }) => costChangePerDay > 1e-6);
  return bars([{
    bars: bills.map(({ prosumer, costChangePerDay }) => ({
      label: shown(prosumer, LONGEST_LABEL),
      value: costChangePerDay,
      style: policyStyle("learned"),
    })),
    label: `change of cost against grid-only [${currency}/d]`,
    format: signed,
  }], {
    title: losers.length === 0
      ? "Every home pays less than alone on the grid, or as much"
      : `${losers.length} of ${bills.length} homes pay more than alone on the grid`,
    subtitle: "learned against grid-only on the same test days; less is better.",
    description: "Change of each home's cost per day as bars.",
  });
}

function signed(change: number): string {
  return `${change > 0 ? "+" : change < 0 ? "−" : ""}${Math.abs(change).toFixed(2)}`;
}
