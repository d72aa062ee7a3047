import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { gini, prosumerBills } from "../../lib/evaluation/prosumer_bills.ts";
import { type Bound, capturedShare } from "../../lib/evaluation/bound.ts";
import {
  clippedSum,
  meanPeak,
  oneMinusLoadFactor,
  ramping,
} from "../../lib/evaluation/citylearn_kpis.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { summaryCsv } from "../../lib/evaluation/export.ts";
import { episodeCosts, type Kpis } from "../../lib/evaluation/kpis.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";

const dataset = synthesize({ seed: 2, prosumers: 5, days: 3, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const options = { dataset, config, firstSlots: [0, 24, 48], seed: 9 };
const rule = (name: string) => rulePolicy(name);
const table = await Deno.readTextFile(new URL("../../docs/kpis.md", import.meta.url));

/** Two homes, three slots; hand-computed, after CityLearn 3 `tests/test_kpi_golden.py`. */
const golden = {
  price: [0.1, 0.2, 0.3],
  carbon: [0.5, 0.4, 0.3],
  a: [2, 0, 4],
  b: [-1, 3, -2],
  district: [1, 3, 2],
};

Deno.test("kpis: CityLearn's formulas give the golden costs, emissions and imports", () => {
  const cost = (net: number[]) => clippedSum(net, (t) => golden.price[t]);
  const emissions = (net: number[]) => clippedSum(net, (t) => golden.carbon[t]);
  assertAlmostEquals(cost(golden.a), 1.4, 1e-12);
  assertAlmostEquals(cost(golden.b), 0.6, 1e-12);
  assertAlmostEquals(cost(golden.district), 1.3, 1e-12);
  assertAlmostEquals(emissions(golden.a), 2.2, 1e-12);
  assertAlmostEquals(emissions(golden.b), 1.2, 1e-12);
  assertAlmostEquals(emissions(golden.district), 2.3, 1e-12);
  assertEquals(clippedSum(golden.district, () => 1), 6);
});

Deno.test("kpis: ramping, peak and load factor by CityLearn, worked by hand", () => {
  assertEquals(ramping(golden.b), 4);
  assertEquals(ramping(golden.b, true), 4 + 5);
  assertEquals(meanPeak([1, 5, 2, 3, 4, 4], 3), (5 + 4) / 2);
  // Windows of two: 1 − 1.5/2 and 1 − 3/4; the last holds one slot, which is its own peak.
  assertAlmostEquals(oneMinusLoadFactor([1, 2, 4, 2, 3], 2)!, (0.25 + 0.25 + 0) / 3, 1e-12);
  assertAlmostEquals(oneMinusLoadFactor([-1, 3], 2)!, 1 - 1 / 3, 1e-12);
  assertEquals(oneMinusLoadFactor([-1, -3, 0], 3), null);
});

Deno.test("kpis: every indicator stands in the table of the docs, and nothing else", async () => {
  const { summary: [row] } = await evaluate(options, [rule("trade-only")]);
  const [ofEvaluations] = table.split("## Prices, values and misreports");
  const listed = [...ofEvaluations.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  assertEquals(listed, Object.keys(row));
});

Deno.test("kpis: all but the time it takes is the same in every run", async () => {
  const names = ["grid-only", "time-of-use"];
  const [first, second] = [
    await evaluate(options, names.map(rule)),
    await evaluate(options, names.map(rule)),
  ];
  first.summary.forEach((row, k) => {
    assertGreater(row.microsecondsPerDecision, 0);
    const microsecondsPerDecision = row.microsecondsPerDecision;
    assertEquals({ ...second.summary[k], microsecondsPerDecision }, row);
  });
});

Deno.test("kpis: the books of every prosumer add up to those of the community", async () => {
  const { records: [books], summary: [row], bills, reference } = await evaluate(options, [
    rule("self-consumption"),
  ]);
  const total = (field: "billPerDay" | "costPerDay" | "costChangePerDay") =>
    bills.reduce((sum, bill) => sum + bill[field], 0);
  assertEquals(bills.length, 5);
  assertAlmostEquals(total("billPerDay"), row.billPerDay, 1e-9);
  assertAlmostEquals(total("costPerDay"), row.costPerDay, 1e-9);
  assertAlmostEquals(total("costChangePerDay"), -row.savingPerDay, 1e-9);
  assertEquals(bills, prosumerBills(books, reference, dataset));
});

Deno.test("kpis: the worst prosumer is the one whose cost changes least in its favour", async () => {
  const { summary: [row], bills } = await evaluate(options, [rule("self-consumption")]);
  const worst = bills.find(({ prosumer }) => prosumer === row.worstProsumer)!;
  assertEquals(worst.costChangePerDay, row.worstProsumerCostChangePerDay);
  for (const { costChangePerDay } of bills) {
    assert(costChangePerDay <= row.worstProsumerCostChangePerDay);
  }
});

Deno.test("kpis: a day of two homes in half hours, worked by hand", async () => {
  // A takes 1 kW all day; B has 3 kW of sun for half a day, of which the connection lets 2 kW pass:
  // 1 kW to A and 1 kW to the grid.
  const day = (first: number, second: number) => new Float64Array(48).fill(first).fill(second, 24);
  const homes = {
    community: {
      name: "two homes",
      currency: "EUR",
      prosumers: ["A", "B"].map((id) => ({ id, pvCapacityKw: 3, battery: null })),
    },
    profiles: {
      grid: { startMs: 0, utcOffsetMinutes: 0, dtHours: 0.5, slots: 48 },
      loadKw: Float64Array.of(...day(1, 1), ...day(0, 0)),
      pvKw: Float64Array.of(...day(0, 0), ...day(3, 0)),
      importPricePerKwh: day(0.3, 0.3),
      feedInTariffPerKwh: day(0.1, 0.1),
      carbonKgPerKwh: day(0.5, 0.5),
      gridImportLimitKw: day(Infinity, Infinity),
      gridExportLimitKw: day(1, 1),
    },
  };
  const played = { dataset: homes, config, firstSlots: [0], seed: 1 };
  const { summary } = await evaluate(played, [rule("grid-only"), rule("trade-only")]);
  const both = {
    days: 1,
    physicalEmissionsKgPerDay: 6,
    importKwhPerDay: 12,
    exportKwhPerDay: 12,
    curtailedKwhPerDay: 12,
    unservedKwhPerDay: 0,
    selfSufficiency: 0.5,
    selfConsumption: 1 / 3,
    meanPeakKw: 1,
    highestPeakKw: 1,
    rampingKw: 2 / 47,
    loadFactor: 0.5,
    batteryCyclesPerDay: null,
    prosumersWorseOff: 0,
    interventionFraction: 0,
    residualViolations: 0,
    cityLearnCostPerDay: 7.2,
    cityLearnEmissionsKgPerDay: 12,
    cityLearnRampingKwhPerDay: 1,
    cityLearnOneMinusLoadFactor: 1,
  };
  const expected: readonly Partial<Kpis>[] = [
    {
      ...both,
      costPerDay: 24 * 0.3 - 24 * 0.1 + 0.075 * 12,
      billPerDay: 24 * 0.3 - 24 * 0.1,
      contractualEmissionsKgPerDay: 12,
      tradedKwhPerDay: 0,
      pricedSlotFraction: 1,
      meanClearingPricePerKwh: null,
    },
    {
      ...both,
      costPerDay: 12 * 0.3 - 12 * 0.1 + 0.075 * 6,
      billPerDay: 12 * 0.3 - 12 * 0.1,
      contractualEmissionsKgPerDay: 6,
      tradedKwhPerDay: 12,
      pricedSlotFraction: 1,
      worstProsumer: "B",
    },
  ];
  expected.forEach((indicators, k) => {
    for (const [name, value] of Object.entries(indicators)) {
      const found = summary[k][name as keyof Kpis];
      if (typeof value === "number") assertAlmostEquals(found as number, value, 1e-9, name);
      else assertEquals(found, value, name);
    }
  });
});

/** A bound with made-up costs and one competitive price. */
function boundOf(cost: readonly number[], pricePerKwh: number): Bound {
  return { cost, competitivePricePerKwh: new Float64Array(24 * cost.length).fill(pricePerKwh) };
}

Deno.test("kpis: captured is 0 for the reference and 1 for who costs as little as the optimum", async () => {
  const { records: [books] } = await evaluate(options, [rule("time-of-use")]);
  const bound = boundOf(episodeCosts(books), 0.2);
  const { summary } = await evaluate(
    options,
    ["grid-only", "time-of-use", "trade-only"].map(rule),
    bound,
  );
  const [none, best, other] = summary.map(({ captured }) => captured!);
  assertEquals(none, 0);
  assertAlmostEquals(best, 1, 1e-12);
  assertAlmostEquals(other, summary[2].savingPerDay / summary[1].savingPerDay, 1e-12);
  assertAlmostEquals(summary[1].welfareLostPerDay!, 0, 1e-12);
  assertAlmostEquals(
    summary[2].welfareLostPerDay!,
    summary[2].costPerDay - summary[1].costPerDay,
    1e-12,
  );
});

Deno.test("kpis: without the optimum, or where it saves nothing, nothing is captured", async () => {
  const { summary: [row] } = await evaluate(options, [rule("trade-only")]);
  assertEquals(
    [row.captured, row.welfareLostPerDay, row.competitiveDistancePerKwh],
    [null, null, null],
  );
  assertEquals(capturedShare({ alone: 5, cost: 4, optimum: 5 }), null);
  assertEquals(capturedShare({ alone: 5, cost: 6, optimum: 3 }), -0.5);
});

Deno.test("kpis: the Gini coefficient is its definition over all pairs", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -5, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 }),
      (values) => {
        const total = values.reduce((sum, x) => sum + x, 0);
        fc.pre(total > 0.1);
        let distances = 0;
        for (const x of values) for (const y of values) distances += Math.abs(x - y);
        assertAlmostEquals(gini(values)!, distances / (2 * values.length * total), 1e-9);
      },
    ),
  );
  assertEquals(gini([-1, 1]), null);
});

