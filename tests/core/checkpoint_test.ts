import { assert, assertEquals, assertNotMatch, assertRejects, assertThrows } from "@std/assert";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../lib/ppo/checkpoint.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { eachBlock } from "../../lib/ppo/blocks.ts";
import { createActor } from "../../lib/ppo/actor.ts";
import { actorWeights, type TrainerState } from "../../lib/ppo/trainer_state.ts";
import { removeLeftovers } from "../../lib/disk/whole_files.ts";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { createTrainer, resumeTrainer } from "../../lib/ppo/ppo.ts";
import { type Probe, probeEnvironment } from "../helpers/probe_environments.ts";

const config: PpoConfig = ppoConfigSchema.parse({
  totalTimesteps: 16 * 4 * 10,
  rolloutSteps: 3,
  minibatchSize: 50,
  hiddenSizes: [8],
});

/** Five slots, so that a stop after a rollout of three falls into the middle of an episode. */
const probe: Probe = {
  observations: [-1, 0, 1, 0.5, 2],
  hidden: [5, 6, 7, 8, 9],
  reward: (action, state) => state - (action - 0.5) ** 2,
};

const inFolder = async (work: (folder: string) => Promise<void>) => {
  const parent = await Deno.makeTempDir();
  try {
    await work(`${parent}/model`);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
};

async function checkpoint(
  changes: Omit<Partial<Checkpoint>, "training"> = {},
): Promise<Checkpoint & { readonly training: TrainerState }> {
  const trainer = await createTrainer(probeEnvironment(probe), config, 1);
  trainer.iterate();
  return {
    observationNames: ["load"],
    dataSetHash: "abc",
    configuration: { name: "probe", factors: [1, 0.1] },
    training: trainer.state(),
    ...changes,
  };
}

for (const critic of ["independent", "community"] as const) {
  Deno.test(`checkpoint: a resumed training (${critic} critic) is the same bit for bit`, () =>
    inFolder(async (folder) => {
      const both = { ...config, critic };
      const straight = await createTrainer(probeEnvironment(probe), both, 1);
      const first = await createTrainer(probeEnvironment(probe), both, 1);
      for (let k = 0; k < 3; k++) assertEquals(first.iterate(), straight.iterate());
      const saved = { ...await checkpoint(), training: first.state() };
      await writeCheckpoint(folder, saved);
      // What happens to the saved trainer later is of no concern.
      first.iterate();
      const { training } = await readCheckpoint(folder);
      const second = await resumeTrainer(probeEnvironment(probe), training!);
      for (let k = 0; k < 3; k++) assertEquals(second.iterate(), straight.iterate());
      assertEquals(second.state(), straight.state());
    }));
}

Deno.test("checkpoint: the best policy of a training is kept beside its end, and has to fit", () =>
  inFolder(async (folder) => {
    const saved = await checkpoint();
    const weights = actorWeights(saved.training);
    const best = { timesteps: 48, validationCost: 1.5, weights };
    await writeCheckpoint(folder, { ...saved, best });
    assertEquals((await readCheckpoint(folder)).best, best);
    for (
      const broken of [
        { ...weights, sizes: [2, 8, 1] },
        { ...weights, logStd: new Float32Array(2) },
        { ...weights, parameters: weights.parameters.slice(1) },
        { ...weights, parameters: weights.parameters.map(() => NaN) },
      ]
    ) {
      await writeCheckpoint(folder, { ...saved, best: { ...best, weights: broken } });
      await assertRejects(() => readCheckpoint(folder), Error, "best");
    }
  }));

Deno.test("checkpoint: what is read is what was written", () =>
  inFolder(async (folder) => {
    const environment = {
      kinds: [Float64Array.of(NaN, -0, Infinity), Uint8Array.of(1), Int32Array.of(-5)],
      empty: new Float32Array(0),
      part: Float64Array.of(1, 2, 3).subarray(1),
    };
    const { training, ...rest } = await checkpoint();
    const parts = [{ ...training.parts[0], environment }];
    const written = { ...rest, training: { ...training, parts } };
    await writeCheckpoint(folder, written);
    assertEquals(await readCheckpoint(folder), written);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["model.json"]);
  }));

