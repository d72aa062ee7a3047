import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { datasetHash } from "../../lib/data/hash.ts";
import { priced } from "../../lib/data/priced.ts";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { localFeePerSide, tariffConfigSchema } from "../../lib/data/tariff_config.ts";
import { tariffsOf } from "../../lib/data/tariffs.ts";
import { billingPeriods } from "../../lib/env/billing.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { observationNames } from "../../lib/env/agent_rows.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { monthlyBills } from "../../lib/evaluation/monthly_bills.ts";
import { createRecords, play, recordSlot } from "../../lib/evaluation/records.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { stream } from "../../lib/random.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { timestamp } from "../../lib/units.ts";
import { playWildly } from "../helpers/play.ts";
import { plainBattery } from "../helpers/small_community.ts";
import { inFolder, names } from "../helpers/two_homes.ts";
import { worldOf } from "../helpers/worlds.ts";

const dataset = synthesize({ seed: 4, prosumers: 3, days: 59, dtHours: 1 });
const { profiles: { grid, importPricePerKwh, feedInTariffPerKwh } } = dataset;
const household = {
  energy: { kind: "flat", pricePerKwh: 0.15 },
  networkFeePerKwh: 0.08,
  surchargePerKwh: 0.02,
  vat: 0.2,
} as const;

const rules = (tariffs: object, others: object = {}): EnvironmentConfig =>
  environmentConfigSchema.parse({
    episodeDays: 59,
    cost: { carbonPricePerKg: 0, lostLoadPricePerKwh: 50 },
    ...others,
    tariffs: { classes: { household }, default: "household", ...tariffs },
  });

Deno.test("tariffs: a flat price bears network fee, surcharge and VAT, and feed-in is as it was", () => {
  const { profiles, tariffs } = priced(dataset, rules({}).tariffs);
  assertEquals(tariffs, undefined);
  for (const price of profiles.importPricePerKwh) assertAlmostEquals(price, 0.25 * 1.2, 1e-12);
  assertEquals(profiles.feedInTariffPerKwh, feedInTariffPerKwh);
});

Deno.test("tariffs: time of use by the hour and kind of day, over midnight too, and dynamic prices", () => {
  const windows = [
    { from: "17:00", to: "21:00", days: "weekdays", pricePerKwh: 0.3 },
    { from: "22:00", to: "06:00", pricePerKwh: 0.1 },
  ];
  const { tariffs } = rules({
    classes: {
      tou: { energy: { kind: "time-of-use", pricePerKwh: 0.2, windows }, feedInPerKwh: null },
      dynamic: { energy: { kind: "dynamic", markupPerKwh: 0.05 }, feedInPerKwh: 0.04 },
    },
    default: "tou",
    homes: { "house-02": "dynamic" },
  });
  const { classes, classOf } = tariffsOf(priced(dataset, tariffs));
  const [tou, dynamic] = [classes[classOf[0]], classes[classOf[1]]];
  assertEquals(classOf[0], classOf[2]);
  for (let t = 0; t < grid.slots; t++) {
    const at = timestamp(grid, t);
    const hour = Number(at.slice(11, 13));
    const isWeekend = [0, 6].includes(new Date(`${at.slice(0, 10)}T12:00:00Z`).getUTCDay());
    const expected = hour >= 17 && hour < 21 && !isWeekend
      ? 0.3
      : hour >= 22 || hour < 6
      ? 0.1
      : 0.2;
    assertEquals(tou.importPricePerKwh[t], expected, at);
    assertAlmostEquals(dynamic.importPricePerKwh[t], importPricePerKwh[t] + 0.05, 1e-15);
    assertEquals([tou.feedInTariffPerKwh[t], dynamic.feedInTariffPerKwh[t]], [0, 0.04]);
  }
});

