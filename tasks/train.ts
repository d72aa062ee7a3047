/**
 * `deno task train`: trains agents, then judges them on days that training never saw.
 *
 * @module
 */

import { datasetHash } from "../lib/data/hash.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { type Split, splitDays } from "../lib/data/split.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { learnedPolicy } from "../lib/policies/learned.ts";
import { rulePolicy, rulePolicyNames } from "../lib/policies/rule_based.ts";
import { type BackendName, backendNames } from "../lib/ppo/config.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../lib/ppo/market_environment.ts";
import { createTrainer, resumeTrainer, type Trainer } from "../lib/ppo/ppo.ts";
import { main } from "./cli.ts";
import { datasetOptions, datasetSource, loadDataset } from "./dataset_options.ts";
import { makeFolder, readJson, writeWhole } from "./files.ts";
import { LearningCurve } from "./learning_curve.ts";
import { loadModel, type Model, type ModelDescription, saveModel } from "./model.ts";
import { startProgress } from "./progress.ts";
import { exists, freeFolder, plotCommand, summaryTable, writeEvaluation } from "./run_folder.ts";

await main({
  name: "train",
  summary: "Trains agents by PPO and judges them on days that training never saw.",
  options: {
    timesteps: {
      type: "integer",
      min: 1,
      help: "slots of one community, rounded up to whole rollouts (default 100000)",
    },
    seed: { type: "integer", help: "seed of everything random (default 42)" },
    ...datasetOptions,
    config: { type: "string", placeholder: "FILE", help: "JSON with parts of the configuration" },
    backend: {
      type: "string",
      placeholder: "NAME",
      help: `where networks are computed, ${backendNames.join(" or ")} (default ${
        backendNames[0]
      })`,
    },
    out: { type: "string", placeholder: "DIR", help: "results (default runs/<data>-seed<seed>)" },
    resume: {
      type: "string",
      placeholder: "DIR",
      help: "go on where training stopped, with --timesteps to another end",
    },
  },
  async run(values) {
    const run = values.resume === undefined ? await startRun(values) : await resumeRun(values);
    const interrupted = await train(run);
    if (interrupted) {
      console.log(`\nStopped and saved; go on with: deno task train --resume ${run.folder}`);
      return;
    }
    await judge(run);
  },
});

/** A training in progress, and where it leaves its results. */
interface Run {
  readonly folder: string;
  readonly description: ModelDescription;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly environment: MarketTrainingEnvironment;
  readonly trainer: Trainer;
  readonly curve: LearningCurve;
}

interface Flags {
  readonly timesteps: number | undefined;
  readonly seed: number | undefined;
  readonly data: string | undefined;
  readonly prosumers: number | undefined;
  readonly config: string | undefined;
  readonly backend: string | undefined;
  readonly out: string | undefined;
  readonly resume: string | undefined;
}

async function startRun(flags: Flags): Promise<Run> {
  const parsed = flags.config === undefined
    ? parseExperiment({}, "defaults")
    : parseExperiment(await readJson(flags.config), flags.config);
  const totalTimesteps = flags.timesteps ?? parsed.ppo.totalTimesteps;
  const backend = backendOf(flags.backend) ?? parsed.ppo.backend;
  const config = { ...parsed, ppo: { ...parsed.ppo, totalTimesteps, backend } };
  const seed = flags.seed ?? 42;
  const source = datasetSource(flags);
  const dataset = await loadDataset(source);
  const description = { config, source, seed, datasetHash: await datasetHash(dataset) };
  const split = splitDays(dataset, config.environment);
  const environment = marketOf(dataset, split, description);
  const trainer = await createTrainer(environment, config.ppo, seed);
  if (flags.out !== undefined && await exists(flags.out)) {
    throw new Error(`${flags.out} exists already; choose another --out, or go on with --resume`);
  }
  const name = source.data.split("/").findLast((part) => part !== "") ?? "data";
  const folder = flags.out ?? await freeFolder(`runs/${name}-seed${seed}`);
  await makeFolder(folder);
  await writeWhole(`${folder}/config.json`, [JSON.stringify(config, null, 2), "\n"]);
  const curve = new LearningCurve(`${folder}/learning_curve.csv`);
  return { folder, description, dataset, split, environment, trainer, curve };
}

function backendOf(flag: string | undefined): BackendName | undefined {
  const name = backendNames.find((name) => name === flag);
  if (flag !== undefined && name === undefined) {
    throw new Error(`--backend must be ${backendNames.join(" or ")}, got ${flag}`);
  }
  return name;
}

