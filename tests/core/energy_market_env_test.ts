import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import {
  defaultEnvironmentConfig,
  type EnvironmentConfig,
  environmentConfigSchema,
} from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { stream } from "../../lib/random.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { begin, playAlike, playWildly } from "../helpers/play.ts";
import { smallCommunity } from "../helpers/small_community.ts";
import { wildActions, world } from "../helpers/worlds.ts";

const rules = (changes: object): EnvironmentConfig =>
  environmentConfigSchema.parse({ episodeDays: 1, ...changes });
const cost = { peakPricePerKw: 1, rampPricePerKw: 1 };
const fourDays = synthesize({ seed: 5, prosumers: 6, days: 4, dtHours: 0.5 });

/** Every kind of market, and homes with several stores of two kinds. */
const ways: Readonly<Record<string, readonly [Dataset, EnvironmentConfig]>> = {
  "curves": [fourDays, rules({ cost })],
  "inelastic orders": [fourDays, rules({ cost, market: { orders: "inelastic" } })],
  "shared energy": [fourDays, rules({ market: { mechanism: "sharing-dynamic" } })],
  "several stores": [severalStores(), rules({ market: { networkFeePerKwh: 0.02 } })],
};

/** Homes with none to three stores, of which some are drained and supplied from outside. */
function severalStores(): Dataset {
  const { slots } = fourDays.profiles.grid;
  const drainKwh = Float64Array.from({ length: slots }, (_, t) => t % 48 === 40 ? 3 : 0);
  const floorKwh = Float64Array.from(
    { length: slots },
    (_, t) => t % 48 >= 30 && t % 48 < 40 ? 3 : 0,
  );
  const car = made({ kind: "car", name: "car", drainKwh, floorKwh, unmetPricePerKwh: 0.5 });
  return withDevices(fourDays, [[car, made({ name: "a" }), made({ name: "b" })], [car], [], [], [
    made({ dischargeKw: Float64Array.of(1) }),
  ], []]);
}

Deno.test("env: the rewards of an episode are its cost, recomputed item by item", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { cost: rates, market, endValue } = world.config;
      const { profiles: { grid: { dtHours, slots }, ...profiles } } = world.dataset;
      const { carbonKgPerKwh, importPricePerKwh, feedInTariffPerKwh } = profiles;
      const env = begin(world);
      const { stores } = env.world;
      const initialKwh = env.state.initialEnergyKwh.slice();
      const expected = new Float64Array(env.rows), actual = new Float64Array(env.rows);
      let peakKw = 0, lastKw: number | undefined;
      playWildly(env, world.seed, ({ info, reward, terminated }, t) => {
        const netKw = info.gridKwh.reduce((sum, kwh) => sum + kwh, 0) / dtHours;
        const peak = market.orders === "inelastic" ? rates.peakPricePerKw : 0;
        const shared = peak * Math.max(0, netKw - peakKw) +
          rates.rampPricePerKw * Math.abs(netKw - (lastKw ?? netKw));
        peakKw = Math.max(peakKw, netKw);
        lastKw = netKw;
        for (let i = 0; i < env.rows; i++) {
          const emissionsKg = Math.max(0, info.gridKwh[i]) * carbonKgPerKwh[t];
          assertAlmostEquals(info.emissionsKg[i], emissionsKg, 1e-12);
          expected[i] += info.bill[i] + rates.carbonPricePerKg * emissionsKg +
            rates.lostLoadPricePerKwh * info.unservedKw[i] * dtHours +
            rates.curtailmentPricePerKwh * info.curtailedKw[i] * dtHours + shared / env.rows;
          actual[i] -= reward[i];
          assertEquals(reward[i], -info.cost[i]);
        }
        stores.forEach((store, s) => {
          expected[store.owner] += rates.wearPricePerKwh * Math.max(0, -info.powerKw[s]) * dtHours;
          if (!terminated) return;
          const lessKwh = initialKwh[s] - info.endEnergyKwh[s];
          // A day is the episode: its cheapest slot says what a stored kWh is worth.
          const ceiling = Array.from(
            { length: slots },
            (_, t) => importPricePerKwh[t] + rates.carbonPricePerKg * carbonKgPerKwh[t],
          );
          const lowest = Math.min(...ceiling);
          const sold = feedInTariffPerKwh[ceiling.indexOf(lowest)] * store.dischargeEfficiency;
          expected[store.owner] += endValue === "first-edition"
            ? Math.max(0, lessKwh) * Math.max(...importPricePerKwh)
            : lessKwh * Math.max(0, lowest / store.chargeEfficiency[0], sold);
        });
      });
      expected.forEach((cost, i) => {
        assertAlmostEquals(actual[i], cost, 1e-9 * Math.max(1, Math.abs(cost)));
      });
    }),
    { numRuns: 60, seed: 17 },
  );
});