Deno.test("tariffs: months are calendar months, parts of them and weeks count by days / 30.4", () => {
  const year = { startMs: Date.UTC(2024, 0, 15), utcOffsetMinutes: 0, dtHours: 1, slots: 8760 };
  const periods = billingPeriods(year, 0, 24 * 60);
  assertEquals(periods.map(({ first, end }) => [first / 24, end / 24]), [[0, 17], [17, 46], [
    46,
    60,
  ]]);
  assertEquals(periods.map(({ months }) => months), [17 / 30.4, 1, 14 / 30.4]);
  assertEquals(billingPeriods(year, 48, 24 * 30), [{ first: 48, end: 768, months: 30 / 30.4 }]);
  // In local time a month begins earlier than in UTC.
  const local = { ...year, startMs: Date.UTC(2024, 0, 31, 22), utcOffsetMinutes: 120 };
  assertEquals(billingPeriods(local, 0, 24 * 60)[0].end, 29 * 24);
});

/** Highest net import of each month, by the profiles alone. [kW] */
function monthlyPeaks(netKw: (t: number) => number): number[] {
  const peaks = new Map<string, number>();
  for (let t = 0; t < grid.slots; t++) {
    const month = timestamp(grid, t).slice(0, 7);
    peaks.set(month, Math.max(peaks.get(month) ?? 0, netKw(t)));
  }
  return [...peaks.values()];
}

const charged = {
  classes: { household: { ...household, standingChargePerMonth: 10, capacityChargePerKwMonth: 4 } },
  community: { capacityChargePerKwMonth: 3 },
};

for (const orders of ["curves", "inelastic"] as const) {
  Deno.test(`tariffs: what is charged by the month is charged by the month, with orders as ${orders}`, async () => {
    const config = rules(charged, { market: { orders } });
    const own = priced(dataset, config.tariffs);
    const { profiles: { loadKw, pvKw } } = own;
    const records = await play(
      { dataset: own, config, firstSlots: [0], seed: 1 },
      rulePolicy("grid-only"),
    );
    assertEquals(audit(records, own).total, 0);
    const net = (i: number, t: number) => loadKw[i * grid.slots + t] - pvKw[i * grid.slots + t];
    const homes = [0, 1, 2];
    const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
    const expected = sum(homes.map((i) => 2 * 12 + 4.8 * sum(monthlyPeaks((t) => net(i, t))))) +
      3.6 * sum(monthlyPeaks((t) => sum(homes.map((i) => net(i, t)))));
    const bills = monthlyBills(records, own);
    assertAlmostEquals(sum(bills.map(({ charges }) => charges)), expected, 1e-6);
    assertAlmostEquals(sum(records.home.charges), expected, 1e-6);
    // Nothing is charged twice: bills are energy and charges.
    const energy = sum(bills.map(({ gridCost, feedInCredit }) => gridCost - feedInCredit));
    assertAlmostEquals(sum(records.home.bill), energy + expected, 1e-6);
  });
}

Deno.test("tariffs: a week is charged as 7 / 30.4 of a month", async () => {
  const config = rules(charged, { episodeDays: 7 });
  const own = priced(dataset, config.tariffs);
  const { profiles: { loadKw, pvKw } } = own;
  const records = await play(
    { dataset: own, config, firstSlots: [24 * 28], seed: 1 },
    rulePolicy("grid-only"),
  );
  assertEquals(audit(records, own).total, 0);
  let [expected, peak] = [3 * 12 * 7 / 30.4, 0];
  for (let i = 0; i < 3; i++) {
    let most = 0;
    for (let t = 24 * 28; t < 24 * 35; t++) {
      most = Math.max(most, loadKw[i * grid.slots + t] - pvKw[i * grid.slots + t]);
    }
    expected += 4.8 * 7 / 30.4 * most;
  }
  for (let t = 24 * 28; t < 24 * 35; t++) {
    let net = 0;
    for (let i = 0; i < 3; i++) net += loadKw[i * grid.slots + t] - pvKw[i * grid.slots + t];
    peak = Math.max(peak, net);
  }
  expected += 3.6 * 7 / 30.4 * peak;
  assertAlmostEquals(records.home.charges.reduce((a, b) => a + b), expected, 1e-4);
});