/** Books of one prosumer whose grid exchange is given and who does nothing else. */
async function booksOf(gridKw: readonly number[]) {
  const slots = 24;
  const column = (value: (t: number) => number) =>
    Float64Array.from({ length: slots }, (_, t) => value(t));
  const alone = {
    community: {
      name: "one",
      currency: "EUR",
      prosumers: [{ id: "a", pvCapacityKw: 9, battery: null }],
    },
    profiles: {
      grid: { startMs: 0, utcOffsetMinutes: 0, dtHours: 1, slots },
      loadKw: column((t) => Math.max(0, gridKw[t] ?? 0)),
      pvKw: column((t) => Math.max(0, -(gridKw[t] ?? 0))),
      importPricePerKwh: column(() => 0.3),
      feedInTariffPerKwh: column(() => 0.1),
      carbonKgPerKwh: column(() => 0.4),
      gridImportLimitKw: column(() => Infinity),
      gridExportLimitKw: column(() => Infinity),
    },
  };
  const { summary: [row] } = await evaluate(
    { dataset: alone, config, firstSlots: [0], seed: 0 },
    [rule("grid-only")],
  );
  return row;
}

Deno.test("kpis: peak, ramping and load factor of a day worked by hand", async () => {
  const row: Kpis = await booksOf([2, -1, 4]);
  assertEquals([row.meanPeakKw, row.highestPeakKw], [4, 4]);
  assertAlmostEquals(row.rampingKw, (3 + 5 + 4) / 23, 1e-12);
  assertAlmostEquals(row.loadFactor!, 6 / 24 / 4, 1e-12);
  assertAlmostEquals(row.cityLearnRampingKwhPerDay, 5, 1e-12);
  assertAlmostEquals(row.cityLearnOneMinusLoadFactor!, 1 - 5 / 24 / 4, 1e-12);
  assertAlmostEquals(row.cityLearnCostPerDay, 6 * 0.3, 1e-12);
  assertAlmostEquals(row.cityLearnEmissionsKgPerDay, 6 * 0.4, 1e-12);
});

