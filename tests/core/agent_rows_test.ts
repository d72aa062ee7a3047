import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertStrictEquals,
} from "@std/assert";
import { assertThrows } from "@std/assert";
import type { Device } from "../../lib/data/device.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { agentRows, kindsAmong, observationNames } from "../../lib/env/agent_rows.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createActor } from "../../lib/ppo/actor.ts";
import { learn } from "../../lib/ppo/learn.ts";
import { parameterCount } from "../../lib/ppo/mlp.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { stream } from "../../lib/random.ts";
import { car, deviceKinds, heatPump, withKinds } from "../helpers/device_kinds.ts";
import { withDevices } from "../helpers/devices.ts";

const plain = synthesize({ seed: 4, prosumers: 3, days: 14, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const { slots, dtHours } = plain.profiles.grid;
const named = (device: Device, name: string): Device => ({ ...device, name });
const first = named(car({ slots, dtHours, random: stream(1, "car"), v2g: true }), "first");
const second = named(car({ slots, dtHours, random: stream(2, "car") }), "second");
const pump = heatPump({ slots, dtHours, random: stream(3, "pump") });

/** Homes with two cars, with one and a heat pump, and with nothing beside what they have. */
const mixed = (cars: readonly Device[]): Dataset => withDevices(plain, [cars, [first, pump], []]);

function begin(dataset: Dataset, firstSlots = [7 * 24], rules = config): EnergyMarketEnv {
  const env = new EnergyMarketEnv(dataset, rules, firstSlots.length);
  env.reset({ seed: 1, firstSlots });
  return env;
}

/** An actor with random weights for a data set's features. */
function randomActor(dataset: Dataset, rules = config) {
  const names = observationNames(dataset, rules);
  const { numbers } = agentRows(begin(dataset, [0], rules).world);
  const sizes = [names.length, 8, numbers.length];
  const random = stream(5, "weights");
  const common = begin(dataset, [0], rules).observationSpace.common.length;
  const seen = (size: number) => ({
    count: 10,
    mean: new Float64Array(size),
    squaredDeviations: new Float64Array(size).fill(10),
  });
  const actor = createActor({
    sizes,
    parameters: Float32Array.from({ length: parameterCount(sizes) }, () => 0.3 * random.normal()),
    logStd: new Float32Array(numbers.length),
    normalizer: { common: seen(common), own: seen(names.length - common) },
    observationClip: 10,
  });
  return learnedPolicy(actor, { observationNames: names });
}

async function said(dataset: Dataset, policy = randomActor(dataset)) {
  const env = begin(dataset, [7 * 24, 8 * 24]);
  await (await policy.begin(env))(env.observation, env.decision);
  const { names } = env.actionSpace;
  return (c: number, home: number, slot: string) =>
    ["value", "fall"].map((what) =>
      env.decision.numbers[(c * env.homes + home) * names.length + names.indexOf(`${slot}.${what}`)]
    );
}

Deno.test("agent rows: where no home has two stores of a kind, a row is a home, seen as it is", () => {
  for (const dataset of [plain, withDevices(plain, [[first], [pump], []])]) {
    const env = begin(dataset);
    const rows = agentRows(env.world);
    assertEquals([rows.perHome, rows.own, rows.numbers], [
      1,
      env.observationSpace.own,
      env.actionSpace.names,
    ]);
    assertStrictEquals(rows.spread(env.observation.own), env.observation.own);
    const numbers = env.decision.numbers.map((_, k) => k);
    const gathered = new Float64Array(numbers.length);
    rows.gather(numbers, gathered);
    assertEquals(gathered, numbers);
  }
});

Deno.test("agent rows: stores of a kind share their weights: exchanged cars exchange what is said", async () => {
  const [one, other] = [await said(mixed([first, second])), await said(mixed([second, first]))];
  for (const c of [0, 1]) {
    // Sums over the community's stores are the same but for rounding.
    for (const [a, b] of [["car", "car2"], ["car2", "car"]]) {
      one(c, 0, a).forEach((number, k) => assertAlmostEquals(number, other(c, 0, b)[k], 1e-5));
    }
    assert(one(c, 0, "car")[0] !== one(c, 0, "car2")[0], "they are not alike");
  }
  // A car is the same in another home's place.
  const moved = await said(
    withDevices(plain, [[], [second, pump], []]),
    randomActor(mixed([first])),
  );
  assert(moved(0, 1, "car").every(Number.isFinite));
});

Deno.test("agent rows: one model acts in homes with any mix of what it was trained with, and no more", async () => {
  const policy = randomActor(mixed([first]));
  for (
    const dataset of [
      plain,
      mixed([first, second]),
      withDevices(plain, [[pump], [pump], [second]]),
    ]
  ) {
    const records = await play({ dataset, config, firstSlots: [7 * 24], seed: 1 }, policy);
    assertEquals(audit(records, dataset).total, 0);
    assert(records.store.powerKw.some((kw) => Math.abs(kw) > 0.1));
  }
  const strange = begin(withKinds(plain, deviceKinds, 1));
  assertThrows(
    () => policy.begin(strange),
    RangeError,
    "trained with battery, car, heat-pump alone, and this community has stores of kind appliance",
  );
});

Deno.test("agent rows: orders without curves have one power per store, and one order per home", () => {
  const rules = environmentConfigSchema.parse({
    episodeDays: 1,
    market: { orders: "inelastic" },
  });
  const env = begin(mixed([first, second]), [0], rules);
  const rows = agentRows(env.world);
  assertEquals(rows.numbers, ["battery.power", "car.power", "heat-pump.power", "share", "price"]);
  const said = Float64Array.from({ length: 3 * 2 * 5 }, (_, k) => k);
  const numbers = new Float64Array(env.decision.numbers.length);
  rows.gather(said, numbers);
  const { names } = env.actionSpace;
  const of = (name: string) => numbers[names.indexOf(name)];
  assertEquals(["battery.power", "car.power", "car2.power", "share"].map(of), [0, 1, 6, 3]);
  const back = new Float64Array(said.length), again = new Float64Array(numbers.length);
  rows.scatter(numbers, back);
  rows.gather(back, again);
  assertEquals(again, numbers);
  assertEquals([back[1], back[6], Number.isNaN(back[5])], [1, 6, true]);
});

Deno.test("agent rows: what an agent sees of a car is what is known of it, and what it did before", () => {
  const now = 7 * 24;
  const see = (device: Device) => {
    const env = begin(withDevices(plain, [[device], [], []]), [now]);
    const { own } = env.observationSpace;
    return (name: string) => env.observation.own[own.indexOf(`car.${name}`)];
  };
  const seen = see(first);
  const known = first.knownSlots![now];
  const required = first.leastKwh[now + known - 1];
  assertGreater(required, first.capacityKwh / 2 - 20);
  const stored = begin(withDevices(plain, [[first], [], []]), [now]).state.energyKwh[1];
  const lacking = Math.max(0, required - stored);
  assertEquals(seen("neededKwh"), lacking);
  assertEquals(seen("hoursToNeed"), lacking > 0 ? known : 0);
  assertEquals([seen("chargeEfficiency"), seen("drainKw")], [0.92, 0]);
  // Beyond the departure it sees the week before, so that another future looks the same.
  const change = (values: Float64Array) =>
    values.length === 1 ? values : values.map((x, t) => t < now + known ? x : x / 2);
  const other = { ...first, drainKwh: change(first.drainKwh), leastKwh: change(first.leastKwh) };
  const names = begin(withDevices(plain, [[first], [], []])).observationSpace.own
    .flatMap((name) => name.startsWith("car.") ? [name.slice(4)] : []);
  assertEquals(names.map(see(other)), names.map(seen));
  assertEquals(kindsAmong(names.map((name) => `car.${name}`)), ["car"]);
});

Deno.test("agent rows: agents learn with cars and heat pumps, two cars in a home among them", async () => {
  const dataset = mixed([first, second]);
  const experiment = parseExperiment(
    {
      environment: { episodeDays: 1 },
      ppo: { totalTimesteps: 3000, rolloutSteps: 24 },
      training: { communities: 8, rewardBaseline: "grid-only" },
    },
    "mixed",
  );
  const market = new MarketTrainingEnvironment(dataset, config, {
    ...experiment.training,
    firstSlots: [0],
  });
  assertEquals([market.rows, market.agentsPerCommunity], [8 * 3 * 2, 6]);
  market.reset(1);
  const { reward } = market.step(new Float64Array(market.rows * market.actionSize));
  for (let row = 0; row < market.rows; row += 2) assertEquals(reward[row], reward[row + 1]);
  const policy = await learn({
    dataset,
    firstSlots: Array.from({ length: 6 }, (_, day) => 24 * (day + 7)),
    experiment,
    seed: 1,
  });
  const options = { dataset, config, firstSlots: [13 * 24], seed: 1 };
  const learned = await play(options, policy);
  assertEquals(audit(learned, dataset).total, 0);
  const alone = await play(options, rulePolicy("grid-only"));
  assertLess(episodeCosts(learned)[0], episodeCosts(alone)[0]);
});