Deno.test("tariffs: the peak so far is seen where it is charged, from month to month, and only there", () => {
  const config = rules(charged, { episodeDays: 40 });
  const own = priced(dataset, config.tariffs);
  const plain = observationNames(dataset, environmentConfigSchema.parse({}));
  const names = observationNames(own, config);
  assertEquals(names.filter((name) => !plain.includes(name)), ["monthPeakKw"]);
  assertEquals(names.filter((name) => plain.includes(name)), plain);
  const noCapacity = rules({});
  assertEquals(observationNames(priced(dataset, noCapacity.tariffs), noCapacity), plain);

  const env = new EnergyMarketEnv(own, config);
  const at = env.observationSpace.own.indexOf("monthPeakKw");
  const community = env.observationSpace.common.indexOf("communityPeakKw");
  env.reset({ seed: 1, firstSlots: [0] });
  let [peak, all] = [0, 0];
  for (let step = 0; step < 39 * 24; step++) {
    const { info, observation } = env.step();
    peak = Math.max(peak, info.netKwh[0]);
    all = Math.max(all, info.gridKwh.reduce((a, b) => a + b));
    // A new month knows nothing of the old one's peak.
    if (step + 1 === 31 * 24) peak = all = 0;
    assertAlmostEquals(observation.own[at], peak, 1e-12);
    assertAlmostEquals(observation.common[community], all / 3, 1e-12);
  }
});

Deno.test("tariffs: a peak is remembered by a snapshot", () => {
  const config = rules(charged, { episodeDays: 2 });
  const env = new EnergyMarketEnv(priced(dataset, config.tariffs), config);
  env.reset({ seed: 1, firstSlots: [0] });
  for (let step = 0; step < 20; step++) env.step();
  const snapshot = env.snapshot();
  const next = Array.from({ length: 20 }, () => [...env.step().info.bill]);
  env.restore(snapshot);
  assertEquals(Array.from({ length: 20 }, () => [...env.step().info.bill]), next);
});

Deno.test("tariffs: energy between homes bears the reduced network fee and the community's, with VAT", async () => {
  const local = { networkFeeReduction: 0.75, communityFeePerKwh: 0.01 };
  const config = rules({ local });
  assertAlmostEquals(localFeePerSide(config.tariffs!), (0.25 * 0.08 + 0.01) * 1.2 / 2, 1e-15);
  const own = priced(dataset, config.tariffs);
  const records = await play(
    { dataset: own, config, firstSlots: [0], seed: 1 },
    rulePolicy("trade-only"),
  );
  assertEquals(audit(records, own).total, 0);
  const bills = monthlyBills(records, own);
  const sum = (of: (row: (typeof bills)[number]) => number) =>
    bills.reduce((all, row) => all + of(row), 0);
  const traded = sum((row) => row.boughtFromNeighboursKwh);
  assert(traded > 10);
  assertAlmostEquals(sum((row) => row.neighbourCost), traded * (0.25 * 0.08 + 0.01) * 1.2, 1e-3);
  // What is written is read again: the fee in a recorded configuration is the one that follows.
  const again = environmentConfigSchema.parse(JSON.parse(JSON.stringify(config)));
  assertEquals(again, config);
});

Deno.test("tariffs: the optimum reaches its bound with peaks of homes and of all, and nobody beats it", async () => {
  using solver = createSolver({ workers: 1 });
  const config = rules({ ...charged, local: { communityFeePerKwh: 0.02 } }, { episodeDays: 3 });
  const own = priced(dataset, config.tariffs);
  const options = { dataset: own, config, firstSlots: [0, 29 * 24], seed: 1 };
  const { cost } = await planOptimum(options, solver);
  const least = cost.reduce((a, b) => a + b);
  const total = async (policy: Parameters<typeof play>[1]) => {
    const records = await play(options, policy);
    assertEquals(audit(records, own).total, 0);
    return records.home.cost.reduce((a, b) => a + b);
  };
  assertAlmostEquals(await total(optimumPolicy(solver)), least, 1e-6 * least);
  const [planned, ruled] = [
    await total(dynamicProgrammingPolicy()),
    await total(rulePolicy("self-consumption")),
  ];
  assert(planned > least && ruled > least);
});

