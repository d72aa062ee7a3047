/**
 * `deno task evaluate`: runs policies over the same days with the same forecasts.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { laidOut, say } from "../lib/cli/terminal.ts";
import { summaryTable } from "../lib/experiments/result_tables.ts";
import { shellPath } from "../lib/text/shell.ts";
import { shown } from "../lib/text/shown.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { applyScenario, parseScenario, scenarioNames } from "../lib/data/scenarios.ts";
import { splitDays } from "../lib/data/split.ts";
import type { EnvironmentConfig } from "../lib/env/config.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { ladderOf } from "../lib/evaluation/ladder.ts";
import type { PlayOptions } from "../lib/evaluation/records.ts";
import { createPolicy, policyNames } from "../lib/policies/catalog.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { rulePolicyNames } from "../lib/policies/rule_based.ts";
import { createSolver, type Solver } from "../lib/policies/solver.ts";
import { slotsPerDay } from "../lib/units.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { main, type Values } from "../lib/cli/task.ts";
import { datasetOptions, datasetSource, loadDataset } from "../lib/experiments/dataset_source.ts";
import { parseSplit, SPLITS, spread } from "../lib/experiments/episodes.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { ladderFiles, ladderText } from "../lib/experiments/ladder_files.ts";
import { policyWords, readPolicyFiles } from "../lib/experiments/policy_file.ts";
import { recordsGb, requireMemory } from "../lib/experiments/memory_needed.ts";
import { loadForModel, policyOf, readModel } from "../lib/experiments/trained_model.ts";
import { boundOf } from "./optimum_bound.ts";
import {
  PROVENANCE_FILE,
  type ResultOrigin,
  thisCommand,
  writeProvenance,
} from "../lib/experiments/provenance.ts";
import {
  evaluationFiles,
  runStem,
  summaryJson,
  writeResults,
} from "../lib/experiments/run_folder.ts";
import { FIRST_SEED, firstSeeds, seedFolder } from "../lib/experiments/seeds.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import {
  readExperiment,
  seedPolicies,
  trainedModels,
  withTimesteps,
} from "../lib/experiments/seed_models.ts";

const LEARNED = "learned";
const KNOWN = [...policyNames, LEARNED];

const options = {
  model: {
    type: "string",
    placeholder: "DIR",
    help: "a folder that training wrote; with --seeds what its name is before -seed<N>",
  },
  policies: {
    type: "string",
    placeholder: "a,b",
    help: `some of ${KNOWN.join(", ")}, or files such as ./mine.ts whose default export is a ` +
      `policy (default: ${rulePolicyNames.join(", ")}, and learned where there is a model)`,
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
  "forecast-error": {
    type: "number",
    min: 0,
    max: 2,
    help: "how far forecasts err, in the place of what the agents were trained with",
  },
  seed: { type: "integer", help: "seed of the forecasts (default: the model's, else 42)" },
  seeds: {
    type: "integer",
    min: 1,
    help: "learned agents of so many training seeds from 42 on: loads runs/<data>-seed<N>, or " +
      "trains it, and compares means with intervals",
  },
  timesteps: { type: "integer", min: 1, help: "with --seeds: length of the trainings" },
  config: { type: "string", placeholder: "FILE", help: "with --seeds: JSON with configuration" },
  out: { type: "string", default: "runs/evaluation", placeholder: "DIR", help: "results" },
  wide: { type: "boolean", help: "show every indicator; summary.csv has them in any case" },
  json: { type: "boolean", help: "print the summary as JSON and nothing else" },
} as const;

type Flags = Values<typeof options>;

/** Rules of the game, data, noise, and the learned policies, which may be none. */
interface Cast {
  readonly config: EnvironmentConfig;
  readonly dataset: Dataset;
  readonly seed: number;
  readonly learned: readonly Policy[];
  /** What the results are made from. */
  readonly from: Pick<ResultOrigin, "configuration" | "seeds" | "source" | "inputs">;
}

await main({
  name: "evaluate",
  summary: "Runs policies over the same days with the same forecasts and compares them.",
  options,
  async run(flags) {
    catchStop("the slot or the iteration in work");
    const names = namesIn(flags);
    const own = await readPolicyFiles(names, KNOWN);
    const scenario = parseScenario(flags.scenario);
    const split = parseSplit(flags.split);
    const { config: rules, dataset: original, seed, learned, from } = await castOf(flags);
    const error = flags["forecast-error"] ?? rules.forecast.error;
    const config = { ...rules, forecast: { ...rules.forecast, error } };
    const firstSlots = spread(splitDays(original, config)[split], flags.days);
    const dataset = applyScenario(original, scenario);
    using solver = createSolver();
    const policies = names.flatMap((name) =>
      name === LEARNED ? learned : own.get(name) ?? createPolicy(name, { seed, solver })
    );
    const title =
      `${shown(dataset.community.name)}: ${firstSlots.length} ${split} episodes, scenario ` +
      scenario;
    const origin = {
      ...from,
      inputs: [...from.inputs ?? [], ...own.keys()],
      commands: [thisCommand("evaluate")],
      module: new URL("../lib/evaluation/evaluate.ts", import.meta.url).href,
      dataset: original,
    };
    await compareOn({ dataset, config, firstSlots, seed }, policies, {
      title,
      origin,
      flags,
      solver,
    });
  },
});

