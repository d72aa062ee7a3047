import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
} from "@std/assert";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { type Audit, audit } from "../../lib/evaluation/audit.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { billsCsv, resultsCsv, summaryCsv } from "../../lib/evaluation/export.ts";
import { prosumerCosts } from "../../lib/evaluation/prosumer_bills.ts";
import { episodeCosts, kpis } from "../../lib/evaluation/kpis.ts";
import { play, playCosts, type Records } from "../../lib/evaluation/records.ts";
import { RESULT_COLUMNS } from "../../lib/evaluation/result_columns.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";

const dataset = synthesize({ seed: 2, prosumers: 5, days: 3, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const options = { dataset, config, firstSlots: [0, 24, 48], seed: 9 };
const rule = (name: string) => rulePolicy(name);

Deno.test("evaluation: the sum of rewards is the evaluated cost", async () => {
  const policy = rule("self-consumption");
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: options.seed, firstSlots: [24] });
  const act = await policy.begin(env);
  let reward = 0;
  for (let slot = 0; slot < env.slotsPerEpisode; slot++) {
    await act(env.observation, env.decision);
    for (const each of env.step().reward) reward += each;
  }
  const records = await play(options, policy);
  assertAlmostEquals(-reward, episodeCosts(records)[1], 1e-9);
  const total = prosumerCosts(records).reduce((sum, cost) => sum + cost, 0);
  const { summary: [{ costPerDay, days }] } = await evaluate(options, [policy]);
  assertAlmostEquals(total, costPerDay * days, 1e-9);
});

Deno.test("evaluation: a policy is judged alike whoever is judged beside it", async () => {
  const { summary: together } = await evaluate(options, rulePolicyNames.map(rule));
  for (const { microsecondsPerDecision, ...summary } of together) {
    const { summary: [alone] } = await evaluate(options, [rule(summary.policy)]);
    assertEquals(alone, { ...summary, microsecondsPerDecision: alone.microsecondsPerDecision });
    assertGreater(microsecondsPerDecision, 0);
  }
});

Deno.test("evaluation: what policies are compared with costs what its whole books say", async () => {
  const { home } = await play(options, rule("grid-only"));
  const alone = await playCosts(options, rule("grid-only"));
  assertEquals(Object.keys(alone.home), ["cost", "bill", "feeRefund"]);
  for (const [name, column] of Object.entries(alone.home)) {
    assertEquals(column, home[name as keyof typeof home]);
  }
  const { summary: [alike] } = await evaluate(options, [rule("trade-only"), rule("grid-only")]);
  const { summary: [apart] } = await evaluate(options, [rule("trade-only")]);
  assertEquals({ ...apart, microsecondsPerDecision: 0 }, { ...alike, microsecondsPerDecision: 0 });
});

/** Two homes, three hours; published with CityLearn 3 in `tests/test_kpi_golden.py`. */
function goldenCommunity(): Dataset {
  const netKw = [[2, 0, 4], [-1, 3, -2]];
  const perSlot = (values: number[]) => Float64Array.from({ length: 24 }, (_, t) => values[t] ?? 0);
  const magnitude = (sign: number) =>
    Float64Array.from({ length: 48 }, (_, k) => {
      return Math.max(0, sign * (netKw[Math.floor(k / 24)][k % 24] ?? 0));
    });
  return {
    community: {
      name: "golden",
      currency: "USD",
      prosumers: ["A", "B"].map((id) => ({ id, pvCapacityKw: 2, battery: null })),
    },
    profiles: {
      grid: { startMs: 0, utcOffsetMinutes: 0, dtHours: 1, slots: 24 },
      loadKw: magnitude(1),
      pvKw: magnitude(-1),
      importPricePerKwh: perSlot([0.1, 0.2, 0.3]),
      feedInTariffPerKwh: perSlot([]),
      carbonKgPerKwh: perSlot([0.5, 0.4, 0.3]),
      gridImportLimitKw: new Float64Array(24).fill(Infinity),
      gridExportLimitKw: new Float64Array(24).fill(Infinity),
    },
  };
}