Deno.test("env: the peak is charged once at its height and the ramp on every change, in both markets", () => {
  for (const orders of ["curves", "inelastic"]) {
    const total = (change: object) => {
      const config = rules({ cost: change, market: { orders } });
      const env = begin({ dataset: smallCommunity(), config, seed: 1 });
      const netKw: number[] = [];
      let charged = 0;
      const numbers = env.decision.numbers.map(() => orders === "curves" ? -1 : 0);
      while (env.state.step < env.slotsPerEpisode) {
        const { info } = env.step(numbers);
        netKw.push(info.gridKwh.reduce((sum, kwh) => sum + kwh, 0));
        charged += info.cost.reduce((sum, c) => sum + c, 0);
      }
      return { netKw, charged };
    };
    const neither = total({});
    const peak = total({ peakPricePerKw: 0.01 });
    assertEquals(peak.netKw, neither.netKw, "too small to change what stores do");
    const highest = 0.01 * Math.max(...peak.netKw);
    assertAlmostEquals(peak.charged - neither.charged, highest, 1e-4 * highest, orders);
    const ramp = total({ rampPricePerKw: 1 });
    const changes = ramp.netKw.slice(1).map((kw, t) => Math.abs(kw - ramp.netKw[t]));
    const sum = changes.reduce((a, b) => a + b);
    assertAlmostEquals(ramp.charged - neither.charged, sum, 1e-9, orders);
  }
});

for (const [way, [dataset, config]] of Object.entries(ways)) {
  Deno.test(`env: B communities are B single ones, bit for bit, with ${way}`, () => {
    const firstSlots = [96, 0, 48, 7];
    const all = new EnergyMarketEnv(dataset, config, firstSlots.length);
    const singles = firstSlots.map(() => new EnergyMarketEnv(dataset, config));
    all.reset({ seed: 3, firstSlots });
    const part = <T extends { subarray(from: number, end: number): T; length: number }>(
      values: T,
      c: number,
    ) => {
      const size = values.length / firstSlots.length;
      return values.subarray(c * size, (c + 1) * size);
    };
    const same = (c: number) => {
      const { common, own } = singles[c].observation;
      assertEquals(common, part(all.observation.common, c));
      assertEquals(own, part(all.observation.own, c));
    };
    singles.forEach((env, c) => {
      env.reset({ seed: 3, firstSlots: [firstSlots[c]] });
      same(c);
    });
    const random = stream(1, "actions");
    const actions = new Float64Array(all.decision.numbers.length);
    for (let t = 0; t < all.slotsPerEpisode; t++) {
      const { reward, info } = all.step(wildActions(random, actions));
      singles.forEach((env, c) => {
        const one = env.step(part(actions, c).slice());
        same(c);
        assertEquals(one.reward, part(reward, c));
        for (const [name, column] of Object.entries(one.info)) {
          assertEquals(column, part(info[name as keyof typeof info] as Float64Array, c), name);
        }
      });
    }
  });

  Deno.test(`env: one seed is one episode, and a snapshot goes on bit for bit, with ${way}`, () => {
    const env = new EnergyMarketEnv(dataset, config);
    const play = (seed: number) => {
      const seen = structuredClone([env.reset({ seed, firstSlots: [72] })]) as unknown[];
      playWildly(env, 1, (step) => seen.push(structuredClone(step)));
      return seen;
    };
    const first = play(8);
    assertNotEquals(play(9), first, "other forecasts");
    assertEquals(play(8), first, "whatever was played before");
    env.reset({ seed: 4, firstSlots: [48] });
    const actions = wildActions(stream(2, "actions"), env.decision.numbers.slice());
    for (let t = 0; t < 10; t++) env.step(actions);
    const snapshot = env.snapshot();
    const observation = structuredClone(env.observation);
    const later = structuredClone(env.step(actions));
    const other = new EnergyMarketEnv(dataset, config);
    assertEquals(other.restore(snapshot), observation);
    assertEquals(other.step(actions), later);
  });
}

