import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { play } from "../../lib/evaluation/records.ts";
import { plainPolicies } from "../../lib/policies/plain_policies.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { storesOf } from "../../lib/stores/stores.ts";

const dataset = synthesize({ seed: 3, prosumers: 6, days: 4, dtHours: 0.5 });
const stores = storesOf(dataset);
const firstSlots = [0, 48, 96, 144];
const orders = ["curves", "inelastic"] as const;

const rules = (orders: EnvironmentConfig["market"]["orders"]) =>
  environmentConfigSchema.parse({ episodeDays: 1, market: { orders } });

const playRule = (name: string, config = rules("curves")) =>
  play({ dataset, config, firstSlots, seed: 5 }, rulePolicy(name));

for (const name of rulePolicyNames) {
  Deno.test(`policies: stores do the same under ${name} whether orders are curves or inelastic`, async () => {
    const [curves, inelastic] = await Promise.all(
      orders.map((each) => playRule(name, rules(each))),
    );
    curves.store.powerKw.forEach((kw, k) =>
      assertAlmostEquals(kw, inelastic.store.powerKw[k], 1e-9, `${k}`)
    );
    curves.home.gridKwh.forEach((kwh, row) => {
      // Only as much as all homes exchange with the grid together is determined.
      if (row % 6 > 0) return;
      const sum = (of: Float64Array) => of.subarray(row, row + 6).reduce((a, b) => a + b, 0);
      assertAlmostEquals(sum(curves.home.gridKwh), sum(inelastic.home.gridKwh), 1e-9, `${kwh}`);
    });
    assertEquals(audit(curves, dataset).total, 0);
  });
}

Deno.test("policies: a rule decides for every store of every community", async () => {
  const env = new EnergyMarketEnv(dataset, rules("curves"), 2);
  const observation = env.reset({ seed: 1, firstSlots: [0, 48] });
  await (await rulePolicy("self-consumption").begin(env))(observation, env.decision);
  const { stepCount, stepValuePerKwh, steps } = env.decision.curves;
  assertEquals([...stepCount], Array(2 * stores.length).fill(2));
  for (let k = 0; k < stepCount.length; k++) {
    assertGreater(stepValuePerKwh[k * steps], stepValuePerKwh[k * steps + 1]);
  }
});

Deno.test("policies: grid-only leaves stores idle and never trades, trade-only trades all there is", async () => {
  const [alone, trading] = await Promise.all(["grid-only", "trade-only"].map((n) => playRule(n)));
  for (const { store } of [alone, trading]) {
    assert(store.powerKw.every((kw) => Math.abs(kw) < 1e-12));
  }
  assert(alone.home.tradedKwh.every((kwh) => kwh === 0));
  const sum = (of: Float64Array, value: (kwh: number) => number) =>
    of.reduce((total, kwh) => total + value(kwh), 0);
  let tradable = 0, traded = 0;
  for (let first = 0; first < trading.home.netKwh.length; first += trading.homes) {
    const net = trading.home.netKwh.subarray(first, first + trading.homes);
    tradable += Math.min(sum(net, (kwh) => Math.max(0, kwh)), sum(net, (kwh) => Math.max(0, -kwh)));
    traded += sum(
      trading.home.tradedKwh.subarray(first, first + trading.homes),
      (kwh) => Math.max(0, kwh),
    );
  }
  assertGreater(tradable, 1);
  assertAlmostEquals(traded, tradable, 1e-6);
});

Deno.test("policies: self-consumption exports nothing that its own store could take", async () => {
  const { home, store } = await playRule("self-consumption");
  let stored = 0;
  store.powerKw.forEach((kw, k) => {
    const { owner, mostKwh, ratedChargeKw } = stores[k % stores.length];
    const row = Math.floor(k / stores.length) * 6 + owner;
    if (home.netKwh[row] > -1e-9) return;
    assert(store.endEnergyKwh[k] > mostKwh[0] - 1e-6 || kw > ratedChargeKw - 1e-6, `store ${k}`);
    stored++;
  });
  assertGreater(stored, 0);
});

Deno.test("policies: time-of-use charges from the grid only at the lowest price of the rest of the day", async () => {
  const { home, store } = await playRule("time-of-use");
  const { importPricePerKwh } = dataset.profiles;
  let charged = 0;
  store.powerKw.forEach((kw, k) => {
    const slot = Math.floor(k / stores.length);
    const row = slot * 6 + stores[k % stores.length].owner;
    if (kw - home.pvKw[row] <= 1e-9) return;
    const rest = importPricePerKwh.subarray(slot, slot - (slot % 48) + 48);
    assertEquals(importPricePerKwh[slot], Math.min(...rest));
    charged++;
  });
  assertGreater(charged, 0);
});

Deno.test("policies: an unknown rule names those that exist", () => {
  assertThrows(() => rulePolicy("toString"), RangeError, "grid-only, trade-only");
});

Deno.test("policies: those that say they read no observation decide the same without one", async () => {
  const config = environmentConfigSchema.parse({
    episodeDays: 1,
    forecast: { currentSlot: "forecast" },
  });
  const flexible = synthesize({
    seed: 4,
    prosumers: 4,
    days: 3,
    dtHours: 1,
    cars: 1,
    heatPumps: 1,
    tariff: "day-ahead",
  });
  const played = { dataset: flexible, config, firstSlots: [0, 24], seed: 8 };
  for (const [name, policyOf] of Object.entries(plainPolicies)) {
    assertEquals(policyOf(1).observes, false, name);
    const blind = await play(played, policyOf(1));
    const sighted = await play(played, { ...policyOf(1), observes: true });
    assertEquals(blind.home.cost, sighted.home.cost, name);
  }
});

Deno.test("policies: one that reads what was not worked out sees that it is no number", async () => {
  const reads = { ...rulePolicy("grid-only"), observes: false };
  const seen: number[] = [];
  reads.begin = () => ({ common, own }) => void seen.push(common[0], own[0]);
  await play({ dataset, config: rules("curves"), firstSlots, seed: 5 }, reads);
  assert(seen.length > 0 && seen.every(Number.isNaN));
});
