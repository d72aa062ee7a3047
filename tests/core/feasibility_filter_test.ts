import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { decidePower } from "../../lib/env/decision.ts";
import type { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { Reason } from "../../lib/env/reasons.ts";
import { stream } from "../../lib/random.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { begin } from "../helpers/play.ts";
import { smallCommunity } from "../helpers/small_community.ts";
import { awkward, wildActions, type World, world } from "../helpers/worlds.ts";

const curves = environmentConfigSchema.parse({ episodeDays: 1 });

/** Fills value curves with anything: rising, falling, steps out of order, no numbers at all. */
function wildCurves(env: EnergyMarketEnv, random: ReturnType<typeof stream>): void {
  const { curves } = env.decision;
  const any = (most: number) =>
    random.uniform() < 0.1
      ? awkward[random.below(awkward.length)]
      : most * (1.5 * random.uniform() - 0.25);
  env.state.energyKwh.forEach((_, k) => {
    const count = random.below(5);
    curves.stepCount[k] = count;
    const tidy = random.uniform() < 0.5;
    const from = Array.from({ length: count }, () => any(20));
    const value = Array.from({ length: count }, () => any(0.6));
    if (tidy) from.sort((a, b) => a - b);
    from.forEach((kwh, step) => {
      curves.stepFromKwh[k * curves.steps + step] = step === 0 && tidy ? 0 : kwh;
      curves.stepValuePerKwh[k * curves.steps + step] = value[step];
    });
  });
}

Deno.test("filter: whatever is said, every store stays within what it can do", () => {
  fc.assert(
    fc.property(world, (world) => {
      const env = begin(world);
      const random = stream(world.seed, "curves");
      const actions = new Float64Array(env.decision.numbers.length);
      while (env.state.step < env.slotsPerEpisode) {
        const { chargeLimitKw, dischargeLimitKw, requiredChargeKw } = structuredClone(env.state);
        env.decision.numbers.set(wildActions(random, actions));
        if (env.book !== null) wildCurves(env, random);
        const { info } = env.step();
        info.powerKw.forEach((kw, k) => {
          assert(kw <= chargeLimitKw[k] && kw >= -dischargeLimitKw[k], `${kw} kW`);
          assertEquals(requiredChargeKw[k], 0, "a battery must charge nothing");
        });
      }
    }),
    { numRuns: 60, seed: 14 },
  );
});

Deno.test("filter: numbers that are none make a store idle and are flagged, huge ones are cut", () => {
  const env = begin({ dataset: smallCommunity(), config: curves, seed: 1 });
  const start = env.snapshot();
  const step = (value: number, fall: number) => {
    env.restore(start);
    const numbers = env.decision.numbers.fill(0);
    numbers.set([value, fall]);
    const { info } = env.step(numbers);
    return { kw: info.powerKw[0], reasons: info.reasons[0] };
  };
  for (const number of [NaN, Infinity, -Infinity]) {
    const idle = { kw: 0, reasons: Reason.notFinite };
    for (const { kw, reasons } of [step(number, 0), step(0, number)]) {
      assertEquals({ kw, reasons: reasons & Reason.notFinite }, idle, `${number}`);
    }
  }
  for (const [huge, same] of [[1e300, 1], [-1e300, -1], [1.5, 1], [-1 - 1e-9, -1]]) {
    assertEquals(step(huge, -1), step(same, -1));
    assertEquals(step(0, huge), step(0, same));
  }
  assert(step(1, -1).kw > 3.9 && step(-1, -1).kw < 0, "at once, either way");
});

Deno.test("filter: a rising curve is made flat and flagged, and one that is no curve leaves it idle", () => {
  const env = begin({ dataset: smallCommunity(), config: curves, seed: 1 });
  const start = env.snapshot();
  const step = (...steps: readonly (readonly [fromKwh: number, valuePerKwh: number])[]) => {
    env.restore(start);
    const { curves } = env.decision;
    curves.stepCount[0] = steps.length;
    curves.stepFromKwh.set(steps.map(([from]) => from));
    curves.stepValuePerKwh.set(steps.map(([, value]) => value));
    const { info } = env.step();
    return { kw: info.powerKw[0], reasons: info.reasons[0] };
  };
  // What is not worth more the less there is, is worth the same: nothing falls to its later value.
  const rising = step([0, 0.05], [4, 0.6]), flat = step([0, 0.6]);
  assert(rising.reasons & Reason.rising);
  assertEquals(flat.reasons, 0);
  const tame = step([0, 0.05]);
  assert([flat.kw, tame.kw].includes(rising.kw), `${rising.kw}, ${flat.kw} or ${tame.kw} kW`);
  assertEquals(step([0, 0.6], [6, 0.05]).reasons, 0);
  assertAlmostEquals(step([0, 0.6], [6, 0.05]).kw, 2 / 0.95, 1e-9);
  for (
    const [what, steps] of Object.entries(
      {
        "a value that is no number": [[0, NaN]],
        "an infinite value": [[0, 0.6], [4, -Infinity]],
        "an energy that is no number": [[0, 0.6], [NaN, 0.05]],
      } as const,
    )
  ) {
    assertEquals(step(...steps), { kw: 0, reasons: Reason.notFinite }, what);
  }
});

/** Worlds in which a store that says so runs by itself: no limit binds and selling earns something. */
const tameWorld = world.map((world): World => {
  const { profiles } = world.dataset;
  const unlimited = new Float64Array(profiles.grid.slots).fill(Infinity);
  const feedInTariffPerKwh = profiles.feedInTariffPerKwh.map((price) => Math.max(0.02, price));
  return {
    ...world,
    dataset: {
      ...world.dataset,
      profiles: {
        ...profiles,
        feedInTariffPerKwh,
        importPricePerKwh: profiles.importPricePerKwh.map((price, t) =>
          Math.max(feedInTariffPerKwh[t], price) + 0.01
        ),
        gridImportLimitKw: unlimited,
        gridExportLimitKw: unlimited,
      },
    },
    config: {
      ...world.config,
      market: { ...world.config.market, mechanism: "uniform-price" },
      cost: { ...world.config.cost, peakPricePerKw: 0, lostLoadPricePerKwh: 10 },
    },
  };
});

Deno.test("filter: it is stateless: the same state and numbers come to the same bits", () => {
  fc.assert(
    fc.property(world, (world) => {
      const env = begin(world), other = begin(world);
      const random = stream(world.seed, "actions");
      const actions = new Float64Array(env.decision.numbers.length);
      const before = other.snapshot();
      while (env.state.step < env.slotsPerEpisode) {
        const start = env.snapshot();
        const { info } = env.step(wildActions(random, actions));
        other.restore(before);
        other.step(wildActions(random, actions.slice()));
        other.restore(start);
        assertEquals(other.step(actions).info, info);
      }
    }),
    { numRuns: 20, seed: 13 },
  );
});

Deno.test("filter: a power that is asked for is dispatched, and what was dispatched is again", () => {
  fc.assert(
    fc.property(tameWorld, (world) => {
      const env = begin(world);
      const random = stream(world.seed, "powers");
      /** Asks for powers of all stores and shows what is dispatched. */
      const dispatch = (powerKw: Float64Array) => {
        env.decision.numbers.fill(0);
        powerKw.forEach((kw, k) => decidePower(env.world, env.decision, k, kw));
        return env.step().info.powerKw.slice();
      };
      while (env.state.step < env.slotsPerEpisode) {
        const start = env.snapshot();
        const { chargeLimitKw, dischargeLimitKw } = start;
        const wanted = chargeLimitKw.map((most, k) => {
          const share = 2.4 * random.uniform() - 1.2;
          return share * (share > 0 ? most : dischargeLimitKw[k]);
        });
        const once = dispatch(wanted);
        once.forEach((kw, k) => {
          const asked = Math.min(chargeLimitKw[k], Math.max(-dischargeLimitKw[k], wanted[k]));
          // Less than 1e-9 kWh is dust to the market.
          assertAlmostEquals(kw, asked, 1e-8 * Math.max(1, env.world.stores[k].nominalKwh));
        });
        env.restore(start);
        // Steps stand at stored energies, so that the same power comes back but for their rounding.
        dispatch(once).forEach((kw, k) => {
          const { nominalKwh, dtHours } = env.world.stores[k];
          const dust = Math.abs(once[k]) < 1e-8 ? 1e-8 : 0;
          assertAlmostEquals(kw, once[k], 1e-13 * nominalKwh / dtHours + dust);
        });
      }
    }),
    { numRuns: 40, seed: 12 },
  );
});

Deno.test("filter: what must be charged is charged first, from [required, most] and never less", () => {
  const { slots } = smallCommunity().profiles.grid;
  const floorKwh = new Float64Array(slots).fill(2);
  const device = made({ floorKwh, unmetPricePerKwh: 1, chargeEfficiency: Float64Array.of(0.5) });
  const dataset = withDevices(smallCommunity(), [[], [device], [device]]);
  for (const orders of ["curves", "inelastic"]) {
    const config = environmentConfigSchema.parse({
      episodeDays: 1,
      initialSoc: 0,
      market: { orders },
    });
    const env = begin({ dataset, config, seed: 1 });
    for (const k of [1, 2]) env.state.energyKwh[k] = 0;
    env.restore(env.snapshot());
    const required = env.state.requiredChargeKw.slice();
    assertEquals([...required], [0, 2, 2], "as fast as it can, to 2 kWh at ½");
    const numbers = env.decision.numbers.map(() => -1);
    const { info } = env.step(numbers);
    assertEquals([...info.powerKw.subarray(1)], [2, 2], orders);
    assertEquals([...info.endEnergyKwh.subarray(1)], [1, 1]);
    assertEquals([...info.unmetKwh], [0, 0, 0], "the floor is not the least");
    const idle = env.step(env.decision.numbers.map(() => NaN)).info;
    assertEquals(
      [...idle.powerKw.subarray(1)],
      [2, 2],
      `what is no number charges what it must: ${orders}`,
    );
  }
});
