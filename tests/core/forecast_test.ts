import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { createForecaster } from "../../lib/data/forecasts/create.ts";
import { type ForecastConfig, forecastConfigSchema } from "../../lib/data/forecasts/config.ts";
import { loadsBySlot } from "../../lib/data/loads_by_slot.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { aheadHours } from "../../lib/env/ahead.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";

const dataset = synthesize({ seed: 1, prosumers: 3, days: 42, dtHours: 1 });
const { slots } = dataset.profiles.grid;
const models = ["historical", "martingale", "independent"] as const;
const HORIZON = 48;

/** A set-up of forecasts. */
type Change = Partial<ForecastConfig>;

function forecasterOf(change: Change, { profiles, community }: Dataset = dataset) {
  const homes = community.prosumers.length;
  const config = forecastConfigSchema.parse(change);
  return createForecaster({ loads: loadsBySlot(profiles), homes, grid: profiles.grid }, config, 96);
}

/** What a home is told in a slot: load and sun by lead. */
function issue(change: Change, home: number, slot: number, seed = 7, data?: Dataset) {
  const loadKw = new Float64Array(HORIZON), pvKw = new Float64Array(HORIZON);
  forecasterOf(change, data).write(seed, home, slot, HORIZON, loadKw, pvKw);
  return { loadKw, pvKw };
}

/** A data set of one home and of steady load and sun, so that the forecast is the error. */
const steady: Dataset = {
  community: { ...dataset.community, prosumers: dataset.community.prosumers.slice(0, 1) },
  profiles: {
    ...dataset.profiles,
    loadKw: new Float64Array(slots).fill(1),
    pvKw: new Float64Array(slots).fill(1),
  },
};

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
function covariance(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a), meanB = mean(b);
  return mean(a.map((x, k) => (x - meanA) * (b[k] - meanB)));
}
const correlation = (a: readonly number[], b: readonly number[]) =>
  covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));

/** Errors of the load of a steady home: `errors[lead][k]` under many seeds, for one target slot. */
function errorsFor(model: ForecastConfig["model"], leads: readonly number[], target = 500) {
  const forecaster = forecasterOf({ model }, steady);
  const loadKw = new Float64Array(HORIZON), pvKw = new Float64Array(HORIZON);
  return leads.map((lead) =>
    Array.from({ length: 4000 }, (_, seed) => {
      forecaster.write(seed, 0, target - lead, lead + 1, loadKw, pvKw);
      return loadKw[lead] - 1;
    })
  );
}

Deno.test("forecast: an error of 0 is the truth in every model, and the current slot is measured", () => {
  for (const model of models) {
    for (const error of [0, 0.3]) {
      for (const home of [0, 2]) {
        const { loadKw, pvKw } = issue({ model, error }, home, 700);
        const truth = (column: Float64Array, lead: number) => column[home * slots + 700 + lead];
        for (let lead = 0; lead < (error === 0 ? HORIZON : 1); lead++) {
          assertAlmostEquals(loadKw[lead], truth(dataset.profiles.loadKw, lead), 1e-12);
          assertAlmostEquals(pvKw[lead], truth(dataset.profiles.pvKw, lead), 1e-12);
        }
      }
    }
    const measured = issue({ model }, 1, 700).loadKw[0];
    assertNotEquals(issue({ model, currentSlot: "forecast" }, 1, 700).loadKw[0], measured, model);
  }
});

Deno.test("forecast: a martingale's average of old issues is never better than the newest", () => {
  const leads = [3, 6, 12, 24, 36];
  const errors = errorsFor("martingale", leads);
  const size = (values: readonly number[]) => Math.sqrt(mean(values.map((x) => x * x)));
  const average = (some: readonly number[][]) => some[0].map((_, k) => mean(some.map((e) => e[k])));
  for (let k = 1; k < leads.length; k++) {
    assert(size(errors[k]) > size(errors[k - 1]), "issues converge on the truth");
    for (let first = 0; first < k; first++) {
      const newest = size(errors[first]);
      assert(
        size(average(errors.slice(first, k + 1))) >= newest,
        `leads ${leads[first]} to ${leads[k]}`,
      );
    }
    // What is revealed between two issues has nothing to do with the error that is left.
    const revealed = errors[k].map((x, seed) => x - errors[0][seed]);
    assertAlmostEquals(correlation(revealed, errors[0]), 0, 0.05);
  }
  assertAlmostEquals(size(errors[4]), 0.2, 0.01);
  // Errors that are drawn afresh are averaged away: that is why they are no model of reality.
  const afresh = errorsFor("independent", [24, 25, 26, 27]);
  assert(size(average(afresh)) < 0.6 * size(afresh[0]));
});