Deno.test("env: communities that pass the same slots see what each would see alone", () => {
  const config = rules({ episodeDays: 3 });
  // 12 × 3 days of slots in 4 days of data, so that slots are worked out once for all.
  const firstSlots = Array.from({ length: 12 }, (_, c) => (c * 7) % 49);
  const all = new EnergyMarketEnv(fourDays, config, firstSlots.length);
  const one = new EnergyMarketEnv(fourDays, config);
  const commonSize = all.observationSpace.common.length;
  const net = all.observationSpace.common.indexOf("communityNetLoadKw");
  for (const seed of [3, 4]) {
    for (const c of [0, 6, 11]) {
      all.reset({ seed, firstSlots });
      one.reset({ seed, firstSlots: [firstSlots[c]] });
      for (let t = 0; t < all.slotsPerEpisode; t++) {
        const size = one.observation.own.length;
        assertEquals(
          all.observation.own.subarray(c * size, (c + 1) * size),
          one.observation.own,
          `own features of community ${c} in slot ${t} under seed ${seed}`,
        );
        assertStrictEquals(
          all.observation.common[c * commonSize + net],
          one.observation.common[net],
        );
        all.decision.numbers.fill(0.5);
        one.decision.numbers.fill(0.5);
        all.step();
        one.step();
      }
    }
  }
});

Deno.test("env: the last slot is terminal, values what is stored both ways and shows nothing more", () => {
  for (const [value, expected] of [[-1, "sold"], [1, "kept"]] as const) {
    const env = begin({ dataset: smallCommunity(), config: rules({}), seed: 1 });
    const numbers = Float64Array.of(...new Array(env.homes).fill([value, -1]).flat());
    for (let t = 0; t < 23; t++) assert(!env.step(numbers).terminated);
    const { terminated, truncated, observation, info } = env.step(numbers);
    assertEquals([terminated, truncated], [true, false]);
    assert([...observation.common, ...observation.own].every((value) => value === 0));
    const { importPricePerKwh, carbonKgPerKwh } = env.dataset.profiles;
    const cheapest = Math.min(...importPricePerKwh.map((p, t) => p + 0.075 * carbonKgPerKwh[t]));
    const moreKwh = info.endEnergyKwh[0] - 4;
    assert(expected === "kept" ? moreKwh > 3 : moreKwh < -3, `${moreKwh} kWh more`);
    const wear = 0.01 * Math.max(0, -info.powerKw[0]);
    const end = info.cost[0] - info.bill[0] - 0.075 * info.emissionsKg[0] - wear;
    assertAlmostEquals(end, -moreKwh * (cheapest / 0.95), 1e-9);
  }
});

Deno.test("env: an episode begins with stores between the least and the most, as asked for", () => {
  const [first, ...others] = smallCommunity().community.prosumers;
  const battery = { ...first.battery!, maxDischargeKw: 2, socMin: 0.1, socMax: 0.9 };
  const dataset = smallCommunity();
  const prosumers = [{ ...first, battery }, ...others];
  const changed = { ...dataset, community: { ...dataset.community, prosumers } };
  const { state } = begin({ dataset: changed, config: rules({ initialSoc: 0.75 }), seed: 1 });
  assertAlmostEquals(state.energyKwh[0], 8 * (0.1 + 0.75 * 0.8), 1e-12);
  assertAlmostEquals(state.chargeLimitKw[0], 1.6 / 0.95, 1e-12);
  assertEquals([...state.dischargeLimitKw], [2]);
});

Deno.test("env: spaces follow from the stores and tariffs that a community has", () => {
  const { observationSpace, actionSpace, homes, observation } = new EnergyMarketEnv(
    ...ways["several stores"],
  );
  assertEquals(observationSpace.storeSlots.map(({ name }) => name), [
    "battery",
    "car",
    "made",
    "made2",
  ]);
  assertEquals(actionSpace.names.slice(0, 4), [
    "battery.value",
    "battery.fall",
    "car.value",
    "car.fall",
  ]);
  const { common, own } = observationSpace;
  assertEquals(new Set([...common, ...own]).size, common.length + own.length, "every name once");
  assertEquals(observation.own.length, homes * own.length);
  const [dataset, config] = ways["inelastic orders"];
  const names = new EnergyMarketEnv(dataset, config).actionSpace.names;
  assertEquals(names, ["battery.power", "share", "price"]);
});

Deno.test("env: a store is drained, supplied from outside and charged for it, whoever owns it", () => {
  const [dataset, config] = ways["several stores"];
  const env = begin({ dataset, config: rules({ ...config, initialSoc: 0 }), seed: 1 });
  const car = env.world.stores.findIndex(({ kind, owner }) => kind === "car" && owner === 1);
  let supplied = 0, required = 0;
  // What stored energy is worth to nobody is charged as far as it must be.
  const numbers = env.decision.numbers.map(() => -1);
  while (env.state.step < env.slotsPerEpisode) {
    const must = env.state.requiredChargeKw[car];
    const { info } = env.step(numbers);
    assert(info.powerKw[car] >= Math.min(must, must) - 1e-12);
    required += must > 0 ? 1 : 0;
    supplied += info.unmetKwh[car];
    assert(info.endEnergyKwh[car] >= 0);
  }
  assertEquals(supplied, 0, "the floor is known in time");
  assert(required > 0);
});

