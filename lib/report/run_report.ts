/**
 * The report of one training run: the verdict first, then the agents beside other policies and in
 * other worlds and how to make them again; below that what sharing comes to for every home, how
 * training went, and what was trained on what.
 *
 * @module
 */

import { slotLength } from "../units.ts";
import { describeDataset } from "../data/describe.ts";
import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { shown } from "../text/shown.ts";
import { exists } from "../disk/exists.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { episodeCosts } from "../evaluation/kpis.ts";
import { ladderOf } from "../evaluation/ladder.ts";
import { play } from "../evaluation/records.ts";
import { mean } from "../evaluation/statistics.ts";
import { readLearningCurve } from "../evaluation/learning_curve.ts";
import { createPolicy, policyNames } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import { createSolver, type Solver } from "../policies/solver.ts";
import { type CostLevel, learningCurve } from "./figures/learning_curve.ts";
import {
  codeHtml,
  figureHtml,
  linesHtml,
  markdownHtml,
  markdownText,
  pageHtml,
  tableHtml,
} from "./html.ts";
import { boardFiles } from "../experiments/board_files.ts";
import type { BoardYear } from "../experiments/board_year.ts";
import { commandLines, replayCommands, reproducible } from "../experiments/reproduction.ts";
import { CONFIG_FILE } from "../experiments/run_folder.ts";
import { loadDataset } from "../experiments/dataset_source.ts";
import { type Model, policyOf, readModel, requireSameData } from "../experiments/trained_model.ts";
import { playBoard } from "./board_page.ts";
import { boardSections } from "./board_report.ts";
import { billSection, flowSection, ladderSection } from "./run_report_results.ts";
import { playScenarios, scenarioSection } from "./run_scenarios.ts";
import { runVerdict } from "./run_verdict.ts";
import { endIfAsked } from "../cli/stop.ts";

/** Policies whose costs stand beside the learning curve. */
const LEVELS = ["grid-only", "self-consumption", "mpc"];

/** Ends the report if that was asked for. */
const afterSlot = () => endIfAsked("no page was replaced, and the same command begins again");

/** The page of the run in `folder`, and the tables beside it; the page comes last. */
export async function runReport(folder: string): Promise<ReadonlyMap<string, string>> {
  const model = await readModel(folder);
  const loaded = await loadDataset(model.source);
  await requireSameData(loaded, model, folder);
  const dataset = priced(loaded, model.config.environment.tariffs);
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
  const year = await boardOf(model, loaded);
  const page = `run-${folder.split("/").at(-1)}`;
  const ladder = ladderOf(evaluation, bound);
  const scenarios = await playScenarios(model, dataset, test);
  const bills = evaluation.bills.filter(({ policy }) => policy === "learned");
  const sections = [
    runVerdict(dataset, { ladder, bills, scenarios, episodes: test.length }),
    ladderSection(ladder, evaluation, dataset, test.length),
    scenarioSection(scenarios, dataset.community.currency),
    await reproductionSection(folder),
    ...year === null ? [] : boardSections(year, page).map(oneLevelDown),
    flowSection(evaluation, dataset),
    billSection(evaluation, dataset),
    await learningSection(folder, () => validationLevels(model, dataset, solver)),
    introduction(model, dataset, folder, test.length),
  ];
  const html = pageHtml({
    title: `Report of ${shown(folder)}`,
    links: [],
    body: sections.join("\n"),
  });
  return new Map([
    ...year === null ? [] : Object.entries(boardFiles(year, page)),
    [`${page}.html`, html],
  ]);
}

/** A section whose heading was that of a page. */
function oneLevelDown(html: string): string {
  return html.replaceAll(/(<\/?)h1\b/g, "$1h2");
}

/** What a board is told; where orders are inelastic rules of sharing cannot be compared. */
async function boardOf(model: Model, dataset: Dataset): Promise<BoardYear | null> {
  const { config: { environment: config }, seed } = model;
  if (config.market.orders === "inelastic") return null;
  const agents = policyOf(model, model.actor);
  return await playBoard({ dataset, config, seed, agents });
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
  return markdownHtml(`## The training run: ${markdownText(folder)}

> Trained with seed ${seed} for ${
    (model.state ?? model.best)?.timesteps.toLocaleString("en-US")
  } timesteps on
> ${
    markdownText(dataset.community.name)
  }, judged on ${testDays} test episodes that training never saw.

## Data

${dataset.community.prosumers.length} homes over ${days} days in slots of ${
    slotLength(grid.dtHours)
  }:
${kwh(summary.loadKwh)} of load and ${kwh(summary.pvKwh)} of available sun. The fingerprint of the
data is \`${datasetHash}\`.`) +
    tableHtml({
      header: ["home", "panels [kW]", "battery [kWh]", "load [kWh/d]", "sun [kWh/d]"],
      rows: summary.households.map(({ id, pvCapacityKw, battery, loadKwh, pvKwh }) => [
        shown(id),
        pvCapacityKw,
        battery?.capacityKwh ?? "–",
        (loadKwh / days).toFixed(1),
        (pvKwh / days).toFixed(1),
      ]),
    }) +
    markdownHtml("## Configuration") + codeHtml(JSON.stringify(config, null, 2), "All of it");
}

async function learningSection(
  folder: string,
  levels: () => Promise<CostLevel[]>,
): Promise<string> {
  const points = await readLearningCurve(`${folder}/learning_curve.csv`);
  if (points.every(({ meanEpisodeCost }) => meanEpisodeCost === null)) {
    return markdownHtml("## Learning\n\nNo episode ended in so short a training.");
  }
  return markdownHtml("## Learning") + figureHtml(learningCurve(points, await levels()));
}

/** What rules, planners and perfect foresight cost on the days that training watched itself by. */
async function validationLevels(
  model: Model,
  dataset: Dataset,
  solver: Solver,
): Promise<CostLevel[]> {
  const { config: { environment: config }, seed } = model;
  const { validation } = splitDays(dataset, config);
  if (validation.length === 0) return [];
  const days = { dataset, config, firstSlots: validation, seed, afterSlot };
  const levels: CostLevel[] = [];
  for (const name of LEVELS) {
    const policy = createPolicy(name, { seed, solver });
    levels.push({ policy: name, cost: mean(episodeCosts(await play(days, policy))) });
  }
  const { cost } = await planOptimum(days, solver);
  return [...levels, { policy: "optimum", cost: mean(cost) }];
}

/** The commands that make the same model; a training that was resumed needs several. */
async function reproductionSection(folder: string): Promise<string> {
  const title = markdownHtml("## How to reproduce");
  try {
    const config = `${folder}/${CONFIG_FILE}`;
    const commands = replayCommands(await reproducible(folder), "runs/again", config);
    // Without that file only `reproduce`, which takes the configuration from the record, can do it.
    const known = await exists(config) || !commands[0].includes(config);
    const lines = [...known ? commands : [], ["reproduce", folder]];
    return title + linesHtml(commandLines(lines)) +
      markdownHtml(
        `Same seed, same data and same configuration make the same model, bit for bit; the
last line does it elsewhere and compares file by file.`,
      );
  } catch (error) {
    return title +
      markdownHtml(`It cannot be made again: ${markdownText((error as Error).message)}.`);
  }
}

function kwh(energyKwh: number): string {
  return `${Math.round(energyKwh).toLocaleString("en-US")} kWh`;
}