Deno.test("tariffs: batteries are kept for a peak that is to come, which lowers it and the bill", async () => {
  const home = synthesize({ seed: 2, prosumers: 1, days: 28, dtHours: 1 });
  const battery = home.community.prosumers[0].battery ?? plainBattery;
  const prosumers = [{ ...home.community.prosumers[0], battery }];
  const stored = { ...home, community: { ...home.community, prosumers } };
  const config = rules(charged, { episodeDays: 28, initialSoc: 0 });
  const own = priced(stored, config.tariffs);
  const options = { dataset: own, config, firstSlots: [0], seed: 1 };
  const alone = await play(options, dynamicProgrammingPolicy({ alone: true }));
  const today = await play(options, rulePolicy("grid-only"));
  const peak = ({ home }: typeof alone) => home.netKwh.reduce((a, b) => Math.max(a, b));
  const bill = ({ home }: typeof alone) => home.bill.reduce((a, b) => a + b);
  assert(peak(alone) < 0.9 * peak(today), `${peak(alone)} of ${peak(today)} kW`);
  assert(bill(alone) < bill(today));
});

Deno.test("tariffs: cars and heat pumps charge below the peak so far where a higher one is charged", async () => {
  const homes = synthesize({ seed: 5, prosumers: 4, days: 14, dtHours: 1, cars: 3, heatPumps: 2 });
  const played = async (tariffs: object) => {
    const config = rules(tariffs, { episodeDays: 14 });
    const own = priced(homes, config.tariffs);
    const { home } = await play(
      { dataset: own, config, firstSlots: [0], seed: 1 },
      dynamicProgrammingPolicy({ alone: true }),
    );
    const peaks = [0, 1, 2, 3].map((i) =>
      home.netKwh.reduce((most, kwh, row) => row % 4 === i ? Math.max(most, kwh) : most, 0)
    );
    return peaks.reduce((a, b) => a + b);
  };
  const [free, kept] = [await played({}), await played(charged)];
  assert(kept < 0.7 * free, `${kept} of ${free} kW`);
});

Deno.test("tariffs: a rule charges in the cheap hours of the home's own tariff", async () => {
  const homes = synthesize({ seed: 2, prosumers: 2, days: 7, dtHours: 1 });
  const prosumers = homes.community.prosumers.map((each) => ({
    ...each,
    pvCapacityKw: 0,
    battery: plainBattery,
  }));
  const pvKw = homes.profiles.pvKw.map(() => 0);
  const dark = {
    ...homes,
    community: { ...homes.community, prosumers },
    profiles: { ...homes.profiles, pvKw },
  };
  const cheapFrom = (from: string, to: string) => ({
    ...household,
    energy: { kind: "time-of-use", pricePerKwh: 0.3, windows: [{ from, to, pricePerKwh: 0.1 }] },
  });
  const config = rules({
    classes: { household: cheapFrom("02:00", "05:00"), noon: cheapFrom("11:00", "14:00") },
    homes: { [prosumers[1].id]: "noon" },
  }, { episodeDays: 7, initialSoc: 0 });
  const played = { dataset: priced(dark, config.tariffs), config, firstSlots: [0], seed: 1 };
  const { store } = await play(played, rulePolicy("time-of-use"));
  const hours = [0, 1].map((s) =>
    new Set(
      Array.from(store.powerKw).flatMap((kw, k) => k % 2 === s && kw > 1e-9 ? [(k >> 1) % 24] : []),
    )
  );
  assert([...hours[0]].every((hour) => hour >= 2 && hour < 5) && hours[0].size > 0);
  assert([...hours[1]].every((hour) => hour >= 11 && hour < 14) && hours[1].size > 0);
});

