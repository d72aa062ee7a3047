/**
 * Trained agents beside rules in worlds that they were not trained for.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { applyScenario, scenariosOf } from "../data/scenarios.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import { spread } from "../experiments/episodes.ts";
import { type Model, policyOf } from "../experiments/trained_model.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { bars } from "./figures/bars.ts";
import { figureHtml, markdownHtml, tableHtml } from "./html.ts";
import { policyStyle } from "./palette.ts";

/** Test days of a scenario: enough to compare, few enough to wait for. */
const SCENARIO_EPISODES = 12;
const RULES = ["grid-only", "self-consumption"];

/** A world, and what each policy comes to in it: the agents first. */
export interface ScenarioResult {
  /** Its name. */
  readonly scenario: string;
  /** Episodes that were played. */
  readonly episodes: number;
  /** Indicators of the agents and of the rules. */
  readonly summary: readonly Kpis[];
}

/** Plays the agents and the rules in every scenario. */
export async function playScenarios(
  model: Model,
  dataset: Dataset,
  test: readonly number[],
): Promise<ScenarioResult[]> {
  const config = model.config.environment;
  const most = Math.min(SCENARIO_EPISODES, test.length) * config.episodeDays;
  const firstSlots = spread(test, config, most);
  const results: ScenarioResult[] = [];
  for (const scenario of scenariosOf(dataset)) {
    const world = { dataset: applyScenario(dataset, scenario), config, firstSlots };
    const { summary } = await evaluate(
      { ...world, seed: model.seed },
      [policyOf(model, model.actor), ...RULES.map((name) => rulePolicy(name))],
    );
    results.push({ scenario, episodes: firstSlots.length, summary });
  }
  return results;
}

/** Scenarios in which a rule costs less than the agents. */
export function lostScenarios(results: readonly ScenarioResult[]): ScenarioResult[] {
  return results.filter(({ summary: [agents, ...rules] }) =>
    rules.some(({ costPerDay }) => costPerDay < agents.costPerDay - 1e-6)
  );
}

/** Each world as a small chart of its own, and what was lost in it. */
export function scenarioSection(results: readonly ScenarioResult[], currency: string): string {
  const lost = lostScenarios(results).length;
  const figure = bars(
    results.map(({ scenario, summary }) => ({
      title: scenario === "none" ? "ordinary" : scenario,
      bars: summary.map(({ policy, costPerDay }) => ({
        label: policy,
        value: costPerDay,
        style: policyStyle(policy),
      })),
      label: `cost [${currency}/d]`,
      format: (cost: number) => cost.toFixed(1),
    })),
    {
      title: lost === 0
        ? "In every world the agents cost no more than the rules"
        : `In ${lost} of ${results.length} worlds a rule costs less than the agents`,
      subtitle: `The same agents in worlds that they were not trained for, ` +
        `${results[0].episodes} of the test episodes each.`,
      description: "Bars of the cost per day of the agents and of two rules, a chart per scenario.",
    },
  );
  return markdownHtml("## Other worlds") + figureHtml({ ...figure, columns: 2 }) +
    tableHtml({
      header: ["scenario", "policy", "unserved [kWh/d]", "curtailed [kWh/d]", "violations"],
      rows: results.flatMap(({ scenario, summary }) =>
        summary.map((row) => [
          scenario,
          row.policy,
          row.unservedKwhPerDay.toFixed(2),
          row.curtailedKwhPerDay.toFixed(2),
          row.residualViolations,
        ])
      ),
    });
}
