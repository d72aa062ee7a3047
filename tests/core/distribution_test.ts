import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { validateDataset } from "../../lib/data/profiles.ts";
import { observationNames } from "../../lib/env/agent_rows.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { drawCommunity } from "../../lib/experiments/distribution.ts";
import { placesOf } from "../../lib/experiments/distribution_places.ts";
import { mixedShards } from "../../lib/experiments/mixed_shards.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { type Member, MixedMarketEnvironment } from "../../lib/ppo/mixed_market.ts";
import { createTeacher } from "../../lib/ppo/teacher.ts";
import { stream } from "../../lib/random.ts";
import { storesOf } from "../../lib/stores/stores.ts";

const { training } = parseExperiment({}, "defaults");

const member = (seed: number, prosumers: number, dtHours: number): Member => ({
  dataset: synthesize({ seed, prosumers, days: 4, dtHours }),
  config: environmentConfigSchema.parse({ episodeDays: 1 }),
  firstSlots: [0, 24 / dtHours],
});

const members = [member(1, 3, 1), member(2, 7, 1), member(3, 5, 0.5)];
const mixed = (places = 2) =>
  new MixedMarketEnvironment(members, { ...training, places, seats: 2 });

/** A step of random actions. */
function act(environment: MixedMarketEnvironment, random: ReturnType<typeof stream>) {
  const { rows, actionSize } = environment;
  return environment.step(Float64Array.from({ length: rows * actionSize }, () => random.normal()));
}

Deno.test("distribution: a community is the same every time, another in every part and place", () => {
  const drawn = drawCommunity("train", 3);
  assertEquals(drawCommunity("train", 3), drawn);
  const others = [drawCommunity("train", 4), drawCommunity("test", 3)];
  for (const { dataset, firstSlots, config } of [drawn, ...others]) {
    validateDataset(dataset);
    const { length: homes } = dataset.community.prosumers;
    assert(homes >= 3 && homes <= 100, `${homes} homes`);
    assert(storesOf(dataset).length > 0);
    assertEquals(firstSlots.length, 4);
    assertEquals(observationNames(dataset, config), observationNames(drawn.dataset, drawn.config));
  }
  const loads = [drawn, ...others].map(({ dataset }) => dataset.profiles.loadKw[0]);
  assertEquals(new Set(loads).size, 3);
});

Deno.test("mixed market: learners' homes see, pay and are taught as in their community alone", () => {
  const [only] = members;
  const environment = new MixedMarketEnvironment([only], { ...training, places: 1, seats: 3 });
  environment.reset(7);
  const env = new EnergyMarketEnv(only.dataset, only.config);
  const { places: [{ seats, market }] } = environment.state();
  env.reset({ seed: market.seed, firstSlots: market.firstSlot });
  const ask = createTeacher(env, only.firstSlots);
  const taught = new Float64Array(environment.rows * environment.actionSize);
  const weighed = taught.slice();
  const size = environment.actionSize, ownSize = env.observationSpace.own.length;
  const at = (values: Float64Array, width: number) =>
    Array.from(seats, (home) => [...values.subarray(home * width, (home + 1) * width)]).flat();
  const { profiles } = only.dataset, { loads } = env.world;
  let rewarded = 0;
  for (let step = 0; step < 20; step++) {
    const { numbers: said, weights } = ask();
    environment.teach(taught, weighed);
    assertEquals([...taught], at(said, size));
    assertEquals([...weighed], at(weights, size));
    assert(weighed[0] === 1 && weighed[1] > 0 && weighed[1] < 1);
    const slot = market.firstSlot[0] + step;
    const { reward } = env.step(said);
    const result = environment.step(taught);
    assertEquals([...result.observation.common], [...env.observation.common]);
    assertEquals([...result.observation.own], at(env.observation.own, ownSize));
    seats.forEach((home, row) => {
      const netKw = loads.loadKw[slot * 3 + home] - loads.pvKw[slot * 3 + home];
      const price = netKw > 0
        ? profiles.importPricePerKwh[slot] + 0.075 * profiles.carbonKgPerKwh[slot]
        : profiles.feedInTariffPerKwh[slot];
      assertAlmostEquals(result.reward[row], reward[home] + netKw * price, 1e-9);
      if (result.reward[row] !== 0) rewarded++;
    });
  }
  assert(rewarded > 0);
});