Deno.test("tariffs: a home by itself decides the same whatever the others take, where their peak is charged", async () => {
  const homes = synthesize({ seed: 5, prosumers: 4, days: 14, dtHours: 1, cars: 3, heatPumps: 2 });
  const { slots } = homes.profiles.grid;
  const windows = [{ from: "17:00", to: "22:00", pricePerKwh: 0.4 }];
  const energy = { kind: "time-of-use", pricePerKwh: 0.1, windows };
  const classes = { household: { ...household, energy } };
  const config = rules({ classes, community: charged.community }, { episodeDays: 7 });
  const valuesOfFirst = async (timesOfOthers: number) => {
    const loadKw = homes.profiles.loadKw.map((kw, k) => k < slots ? kw : timesOfOthers * kw);
    const own = priced({ ...homes, profiles: { ...homes.profiles, loadKw } }, config.tariffs);
    const env = new EnergyMarketEnv(own, config);
    const values: number[] = [];
    for (let first = 0; first < 7 * 24; first++) {
      env.reset({ seed: 1, firstSlots: [first] });
      const act = await dynamicProgrammingPolicy({ alone: true }).begin(env);
      await act(env.observation, env.decision);
      const { steps, stepValuePerKwh } = env.decision.curves;
      values.push(...stepValuePerKwh.subarray(0, env.world.firstStore[1] * steps));
    }
    return values;
  };
  assert(storesOf(homes).some(({ owner, kind }) => owner === 0 && kind === "car"));
  assertEquals(await valuesOfFirst(1), await valuesOfFirst(5));
});

Deno.test("tariffs: no car goes without energy to save a charge for a peak", async () => {
  const withCars = synthesize({
    seed: 1,
    prosumers: 4,
    days: 14,
    dtHours: 1,
    cars: 3,
    heatPumps: 2,
  });
  const config = rules(charged, { episodeDays: 14 });
  const own = priced(withCars, config.tariffs);
  const options = { dataset: own, config, firstSlots: [0], seed: 1 };
  for (const policy of [rulePolicy("grid-only"), dynamicProgrammingPolicy()]) {
    const records = await play(options, policy);
    assertEquals(audit(records, own).total, 0);
    const unmet = records.store.unmetKwh.reduce((a, b) => a + b, 0);
    assert(unmet < 1e-6, `${policy.name} left ${unmet} kWh unmet`);
    // Bills hold what was had from elsewhere, here nothing.
    assert(monthlyBills(records, own).every(({ elsewhereCost }) => elsewhereCost < 1e-6));
  }
});

Deno.test("tariffs: whatever homes do in random worlds, the audit finds nothing", () => {
  for (let seed = 0; seed < 25; seed++) {
    const { dataset: raw, config: base } = worldOf(seed, 2);
    const random = stream(seed, "tariffs");
    const amount = (most: number) => random.uniform() < 0.3 ? 0 : most * random.uniform();
    const one = () => ({
      energy: random.uniform() < 0.5
        ? { kind: "dynamic", markupPerKwh: amount(0.1) }
        : { kind: "flat", pricePerKwh: amount(0.3) },
      networkFeePerKwh: amount(0.09),
      vat: random.uniform(),
      feedInPerKwh: [null, "data", 0.07][random.below(3)],
      standingChargePerMonth: amount(20),
      capacityChargePerKwMonth: amount(6),
    });
    const tariffs = tariffConfigSchema.parse({
      classes: { a: one(), b: one() },
      default: "a",
      homes: Object.fromEntries(raw.community.prosumers.map(({ id }, i) => [id, "ab"[i % 2]])),
      local: {
        networkFeePerKwh: amount(0.06),
        vat: amount(0.3),
        networkFeeReduction: random.uniform(),
      },
      ...(random.uniform() < 0.5 && { timeZone: "Australia/Lord_Howe" }),
      community: { capacityChargePerKwMonth: amount(4) },
    });
    const { tariffs: _, ...rest } = base;
    const config = environmentConfigSchema.parse({
      ...rest,
      market: { ...base.market, networkFeePerKwh: 0, priceCapPerKwh: null },
      cost: { ...base.cost, lostLoadPricePerKwh: 60, peakPricePerKw: 0 },
      tariffs,
    });
    const own = priced(raw, tariffs);
    const env = new EnergyMarketEnv(own, config);
    const records = createRecords("wild", [0], env);
    env.reset({ seed, firstSlots: [0] });
    playWildly(env, seed, ({ info }, t) => recordSlot(records, info, t));
    assertEquals(audit(records, own).total, 0, `world ${seed}`);
    assert(records.home.cost.every(Number.isFinite));
  }
});