async function resumeRun(flags: Flags): Promise<Run> {
  const { resume, timesteps, ...others } = flags;
  const extra = Object.entries(others).find(([, value]) => value !== undefined);
  if (extra !== undefined) {
    throw new Error(`--resume goes on with what the run began with; leave out --${extra[0]}`);
  }
  const folder = resume!.replace(/\/+$/, "");
  const model = extend(await loadModel(folder), timesteps);
  const dataset = await loadDataset(model.source);
  if (await datasetHash(dataset) !== model.datasetHash) {
    throw new Error(
      `the data set ${model.source.data} has changed since ${folder} was trained on it; restore ` +
        "it, or start a new run",
    );
  }
  const split = splitDays(dataset, model.config.environment);
  const environment = marketOf(dataset, split, model);
  const trainer = await resumeTrainer(environment, model.state);
  const curve = await LearningCurve.resume(
    `${folder}/learning_curve.csv`,
    model.state.timesteps,
  );
  const { config, source, seed, datasetHash: hash } = model;
  const description = { config, source, seed, datasetHash: hash };
  return { folder, description, dataset, split, environment, trainer, curve };
}

/** The same training with another end. */
function extend(model: Model, totalTimesteps: number | undefined): Model {
  if (totalTimesteps === undefined) return model;
  const ppo = { ...model.config.ppo, totalTimesteps };
  return { ...model, config: { ...model.config, ppo }, state: { ...model.state, config: ppo } };
}

function marketOf(
  dataset: Dataset,
  { train }: Split,
  { config }: ModelDescription,
): MarketTrainingEnvironment {
  const options = { ...config.training, firstSlots: train };
  return new MarketTrainingEnvironment(dataset, config.environment, options);
}

/** Trains to the end, or until Ctrl-C; saves now and then and at the end. */
async function train(run: Run): Promise<boolean> {
  const { description: { config }, environment, trainer, curve } = run;
  const { totalTimesteps } = config.ppo;
  let interrupted = false;
  const interrupt = () => interrupted = true;
  Deno.addSignalListener("SIGINT", interrupt);
  const agents = environment.agentsPerCommunity;
  console.log(
    `Training ${agents} agents on ${run.split.train.length} days for ${totalTimesteps} timesteps ` +
      `(${totalTimesteps * agents} agent-steps) into ${run.folder}/`,
  );
  const perIteration = config.ppo.rolloutSteps * config.training.communities;
  const done = trainer.state().timesteps;
  const progress = startProgress(totalTimesteps, "timesteps", done);
  const began = performance.now();
  for (let iteration = done / perIteration + 1; !trainer.done && !interrupted; iteration++) {
    const metrics = trainer.iterate();
    const meanEpisodeCost = environment.takeEpisodeCost();
    const due = iteration % config.training.validationInterval === 0 || trainer.done;
    const seconds = (performance.now() - began) / 1000;
    curve.add({
      ...metrics,
      seconds: curve.secondsBefore + seconds,
      meanEpisodeCost,
      validationCost: due ? await validationCost(run) : null,
    });
    const rate = Math.round((metrics.timesteps - done) / seconds);
    const cost = meanEpisodeCost === null
      ? ""
      : `, mean episode cost ${meanEpisodeCost.toFixed(2)}`;
    progress.update(metrics.timesteps, `${rate} steps/s${cost}`);
    if (due) await save(run);
    // Lets a signal be seen between two iterations.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  progress.stop();
  Deno.removeSignalListener("SIGINT", interrupt);
  if (interrupted) await save(run);
  return interrupted && !trainer.done;
}

async function save({ folder, description, trainer, curve }: Run): Promise<void> {
  await curve.write();
  await saveModel(folder, description, trainer.state());
}

async function validationCost(
  { description, dataset, split, trainer }: Run,
): Promise<number> {
  const { config: { environment: config }, seed } = description;
  const options = { dataset, config, firstSlots: split.validation, seed };
  const { summary: [learned] } = await evaluate(options, [learnedPolicy(trainer.policy())]);
  return learned.costPerDay * config.episodeDays;
}

/** Compares the learned policy with the rule-based ones on test days. */
async function judge({ folder, description, dataset, split, trainer }: Run): Promise<void> {
  const { config: { environment: config }, seed } = description;
  const policies = [
    learnedPolicy(trainer.policy()),
    ...rulePolicyNames.map((name) => rulePolicy(name, config.batteryAction)),
  ];
  const options = { dataset, config, firstSlots: split.test, seed };
  const evaluation = await evaluate(options, policies);
  await writeEvaluation(folder, evaluation, dataset);
  console.log(`\nOn ${split.test.length} test episodes that training never saw:\n`);
  console.log(summaryTable(evaluation.summary, dataset.community.currency));
  console.log(
    `\nModel, learning curve and results are in ${folder}/\n` +
      `Draw them:      ${plotCommand(folder, dataset.community.currency)}\n` +
      `Judge again:    deno task evaluate --model ${folder} --scenario outage`,
  );
}
