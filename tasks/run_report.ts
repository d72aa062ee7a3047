/**
 * The report of one training run: what was trained on what, how it went, and how good it is.
 *
 * @module
 */

import { describeDataset } from "../lib/data/describe.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { applyScenario, scenarioNames } from "../lib/data/scenarios.ts";
import { splitDays } from "../lib/data/split.ts";
import { communityResults } from "../lib/evaluation/community_results.ts";
import { evaluate, type Evaluation } from "../lib/evaluation/evaluate.ts";
import { ladderOf } from "../lib/evaluation/ladder.ts";
import { readLearningCurve } from "../lib/evaluation/learning_curve.ts";
import { createPolicy, policyNames } from "../lib/policies/catalog.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import { createSolver, type Solver } from "../lib/policies/solver.ts";
import type { Figure } from "../lib/report/figure.ts";
import { bars } from "../lib/report/figures/bars.ts";
import { batterySoc } from "../lib/report/figures/battery_soc.ts";
import { captured } from "../lib/report/figures/captured.ts";
import { gridFlow } from "../lib/report/figures/grid_flow.ts";
import { learningCurve } from "../lib/report/figures/learning_curve.ts";
import { marketPrices } from "../lib/report/figures/market_prices.ts";
import { codeHtml, figureHtml, markdownHtml, pageHtml, tableHtml } from "../lib/report/html.ts";
import { policyStyle } from "../lib/report/palette.ts";
import { loadDataset } from "./dataset_options.ts";
import { spread } from "./episodes.ts";
import { loadModel, type Model, policyOf, requireSameData } from "./model.ts";
import { endIfAsked } from "./stop.ts";

/** Test days of a scenario: enough to compare, few enough to wait for. */
const SCENARIO_DAYS = 12;
const SCENARIO_POLICIES = ["grid-only", "self-consumption"];

/** Ends the report if that was asked for. */
const afterSlot = () => endIfAsked("no page was replaced, and the same command begins again");

/** The page of the run in `folder`. */
export async function runReport(folder: string): Promise<string> {
  const model = await loadModel(folder);
  const dataset = await loadDataset(model.source);
  await requireSameData(dataset, model, folder);
  const { test } = splitDays(dataset, model.config.environment);
  using solver = createSolver();
  const played = {
    dataset,
    config: model.config.environment,
    firstSlots: test,
    seed: model.seed,
    afterSlot,
  };
  const bound = await planOptimum(played, solver);
  const evaluation = await evaluate(played, [
    ...untrained(model, solver),
    policyOf(model, model.actor),
  ], bound);
  const sections = [
    introduction(model, dataset, folder, test.length),
    await learningSection(folder, dataset.community.currency),
    ladderSection(evaluation, bound, dataset, test.length),
    flowSection(evaluation, dataset),
    billSection(evaluation, dataset),
    await scenarioSection(model, dataset, test),
    reproduction(model, folder),
  ];
  return pageHtml({ title: `Report of ${folder}`, links: [], body: sections.join("\n") });
}

function untrained({ config, seed }: Model, solver: Solver) {
  const ingredients = { config: config.environment, seed, solver };
  return policyNames.map((name) => createPolicy(name, ingredients));
}

function introduction(model: Model, dataset: Dataset, folder: string, testDays: number): string {
  const { config, seed, datasetHash } = model;
  const summary = describeDataset(dataset);
  const { grid } = dataset.profiles;
  const days = grid.slots * grid.dtHours / 24;
  return markdownHtml(`# A training run: ${folder}

> Trained with seed ${seed} for ${model.state.timesteps.toLocaleString("en-US")} timesteps on
> ${dataset.community.name}, judged on ${testDays} test episodes that training never saw.

## Data

${dataset.community.prosumers.length} homes over ${days} days in slots of ${grid.dtHours} h:
${kwh(summary.loadKwh)} of load and ${kwh(summary.pvKwh)} of available sun. The fingerprint of the
data is \`${datasetHash}\`.`) +
    tableHtml({
      header: ["home", "panels [kW]", "battery [kWh]", "load [kWh/d]", "sun [kWh/d]"],
      rows: summary.households.map(({ id, pvCapacityKw, battery, loadKwh, pvKwh }) => [
        id,
        pvCapacityKw,
        battery?.capacityKwh ?? "–",
        (loadKwh / days).toFixed(1),
        (pvKwh / days).toFixed(1),
      ]),
    }) +
    markdownHtml("## Configuration") + codeHtml(JSON.stringify(config, null, 2), "All of it");
}