const faults: readonly [tariffs: object, message: string][] = [
  [{ default: "x" }, "tariffs.default: must be one of household"],
  [{ homes: { "house-01": "x" } }, "tariffs.homes.house-01: must be one of household"],
  [{ classes: {} }, "tariffs.classes: must hold 1 to 100 classes"],
  [{ classes: { household: { ...household, vat: 19 } } }, "classes.household.vat"],
  [
    { classes: { household: { ...household, feedInPerKwh: "none" } } },
    "feedInPerKwh: must be a price",
  ],
  [{ classes: { household: { energy: { kind: "flat" } } } }, "energy.pricePerKwh"],
  [{ classes: { household: { energy: { kind: "spot" } } } }, "energy.kind"],
  [
    { classes: { household, b: { ...household, networkFeePerKwh: 1 } } },
    "tariffs.local.networkFeePerKwh: must be stated, as both sides of a trade bear the same",
  ],
  [
    { classes: { household, b: { ...household, vat: 0 } }, local: { networkFeePerKwh: 0.1 } },
    "tariffs.local.vat: must be stated, as both sides of a trade bear the same",
  ],
  [{ timeZone: "Europe/Bern" }, 'tariffs.timeZone: must be a time zone such as "Europe/Berlin"'],
  [{ capacity: 3 }, "capacity"],
];
for (const [tariffs, message] of faults) {
  Deno.test(`tariffs: ${JSON.stringify(tariffs).slice(0, 60)} is refused in a line`, () => {
    const environment = { tariffs: { classes: { household }, default: "household", ...tariffs } };
    const error = assertThrows(() => parseExperiment({ environment }, "a.json"), RangeError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, "a.json: environment.tariffs");
    assert(!error.message.includes("\n"));
  });
}

Deno.test("tariffs: windows that are no times are refused", () => {
  const energy = {
    kind: "time-of-use",
    pricePerKwh: 1,
    windows: [{ from: "25:00", to: "6", pricePerKwh: 1 }],
  };
  const environment = { tariffs: { classes: { a: { energy } }, default: "a" } };
  const error = assertThrows(() => parseExperiment({ environment }, "a.json"), RangeError);
  assertStringIncludes(error.message, 'must be a time of day such as "06:00"');
});

Deno.test("tariffs: two charges on one peak, two fees, and load that is worth less are refused", () => {
  const parse = (others: object) => () => rules(charged, others);
  assertThrows(parse({ cost: { peakPricePerKw: 1 } }), Error, "both charge one peak");
  assertThrows(
    parse({ market: { networkFeePerKwh: 0.3 } }),
    Error,
    "must be left out beside tariffs",
  );
  const cheap = rules(charged, { cost: { lostLoadPricePerKwh: 5 } });
  assertThrows(
    () => new EnergyMarketEnv(priced(dataset, cheap.tariffs), cheap),
    RangeError,
    "cost.lostLoadPricePerKwh must be above what a kWh of a new peak costs",
  );
});

