/**
 * Learning, at the sizes of the reference set-up: 48 numbers seen, 3 decided, two hidden layers of
 * 64. The time of an iteration over its 7,680 agent-steps is the cost of training but for the
 * environment, which does nothing here.
 *
 * @module
 */

import { startBackend } from "../lib/ppo/backend.ts";
import { defaultPpoConfig } from "../lib/ppo/config.ts";
import { createAdam } from "../lib/ppo/adam.ts";
import { createMlp } from "../lib/ppo/mlp.ts";
import { uploadMlp } from "../lib/ppo/network.ts";
import { initialParameters } from "../lib/ppo/parameters.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { learn, type Samples } from "../lib/ppo/update.ts";
import { stream } from "../lib/random.ts";

const SEEN = 48, DECIDED = 3, MINIBATCH = 4_096, ROWS = 320;
const random = stream(1, "ppo bench");
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());

await startBackend("wasm");
const sizes = { actor: [SEEN, 64, 64, DECIDED], critic: [SEEN, 64, 64, 1] };
const parameters = initialParameters(sizes, 0.5, random);

for (const rows of [10, ROWS, MINIBATCH]) {
  const input = normals(rows * SEEN);
  const single = Float32Array.from(input);
  const resident = uploadMlp(sizes.actor, parameters.actor);
  const plain = createMlp(sizes.actor, parameters.actor);
  const group = `actor, ${rows.toLocaleString("en")} rows`;
  Deno.bench(`${group}: tensors`, { group }, () => void resident.forward(single));
  Deno.bench(`${group}: plain inference`, { group }, () => void plain(input, rows));
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
const learner = {
  config: { ...defaultPpoConfig, epochs: 1 },
  parameters,
  adam: createAdam(parameters.all.length),
};
Deno.bench("gradient step of actor and critic on 4,096 samples", () => {
  learn(learner, samples, 1e-6, random);
});

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
