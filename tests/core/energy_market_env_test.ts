import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { stream } from "../../lib/random.ts";
import { Reason } from "../../lib/safety/feasibility_filter.ts";
import { wildActions, world } from "../helpers/worlds.ts";
import { begin, playWildly } from "../helpers/play.ts";
import { smallCommunity } from "../helpers/small_community.ts";

const runs = { numRuns: 100, seed: 17 };
const cost = { peakPricePerKw: 1, rampPricePerKw: 1 };
const fourDays = synthesize({ seed: 5, prosumers: 6, days: 4, dtHours: 0.5 });

Deno.test("env: the rewards of an episode are its cost, recomputed item by item", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { cost: rates } = world.config;
      const { profiles: { grid: { dtHours }, carbonKgPerKwh, importPricePerKwh } } = world.dataset;
      const env = begin(world);
      const { initialEnergyKwh } = env.state;
      const expected = new Float64Array(env.rows);
      const actual = new Float64Array(env.rows);
      let peakKw = 0, lastKw: number | undefined;
      playWildly(env, world.seed, ({ info, reward, terminated }, t) => {
        const netKw = info.gridKwh.reduce((sum, kwh) => sum + kwh, 0) / dtHours;
        const shared = rates.peakPricePerKw * Math.max(0, netKw - peakKw) +
          rates.rampPricePerKw * Math.abs(netKw - (lastKw ?? netKw));
        peakKw = Math.max(peakKw, netKw);
        lastKw = netKw;
        for (let i = 0; i < env.rows; i++) {
          const emissionsKg = Math.max(0, info.gridKwh[i]) * carbonKgPerKwh[t];
          assertAlmostEquals(info.emissionsKg[i], emissionsKg, 1e-12);
          const missing = Math.max(0, initialEnergyKwh[i] - info.energyKwh[i]);
          expected[i] += info.bill[i] + rates.carbonPricePerKg * emissionsKg +
            rates.wearPricePerKwh * Math.max(0, -info.batteryKw[i]) * dtHours +
            rates.lostLoadPricePerKwh * info.unservedKw[i] * dtHours + shared / env.rows +
            (terminated ? missing * Math.max(...importPricePerKwh) : 0);
          actual[i] -= reward[i];
          assertEquals(reward[i], -info.cost[i]);
        }
      });
      expected.forEach((cost, i) => assertAlmostEquals(actual[i], cost, 1e-9));
    }),
    runs,
  );
});

Deno.test("env: the peak is charged once at its height, the ramp on every change", () => {
  const total = (change: { peakPricePerKw: number; rampPricePerKw: number }) => {
    const env = begin({
      dataset: smallCommunity(),
      config: environmentConfigSchema.parse({ cost: change }),
      seed: 1,
    });
    const netKw: number[] = [];
    let charged = 0;
    while (env.state.step < env.slotsPerEpisode) {
      const { info } = env.step(new Float64Array(env.rows * 3));
      netKw.push(info.gridKwh.reduce((sum, kwh) => sum + kwh, 0));
      charged += info.cost.reduce((sum, c, i) => sum + c - info.bill[i], 0);
    }
    return { netKw, charged };
  };
  const withoutEither = total({ peakPricePerKw: 0, rampPricePerKw: 0 }).charged;
  const peak = total({ peakPricePerKw: 1, rampPricePerKw: 0 });
  assertAlmostEquals(peak.charged - withoutEither, Math.max(...peak.netKw), 1e-9);
  const ramp = total({ peakPricePerKw: 0, rampPricePerKw: 1 });
  const changes = ramp.netKw.slice(1).map((kw, t) => Math.abs(kw - ramp.netKw[t]));
  assertAlmostEquals(ramp.charged - withoutEither, changes.reduce((a, b) => a + b), 1e-9);
});

Deno.test("env: B communities are B single ones, bit for bit", () => {
  const firstSlots = [96, 0, 48, 7];
  const config = environmentConfigSchema.parse({ cost });
  const all = new EnergyMarketEnv(fourDays, config, firstSlots.length);
  const singles = firstSlots.map(() => new EnergyMarketEnv(fourDays, config));
  all.reset({ seed: 3, firstSlots });
  singles.forEach((env, c) => env.reset({ seed: 3, firstSlots: [firstSlots[c]] }));
  const n = all.prosumers;
  const random = stream(1, "actions");
  const actions = new Float64Array(all.rows * 3);
  const part = (values: Float64Array, c: number) => {
    const size = values.length / firstSlots.length;
    return values.subarray(c * size, (c + 1) * size);
  };
  singles.forEach((env, c) => assertEquals(env.observation, part(all.observation, c)));
  for (let t = 0; t < all.slotsPerEpisode; t++) {
    const { observation, reward, info } = all.step(wildActions(random, actions));
    singles.forEach((env, c) => {
      const one = env.step(actions.slice(c * n * 3, (c + 1) * n * 3));
      assertEquals(one.observation, part(observation, c));
      assertEquals(one.reward, part(reward, c));
      for (const [name, column] of Object.entries(one.info)) {
        assertEquals(column, part(info[name as keyof typeof info] as Float64Array, c), name);
      }
    });
  }
});

Deno.test("env: the same seed plays the same episode bit for bit, whatever was played before", () => {
  const env = new EnergyMarketEnv(fourDays, environmentConfigSchema.parse({ cost }));
  const play = (seed: number) => {
    const seen = [...env.reset({ seed, firstSlots: [72] })];
    playWildly(env, 1, ({ observation, reward }) => seen.push(...observation, ...reward));
    return seen;
  };
  const first = play(8);
  const other = play(9);
  assertEquals(play(8), first);
  assert(other.some((value, k) => value !== first[k]), "other forecasts");
});