/** The policies to run; what they need must be there. */
function namesIn({ policies: list, model, seeds }: Flags): string[] {
  const names = list === undefined
    ? [...rulePolicyNames, ...(model === undefined && seeds === undefined ? [] : [LEARNED])]
    : policyWords("--policies", list, KNOWN);
  if (seeds !== undefined && !names.includes(LEARNED)) {
    throw new Error("--seeds is about learned agents; add learned to --policies, or leave it out");
  }
  if (names.includes(LEARNED) && model === undefined && seeds === undefined) {
    throw new Error(
      "--policies learned needs a trained model: train one with deno task train and name its " +
        "folder with --model, or let --seeds train some",
    );
  }
  return names;
}

async function castOf(flags: Flags): Promise<Cast> {
  const { model: folder, seeds } = flags;
  if (seeds !== undefined) return await seedsCast(flags, seeds);
  for (const name of ["timesteps", "config"] as const) {
    if (flags[name] !== undefined) {
      throw new Error(`--${name} goes with --seeds, where agents may have to be trained`);
    }
  }
  if (folder === undefined) {
    const { environment: config } = parseExperiment({}, "defaults");
    const source = datasetSource(flags);
    const dataset = await loadDataset(source);
    const seed = flags.seed ?? FIRST_SEED;
    const from = { configuration: { environment: config }, seeds: [seed], source };
    return { config, dataset, seed, learned: [], from };
  }
  const model = await readModel(folder);
  const source = datasetSource(flags, model.source);
  const seed = flags.seed ?? model.seed;
  return {
    config: model.config.environment,
    dataset: await loadForModel(source, model, folder),
    seed,
    learned: [policyOf(model, model.actor)],
    from: {
      configuration: model.config,
      seeds: [seed],
      source,
      inputs: [`${folder}/model.json`],
    },
  };
}

async function seedsCast(flags: Flags, count: number): Promise<Cast> {
  const { timesteps, json } = flags;
  const source = datasetSource(flags);
  const models = await trainedModels({
    seeds: firstSeeds(count),
    folderOf: (seed) => seedFolder(flags.model ?? runStem(source), seed),
    config: flags.config === undefined && timesteps === undefined
      ? null
      : withTimesteps(await readExperiment(flags.config), timesteps),
    source,
    say: (text) => say(text, json ? "stderr" : "stdout"),
  });
  const { config } = models[0].model;
  return {
    config: config.environment,
    dataset: await loadDataset(source),
    seed: flags.seed ?? FIRST_SEED,
    learned: seedPolicies(models),
    from: {
      configuration: config,
      seeds: models.map(({ seed }) => seed),
      source,
      inputs: models.map(({ folder }) => `${folder}/model.json`),
    },
  };
}

/** Plays, writes and prints. */
async function compareOn(
  days: PlayOptions,
  policies: readonly Policy[],
  { title, origin, flags: { out, wide, json, seeds }, solver }: {
    readonly title: string;
    readonly origin: Omit<ResultOrigin, "files">;
    readonly flags: Flags;
    readonly solver: Solver;
  },
): Promise<void> {
  const { dataset: { community: { currency }, profiles: { grid } }, config, firstSlots } = days;
  const slots = config.episodeDays * slotsPerDay(grid.dtHours);
  requireMemory(
    recordsGb(days.dataset, policies.length, firstSlots.length, slots),
    `the books of ${policies.length} policies over ${firstSlots.length} episodes`,
    "take fewer days with --days, or fewer policies with --policies",
  );
  using _lock = await lockFolder(out);
  const afterSlot = () => endIfAsked(`${out} is as it was; the same command begins again`);
  const bound = await boundOf(days, solver);
  const evaluation = await evaluate({ ...days, afterSlot }, policies, bound);
  const ladder = seeds === undefined || bound === null
    ? null
    : { title, currency, targets: [], ...ladderOf(evaluation, bound) };
  const files = {
    ...evaluationFiles(evaluation, days.dataset, ladder),
    ...(ladder === null ? {} : ladderFiles(ladder)),
  };
  await writeResults(out, files, [PROVENANCE_FILE]);
  await writeProvenance(out, {
    ...origin,
    files: Object.keys(files).filter((name) => !name.endsWith(".md")),
  });
  if (json) return console.log(summaryJson(evaluation.summary, { currency }, ladder));
  console.log(
    ladder === null
      ? `${laidOut(title)}\n\n${summaryTable(evaluation.summary, { currency, wide })}`
      : `\n${ladderText(ladder, wide)}`,
  );
  console.log(ending("Results", out, {
    "Draw them": `deno task plot ${shellPath(out)}`,
    "Make them again": `deno task reproduce ${shellPath(out)}`,
  }));
}
