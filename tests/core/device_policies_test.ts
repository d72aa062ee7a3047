import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Device } from "../../lib/data/device.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { createPolicy, everyPolicyName } from "../../lib/policies/catalog.ts";
import { columnSlot, forecastOutlook } from "../../lib/policies/outlook.ts";
import { chargingPolicyNames, rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { stream } from "../../lib/random.ts";
import { deviceStore } from "../../lib/stores/device.ts";
import { needs } from "../../lib/stores/foresight.ts";
import { car, deviceKinds, withFloor, withKinds } from "../helpers/device_kinds.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { smallCommunity } from "../helpers/small_community.ts";

const weeks = synthesize({ seed: 3, prosumers: 4, days: 14, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 2 });
const later = { config, firstSlots: [9 * 24], seed: 1 };

Deno.test("device policies: every policy takes every kind, soundly, and planners gain on charging at once", async () => {
  using solver = createSolver({ workers: 1 });
  const dataset = withKinds(weeks, deviceKinds, 5, { v2g: true });
  const costs = new Map<string, number>();
  for (const name of everyPolicyName) {
    const records = await play({ ...later, dataset }, createPolicy(name, { seed: 1, solver }));
    assertEquals(audit(records, dataset).total, 0, name);
    costs.set(name, episodeCosts(records)[0]);
  }
  const cost = (name: string) => costs.get(name)!;
  for (const name of ["threshold", "dynamic-programming", "mpc-local", "mpc", "optimum"]) {
    assertLess(cost(name), cost("grid-only"), name);
  }
  assertLess(cost("dynamic-programming"), cost("charge-cheapest"));
  assertLess(cost("charge-cheapest"), cost("charge-at-once"));
  for (const [name, each] of costs) assert(each >= cost("optimum") - 1e-6, name);
});

Deno.test("device policies: where nothing waits, the rules for cars are self-consumption", async () => {
  const options = { ...later, dataset: weeks };
  const plain = await play(options, rulePolicy("self-consumption"));
  for (const name of chargingPolicyNames) {
    const { home, store } = await play(options, rulePolicy(name));
    assertEquals([home.cost, store.powerKw], [plain.home.cost, plain.store.powerKw], name);
  }
});

/** One car at home from 18 to 7, with 6 of 20 kWh, of which 12 are needed, and 3 kW of charging. */
function evening(announced = true): Device {
  const column = (value: (hour: number) => number) =>
    Float64Array.from({ length: 24 }, (_, hour) => value(hour));
  const known = column((hour) => announced && hour >= 8 && hour < 20 ? 20 - hour : 1);
  return withFloor(
    made({
      kind: "car",
      name: "car",
      capacityKwh: 20,
      unmetPricePerKwh: 1,
      chargeKw: column((hour) => hour >= 8 && hour < 20 ? 3 : 0),
      leastKwh: column((hour) => hour === 19 ? 12 : 0),
    }),
    1,
    known,
  );
}

async function chargedBy(name: string): Promise<number[]> {
  const { community, profiles } = smallCommunity();
  const prosumers = community.prosumers.map((each) => ({ ...each, battery: null }));
  const dataset = withDevices({ community: { ...community, prosumers }, profiles }, [
    [evening()],
    [],
    [],
  ]);
  const rules = environmentConfigSchema.parse({ episodeDays: 1, initialSoc: 0.3 });
  const options = { dataset, config: rules, firstSlots: [0], seed: 1 };
  const { store } = await play(options, rulePolicy(name));
  assertAlmostEquals(store.endEnergyKwh[19] >= 12 - 1e-9 ? 1 : 0, 1, 1e-9, name);
  return [...store.powerKw].map((kw) => Math.round(kw * 1e6) / 1e6);
}

Deno.test("device policies: each charging rule charges when its name says, and all meet the departure", async () => {
  // 6 kWh of the 12 are there.
  const hours = (from: number, to: number, kw: number) =>
    Array.from({ length: 24 }, (_, hour) => hour >= from && hour < to ? kw : 0);
  const atOnce = await chargedBy("charge-at-once");
  assertEquals(atOnce.slice(8, 13), [3, 3, 3, 3, 2], "until it is full");
  assertEquals(await chargedBy("charge-last-moment"), hours(18, 20, 3));
  assertEquals(await chargedBy("charge-evenly"), hours(8, 20, 0.5));
  // Before 17 o'clock an hour costs 0.3, with the least CO2 at midday; after it 0.42.
  const cheapest = await chargedBy("charge-cheapest");
  assertEquals(cheapest.filter((kw) => kw > 0), [3, 3]);
  assertGreater(Math.min(...cheapest.flatMap((kw, hour) => kw > 0 ? [hour] : [])), 10);
  const sun = await chargedBy("charge-with-sun");
  const { profiles: { loadKw, pvKw } } = smallCommunity();
  for (let hour = 8; hour < 18; hour++) {
    const surplus = Math.max(0, pvKw[hour] - loadKw[hour]);
    assert(sun[hour] <= surplus + 1e-6, `${hour}: ${sun[hour]} of ${surplus} kW`);
  }
  assertGreater(Math.max(...sun.slice(8, 18)), 0.5);
});

Deno.test("device policies: heat pumps follow the clock or the sun, and meet the heat that is asked for", async () => {
  const column = (value: (hour: number) => number) =>
    Float64Array.from({ length: 24 }, (_, hour) => value(hour));
  const pump = made({
    kind: "heat-pump",
    name: "heat pump",
    capacityKwh: 12,
    unmetPricePerKwh: 0.6,
    chargeKw: Float64Array.of(2),
    chargeEfficiency: column(() => 3),
    drainKwh: column(() => 1),
    knownSlots: Float64Array.of(1),
  });
  const dataset = withDevices(smallCommunity(), [[], [pump], []]);
  const powers = async (name: string) => {
    const rules = environmentConfigSchema.parse({ episodeDays: 1, initialSoc: 0.5 });
    const options = { dataset, config: rules, firstSlots: [0], seed: 1 };
    const { store, stores } = await play(options, rulePolicy(name));
    assertEquals(store.unmetKwh.reduce((sum, kwh) => sum + kwh, 0), 0);
    return Array.from({ length: 24 }, (_, hour) => store.powerKw[hour * stores + 1]);
  };
  const clock = await powers("heat-by-clock"), sun = await powers("heat-by-sun");
  const thermostat = await powers("charge-at-once");
  // The tank lasts for six hours; then heat comes as it is asked for, until noon.
  assertEquals(clock.slice(0, 6).map((kw) => kw < 1e-9), Array(6).fill(true));
  clock.slice(6, 12).forEach((kw) => assertAlmostEquals(kw, 1 / 3, 1e-6));
  assertAlmostEquals(clock[12], 2, 1e-6);
  assertGreater(Math.max(...sun.slice(10, 16)), 0.5);
  assertAlmostEquals(thermostat[0], 2, 1e-6);
  thermostat.slice(6).forEach((kw) => assertAlmostEquals(kw, 1 / 3, 1e-6));
});

Deno.test("device policies: what a store needs is what known slots take out of it or must leave in it", () => {
  const store = deviceStore(evening(), 1, 0);
  const { energyKwh, slots } = needs(store);
  assertEquals([energyKwh[7], slots[7]], [0, 0], "nothing is known before it comes");
  assertEquals([energyKwh[8], slots[8]], [12, 12]);
  assertEquals([energyKwh[19], slots[19]], [12, 1]);
  assertEquals([energyKwh[20], slots[20]], [0, 0]);
});

Deno.test("device policies: what is needed is the most of all that is known, however that ends", () => {
  const random = stream(4, "needs");
  for (let trial = 0; trial < 200; trial++) {
    const count = 1 + random.below(12);
    const column = (most: number) =>
      Float64Array.from(
        { length: count },
        () => random.uniform() < 0.5 ? 0 : most * random.uniform(),
      );
    const ends = random.uniform() < 0.5;
    const knownSlots = Float64Array.from(
      { length: count },
      (_, t) =>
        ends
          ? Math.max(1, (t < count / 2 ? Math.ceil(count / 2) : count) - t)
          : 1 + random.below(9),
    );
    const leastKwh = column(5), drainKwh = column(3);
    const device = made({
      leastKwh,
      floorKwh: leastKwh,
      drainKwh,
      knownSlots,
      unmetPricePerKwh: 1,
    });
    const { energyKwh, slots } = needs(deviceStore(device, 1, 0));
    for (let t = 0; t < count; t++) {
      const sums = Array.from({ length: Math.min(count, t + knownSlots[t]) - t }, (_, k) => {
        let drained = 0;
        for (let j = t; j <= t + k; j++) drained += drainKwh[j];
        return drained + leastKwh[t + k];
      });
      const most = Math.max(0, ...sums);
      assertAlmostEquals(energyKwh[t], most, 1e-12);
      assertEquals(slots[t], most > 0 ? sums.findIndex((sum) => sum > most - 1e-12) + 1 : 0);
    }
  }
});

Deno.test("device policies: planners know of the future what is announced, and with errors nothing more", async () => {
  using solver = createSolver({ workers: 1 });
  const { slots, dtHours } = weeks.profiles.grid;
  const now = 9 * 24;
  const one = car({ slots, dtHours, random: stream(5, "car") });
  // The same until its departure is over, and afterwards another.
  const end = now + one.knownSlots![now];
  const swap = (a: Float64Array, b: Float64Array) =>
    a.length === 1 ? a : a.map((value, t) => t < end ? value : b[t]);
  const two = car({ slots, dtHours, random: stream(6, "car") });
  const share = one.capacityKwh / two.capacityKwh;
  const other: Device = {
    ...one,
    ...Object.fromEntries(
      (["chargeKw", "leastKwh", "floorKwh", "drainKwh", "knownSlots"] as const).map((name) => [
        name,
        swap(one[name]!, two[name]!.map((each) => name.endsWith("Kwh") ? each * share : each)),
      ]),
    ),
  };
  const decided = async (device: Device, name: string, error: number) => {
    const dataset = withDevices(weeks, [[device], [], [], []]);
    const rules = environmentConfigSchema.parse({ episodeDays: 2, forecast: { error } });
    const env = new EnergyMarketEnv(dataset, rules);
    env.reset({ seed: 1, firstSlots: [now] });
    await (await createPolicy(name, { seed: 1, solver }).begin(env))(env.observation, env.decision);
    const { stepFromKwh, stepValuePerKwh } = env.decision.curves;
    return [stepFromKwh, stepValuePerKwh];
  };
  for (const name of ["mpc", "mpc-local", "dynamic-programming", "threshold"]) {
    assertEquals(await decided(one, name, 0.2), await decided(other, name, 0.2), name);
  }
  const columns = (error: number) => {
    const rules = environmentConfigSchema.parse({ episodeDays: 2, forecast: { error } });
    const env = new EnergyMarketEnv(withDevices(weeks, [[one], [], [], []]), rules);
    env.reset({ seed: 1, firstSlots: [now] });
    const outlook = forecastOutlook(env.world, 0, 48);
    const s = env.world.stores.findIndex(({ kind }) => kind === "car");
    return Array.from({ length: 48 }, (_, t) => columnSlot(outlook, s, t));
  };
  const stay = Array.from({ length: 48 }, (_, t) => now + t);
  assertEquals(columns(0), stay, "without errors the truth is known");
  const announced = end - now;
  assertEquals(columns(0.2), stay.map((slot, t) => t < announced ? slot : slot - 7 * 24));
});
