import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { createForecaster, forecastFactor, WEATHER_SERIES } from "../../lib/data/forecast.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { featureIndex, OBSERVATION_SIZE, observationNames } from "../../lib/env/observation.ts";
import { aheadHours } from "../../lib/env/ahead.ts";

const CONFIG = { error: 0.2, correlationPerHour: 0.8, currentSlot: "measured" } as const;
const forecaster = createForecaster(CONFIG, 1, 24);
const HOURS = Array.from({ length: 5000 }, (_, slot) => slot);

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]) => x.reduce((sum, y) => sum + y, 0) / x.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((x, k) => (x - meanA) * (b[k] - meanB)));
  return covariance / (deviation(a) * deviation(b));
}

const errorsAt = (lead: number, series: number = 0, shift: number = 0) =>
  HOURS.map((slot) => forecastFactor(forecaster, 7, series, slot + shift, lead) - 1);

Deno.test("forecast: the current slot is measured, or errs too when it is asked to", () => {
  assert(errorsAt(0).every((error) => error === 0));
  const harder = createForecaster({ ...CONFIG, currentSlot: "forecast" }, 1, 24);
  assertNotEquals(forecastFactor(harder, 7, 0, 100, 0), 1);
});

Deno.test("forecast: without error it is the truth", () => {
  const perfect = createForecaster({ ...CONFIG, error: 0 }, 1, 24);
  for (let lead = 0; lead < 24; lead++) {
    assertEquals(forecastFactor(perfect, 7, 0, 100, lead), 1);
  }
});

Deno.test("forecast: the error grows with the lead to its full size", () => {
  const sizes = [1, 3, 6, 23].map((lead) => deviation(errorsAt(lead)));
  assert(sizes.every((size, k) => k === 0 || size > sizes[k - 1]), `${sizes}`);
  assertAlmostEquals(sizes[3], 0.2, 0.01);
});

Deno.test("forecast: errors of neighbouring target slots go together, those of other issues do not", () => {
  assertAlmostEquals(correlation(errorsAt(20), errorsAt(21)), 0.8, 0.03);
  // The same target slot, forecast one slot later.
  assertAlmostEquals(correlation(errorsAt(20), errorsAt(19, 0, 1)), 0, 0.05);
  assertAlmostEquals(correlation(errorsAt(20), errorsAt(20, 1)), 0, 0.05);
  assertAlmostEquals(correlation(errorsAt(20), errorsAt(20, WEATHER_SERIES)), 0, 0.05);
});

Deno.test("forecast: quarter-hours correlate as much over an hour as hours do", () => {
  const quarterly = createForecaster(CONFIG, 0.25, 96);
  const errors = (lead: number) =>
    HOURS.map((slot) => forecastFactor(quarterly, 7, 0, slot, lead) - 1);
  assertAlmostEquals(correlation(errors(80), errors(84)), 0.8, 0.03);
});

Deno.test("forecast: no large error makes a load or the sun negative", () => {
  const wild = createForecaster({ ...CONFIG, error: 2 }, 1, 24);
  assert(HOURS.every((slot) => forecastFactor(wild, 7, 0, slot, 23) >= 0));
});

Deno.test("forecast: seed, series and slot decide the error and nothing else", () => {
  const other = createForecaster(CONFIG, 1, 24);
  assertEquals(forecastFactor(other, 7, 2, 9, 5), forecastFactor(forecaster, 7, 2, 9, 5));
  assertNotEquals(forecastFactor(forecaster, 8, 2, 9, 5), forecastFactor(forecaster, 7, 2, 9, 5));
});

const dataset = synthesize({ seed: 1, prosumers: 4, days: 3, dtHours: 1 });

function observe(change: (load: Float64Array) => void, error: number, steps: number): Float64Array {
  const loadKw = dataset.profiles.loadKw.slice();
  change(loadKw);
  const changed = { ...dataset, profiles: { ...dataset.profiles, loadKw } };
  const env = new EnergyMarketEnv(changed, environmentConfigSchema.parse({ forecast: { error } }));
  env.reset({ seed: 5, firstSlots: [24] });
  const actions = new Float64Array(env.rows * 3);
  for (let step = 0; step < steps; step++) env.step(actions);
  return env.observation.slice();
}

Deno.test("observation: nothing beyond the end of the episode can be seen", () => {
  const later = (load: Float64Array) => {
    for (let k = 0; k < load.length; k++) if (k % 72 >= 48) load[k] += 100;
  };
  for (const step of [0, 12, 23]) {
    assertEquals(observe(later, 0.2, step), observe(() => {}, 0.2, step));
  }
});

