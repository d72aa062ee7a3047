import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { applyIntervention, type Intervention } from "../../lib/data/interventions.ts";
import type { HomeDevice } from "../../lib/data/devices/home_device.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { continueOn } from "../../lib/env/continue_on.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { endValuePerKwh } from "../../lib/env/settle.ts";
import { stream } from "../../lib/random.ts";
import { wildActions, world } from "../helpers/worlds.ts";
import { begin } from "../helpers/play.ts";

const twoDays = synthesize({ seed: 3, prosumers: 5, days: 2, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });

function at(step: number): EnergyMarketEnv {
  const env = new EnergyMarketEnv(twoDays, config);
  env.reset({ seed: 7, firstSlots: [24] });
  for (let k = 0; k < step; k++) env.step(halfway(env));
  return env;
}

/** Every number in the middle of what it may be. */
function halfway({ decision: { numbers } }: EnergyMarketEnv): Float64Array {
  return new Float64Array(numbers.length);
}

function changed(profiles: Partial<Dataset["profiles"]>): Dataset {
  return { ...twoDays, profiles: { ...twoDays.profiles, ...profiles } };
}

Deno.test("continue: on the same data an episode goes on bit for bit, in random worlds", () => {
  fc.assert(
    fc.property(world, fc.double({ min: 0, max: 1, noNaN: true }), (world, share) => {
      const plain = begin(world);
      let other = begin(world);
      const random = stream(world.seed, "actions");
      const actions = halfway(plain);
      const when = Math.floor(share * plain.slotsPerEpisode);
      for (let step = 0; step < plain.slotsPerEpisode; step++) {
        if (step === when) other = continueOn(other, world.dataset);
        assertEquals(other.observation, plain.observation);
        wildActions(random, actions);
        assertEquals(other.step(actions).info, plain.step(actions).info);
      }
    }),
    { numRuns: 50, seed: 17 },
  );
});

Deno.test("continue: agents see a change from the slot on in which it comes, and not before", () => {
  const env = at(10);
  const seen = structuredClone(env.observation);
  const outage = applyIntervention(twoDays, { kind: "outage" }, { from: 34, end: 48 });
  assertEquals(env.observation, seen);
  const next = continueOn(env, outage);
  assert(next.observation.common.some((value, k) => value !== seen.common[k]), "it is seen");
  assertEquals(next.state.energyKwh, env.state.energyKwh);
});

Deno.test("continue: a dearer tariff is what the end of the episode is worth by", () => {
  const jump = applyIntervention(twoDays, { kind: "tariff-jump" }, { from: 24, end: 48 });
  const [plain, dearer] = [twoDays, jump].map((dataset) => {
    const { world } = new EnergyMarketEnv(dataset, config);
    return endValuePerKwh(world, world.stores[0], 24, 24);
  });
  assert(dearer > 1.5 * plain);
});

Deno.test("continue: a failed battery holds what it held and does nothing more", () => {
  const i = twoDays.community.prosumers.findIndex(({ battery }) => battery !== null);
  const failure: Intervention = {
    kind: "battery-failure",
    prosumer: twoDays.community.prosumers[i].id,
  };
  const env = at(10);
  const s = env.world.stores.findIndex(({ owner }) => owner === i);
  const held = env.state.energyKwh[s];
  const next = continueOn(env, applyIntervention(twoDays, failure, { from: 34, end: 48 }));
  const { info } = next.step(halfway(next).fill(1));
  assertEquals(info.powerKw[s], 0);
  const kept = Math.exp(-twoDays.community.prosumers[i].battery!.selfDischargePerHour);
  assertAlmostEquals(info.endEnergyKwh[s], held * kept, 1e-12);
  assert(info.powerKw.some((power) => power > 0), "the others charge");
});

Deno.test("continue: a car may leave early, but not before now, and stays in its home", () => {
  const dataset = synthesize({ seed: 1, prosumers: 2, days: 2, dtHours: 1, cars: 1 });
  const [device] = dataset.community.prosumers[0].devices!;
  assert(device.kind === "car" && "sessions" in device);
  const leaving = (hour: number, more: readonly HomeDevice[] = []) => {
    const session = {
      startMs: dataset.profiles.grid.startMs - 3_600_000,
      endMs: dataset.profiles.grid.startMs + hour * 3_600_000,
      tripKwh: 5,
      requiredKwh: 20,
    };
    const [owner, other] = dataset.community.prosumers;
    const home = { ...owner, devices: [{ ...device, sessions: [session] }, ...more] };
    return { ...dataset, community: { ...dataset.community, prosumers: [home, other] } };
  };
  const env = new EnergyMarketEnv(leaving(12), config);
  env.reset({ seed: 1, firstSlots: [0] });
  for (let step = 0; step < 6; step++) env.step(halfway(env));
  assertEquals(continueOn(env, leaving(9)).state.step, 6);
  assertThrows(
    () => continueOn(env, leaving(5)),
    RangeError,
    "drainKwh of car must stay as it was in the slots that are done, got 5 for 0 in slot 4",
  );
  const second = { ...device, name: "second", sessions: [] };
  assertThrows(() => continueOn(env, leaving(9, [second])), RangeError, "the same devices");
});

Deno.test("continue: the past cannot be changed, nor who takes part, nor the time", () => {
  const price = twoDays.profiles.importPricePerKwh.slice();
  price[33] += 0.1;
  assertThrows(
    () => continueOn(at(10), changed({ importPricePerKwh: price })),
    RangeError,
    "importPricePerKwh must stay as it was",
  );
  const loadKw = twoDays.profiles.loadKw.slice();
  loadKw[48 + 24] += 1;
  assertThrows(() => continueOn(at(1), changed({ loadKw })), RangeError, "in slot 24");
  const grid = { ...twoDays.profiles.grid, startMs: 0 };
  assertThrows(() => continueOn(at(1), changed({ grid })), RangeError, "same slots");
  const prosumers = twoDays.community.prosumers.toReversed();
  const reversed = { ...twoDays, community: { ...twoDays.community, prosumers } };
  assertThrows(() => continueOn(at(1), reversed), RangeError, "same households");
  assertEquals(at(1).config, config);
});
