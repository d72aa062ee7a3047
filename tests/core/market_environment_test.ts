import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import {
  MarketTrainingEnvironment,
  type MarketTrainingOptions,
} from "../../lib/ppo/market_environment.ts";
import { marketShards } from "../../lib/ppo/market_shards.ts";
import { stream } from "../../lib/random.ts";

const config = environmentConfigSchema.parse({ episodeDays: 1 });
const dataset = synthesize({ seed: 4, prosumers: 5, days: 6, dtHours: 1 });
const options: MarketTrainingOptions = {
  firstSlots: [0, 24, 72],
  communities: 3,
  rewardScale: 1,
  rewardMixing: 0,
  rewardBaseline: "none",
};

function create(change: Partial<MarketTrainingOptions> = {}): MarketTrainingEnvironment {
  return new MarketTrainingEnvironment(dataset, config, { ...options, ...change });
}

/** Rewards of `steps` random steps. */
function walk(environment: MarketTrainingEnvironment, steps: number, label: number): number[][] {
  const random = stream(1, "actions", label);
  return Array.from({ length: steps }, () => {
    const actions = new Float64Array(environment.rows * environment.actionSize)
      .map(() => random.normal());
    return [...environment.step(actions).reward];
  });
}

Deno.test("market environment: mixing moves reward between prosumers and keeps its sum", () => {
  const [own, mixed, common] = [0, 0.4, 1].map((rewardMixing) => {
    const environment = create({ rewardMixing, rewardScale: 2 });
    environment.reset(7);
    return walk(environment, 24, 0);
  });
  own.forEach((rewards, step) => {
    for (let first = 0; first < rewards.length; first += 5) {
      const mean = rewards.slice(first, first + 5).reduce((sum, r) => sum + r / 5, 0);
      for (let row = first; row < first + 5; row++) {
        assertAlmostEquals(mixed[step][row], 0.6 * rewards[row] + 0.4 * mean, 1e-9);
        assertAlmostEquals(common[step][row], mean, 1e-9);
      }
    }
  });
});

Deno.test("market environment: the baseline gives back what the grid alone would cost", () => {
  const dataset = synthesize({ seed: 4, prosumers: 5, days: 6, dtHours: 0.25 });
  // Where orders are inelastic there is a power, a share and a price: nothing is stored or offered.
  const idle = new Float64Array(3 * 5 * 3);
  for (let row = 0; row < 15; row++) idle.set([0, -1, 0], row * 3);
  const market = { orders: "inelastic", mechanism: "grid-only" };
  const inelastic = environmentConfigSchema.parse({ episodeDays: 1, market });
  const make = (rewardBaseline: "none" | "grid-only") => {
    const environment = new MarketTrainingEnvironment(dataset, inelastic, {
      ...options,
      firstSlots: [0, 96, 288],
      rewardBaseline,
    });
    environment.reset(7);
    return environment;
  };
  const [without, saved] = [make("none"), make("grid-only")];
  for (let step = 0; step < 95; step++) {
    assert(without.step(idle).reward.some((reward) => reward < 0));
    // An idle battery without trade saves nothing.
    saved.step(idle).reward.forEach((reward) => assertAlmostEquals(reward, 0, 1e-12));
  }
});

Deno.test("market environment: the reward scale multiplies the negative cost", () => {
  const [once, twice] = [1, 2].map((rewardScale) => {
    const environment = create({ rewardScale });
    environment.reset(7);
    return walk(environment, 3, 0).flat();
  });
  once.forEach((reward, k) => assertAlmostEquals(twice[k], 2 * reward, 1e-12));
});

Deno.test("market environment: an episode that ends is followed by the next, and its cost is told", () => {
  const environment = create();
  environment.reset(7);
  const rewards = walk(environment, 23, 0);
  assertEquals(environment.takeEpisodeCost(), null);
  const last = environment.step(
    new Float64Array(environment.rows * environment.actionSize),
  );
  rewards.push([...last.reward]);
  assertEquals([...last.terminated], new Array(environment.rows).fill(1));
  assertEquals(last.observation.common.every((x) => x === 0), false);
  const cost = -rewards.flat().reduce((sum, reward) => sum + reward, 0);
  assertAlmostEquals(environment.takeEpisodeCost()!, cost / 3, 1e-9);
  assertEquals(environment.takeEpisodeCost(), null);
});

Deno.test("market environment: the seed decides days and forecasts", () => {
  const observe = (seed: number) => structuredClone(create().reset(seed));
  assertEquals(observe(7), observe(7));
  assertNotEquals(observe(7), observe(8));
});

Deno.test("market environment: restored in the middle of an episode it goes on bit for bit", () => {
  const straight = create();
  straight.reset(7);
  walk(straight, 30, 0);
  const saved = structuredClone(straight.state());
  const expected = [...walk(straight, 30, 1), [straight.takeEpisodeCost()]];
  const other = create();
  other.reset(99);
  walk(other, 5, 2);
  other.restore(saved);
  assertEquals([...walk(other, 30, 1), [other.takeEpisodeCost()]], expected);
});

Deno.test("market environment: a community critic also sees the mean of the own features", () => {
  const environment = create();
  const { common, own } = environment.reset(7);
  const seen = environment.criticObservation();
  const { common: commonSize, own: ownSize } = environment.observationSize;
  const size = environment.criticObservationSize.common;
  assertEquals(seen.own, own);
  assertEquals(seen.common.length, 3 * size);
  for (let c = 0; c < 3; c++) {
    const [shared, means] = [
      seen.common.subarray(c * size),
      seen.common.subarray(c * size + commonSize),
    ];
    assertEquals(
      shared.slice(0, commonSize),
      common.slice(c * commonSize, (c + 1) * commonSize),
    );
    for (let k = 0; k < ownSize; k++) {
      let mean = 0;
      for (let row = 5 * c; row < 5 * (c + 1); row++) mean += own[row * ownSize + k] / 5;
      assertAlmostEquals(means[k], mean, 1e-12);
    }
  }
});

Deno.test("market environment: a reward of one's own takes the place of the settings", () => {
  const traded = create({
    rewardMixing: 1,
    rewardScale: 7,
    reward: ({ rows }, { info }, rewards) => {
      for (let row = 0; row < rows; row++) rewards[row] = Math.abs(info.tradedKwh[row]);
    },
  });
  traded.reset(1);
  const rewards = walk(traded, 24, 3).flat();
  assert(rewards.every((kwh) => kwh >= 0) && rewards.some((kwh) => kwh > 0), `${rewards}`);
  const own = { ...options, reward: () => {} };
  assertEquals(marketShards(dataset, config, own).recipe, undefined);
  assertNotEquals(marketShards(dataset, config, options).recipe, undefined);
});
