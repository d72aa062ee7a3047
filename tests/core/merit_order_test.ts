import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { synthesize } from "../../lib/data/synthetic.ts";
import { ACTION_SIZE } from "../../lib/env/action.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { meritOrderKw, rawFromMeritOrder } from "../../lib/env/merit_order.ts";
import { stream } from "../../lib/random.ts";

const power = fc.double({ min: 0, max: 20, noNaN: true });
const share = fc.double({ min: -1, max: 1, noNaN: true });
const number = fc.double({ min: -2, max: 2, noNaN: true });
const runs = { numRuns: 1000, seed: 11 };

Deno.test("merit order: a higher value of stored energy never charges less", () => {
  fc.assert(
    fc.property(number, number, share, power, power, (a, b, share, charge, discharge) => {
      const [less, more] = [a, b].sort((x, y) => x - y)
        .map((value) => meritOrderKw(value, share, charge, discharge));
      assert(less <= more + 1e-12, `${less} above ${more}`);
    }),
    runs,
  );
});

Deno.test("merit order: it stays within what the battery can do and reaches both ends", () => {
  fc.assert(
    fc.property(number, share, power, power, (value, share, charge, discharge) => {
      const kw = meritOrderKw(value, share, charge, discharge);
      assert(kw >= -discharge - 1e-12 && kw <= charge + 1e-12, `${kw}`);
      assertAlmostEquals(meritOrderKw(-1, share, charge, discharge), -discharge, 1e-9);
      assertAlmostEquals(meritOrderKw(1, share, charge, discharge), charge, 1e-9);
    }),
    runs,
  );
});

Deno.test("merit order: the plateaus of a deficit and of a surplus", () => {
  const at = (value: number, share: number) => meritOrderKw(value, share, 3, 5);
  for (const value of [-0.4, -0.1, 0.19]) assertAlmostEquals(at(value, -0.5), -2.5, 1e-12);
  for (const value of [0.41, 0.5, 0.59]) assertAlmostEquals(at(value, -0.5), 0, 1e-12);
  for (const value of [-0.59, -0.5, -0.41]) assertAlmostEquals(at(value, 0.5), 0, 1e-12);
  for (const value of [-0.19, 0.1, 0.4]) assertAlmostEquals(at(value, 0.5), 1.5, 1e-12);
  assertAlmostEquals(at(0.3, -0.5), -1.25, 1e-12);
  assertAlmostEquals(at(-0.7, -0.5), -3.75, 1e-12);
  assertAlmostEquals(at(0.7, 0.5), 2.25, 1e-12);
});

for (const span of ["feasible", "rated"] as const) {
  Deno.test(`merit order: zero balances the community where batteries suffice (${span})`, () => {
    const dataset = synthesize({ seed: 6, prosumers: 8, days: 2, dtHours: 0.5 });
    const config = environmentConfigSchema.parse({ batteryAction: span });
    const env = new EnergyMarketEnv(dataset, config, 2);
    let observation = env.reset({ seed: 3, firstSlots: [0, 48] });
    const raw = new Float64Array(env.rows * ACTION_SIZE);
    let balanced = 0;
    while (env.state.step < env.slotsPerEpisode) {
      const { chargeLimitKw, dischargeLimitKw } = env.state;
      const room = [0, 1].map((c) => {
        const rows = [c * env.prosumers, (c + 1) * env.prosumers];
        const total = (values: Float64Array) =>
          values.subarray(...rows).reduce((sum, kw) => sum + kw, 0);
        return { charge: total(chargeLimitKw), discharge: total(dischargeLimitKw) };
      });
      rawFromMeritOrder(new Float64Array(raw.length), observation, span, raw);
      assert(raw.every((number) => Math.abs(number) <= 1 + 1e-12), `${raw}`);
      const step = env.step(raw);
      observation = step.observation;
      for (let c = 0; c < 2; c++) {
        let net = 0, grid = 0;
        for (let row = c * env.prosumers; row < (c + 1) * env.prosumers; row++) {
          net += step.info.loadKw[row] - step.info.pvKw[row];
          grid += step.info.gridKwh[row];
        }
        if (net > room[c].discharge || -net > room[c].charge) continue;
        assertAlmostEquals(grid, 0, 1e-9);
        balanced++;
      }
    }
    assert(balanced > 10, `${balanced}`);
  });
}

Deno.test("merit order: zero trades truthfully, and lower numbers offer less and ask for more", () => {
  const dataset = synthesize({ seed: 6, prosumers: 8, days: 1, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset);
  const orders = (share: number, price: number) => {
    const actions = new Float64Array(env.rows * ACTION_SIZE);
    for (let row = 0; row < env.rows; row++) actions.set([0.5, share, price], row * ACTION_SIZE);
    const observation = env.reset({ seed: 3, firstSlots: [0] });
    rawFromMeritOrder(actions, observation, "feasible", actions);
    const { info } = env.step(actions);
    return { net: [...info.netKwh], kwh: [...info.orderKwh], price: [...info.orderPricePerKwh] };
  };
  const [lowest, highest] = [
    dataset.profiles.feedInTariffPerKwh[0],
    dataset.profiles.importPricePerKwh[0],
  ];
  for (const number of [-0.5, 0, 3]) {
    const truthful = orders(number, number);
    assertEquals(truthful.kwh, truthful.net);
    truthful.net.forEach((net, i) => {
      if (net !== 0) assertAlmostEquals(truthful.price[i], net > 0 ? highest : lowest, 1e-12);
    });
  }
  const coy = orders(-1, -1.5);
  coy.net.forEach((net, i) => {
    assertAlmostEquals(coy.kwh[i], 0.75 * net, 1e-9);
    if (net !== 0) assertAlmostEquals(coy.price[i], (lowest + highest) / 2, 1e-9);
  });
});

Deno.test("merit order: actions may be turned in place", () => {
  const env = new EnergyMarketEnv(synthesize({ seed: 6, prosumers: 4, days: 1, dtHours: 1 }));
  const observation = env.reset({ seed: 3, firstSlots: [0] });
  const random = stream(1, "actions");
  const actions = Float64Array.from({ length: env.rows * ACTION_SIZE }, () => random.normal());
  const apart = rawFromMeritOrder(actions, observation, "feasible", new Float64Array(actions));
  assertEquals(rawFromMeritOrder(actions, observation, "feasible", actions), apart);
});