async function learningSection(folder: string, currency: string): Promise<string> {
  const points = await readLearningCurve(`${folder}/learning_curve.csv`);
  if (points.every(({ meanEpisodeCost }) => meanEpisodeCost === null)) {
    return markdownHtml("## Learning\n\nNo episode ended in so short a training.");
  }
  return markdownHtml("## Learning") + figureHtml(learningCurve(points, { currency }));
}

function ladderSection(
  evaluation: Evaluation,
  bound: Awaited<ReturnType<typeof planOptimum>>,
  { community }: Dataset,
  testDays: number,
): string {
  const { rungs } = ladderOf(evaluation, bound);
  const subject = `${community.name}, ${testDays} test episodes, one seed`;
  return markdownHtml(`## Ladder

The captured share of the saving that perfect foresight makes possible: 0 % is homes without battery
and trade. Intervals are over days only, as there is one training seed.`) +
    figureHtml(captured(rungs, { subject })) +
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

function flowSection({ records }: Evaluation, dataset: Dataset): string {
  const results = communityResults(records, dataset);
  const { currency, prosumers } = dataset.community;
  const figures = [
    marketPrices(results, { currency }),
    gridFlow(results, { currency }),
    ...(prosumers.some(({ battery }) => battery !== null)
      ? [batterySoc(results, { currency })]
      : []),
  ];
  return markdownHtml("## Prices and flows") + figures.map(figureHtml).join("\n");
}

function billSection({ bills }: Evaluation, { community: { currency } }: Dataset): string {
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
        bill.prosumer,
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
      label: prosumer,
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

async function scenarioSection(
  model: Model,
  dataset: Dataset,
  test: readonly number[],
): Promise<string> {
  const config = model.config.environment;
  const firstSlots = spread(test, Math.min(SCENARIO_DAYS, test.length));
  const rows: (string | number)[][] = [];
  for (const scenario of scenarioNames) {
    const world = applyScenario(dataset, scenario);
    using solver = createSolver();
    const ingredients = { config, seed: model.seed, solver };
    const { summary } = await evaluate(
      { dataset: world, config, firstSlots, seed: model.seed, afterSlot },
      [
        policyOf(model, model.actor),
        ...SCENARIO_POLICIES.map((name) => createPolicy(name, ingredients)),
      ],
    );
    rows.push(...summary.map((row) => [
      scenario,
      row.policy,
      row.costPerDay.toFixed(2),
      row.unservedKwhPerDay.toFixed(2),
      row.curtailedKwhPerDay.toFixed(2),
      row.residualViolations,
    ]));
  }
  return markdownHtml(`## Scenarios

The same agents in worlds that they were not trained for, on ${firstSlots.length} of the test
episodes. Unserved load and curtailed sun are in kWh a day.`) +
    tableHtml({
      header: [
        "scenario",
        "policy",
        `cost [${dataset.community.currency}/d]`,
        "unserved",
        "curtailed",
        "violations",
      ],
      rows,
    });
}

function reproduction({ config, source, seed }: Model, folder: string): string {
  const data = source.data === "synthetic"
    ? source.prosumers === 10 ? "" : ` --prosumers ${source.prosumers}`
    : ` --data ${source.data}`;
  return markdownHtml(`## How to reproduce

\`\`\`sh
deno task train --seed ${seed}${data} --timesteps ${config.ppo.totalTimesteps} --config ${folder}/config.json
deno task report --run ${folder}
\`\`\`

Same seed, same data and same configuration make the same model, bit for bit.`);
}

function kwh(energyKwh: number): string {
  return `${Math.round(energyKwh).toLocaleString("en-US")} kWh`;
}

function signed(change: number): string {
  return `${change > 0 ? "+" : change < 0 ? "−" : ""}${Math.abs(change).toFixed(2)}`;
}