Deno.test("kpis: a day that only exports has no load factor and a peak of zero", async () => {
  const row = await booksOf([-2, -1]);
  assertEquals([row.loadFactor, row.cityLearnOneMinusLoadFactor], [null, null]);
  assertEquals(row.meanPeakKw, 0);
});

Deno.test("kpis: a ratio of nothing is no number", async () => {
  const made = synthesize({ seed: 2, prosumers: 2, days: 2, dtHours: 1 });
  const idle = {
    community: {
      ...made.community,
      prosumers: made.community.prosumers.map((home) => ({ ...home, battery: null })),
    },
    profiles: {
      ...made.profiles,
      loadKw: made.profiles.loadKw.map(() => 0),
      pvKw: made.profiles.pvKw.map(() => 0),
    },
  };
  const played = { dataset: idle, config, firstSlots: [0], seed: 1 };
  const { summary: [row] } = await evaluate(played, [rule("self-consumption")]);
  assertEquals(
    [row.selfSufficiency, row.selfConsumption, row.batteryCyclesPerDay, row.savingFraction],
    [null, null, null, null],
  );
  assertEquals([row.loadFactor, row.insideFraction, row.savingsGini], [null, null, null]);
  assertEquals(summaryCsv([row], idle.community).includes("NaN"), false);
});