Deno.test("env: a snapshot goes on bit for bit, in another environment too", () => {
  const env = new EnergyMarketEnv(fourDays);
  env.reset({ seed: 4, firstSlots: [48] });
  const actions = wildActions(stream(2, "actions"), new Float64Array(env.rows * 3));
  for (let t = 0; t < 10; t++) env.step(actions);
  const snapshot = env.snapshot();
  const observation = env.observation.slice();
  const later = structuredClone(env.step(actions));
  const other = new EnergyMarketEnv(fourDays);
  assertEquals(other.restore(snapshot), observation);
  assertEquals(other.step(actions), later);
});

Deno.test("env: the last slot is terminal, settles the energy and shows nothing more", () => {
  const env = new EnergyMarketEnv(smallCommunity());
  env.reset({ seed: 1, firstSlots: [0] });
  const actions = new Float64Array(env.rows * 3).fill(-1);
  for (let t = 0; t < 23; t++) assert(!env.step(actions).terminated);
  const { terminated, truncated, observation, info } = env.step(actions);
  assertEquals([terminated, truncated], [true, false]);
  assert(observation.every((value) => value === 0));
  // Half of 8 kWh is missing, at the evening's price of 0.42.
  const bill = info.bill[0] + 0.075 * info.emissionsKg[0];
  assertAlmostEquals(info.cost[0] - bill, 4 * 0.42, 1e-9);
});

Deno.test("env: an episode begins with batteries charged to the share asked for", () => {
  const config = environmentConfigSchema.parse({ initialSoc: 0.75 });
  const { state } = begin({ dataset: withReserve(), config, seed: 1 });
  assertAlmostEquals(state.energyKwh[0], 8 * (0.1 + 0.75 * 0.8), 1e-12);
  assertAlmostEquals(state.chargeLimitKw[0], 1.6 / 0.95, 1e-12);
  assertEquals([...state.dischargeLimitKw], [2, 0, 0]);
});

Deno.test("env: a rated battery action is a share of rated power, cut where it is too much", () => {
  const config = environmentConfigSchema.parse({ batteryAction: "rated", initialSoc: 0.75 });
  const env = begin({ dataset: withReserve(), config, seed: 1 });
  const step = (raw: number) => env.step(Float64Array.of(raw, 0, 0, 0, 0, 0, 0, 0, 0)).info;
  assertEquals(step(-0.5).batteryKw[0], -1);
  assertEquals(step(0).batteryKw[0], 0);
  assertEquals(step(0.25).batteryKw[0], 1);
  assertEquals(step(0.25).reasons[0], 0);
  const full = step(1);
  assert(full.batteryKw[0] < 4);
  assertEquals(full.reasons[0], Reason.battery);
  assertAlmostEquals(full.interventionKwh[0], 4 - full.batteryKw[0], 1e-12);
});

Deno.test("env: a step answers with the same arrays every time and allocates nothing", () => {
  const env = new EnergyMarketEnv(fourDays, defaultEnvironmentConfig, 4);
  const actions = new Float64Array(env.rows * 3).fill(0.5);
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
  for (let warmUp = 0; warmUp < 50; warmUp++) episode();
  const growth = Array.from({ length: 21 }, () => {
    const before = usedBytes();
    for (let k = 0; k < 4; k++) episode();
    return (usedBytes() - before) / (4 * env.slotsPerEpisode * env.rows);
  }).toSorted((a, b) => a - b);
  // The engine boxes some numbers on their way; one observation of one agent is 488 bytes.
  assert(growth[10] < 400, `${growth[10]} bytes per agent-step`);
});

Deno.test("env: what cannot be played is refused in one line", () => {
  const refused = (message: string, play: () => unknown) => {
    assertThrows(play, RangeError, message);
  };
  const env = () => new EnergyMarketEnv(fourDays);
  const actions = new Float64Array(18);
  const tooLong = environmentConfigSchema.parse({ episodeDays: 5 });
  const { profiles } = fourDays;
  const nobody = { ...fourDays, profiles: { ...profiles, loadKw: profiles.loadKw.map(() => -1) } };
  refused("communities must be", () => new EnergyMarketEnv(fourDays, undefined, 0));
  refused("episodeDays must fit", () => new EnergyMarketEnv(fourDays, tooLong));
  refused("loadKw must be a number of at least 0", () => new EnergyMarketEnv(nobody));
  refused("firstSlots must have one", () => env().reset({ seed: 1, firstSlots: [] }));
  for (const first of [-1, 145, 0.5, NaN]) {
    refused("firstSlots[0] must leave", () => env().reset({ seed: 1, firstSlots: [first] }));
  }
  refused("seed must be a whole", () => env().reset({ seed: 0.5, firstSlots: [0] }));
  refused("call reset before", () => env().step(actions));
  const begun = env();
  begun.reset({ seed: 1, firstSlots: [0] });
  refused("actions must have 6 × 3 numbers, got 17", () => begun.step(actions.subarray(1)));
  const two = new EnergyMarketEnv(fourDays, undefined, 2).snapshot();
  refused("snapshot must have 1 communities", () => begun.restore(two));
  begun.reset({ seed: 1, firstSlots: [144] });
  for (let t = 0; t < 48; t++) begun.step(actions);
  refused("the episode is over", () => begun.step(actions));
});

/** The small community, its battery from 10 to 90 % and slower in discharging. */
function withReserve(): Dataset {
  const dataset = smallCommunity();
  const [first, ...others] = dataset.community.prosumers;
  assert(first.battery !== null);
  const battery = { ...first.battery, maxDischargeKw: 2, socMin: 0.1, socMax: 0.9 };
  return {
    ...dataset,
    community: { ...dataset.community, prosumers: [{ ...first, battery }, ...others] },
  };
}