Deno.test("checkpoint: a number that JSON does not know is refused before anything is written", () =>
  inFolder(async (folder) => {
    const unsaveable = await checkpoint({ configuration: { lastPrice: NaN } });
    await assertRejects(
      () => writeCheckpoint(folder, unsaveable),
      RangeError,
      "cannot save lastPrice: NaN",
    );
    await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
  }));

Deno.test("checkpoint: whoever reads while it is replaced finds a whole one", () =>
  inFolder(async (folder) => {
    const one = await checkpoint({ dataSetHash: "one" });
    const two = { ...one, dataSetHash: "two" };
    await writeCheckpoint(folder, one);
    let writing = true;
    const found = new Set<string>();
    const reader = async () => {
      while (writing) found.add((await readCheckpoint(folder)).dataSetHash);
    };
    const writer = async () => {
      for (let k = 0; k < 20; k++) await writeCheckpoint(folder, k % 2 === 0 ? two : one);
      writing = false;
    };
    await Promise.all([reader(), writer()]);
    assert(found.size > 0);
  }));

Deno.test("checkpoint: a write that fails leaves nothing half-written", () =>
  inFolder(async (folder) => {
    // A folder in its place makes the last step, the rename, impossible.
    await Deno.mkdir(`${folder}/model.json/full`, { recursive: true });
    const unwritten = await checkpoint();
    await assertRejects(() => writeCheckpoint(folder, unwritten));
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["model.json"]);
  }));

