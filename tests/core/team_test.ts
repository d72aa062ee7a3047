import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { plainArrays } from "../../lib/ppo/arrays.ts";
import { readCheckpoint, writeCheckpoint } from "../../lib/ppo/checkpoint.ts";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { marketShards } from "../../lib/ppo/market_shards.ts";
import { createTrainer, resumeTrainer, type Trainer } from "../../lib/ppo/ppo.ts";
import { oneShard } from "../../lib/ppo/vector_environment.ts";
import { allocateSignals, awaitHelpers, publish } from "../../lib/ppo/wasm/signals.ts";
import { faultyShards } from "../helpers/faulty_shards.ts";
import { probeEnvironment } from "../helpers/probe_environments.ts";

const dataset = synthesize({ seed: 1, prosumers: 3, days: 4, dtHours: 1 });
const { training } = parseExperiment({}, "defaults");
const rules = environmentConfigSchema.parse({ episodeDays: 1 });
const market = marketShards(dataset, rules, {
  ...training,
  communities: 10,
  firstSlots: [0, 24, 48, 72],
});

const config: PpoConfig = ppoConfigSchema.parse({
  totalTimesteps: 10 * 9 * 6,
  rolloutSteps: 9,
  minibatchSize: 135,
  hiddenSizes: [8],
  epochs: 2,
});

function iterate(trainer: Trainer, times: number) {
  const metrics = Array.from({ length: times }, () => trainer.iterate());
  return { metrics, state: trainer.state() };
}

for (const critic of ["independent", "community"] as const) {
  Deno.test(`team: 1, 2 and 4 Workers learn the same bits (${critic} critic)`, async () => {
    const outcomes = [];
    // Two iterations imitate, and the others learn by PPO.
    const changed = { ...config, critic, imitationShare: 0.3 };
    for (const workers of [1, 2, 4, 100]) {
      using trainer = await createTrainer(market, changed, 1, { workers });
      outcomes.push(iterate(trainer, 4));
    }
    const [alone, ...teams] = outcomes;
    assert(alone.metrics.some(({ meanEpisodeCost }) => meanEpisodeCost !== null));
    for (const team of teams) assertEquals(team, alone);
  });
}

Deno.test("team: a training that stops with two Workers goes on with one, or four, bit for bit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using straight = await createTrainer(market, config, 1);
    using stopped = await createTrainer(market, config, 1, { workers: 2 });
    iterate(straight, 3);
    const { state } = iterate(stopped, 3);
    const plain = { observationNames: Array(state.sizes.actor[0]).fill(""), dataSetHash: "" };
    await writeCheckpoint(folder, { ...plain, configuration: {}, training: state });
    const { training } = await readCheckpoint(folder);
    const expected = iterate(straight, 3);
    for (const workers of [1, 4]) {
      using resumed = await resumeTrainer(market, training!, { workers });
      assertEquals(iterate(resumed, 3), expected);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("team: a Worker that fails ends training with its reason", async () => {
  const two = { ...config, rolloutSteps: 4, minibatchSize: 16 };
  using trainer = await createTrainer(faultyShards({ shard: 1, step: 6 }), two, 1, { workers: 2 });
  trainer.iterate();
  assertThrows(() => trainer.iterate(), Error, "Worker 1 failed: a fuse has blown");
  // It stays so: nothing goes on with half a team.
  assertThrows(() => trainer.iterate(), Error, "Worker 1 failed: a fuse has blown");
});

Deno.test("team: a Worker that cannot make its shards is refused before training begins", async () => {
  const shards = {
    ...market,
    recipe: { module: new URL("no_such_module.ts", import.meta.url).href, data: null },
  };
  await assertRejects(
    () => createTrainer(shards, config, 1, { workers: 2 }),
    Error,
    "no_such_module.ts",
  );
});

Deno.test("team: a Worker that gives no sign of life is reported, one that works slowly is not", () => {
  const shared = {
    ...plainArrays,
    uint32: (length: number) => new Uint32Array(new SharedArrayBuffer(4 * length)),
  };
  const signals = allocateSignals(shared, 1);
  publish(signals, 1, 0);
  assertThrows(
    () => awaitHelpers(signals, 50),
    Error,
    "Worker 1 has given no sign of life for 0.05 s: it has died or hangs",
  );
  signals.done[0] = 1;
  awaitHelpers(signals, 50);
});

Deno.test("team: what cannot be shared is refused", async () => {
  const refuse = (shards: Parameters<typeof createTrainer>[0], changes: object, message: string) =>
    assertRejects(
      () => createTrainer(shards, { ...config, ...changes }, 1, { workers: 2 }),
      Error,
      message,
    );
  const probe = () => probeEnvironment({ observations: [0], reward: () => 0 }, 4);
  const { recipe: _, ...without } = market;
  await refuse(without, {}, "the environment has no recipe for Workers; set workers to 1");
  await refuse(market, { backend: "tfjs" }, "backend tfjs works on one thread");
  await assertRejects(
    () => createTrainer(market, config, 1, { workers: 0 }),
    RangeError,
    "workers must be a whole number of at least 1, got 0",
  );
  // One shard needs no second thread.
  using trainer = await createTrainer(oneShard(probe()), config, 1, { workers: 2 });
  trainer.iterate();
});
