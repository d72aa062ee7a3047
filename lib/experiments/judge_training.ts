/**
 * How good a trained model is on days that training never saw, beside the rules.
 *
 * @module
 */

import { evaluate, type Evaluation } from "../evaluation/evaluate.ts";
import { rulePolicy, rulePolicyNames } from "../policies/rule_based.ts";
import { createSolver } from "../policies/solver.ts";
import { boundOf } from "./evaluation_run.ts";
import { evaluationFiles, writeResults } from "./run_folder.ts";
import { policyOf } from "./trained_model.ts";
import { bestActor, type TrainingRun } from "./training_run.ts";

/** Plays the test days under the model and the rules, and leaves the results beside the model. */
export async function judgeTraining(
  { folder, description, dataset, split, ...trained }: TrainingRun,
  afterSlot: () => Promise<void>,
): Promise<Evaluation> {
  const { config: { environment: config }, seed } = description;
  const policies = [
    policyOf(description, bestActor(trained)),
    ...rulePolicyNames.map((name) => rulePolicy(name)),
  ];
  const days = { dataset, config, firstSlots: split.test, seed, afterSlot };
  using solver = createSolver();
  const evaluation = await evaluate(days, policies, await boundOf(days, solver));
  await writeResults(folder, evaluationFiles(evaluation, dataset));
  return evaluation;
}