Deno.test("evaluation: costs and emissions of the golden community", async () => {
  const config = environmentConfigSchema.parse({ episodeDays: 1, cost: { carbonPricePerKg: 0 } });
  const golden = { dataset: goldenCommunity(), config, firstSlots: [0], seed: 0 };
  const records = await play(golden, rule("grid-only"));
  assertEquals(prosumerCosts(records).map((cost) => cost.toFixed(9)), [
    "1.400000000",
    "0.600000000",
  ]);
  const result = kpis(records, records, golden.dataset);
  assertAlmostEquals(result.contractualEmissionsKgPerDay, 2.2 + 1.2, 1e-12);
  assertAlmostEquals(result.physicalEmissionsKgPerDay, 2.3, 1e-12);
  assertAlmostEquals(result.importKwhPerDay, 6, 1e-12);
  assertEquals(result.highestPeakKw, 3);
  assertAlmostEquals(result.cityLearnCostPerDay, 1.4 + 0.6, 1e-12);
  assertAlmostEquals(result.cityLearnEmissionsKgPerDay, 2.2 + 1.2, 1e-12);
  const { summary: [traded] } = await evaluate(golden, [rule("trade-only")]);
  assertAlmostEquals(traded.costPerDay, 1.3, 1e-12);
});

Deno.test("audit: sound books have no violation, with every rule and on every day", async () => {
  for (const name of rulePolicyNames) {
    assertEquals(audit(await play(options, rule(name)), dataset).total, 0, name);
  }
});

type Tampering = readonly [
  keyof Audit,
  string,
  (records: Records, row: number, store: number) => void,
];
const tamperings: readonly Tampering[] = [
  ["energyBalance", "load that vanishes", ({ home }, row) => home.unservedKw[row] += 0.1],
  ["energyBalance", "sun from nowhere", ({ home }, row) => home.curtailedKw[row] -= 0.1],
  ["store", "energy from nowhere", ({ store }, _, k) => store.endEnergyKwh[k] += 0.01],
  ["store", "a supply that nobody needed", ({ store }, _, k) => store.unmetKwh[k] += 0.01],
  ["stateOfCharge", "an overfull battery", ({ store }, _, k) => store.endEnergyKwh[k] = 1e3],
  ["trade", "a one-sided trade", ({ home }, row) => home.tradedKwh[row] *= 0.5],
  ["money", "a bill that nobody owes", ({ home }, row) => home.bill[row] += 0.01],
  ["money", "a rent from nowhere", ({ home }, row) => home.rent[row] += 0.01],
  ["money", "CO2 from nowhere", ({ home }, row) => home.emissionsKg[row] += 0.01],
  ["money", "a cost that is not its parts", ({ home }, row) => home.cost[row] -= 0.01],
  ["grid", "an import that nobody books", ({ home }, row) => home.gridKwh[row] += 0.1],
];
const orderTamperings: readonly Tampering[] = [
  ["order", "more offered than there is", ({ home }, row) => home.orderKwh[row] *= 1.5],
  ["order", "a price above the tariff", ({ home }, row) => home.orderPricePerKwh[row] = 9],
];
const stores = storesOf(dataset);
const inelastic = environmentConfigSchema.parse({ ...config, market: { orders: "inelastic" } });
for (
  const [rules, faults] of [[config, tamperings], [inelastic, [
    ...tamperings.filter(([, fault]) => fault !== "a rent from nowhere"),
    ...orderTamperings,
  ]]] as const
) {
  for (const [kind, fault, tamper] of faults) {
    Deno.test(`audit: finds ${fault}, orders ${rules.market.orders}`, async () => {
      const records = await play({ ...options, config: rules }, rule("self-consumption"));
      const traded = records.home.tradedKwh.findIndex((kwh, row) =>
        Math.abs(kwh) > 1e-3 && stores.some(({ owner }) => owner === row % records.homes)
      );
      assertGreater(traded, -1);
      const s = stores.findIndex(({ owner }) => owner === traded % records.homes);
      tamper(records, traded, Math.floor(traded / records.homes) * stores.length + s);
      const found = audit(records, dataset);
      assertGreater(found[kind], 0);
      assertGreater(found.total, 0);
    });
  }
}

/** The data set with all prices and loads times `price` and `power`. */
function scaled(price: number, power: number): Dataset {
  const { community, profiles } = dataset;
  return {
    community,
    profiles: {
      ...profiles,
      loadKw: profiles.loadKw.map((kw) => power * kw),
      importPricePerKwh: profiles.importPricePerKwh.map((each) => price * each),
      feedInTariffPerKwh: profiles.feedInTariffPerKwh.map((each) => price * each),
    },
  };
}