Deno.test("mixed market: a community that ends gives its place to another, and only it ends", () => {
  const environment = mixed();
  environment.reset(1);
  const random = stream(1, "actions");
  const playing = () => environment.state().places.map(({ member }) => member);
  let ends = 0, changes = 0;
  for (let step = 0; step < 200; step++) {
    const before = playing();
    const { terminated } = act(environment, random);
    const after = playing();
    after.forEach((member, place) => {
      const ended = terminated[2 * place];
      assertEquals(terminated[2 * place + 1], ended);
      if (!ended) assertEquals(member, before[place]);
      ends += ended;
      if (member !== before[place]) changes++;
    });
    assertEquals(new Set(after).size, 2);
  }
  assert(ends >= 8 && changes >= 2, `${ends} ends, ${changes} changes`);
});

Deno.test("mixed market: restored in the middle of episodes it goes on bit for bit", () => {
  const environment = mixed();
  environment.reset(3);
  const random = stream(2, "actions");
  for (let step = 0; step < 30; step++) act(environment, random);
  const state = structuredClone(environment.state()), draws = random.state();
  const go = (which: MixedMarketEnvironment, from: ReturnType<typeof stream>) =>
    Array.from({ length: 60 }, () => structuredClone(act(which, from)));
  const expected = go(environment, random);
  const other = mixed();
  other.reset(9);
  other.restore(state);
  const again = stream(2, "actions");
  for (let k = 0; k < 30 * other.rows * other.actionSize; k++) again.normal();
  assertEquals(again.state(), draws);
  assertEquals(go(other, again), expected);
  const strange = { ...state, places: state.places.map((each) => ({ ...each, member: 77 })) };
  assertThrows(() => mixed().restore(strange), RangeError, "train again");
});

Deno.test("mixed market: more places than communities are refused", () => {
  assertThrows(() => mixed(4), RangeError, "places must be at most the 3 communities, got 4");
  assertThrows(
    () => mixedShards({ ...training, communities: 201 }),
    RangeError,
    "training.communities must be 4 to 200 on the distribution, got 201",
  );
});

Deno.test("distribution: every community counts alike, and the best rival is nobody who learned", () => {
  const row = (policy: string, community: number, captured: number | null) => ({
    ...{ policy, community, captured },
    ...{ homes: 3, slotHours: 1, prosumersWorseOff: 1, residualViolations: 0 },
    microsecondsPerDecision: 5,
  });
  const places = placesOf([
    ...[row("threshold", 0, 0.5), row("threshold", 1, 0.9), row("threshold", 2, null)],
    ...[row("dynamic-programming", 0, 0.8), row("dynamic-programming", 1, 1)],
    ...[row("learned-seed42", 0, 0.9), row("learned-seed42", 1, 0.9)],
    ...[row("learned-seed43", 0, 0.86), row("learned-seed43", 1, 1)],
    ...[row("optimum", 0, 1), row("optimum", 1, 1)],
  ]);
  const [threshold, programmed, learned] = places;
  assertEquals(places.map(({ policy }) => policy), [
    "threshold",
    "dynamic-programming",
    "learned",
    "optimum",
  ]);
  assertAlmostEquals(threshold.captured, 0.7, 1e-12);
  assertAlmostEquals(threshold.ofRival!, 0.7 / 0.9, 1e-12);
  assertEquals([programmed.ofRival, programmed.ofRivalWorst], [1, 1]);
  assertAlmostEquals(learned.captured, 0.915, 1e-12);
  assertAlmostEquals(learned.capturedWorst, 0.88, 1e-12);
  assertAlmostEquals(learned.ofRivalWorst!, 0.95, 1e-12);
  assertEquals([learned.seeds, learned.communities, learned.prosumersWorseOff], [2, 2, 2]);
  assert(learned.capturedLow <= learned.captured && learned.captured <= learned.capturedHigh);
});