Deno.test("forecast: errors of neighbouring target slots go together, by the hour and at any length", () => {
  const quarterly: Dataset = {
    ...steady,
    profiles: { ...steady.profiles, grid: { ...steady.profiles.grid, dtHours: 0.25 } },
  };
  for (const [data, perHour] of [[steady, 1], [quarterly, 4]] as const) {
    for (const model of ["martingale", "independent"] as const) {
      const forecaster = forecasterOf({ model }, data);
      const loadKw = new Float64Array(97), pvKw = new Float64Array(97);
      const seen = Array.from({ length: 4000 }, (_, seed) => {
        forecaster.write(seed, 0, 100, 97, loadKw, pvKw);
        return [loadKw[80], loadKw[80 + perHour], pvKw[80]];
      });
      const column = (k: number) => seen.map((row) => row[k]);
      assertAlmostEquals(correlation(column(0), column(1)), 0.8, 0.03, model);
      assertAlmostEquals(correlation(column(0), column(2)), 0, 0.05, model);
    }
  }
});

Deno.test("forecast: the weather errs for all alike, and a home's own share is small", () => {
  const two: Dataset = {
    community: { ...dataset.community, prosumers: dataset.community.prosumers.slice(0, 2) },
    profiles: {
      ...dataset.profiles,
      loadKw: new Float64Array(2 * slots).fill(1),
      pvKw: new Float64Array(2 * slots).fill(1),
    },
  };
  const forecaster = forecasterOf({ model: "martingale" }, two);
  const loadKw = new Float64Array(25), pvKw = new Float64Array(25);
  const seen = Array.from({ length: 4000 }, (_, seed) =>
    [0, 1].map((home) => {
      forecaster.write(seed, home, 100, 25, loadKw, pvKw);
      return [pvKw[24], loadKw[24]];
    }));
  const column = (home: number, k: number) => seen.map((row) => row[home][k]);
  assertAlmostEquals(correlation(column(0, 0), column(1, 0)), 0.9, 0.02);
  assertAlmostEquals(correlation(column(0, 1), column(1, 1)), 0, 0.05);
});

Deno.test("forecast: the historical model knows only the past", () => {
  const slot = 20 * 24 + 9;
  const altered = (from: number, end = slots): Dataset => {
    const loadKw = dataset.profiles.loadKw.map((kw, k) => {
      const t = k % slots;
      return t >= from && t < end ? 3 * kw + 1 : kw;
    });
    return { ...dataset, profiles: { ...dataset.profiles, loadKw } };
  };
  for (const currentSlot of ["measured", "forecast"] as const) {
    const told = issue({ currentSlot }, 0, slot).loadKw;
    const known = currentSlot === "measured" ? slot + 1 : slot;
    assertEquals(issue({ currentSlot }, 0, slot, 7, altered(known)).loadKw, told, currentSlot);
    const changed = issue({ currentSlot }, 0, slot, 7, altered(known - 1, known)).loadKw;
    assertNotEquals(changed, told, "the newest measurement counts");
  }
  // Nor does the seed of errors change what is a mean of the past.
  assertEquals(issue({}, 0, slot, 1).loadKw, issue({}, 0, slot, 2).loadKw);
});

Deno.test("forecast: the historical model knows a steady week by heart, and is better than persistence", () => {
  const weekly = dataset.profiles.loadKw.map((_, k) => 1 + ((k % slots) % 24) / 24);
  const data = { ...dataset, profiles: { ...dataset.profiles, loadKw: weekly } };
  const told = issue({}, 0, 30 * 24 + 5, 7, data).loadKw;
  told.forEach((kw, lead) => assertAlmostEquals(kw, weekly[30 * 24 + 5 + lead], 1e-12));
  const { loadKw } = dataset.profiles;
  const forecaster = forecasterOf({});
  const load = new Float64Array(25), pv = new Float64Array(25);
  let wrong = 0, persistent = 0;
  for (let home = 0; home < 3; home++) {
    for (let slot = 25 * 24; slot < 40 * 24; slot++) {
      forecaster.write(7, home, slot, 25, load, pv);
      const at = (lead: number) => loadKw[home * slots + slot + lead];
      for (const lead of [3, 6, 12]) {
        wrong += Math.abs(load[lead] - at(lead));
        persistent += Math.abs(at(0) - at(lead));
      }
    }
  }
  assert(wrong < 0.9 * persistent, `${wrong} against ${persistent}`);
});

