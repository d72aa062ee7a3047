/**
 * `deno task evaluate`: runs policies over the same days with the same forecasts.
 *
 * @module
 */

import { closest } from "fastest-levenshtein";
import { datasetHash } from "../lib/data/hash.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { applyScenario, parseScenario, scenarioNames } from "../lib/data/scenarios.ts";
import { splitDays, type SplitName } from "../lib/data/split.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { learnedPolicy } from "../lib/policies/learned.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../lib/policies/rule_based.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { main } from "./cli.ts";
import {
  datasetOptions,
  type DatasetSource,
  datasetSource,
  loadDataset,
} from "./dataset_options.ts";
import { loadModel, type Model } from "./model.ts";
import { plotCommand, summaryJson, summaryTable, writeEvaluation } from "./run_folder.ts";

const SPLITS: readonly SplitName[] = ["train", "validation", "test"];
const LEARNED = "learned";

await main({
  name: "evaluate",
  summary: "Runs policies over the same days with the same forecasts and compares them.",
  options: {
    model: { type: "string", placeholder: "DIR", help: "a folder that training wrote" },
    policies: {
      type: "string",
      placeholder: "a,b",
      help: `some of ${[...rulePolicyNames, LEARNED].join(", ")} (default: all there are)`,
    },
    ...datasetOptions,
    split: { type: "string", default: "test", placeholder: SPLITS.join("|"), help: "which days" },
    days: { type: "integer", min: 1, help: "so many of them, spread evenly (default: all)" },
    scenario: {
      type: "string",
      default: "none",
      placeholder: "NAME",
      help: `what befalls the community: ${scenarioNames.join(", ")}`,
    },
    seed: { type: "integer", help: "seed of the forecasts (default: the model's, else 42)" },
    out: { type: "string", default: "runs/evaluation", placeholder: "DIR", help: "results" },
    json: { type: "boolean", help: "print the summary as JSON and nothing else" },
  },
  async run(values) {
    const model = values.model === undefined ? null : await loadModel(values.model);
    const { environment: config } = model?.config ?? parseExperiment({}, "defaults");
    const policies = choosePolicies(values.policies, model, config.batteryAction);
    const scenario = parseScenario(values.scenario);
    const source = datasetSource(values, model?.source);
    const original = await loadDataset(source);
    await requireUnchanged(original, source, model);
    const episodes = splitDays(original, config)[parseSplit(values.split)];
    const firstSlots = spread(episodes, values.days ?? episodes.length);
    const dataset = applyScenario(original, scenario);
    const seed = values.seed ?? model?.seed ?? 42;
    const options = { dataset, config, firstSlots, seed };
    const evaluation = await evaluate(options, policies);
    await writeEvaluation(values.out, evaluation, dataset);
    if (values.json) return console.log(summaryJson(evaluation.summary));
    const { name, currency } = dataset.community;
    console.log(`${name}: ${firstSlots.length} ${values.split} episodes, scenario ${scenario}\n`);
    console.log(summaryTable(evaluation.summary, currency));
    console.log(`\nResults are in ${values.out}/; draw them: ${plotCommand(values.out, currency)}`);
  },
});

function choosePolicies(
  list: string | undefined,
  model: Model | null,
  span: "feasible" | "rated",
): Policy[] {
  const known = [...rulePolicyNames, LEARNED];
  const names = list === undefined
    ? known.filter((name) => name !== LEARNED || model !== null)
    : list.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (!known.includes(name)) {
      throw new Error(
        `--policies has an unknown policy "${name}"; did you mean ${closest(name, known)}? ` +
          `There are: ${known.join(", ")}`,
      );
    }
    if (name !== LEARNED) return rulePolicy(name, span);
    if (model !== null) return learnedPolicy(model.actor);
    throw new Error(
      "--policies learned needs a trained model: train one with deno task train and name its " +
        "folder with --model",
    );
  });
}

function parseSplit(text: string): SplitName {
  const name = SPLITS.find((known) => known === text);
  if (name !== undefined) return name;
  throw new Error(
    `--split must be one of ${SPLITS.join(", ")}, got "${text}"; did you mean ` +
      `${closest(text, SPLITS)}?`,
  );
}

/** `count` of the episodes, evenly spread. */
function spread(episodes: readonly number[], count: number): number[] {
  if (count > episodes.length) {
    throw new Error(
      `--days must be at most ${episodes.length}, the days of the split, got ${count}`,
    );
  }
  return Array.from(
    { length: count },
    (_, k) => episodes[Math.floor((k * episodes.length) / count)],
  );
}