Deno.test("observation: a forecast is the mean over its block, exact without error and off with it", () => {
  const first = featureIndex(`netLoadKw.ahead${aheadHours[0]}h`);
  const { loadKw, pvKw } = dataset.profiles;
  for (const error of [0, 0.2]) {
    const seen = observe(() => {}, error, 0);
    let equal = 0;
    aheadHours.forEach((end, k) => {
      const from = k === 0 ? 1 : aheadHours[k - 1];
      for (let i = 0; i < 4; i++) {
        let truth = 0;
        for (let t = from; t < end; t++) {
          truth += (loadKw[i * 72 + 24 + t] - pvKw[i * 72 + 24 + t]) / (end - from);
        }
        const forecast = seen[i * OBSERVATION_SIZE + first + k];
        if (Math.abs(forecast - truth) < 1e-9) equal++;
      }
    });
    assertEquals(equal, error === 0 ? 4 * aheadHours.length : 0);
  }
});

Deno.test("observation: what is to come shows only where it is forecast", () => {
  const change = (load: Float64Array) => {
    for (let k = 0; k < load.length; k++) if (k % 72 > 24 + 6) load[k] = 3 * load[k] + 1;
  };
  const [before, after] = [observe(() => {}, 0.2, 6), observe(change, 0.2, 6)];
  const changed = observationNames.filter((_, feature) =>
    [0, 1, 2, 3].some((i) => {
      const at = i * OBSERVATION_SIZE + feature;
      return before[at] !== after[at];
    })
  );
  const forecast = observationNames.filter((name) =>
    /etLoadKw\.ahead(2|3|4|6|9|12|18)h/.test(name)
  );
  assertEquals(changed, forecast);
});

Deno.test("observation: where the current slot is only forecast, its truth shows nowhere", () => {
  const config = environmentConfigSchema.parse({ forecast: { currentSlot: "forecast" } });
  const env = new EnergyMarketEnv(dataset, config);
  const seen = env.reset({ seed: 5, firstSlots: [36] });
  const feature = (name: string, i = 0) => seen[i * OBSERVATION_SIZE + featureIndex(name)];
  const { loadKw, pvKw, grid } = dataset.profiles;
  let net = 0, charge = 0, discharge = 0;
  for (let i = 0; i < 4; i++) {
    const factor = (series: number) => forecastFactor(env.observer.forecaster, 5, series, 36, 0);
    const load = loadKw[i * grid.slots + 36] * factor(i);
    const pv = pvKw[i * grid.slots + 36] * factor(WEATHER_SERIES);
    assert(feature("loadKw", i) !== loadKw[i * grid.slots + 36]);
    assertAlmostEquals(feature("loadKw", i), load, 1e-12);
    assertAlmostEquals(feature("pvKw", i), pv, 1e-12);
    assertAlmostEquals(feature("netLoadKw", i), load - pv, 1e-12);
    net += load - pv;
    charge += feature("chargeLimitKw", i);
    discharge += feature("dischargeLimitKw", i);
  }
  assertAlmostEquals(feature("communityNetLoadKw"), net / 4, 1e-12);
  const share = net < 0 ? Math.min(1, -net / charge) : -Math.min(1, net / discharge);
  assertAlmostEquals(feature("balancingShare"), share, 1e-12);
  assert(Math.abs(share) > 0 && Math.abs(share) < 1, `${share}`);
});

Deno.test("observation: it tells the storage of the community and the share that balances it", () => {
  const env = new EnergyMarketEnv(dataset);
  const seen = env.reset({ seed: 5, firstSlots: [36] });
  const feature = (name: string, i = 0) => seen[i * OBSERVATION_SIZE + featureIndex(name)];
  const mean = (name: string) => [0, 1, 2, 3].reduce((sum, i) => sum + feature(name, i) / 4, 0);
  assertAlmostEquals(feature("communityChargeLimitKw"), mean("chargeLimitKw"), 1e-12);
  assertAlmostEquals(feature("communityDischargeLimitKw"), mean("dischargeLimitKw"), 1e-12);
  assertAlmostEquals(feature("communityCapacityKwh"), mean("batteryCapacityKwh"), 1e-12);
  const stored = [0, 1, 2, 3].reduce(
    (sum, i) => sum + feature("socFraction", i) * feature("batteryCapacityKwh", i) / 4,
    0,
  );
  assertAlmostEquals(feature("communityEnergyKwh"), stored, 1e-12);
  const net = mean("netLoadKw"), share = feature("balancingShare");
  const limit = net < 0 ? mean("chargeLimitKw") : mean("dischargeLimitKw");
  assertAlmostEquals(share, Math.min(1, Math.max(-1, -net / limit)), 1e-12);
  assert(share !== 0);
});