Deno.test("forecast: a pure function of seed, home, slot and lead, of any number of slots, never negative", () => {
  for (const model of models) {
    const change = { model, error: 2 };
    const { loadKw, pvKw } = issue(change, 1, 300);
    assertEquals(issue(change, 1, 300), { loadKw, pvKw });
    assertNotEquals(issue(change, 1, 300, 8).pvKw, pvKw);
    assert([...loadKw, ...pvKw].every((kw) => kw >= 0 && Number.isFinite(kw)), model);
    const few = new Float64Array(10).fill(-1), sun = new Float64Array(10).fill(-1);
    forecasterOf(change).write(7, 1, 300, 5, few, sun, 3);
    const put = [-1, -1, -1, ...loadKw.subarray(0, 5), -1, -1];
    assertEquals([...few], put, "fewer leads, elsewhere, alone");
  }
});

/** What agents see of a changed data set. */
function observe(change: Dataset, step: number, forecast: Change) {
  const config = environmentConfigSchema.parse({ episodeDays: 1, forecast });
  const env = new EnergyMarketEnv(change, config);
  env.reset({ seed: 5, firstSlots: [24] });
  for (let k = 0; k < step; k++) env.step(new Float64Array(env.decision.numbers.length));
  const { common, own } = env.observation;
  const names = env.observationSpace.own;
  return { common: common.slice(), own: own.slice(), names, env };
}

const scaled = (from: number): Dataset => ({
  ...dataset,
  profiles: {
    ...dataset.profiles,
    loadKw: dataset.profiles.loadKw.map((kw, k) => k % slots >= from ? 3 * kw + 1 : kw),
  },
});

Deno.test("observation: nothing beyond the end of the episode can be seen", () => {
  for (const step of [0, 12, 23]) {
    for (const model of models) {
      const [now, later] = [dataset, scaled(48)].map((data) => observe(data, step, { model }));
      assertEquals([later.common, later.own], [now.common, now.own]);
    }
  }
});

Deno.test("observation: what is to come shows only where it is forecast, and not in the past's model", () => {
  for (const model of models) {
    const [before, after] = [dataset, scaled(24 + 7)].map((data) => observe(data, 6, { model }));
    const size = before.names.length;
    const changed = before.names.filter((_, k) =>
      [0, 1, 2].some((home) => before.own[home * size + k] !== after.own[home * size + k])
    );
    const ahead = before.names.filter((name) => /^netLoadKw\.ahead(2|3|4|6|9|12|18)h$/.test(name));
    assertEquals(changed, model === "historical" ? [] : ahead, model);
  }
});

Deno.test("observation: a forecast is the mean over its block, exact without error", () => {
  const { own, names, env } = observe(dataset, 0, { error: 0 });
  const first = names.indexOf(`netLoadKw.ahead${aheadHours[0]}h`);
  const { loadKw, pvKw } = dataset.profiles;
  let compared = 0;
  aheadHours.forEach((end, k) => {
    const from = k === 0 ? 1 : aheadHours[k - 1];
    for (let i = 0; i < 3; i++) {
      let truth = 0;
      for (let t = from; t < Math.min(24, end); t++) {
        truth += (loadKw[i * slots + 24 + t] - pvKw[i * slots + 24 + t]) / (end - from);
      }
      assertAlmostEquals(own[i * names.length + first + k], truth, 1e-9);
      compared++;
    }
  });
  assertEquals([compared, env.homes], [24, 3]);
});

Deno.test("observation: where the current slot is only forecast, its truth shows nowhere", () => {
  for (const model of models) {
    const forecast = { model, currentSlot: "forecast" } as const;
    const { own, common, names, env } = observe(dataset, 12, forecast);
    const { loadKw, pvKw } = dataset.profiles;
    const load = new Float64Array(24), pv = new Float64Array(24);
    let net = 0;
    for (let i = 0; i < 3; i++) {
      env.world.forecaster.write(5, i, 36, 1, load, pv);
      const feature = (name: string) => own[i * names.length + names.indexOf(name)];
      assert(feature("loadKw") !== loadKw[i * slots + 36], model);
      assert(pvKw[i * slots + 36] === 0 || feature("pvKw") !== pvKw[i * slots + 36], model);
      assertEquals([feature("loadKw"), feature("pvKw")], [load[0], pv[0]]);
      assertAlmostEquals(feature("netLoadKw"), load[0] - pv[0], 1e-12);
      net += feature("netLoadKw");
    }
    const at = env.observationSpace.common.indexOf("communityNetLoadKw");
    assertAlmostEquals(common[at], net / 3, 1e-12);
  }
});