Deno.test("checkpoint: what a crash left half-written is neither read nor in the way", () =>
  inFolder(async (folder) => {
    const before = await checkpoint();
    await writeCheckpoint(folder, before);
    await Deno.writeTextFile(`${folder}/model.json.9-1.partial`, '{"format":"energy');
    assertEquals(await readCheckpoint(folder), before);
    await writeCheckpoint(folder, { ...before, dataSetHash: "next" });
    assertEquals((await readCheckpoint(folder)).dataSetHash, "next");
    await removeLeftovers(folder);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

const faults: [string, (text: string) => string, RegExp][] = [
  ["cut short", (text) => text.slice(0, text.length / 2), /cut short/],
  ["empty", () => "", /cut short/],
  ["of another program", () => '{"hello": 1}', /is not a model/],
  ["a bare number", () => "5", /is not a model/],
  [
    "of another version",
    (text) => text.replace('"formatVersion":3', '"formatVersion":2'),
    /format version 2, but 3 is read here; train again, .* the first edition, commit c017517/,
  ],
  ["edited", (text) => text.replace('"abc"', '"xyz"'), /does not match its checksum/],
  [
    "damaged in an array",
    (text) => text.replace(/("base64":".{9})./, (_, head) => `${head}!`),
    /does not match its checksum/,
  ],
  ["without content", (text) => text.replace('"content"', '"contents"'), /checksum/],
];

for (const [what, damage, message] of faults) {
  Deno.test(`checkpoint: a file that is ${what} is refused in one line`, () =>
    inFolder(async (folder) => {
      await writeCheckpoint(folder, await checkpoint());
      const path = `${folder}/model.json`;
      await Deno.writeTextFile(path, damage(await Deno.readTextFile(path)));
      const error = await assertRejects(() => readCheckpoint(folder)) as Error;
      assert(error.message.startsWith(path), error.message);
      assert(message.test(error.message), error.message);
      assertNotMatch(error.message, /\n/);
    }));
}

Deno.test("checkpoint: parts that do not fit together are refused", () =>
  inFolder(async (folder) => {
    const { training, ...rest } = await checkpoint();
    const reject = async (damaged: Checkpoint, message: string) => {
      await writeCheckpoint(folder, damaged);
      await assertRejects(() => readCheckpoint(folder), Error, message);
    };
    const { length } = training.parameters;
    await reject(
      { ...rest, training: { ...training, parameters: training.parameters.slice(1) } },
      `training.parameters: must hold ${length} numbers, got ${length - 1}`,
    );
    await reject(
      { ...rest, training: { ...training, timesteps: -1 } },
      "training.timesteps: Too small",
    );
    await reject(
      { ...rest, observationNames: ["load", "sun"], training },
      "as many observation names as inputs",
    );
  }));

Deno.test("checkpoint: a folder without a model is named", () =>
  inFolder(async (folder) => {
    const message = `${folder}/model.json does not exist; ${folder} is not a model folder`;
    await assertRejects(() => readCheckpoint(folder), Error, message);
    await Deno.writeTextFile(folder, "a file");
    await assertRejects(() => readCheckpoint(folder), Error, message);
  }));

Deno.test("checkpoint: a model refuses observations that it was not trained for", async () => {
  const { training } = await checkpoint();
  const actor = createActor(actorWeights(training));
  const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset, { ...defaultEnvironmentConfig, episodeDays: 1 });
  const names = [...env.observationSpace.common, ...env.observationSpace.own];
  learnedPolicy(actor, { observationNames: names }).begin(env);
  const refuse = (observationNames: string[], message: string) =>
    assertThrows(() => learnedPolicy(actor, { observationNames }).begin(env), Error, message);
  refuse(["hour", ...names.slice(1)], `number 1 was "hour" and is "${names[0]}" here`);
  refuse(names.slice(1), `number 1 was "${names[1]}" and is "${names[0]}" here`);
  refuse([...names, "wind"], `number ${names.length + 1} was "wind" and is nothing here`);
  refuse(names.slice(0, -1), `number ${names.length} was nothing and is "${names.at(-1)}" here`);
});

Deno.test("checkpoint: a policy names what lies outside of its training, once", () => {
  const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset, { ...defaultEnvironmentConfig, episodeDays: 1 });
  const observation = env.reset({ seed: 1, firstSlots: [0] });
  const observationNames = [...env.observationSpace.common, ...env.observationSpace.own];
  // A training that saw this slot, with everything up to 1 higher or lower, but one import price.
  const normalizer = eachBlock((block) => {
    const size = env.observationSpace[block].length;
    const seen = createNormalizer(size);
    for (const shift of [-1, 1]) {
      seen.update(observation[block].map((value, i) => {
        const name = env.observationSpace[block][i % size];
        return name === "importPricePerKwh" ? value : value + shift;
      }));
    }
    return seen.state();
  });
  const inputs = observationNames.length;
  const actor = createActor({
    sizes: [inputs, env.actionSpace.names.length],
    parameters: new Float32Array((inputs + 1) * env.actionSpace.names.length),
    logStd: new Float32Array(env.actionSpace.names.length),
    normalizer,
    observationClip: 10,
  });
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const act = learnedPolicy(actor, { observationNames, warn }).begin(env) as (
    seen: typeof observation,
    decision: typeof env.decision,
  ) => void;
  act(observation, env.decision);
  assertEquals(warnings, []);
  const at = (block: "common" | "own", name: string) => env.observationSpace[block].indexOf(name);
  observation.common[at("common", "importPricePerKwh")] += 0.001;
  observation.own[at("own", "loadKw")] += 100;
  act(observation, env.decision);
  act(observation, env.decision);
  assertEquals(warnings, [
    "warning: learned sees what it was not trained on, and ignores or cuts importPricePerKwh, loadKw",
  ]);
});

Deno.test("checkpoint: training goes on only in the environment that it stopped in", async () => {
  const { training } = await checkpoint();
  const { restore: _, ...forgetful } = probeEnvironment(probe);
  const refuse = (environment: typeof forgetful, message: string) =>
    assertRejects(() => resumeTrainer(environment, training), Error, message);
  await refuse(forgetful, "the environment does not save its state");
  await refuse(probeEnvironment(probe, 8), "stopped with 32 rows, the environment has 8");
  await refuse(
    { ...probeEnvironment(probe), observationSize: { common: 1, own: 2 } },
    "the actor was trained with layers 1-8-1, the environment needs 3-8-1",
  );
  await refuse(
    { ...probeEnvironment(probe), observationSize: { common: 1, own: 0 } },
    "the actor was trained with 0 common inputs, the environment has 1",
  );
});
