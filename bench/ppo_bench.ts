/**
 * Learning, at the sizes of the reference set-up: what an agent sees and decides, two hidden layers of
 * 64. The time of an iteration over its 7,680 agent-steps is the cost of training but for the
 * environment, which does nothing here.
 *
 * @module
 */

import { ACTION_SIZE } from "../lib/env/action.ts";
import { OBSERVATION_SIZE } from "../lib/env/observation.ts";
import { createAdam } from "../lib/ppo/adam.ts";
import { createLearner } from "../lib/ppo/backend.ts";
import { backendNames, defaultPpoConfig } from "../lib/ppo/ppo_config.ts";
import { createMlp } from "../lib/ppo/mlp.ts";
import { initialParameters } from "../lib/ppo/parameters.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { learn, type Samples } from "../lib/ppo/update.ts";
import { stream } from "../lib/random.ts";

const SEEN = OBSERVATION_SIZE, DECIDED = ACTION_SIZE, MINIBATCH = 4_096, ROWS = 320;
const random = stream(1, "ppo bench");
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());

const sizes = { actor: [SEEN, 64, 64, DECIDED], critic: [SEEN, 64, 64, 1] };
const parameters = initialParameters(sizes, 0.5, random);

const learners = await Promise.all(backendNames.map(async (backend) => ({
  backend,
  learner: await createLearner(backend, parameters, createAdam(parameters.all.length)),
})));

for (const rows of [10, ROWS, MINIBATCH]) {
  const input = normals(rows * SEEN);
  const single = Float32Array.from(input);
  const plain = createMlp(sizes.actor, parameters.actor);
  const group = `actor, ${rows.toLocaleString("en")} rows`;
  for (const { backend, learner } of learners) {
    Deno.bench(`${group}: ${backend}`, { group }, () => void learner.actor.forward(single));
  }
  Deno.bench(`${group}: plain`, { group }, () => void plain(input, rows));
}

const views = {
  raw: new Float64Array(0),
  normalized: Float32Array.from(normals(MINIBATCH * SEEN)),
};
const samples: Samples = {
  policyViews: views,
  criticViews: views,
  actions: normals(MINIBATCH * DECIDED),
  logProbabilities: new Float64Array(MINIBATCH).fill(-3),
  advantages: normals(MINIBATCH),
  returns: normals(MINIBATCH),
};
const oneStep = { ...defaultPpoConfig, minibatchSize: MINIBATCH, epochs: 1 };
for (const { backend, learner } of learners) {
  Deno.bench(`gradient step of actor and critic on 4,096 samples: ${backend}`, () => {
    learn(learner, oneStep, samples, 1e-6, random);
  });
}

const observation = normals(ROWS * SEEN);
const result = {
  observation,
  reward: normals(ROWS),
  terminated: new Uint8Array(ROWS),
  truncated: new Uint8Array(ROWS),
};
const environment = {
  rows: ROWS,
  agentsPerCommunity: 10,
  observationSize: SEEN,
  actionSize: DECIDED,
  reset: () => observation,
  step: () => result,
};
const config = { ...defaultPpoConfig, totalTimesteps: 1e9, learningRate: 1e-6, targetKl: null };
const trainer = await createTrainer(environment, config, 1);
Deno.bench("iteration: 7,680 agent-steps played, 4 epochs learned", () => {
  trainer.iterate();
});
