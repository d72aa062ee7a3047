/**
 * Learning, at the sizes of the reference set-up: what an agent sees and decides, two hidden layers of
 * 64. The time of an iteration over its 7,680 agent-steps is the cost of training but for the
 * environment, which does nothing here.
 *
 * @module
 */

import { createAdam } from "../lib/ppo/adam.ts";
import { createLearner } from "../lib/ppo/backend.ts";
import { backendNames, defaultPpoConfig } from "../lib/ppo/ppo_config.ts";
import { createMlp } from "../lib/ppo/mlp.ts";
import { initialParameters } from "../lib/ppo/parameters.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { learn, type Samples } from "../lib/ppo/update.ts";
import { stream } from "../lib/random.ts";

const COMMON = 47, OWN = 19, DECIDED = 2, AGENTS = 10, MINIBATCH = 4_100, ROWS = 320;
const random = stream(1, "ppo bench");
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());

const sizes = {
  actor: [COMMON + OWN, 64, 64, DECIDED],
  critic: [COMMON + OWN, 64, 64, 1],
  common: { actor: COMMON, critic: COMMON },
};
const seenBy = (rows: number) => ({
  common: normals(rows / AGENTS * COMMON),
  own: normals(rows * OWN),
});
const single = ({ common, own }: ReturnType<typeof seenBy>) => ({
  common: Float32Array.from(common),
  own: Float32Array.from(own),
});
const parameters = initialParameters(sizes, 0.5, random);

const learners = await Promise.all(backendNames.map(async (backend) => ({
  backend,
  learner: await createLearner(backend, parameters, createAdam(parameters.all.length)),
})));

for (const rows of [10, ROWS, MINIBATCH]) {
  const seen = single(seenBy(rows));
  const input = normals(rows * (COMMON + OWN));
  const plain = createMlp(sizes.actor, parameters.actor);
  const group = `actor, ${rows.toLocaleString("en")} rows`;
  for (const { backend, learner } of learners) {
    Deno.bench(`${group}: ${backend}`, { group }, () => void learner.actor.forward(seen));
  }
  Deno.bench(`${group}: plain`, { group }, () => void plain(input, rows));
}

const views = { raw: seenBy(0), normalized: single(seenBy(MINIBATCH)) };
const samples: Samples = {
  agentsPerCommunity: AGENTS,
  policyViews: views,
  criticViews: views,
  actions: normals(MINIBATCH * DECIDED),
  logProbabilities: new Float64Array(MINIBATCH).fill(-3),
  advantages: normals(MINIBATCH),
  returns: normals(MINIBATCH),
};
const oneStep = { ...defaultPpoConfig, minibatchSize: MINIBATCH, epochs: 1 };
for (const { backend, learner } of learners) {
  Deno.bench(`gradient step of actor and critic on 4,100 samples: ${backend}`, () => {
    learn(learner, oneStep, samples, 1e-6, random);
  });
}

const observation = seenBy(ROWS);
const result = {
  observation,
  reward: normals(ROWS),
  terminated: new Uint8Array(ROWS),
  truncated: new Uint8Array(ROWS),
};
const environment = {
  rows: ROWS,
  agentsPerCommunity: AGENTS,
  observationSize: { common: COMMON, own: OWN },
  actionSize: DECIDED,
  reset: () => observation,
  step: () => result,
};
const config = { ...defaultPpoConfig, totalTimesteps: 1e9, learningRate: 1e-6, targetKl: null };
const trainer = await createTrainer(environment, config, 1);
Deno.bench("iteration: 7,680 agent-steps played, 4 epochs learned", () => {
  trainer.iterate();
});