Deno.test("env: a step answers with the same arrays every time and allocates nothing", () => {
  const env = new EnergyMarketEnv(fourDays, rules({}), 4);
  const actions = env.decision.numbers.map(() => 0.5);
  const firstSlots = [0, 48, 96, 144];
  const episode = () => {
    env.reset({ seed: 1, firstSlots });
    for (let t = 0; t < env.slotsPerEpisode; t++) env.step(actions);
  };
  env.reset({ seed: 1, firstSlots });
  const first = env.step(actions);
  const { observation, reward, info } = first;
  assertStrictEquals(env.step(actions), first);
  assertStrictEquals(first.observation, observation);
  assertStrictEquals(first.reward, reward);
  assertStrictEquals(first.info, info);
  const usedBytes = () => Deno.memoryUsage().heapUsed + Deno.memoryUsage().external;
  // Until the engine has compiled a step, which takes it longer on a busy machine, it boxes more.
  for (let warmUp = 0; warmUp < 200; warmUp++) episode();
  const growth = Array.from({ length: 21 }, () => {
    const before = usedBytes();
    for (let k = 0; k < 4; k++) episode();
    return (usedBytes() - before) / (4 * env.slotsPerEpisode * env.rows);
  }).toSorted((a, b) => a - b);
  // The engine boxes some numbers on their way; the observation of one agent is more than this.
  assert(growth[10] < 400, `${growth[10]} bytes per agent-step`);
});

Deno.test("env: what cannot be played is refused in one line", () => {
  const refused = (message: string, play: () => unknown) => {
    const error = assertThrows(play, RangeError, message);
    assert(!error.message.includes("\n"), error.message);
  };
  const env = () => new EnergyMarketEnv(fourDays, rules({}));
  const numbers = new Float64Array(12);
  const { profiles } = fourDays;
  const nobody = { ...fourDays, profiles: { ...profiles, loadKw: profiles.loadKw.map(() => -1) } };
  refused("communities must be", () => new EnergyMarketEnv(fourDays, undefined, 0));
  refused("episodeDays must fit", () => new EnergyMarketEnv(fourDays, rules({ episodeDays: 5 })));
  refused("episodeDays must fit", () => new EnergyMarketEnv(fourDays, defaultEnvironmentConfig));
  refused("loadKw must be a number of at least 0", () => new EnergyMarketEnv(nobody));
  const capped = rules({ market: { priceCapPerKwh: 0.2 } });
  refused("priceCapPerKwh must be at least", () => new EnergyMarketEnv(fourDays, capped));
  refused("firstSlots must have one", () => env().reset({ seed: 1, firstSlots: [] }));
  for (const first of [-1, 145, 0.5, NaN]) {
    refused("firstSlots[0] must leave", () => env().reset({ seed: 1, firstSlots: [first] }));
  }
  refused("seed must be a whole", () => env().reset({ seed: 0.5, firstSlots: [0] }));
  refused("call reset before", () => env().step(numbers));
  const begun = env();
  begun.reset({ seed: 1, firstSlots: [0] });
  refused("actions must have 6 × 2 numbers, got 11", () => begun.step(numbers.subarray(1)));
  const two = new EnergyMarketEnv(fourDays, rules({}), 2).snapshot();
  refused("snapshot must have 1 communities", () => begun.restore(two));
  begun.reset({ seed: 1, firstSlots: [144] });
  for (let t = 0; t < 48; t++) begun.step(numbers);
  refused("the episode is over", () => begun.step(numbers));
  const mechanism = { market: { mechanism: "barter" } };
  assertThrows(() => rules(mechanism), Error, "mechanism");
});

Deno.test("env: an end value of the first edition counts a shortfall alone, at the highest price", () => {
  const alike = (endValue: string, number: number) => {
    const env = begin({ dataset: smallCommunity(), config: rules({ endValue }), seed: 1 });
    const cost = playAlike(env, [number, -1])[0];
    return { cost, lessKwh: 4 - env.state.energyKwh[0] };
  };
  const kept = [alike("first-edition", 1), alike("cheapest-charge", 1)];
  assert(kept[0].lessKwh < -3 && kept[1].cost < kept[0].cost, "what is kept is worth something");
  const sold = [alike("first-edition", -1), alike("cheapest-charge", -1)];
  assert(sold[0].lessKwh > 3 && sold[1].cost < sold[0].cost, "and less than the highest price");
});