const scales = [
  ["curves", 1e5, 1],
  ["curves", 1, 1e9],
  ["curves", 1e5, 1e6],
  ["curves", 1e-5, 1],
  ["inelastic", 1e12, 1e6],
  ["inelastic", 1e-9, 1],
] as const;
for (const [orders, price, power] of scales) {
  Deno.test(`audit: ${orders} at prices times ${price} and loads times ${power} are no violation, a millionth is`, async () => {
    const large = scaled(price, power);
    const config = environmentConfigSchema.parse({
      episodeDays: 1,
      market: { orders, networkFeePerKwh: 0.01 * price },
      cost: { lostLoadPricePerKwh: 10 * price },
    });
    for (const name of rulePolicyNames) {
      const records = await play({ ...options, config, dataset: large }, rule(name));
      assertEquals(audit(records, large).total, 0, name);
      if (price < 1) continue;
      const row = records.home.bill.findIndex((bill) => Math.abs(bill) > 0.1 * price * power);
      records.home.bill[row] *= 1 + 1e-6;
      assertEquals(audit(records, large).money > 0, true, name);
    }
  });
}

Deno.test("evaluation: a price beyond what a market of curves counts in is refused in a line", async () => {
  const refused = { ...options, dataset: scaled(1e8, 1) };
  const error = await assertRejects(() => play(refused, rule("grid-only")), RangeError);
  assertMatch(error.message, /^feedInTariffPerKwh .*at most 1000000 .* got \d+.*currency$/);
});

Deno.test("audit: the slightest self-discharge is no violation", async () => {
  const { community } = dataset;
  for (const selfDischargePerHour of [1e-300, 2e-9, 1e-7, 9.9e-5, 1.1e-4, 1]) {
    const prosumers = community.prosumers.map((prosumer) => ({
      ...prosumer,
      battery: prosumer.battery && { ...prosumer.battery, selfDischargePerHour },
    }));
    const leaky = { ...dataset, community: { ...community, prosumers } };
    const records = await play({ ...options, dataset: leaky }, rule("time-of-use"));
    assertEquals(audit(records, leaky).total, 0, `${selfDischargePerHour}/h`);
  }
});

Deno.test("export: the results have a row per policy, episode, slot and prosumer, to the last digit", async () => {
  const { records } = await evaluate(options, [rule("grid-only"), rule("trade-only")]);
  const [header, ...rows] = [...resultsCsv(records, dataset)].join("").trimEnd().split("\n");
  const names = Object.keys(RESULT_COLUMNS);
  assertEquals(header.split(","), names);
  assertEquals(rows.length, 2 * 3 * 24 * 5);
  const cost = rows.slice(0, 360).map((row) => Number(row.split(",")[names.indexOf("cost")]));
  assertEquals(cost, [...records[0].home.cost]);
  const last = rows[rows.length - 1].split(",");
  assertEquals(last.slice(0, 6), [
    "trade-only",
    "2",
    "2025-01-03",
    "23",
    "2025-01-03T23:00:00+01:00",
    dataset.community.prosumers[4].id,
  ]);
});

Deno.test("export: the summary has a row per policy and leaves out what does not exist", async () => {
  const { summary } = await evaluate(options, [rule("grid-only"), rule("trade-only")]);
  const [header, first, second] = summaryCsv(summary, dataset.community).split("\n").map((row) =>
    row.split(",")
  );
  assertEquals([header.at(-1), first.at(-1)], ["currency", "EUR"]);
  const price = header.indexOf("meanClearingPricePerKwh");
  assertEquals([first[0], first[price]], ["grid-only", ""]);
  assert(Number(second[price]) > 0, second[price]);
});

Deno.test("export: no name in a file of results begins a formula", async () => {
  const made = synthesize({ seed: 3, prosumers: 2, days: 2, dtHours: 1 });
  const [first, ...others] = made.community.prosumers;
  const named = {
    ...made,
    community: { ...made.community, prosumers: [{ ...first, id: "-house" }, ...others] },
  };
  const policy = { ...rule("grid-only"), name: '=HYPERLINK("x"),1' };
  const played = { dataset: named, config, firstSlots: [0], seed: 1 };
  const { records, summary, bills } = await evaluate(played, [policy]);
  const texts = [
    [...resultsCsv(records, named)].join(""),
    summaryCsv(summary, named.community),
    billsCsv(bills, named.community),
  ];
  for (const text of texts) {
    assertMatch(text, /^"'=HYPERLINK\(""x""\),1",/m);
    assertEquals(/(^|,)"?[=@-](?![\d.])/m.test(text), false);
    assert(text.includes(",'-house,"), text.slice(0, 500));
  }
});
