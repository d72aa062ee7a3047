/**
 * What less CO2, or a lower peak, costs.
 *
 * @module
 */

import { priced } from "../data/priced.ts";
import { laidOut } from "../cli/terminal.ts";
import { NONE, table } from "../cli/table.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { createPolicy, everyPolicyName } from "../policies/catalog.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { shown, visible } from "../text/shown.ts";
import type { BenchmarkSetup } from "./benchmark_setup.ts";
import { datasetSource, deviceFlags, loadDataset } from "./dataset_source.ts";
import { episodesOf, spread } from "./episodes.ts";
import { FIRST_SEED } from "./seeds.ts";
import { type CarbonBudget, carbonBudgets, HIGHEST_PRICE_PER_KG } from "./carbon_budget.ts";
import { policyWords } from "./policy_file.ts";
import { sweepConfigs, sweepNames, sweptDataset, type TradeOff, tradeOff } from "./trade_offs.ts";
import { loadForModel, policyOf, readModel } from "./trained_model.ts";

/** Policies that answer to prices. */
const PLANNERS = ["optimum", "mpc"];
/** Test days, unless another number is asked for. */
const DAYS = 28;

/** Whose plan is asked what keeps a budget of CO2. */
const PLANNER = "optimum";

/** Prices of CO2 and of the peak, swept. */
export const paretoSetup: BenchmarkSetup = {
  title: "prices of CO2, average and marginal, and of the peak swept: what less of them costs",
  flags: ["policies", "data", "prosumers", ...deviceFlags, "model", "days"],
  async run(
    { model: folder, days = DAYS, policies: asked, ...flags },
    { out, endIfAsked, startProgress },
  ) {
    const planners = asked === undefined
      ? PLANNERS
      : policyWords("--policies", asked, everyPolicyName);
    const model = folder === undefined ? null : await readModel(folder);
    const configuration = model?.config ??
      { environment: parseExperiment({}, "defaults").environment };
    const { environment: config } = configuration;
    const source = datasetSource(flags, model?.source);
    const dataset = model === null
      ? await loadDataset(source)
      : await loadForModel(source, model, folder!);
    const firstSlots = spread(splitDays(dataset, config).test, config, days);
    const afterSlot = () =>
      endIfAsked(`${visible(out)} is as it was; the same command begins again`);
    const steps = sweepNames.flatMap((sweep) =>
      sweepConfigs(config, sweep).map((swept) => ({ sweep, swept }))
    );
    using solver = createSolver();
    const average = priced(dataset, config.tariffs);
    const played = { config, firstSlots, seed: FIRST_SEED, afterSlot };
    using progress = startProgress(steps.length + 1, "prices");
    const points: TradeOff[] = [];
    for (const [k, { sweep, swept }] of steps.entries()) {
      const policies: Policy[] = planners.map((name) =>
        createPolicy(name, { seed: FIRST_SEED, solver })
      );
      if (model !== null) policies.push(policyOf(model, model.actor));
      const options = { ...played, dataset: sweptDataset(average, sweep), config: swept };
      const { summary, records } = await evaluate(options, policies);
      points.push(
        ...summary.map((row, p) => tradeOff(sweep, row, records[p], average, swept)),
      );
      progress?.update(k + 1, `price of ${sweep === "peak" ? "the peak" : "CO2"}`);
    }
    const budgets = await carbonBudgets(async (carbonPricePerKg) => {
      const swept = { ...config, cost: { ...config.cost, carbonPricePerKg } };
      const planner = createPolicy(PLANNER, { seed: FIRST_SEED, solver });
      const options = { ...played, dataset: average, config: swept };
      const { summary: [row], records: [books] } = await evaluate(options, [planner]);
      return tradeOff("carbon", row, books, average, swept);
    });
    progress?.update(steps.length + 1, "budgets of CO2");
    const { name, currency } = dataset.community;
    const subject = `${shown(name)}, ${episodesOf(config, firstSlots.length)}`;
    return {
      text: [
        laidOut(subject),
        pointsTable(points, currency),
        laidOut(`Budgets of CO2, and the price at which ${PLANNER} keeps them:`),
        budgetTable(budgets, currency),
        laidOut(tariffLine(config)),
      ].join("\n\n"),
      json: { currency, points, budgets, tariffHoldsCarbonPrice: holdsCarbonPrice(config) },
      files: {
        "pareto.csv": rowsCsv(points.map((point) => ({ ...point, currency }))),
        "carbon_budgets.csv": rowsCsv(budgets.map((budget) => ({ ...budget, currency }))),
      },
      chart: { kind: "pareto", subject, currency, points },
      origin: {
        module: import.meta.url,
        configuration,
        seeds: [FIRST_SEED],
        source,
        dataset,
        inputs: folder === undefined ? [] : [`${folder}/model.json`],
        files: ["carbon_budgets.csv", "pareto.csv"],
      },
    };
  },
};

function pointsTable(points: readonly TradeOff[], currency: string): string {
  return table(
    [
      "sweep",
      "policy",
      `${currency}/kg CO2`,
      `${currency}/kW peak`,
      `energy ${currency}/d`,
      "CO2 kg/d",
      "marginal kg/d",
      "peak kW",
    ],
    points.map((point) => [
      point.sweep,
      point.policy,
      point.carbonPricePerKg,
      point.peakPricePerKw,
      point.energyCostPerDay.toFixed(2),
      point.averageEmissionsKgPerDay.toFixed(2),
      point.marginalEmissionsKgPerDay.toFixed(2),
      point.meanPeakKw.toFixed(2),
    ]),
  );
}

function budgetTable(budgets: readonly CarbonBudget[], currency: string): string {
  return table(
    [
      "budget kg/d",
      "of that without %",
      `${currency}/kg CO2`,
      "CO2 kg/d",
      `costs more ${currency}/d`,
    ],
    budgets.map((budget) => [
      budget.budgetKgPerDay.toFixed(2),
      Math.round(100 * budget.share),
      budget.carbonPricePerKg?.toFixed(3) ?? NONE,
      budget.emissionsKgPerDay?.toFixed(2) ?? NONE,
      budget.extraCostPerDay?.toFixed(3) ?? NONE,
    ]),
  );
}

/** Whether the tariff is said to hold the price of allowances. */
function holdsCarbonPrice({ cost }: EnvironmentConfig): boolean {
  return cost.tariffHoldsCarbonPrice ?? false;
}

function tariffLine(config: EnvironmentConfig): string {
  const holds = holdsCarbonPrice(config)
    ? "which already holds the price of CO2 allowances"
    : "which is taken to hold none";
  return `Every price of CO2 is charged on top of the tariff, ${holds} (cost.tariffHoldsCarbonPrice). ` +
    `CO2: by average intensity; marginal: by that of the plant that makes a kWh more, a stated model ` +
    `(lib/data/marginal_carbon.ts), which the sweep marginal-carbon charges. A budget without a price ` +
    `is out of reach up to ${HIGHEST_PRICE_PER_KG} per kg.`;
}