Deno.test("tariffs: homes that are not there, classes that are not, and unpriced data are refused", () => {
  const { tariffs } = rules({ homes: { "house-1": "household" } });
  assertThrows(() => priced(dataset, tariffs), RangeError, "did you mean house-01?");
  const mixed = synthesize({ seed: 1, prosumers: 4, days: 1, dtHours: 1, tariff: "mixed" });
  assertThrows(() => priced(mixed, rules({}).tariffs), RangeError, "tariffs.classes must hold");
  const other = "environment.tariffs must be what the data set is priced by";
  assertThrows(() => new EnergyMarketEnv(dataset, rules({})), RangeError, other);
  const own = priced(dataset, rules({}).tariffs);
  assertThrows(() => new EnergyMarketEnv(own, rules(charged)), RangeError, other);
});

Deno.test("tariffs: a data set keeps those that it has on disk, and a configuration replaces them", async () => {
  const business = { ...household, networkFeePerKwh: 0.03, vat: 0, standingChargePerMonth: 5 };
  const own = tariffConfigSchema.parse({
    classes: { household, business },
    default: "household",
    homes: { "house-02": "business" },
    local: { networkFeePerKwh: 0.04, vat: 0.1, communityFeePerKwh: 0.01 },
  });
  await inFolder(async (folder) => {
    await writeDataset(priced(dataset, own), `${folder}/street`);
    assert((await names(`${folder}/street`)).includes("tariffs.json"));
    const read = await readDataset(`${folder}/street`);
    assertEquals(read.charges!.tariffs, own);
    assertEquals(read.charges!.classOf, ["household", "business", "household"]);
    const plain = environmentConfigSchema.parse({ episodeDays: 1 });
    const env = new EnergyMarketEnv(read, plain);
    assertEquals(env.config.market.networkFeePerKwh, (0.04 + 0.01) * 1.1 / 2);
    const price = tariffsOf(env.dataset);
    assertAlmostEquals(price.classes[price.classOf[1]].importPricePerKwh[7], 0.15 + 0.03 + 0.02);
    const played = { dataset: read, config: plain, firstSlots: [0], seed: 1 };
    const records = await play(played, rulePolicy("self-consumption"));
    assertEquals(audit(records, read).total, 0);
    // Twice written it is the same, and another configuration begins with the first prices.
    await writeDataset(read, `${folder}/again`);
    assertEquals(await datasetHash(await readDataset(`${folder}/again`)), await datasetHash(read));
    const dynamic = rules({ classes: { household: { energy: { kind: "dynamic" } } } });
    const other = priced(read, dynamic.tariffs);
    assertEquals(other.profiles.importPricePerKwh, importPricePerKwh);
    assertEquals(new EnergyMarketEnv(other, dynamic).config.market.networkFeePerKwh, 0);
    // Whoever writes it without tariffs leaves none.
    await writeDataset(dataset, `${folder}/street`);
    assert(!(await names(`${folder}/street`)).includes("tariffs.json"));
    assertThrows(
      () =>
        new EnergyMarketEnv(
          read,
          environmentConfigSchema.parse({ market: { networkFeePerKwh: 1 } }),
        ),
      RangeError,
      "must be left out beside the data set's tariffs.json",
    );
    for (
      const [text, message] of [
        ['{"classes":{}}', "tariffs.json: classes: must hold 1 to 100 classes"],
        [
          JSON.stringify({ ...own, homes: { "house-2": "business" } }),
          'tariffs.json: homes must name homes of the data set, got "house-2", did you mean house-02?',
        ],
      ]
    ) {
      await Deno.writeTextFile(`${folder}/again/tariffs.json`, text);
      const error = await assertRejects(() => readDataset(`${folder}/again`), RangeError);
      assertStringIncludes(error.message, message.split(",")[0]);
    }
  });
});

Deno.test("tariffs: a scenario of prices is no fault of the contracts", async () => {
  const own = priced(
    dataset,
    tariffConfigSchema.parse({ classes: { household }, default: "household" }),
  );
  const spiked = applyScenario(own, "price-spike");
  const config = environmentConfigSchema.parse({ episodeDays: 1 });
  const records = await play(
    { dataset: spiked, config, firstSlots: [0], seed: 1 },
    rulePolicy("grid-only"),
  );
  assertEquals(audit(records, spiked).total, 0);
  assert(audit(records, own).total > 0);
});
