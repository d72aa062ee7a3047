import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import {
  CARBON_PRICES_PER_KG,
  PEAK_PRICES_PER_KW,
  type Sweep,
  sweepConfigs,
  sweepNames,
  sweptDataset,
  type TradeOff,
  tradeOff,
} from "../../lib/experiments/trade_offs.ts";
import { carbonBudgets, HIGHEST_PRICE_PER_KG } from "../../lib/experiments/carbon_budget.ts";
import { marginalCarbon, plantKgPerKwh } from "../../lib/data/marginal_carbon.ts";
import { optimumPolicy } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { pareto } from "../../lib/report/figures/pareto.ts";
import { renderSvg } from "../../lib/report/render.ts";

// The other end value is what the grid charges with its carbon price, and thus changes with a sweep.
const config = environmentConfigSchema.parse({ episodeDays: 1, endValue: "first-edition" });
const dataset = synthesize({ seed: 3, prosumers: 3, days: 2, dtHours: 1 });

async function optimumSweep(sweep: Sweep): Promise<TradeOff[]> {
  using solver = createSolver({ workers: 1 });
  const points: TradeOff[] = [];
  for (const swept of sweepConfigs(config, sweep)) {
    const charged = sweptDataset(dataset, sweep);
    const options = { dataset: charged, config: swept, firstSlots: [0, 24], seed: 1 };
    const { summary: [row], records: [books] } = await evaluate(options, [optimumPolicy(solver)]);
    points.push(tradeOff(sweep, row, books, dataset, swept));
  }
  return points;
}

Deno.test("trade-offs: a sweep changes its own price and nothing else", () => {
  for (
    const [sweep, prices] of [
      ["carbon", CARBON_PRICES_PER_KG],
      ["peak", PEAK_PRICES_PER_KW],
    ] as const
  ) {
    const field = sweep === "carbon" ? "carbonPricePerKg" : "peakPricePerKw";
    const swept = sweepConfigs(config, sweep);
    assertEquals(swept.map(({ cost }) => cost[field]), prices);
    for (const { cost, ...rest } of swept) {
      assertEquals({ ...rest, cost: { ...cost, [field]: config.cost[field] } }, config);
    }
  }
});

Deno.test("trade-offs: the charges that are swept are no part of the cost of energy", async () => {
  const energy = await Promise.all(
    sweepConfigs(config, "peak").map(async (swept) => {
      const options = { dataset, config: swept, firstSlots: [0, 24], seed: 1 };
      const { summary: [row], records: [books] } = await evaluate(options, [
        rulePolicy("grid-only"),
      ]);
      return tradeOff("peak", row, books, dataset, swept).energyCostPerDay;
    }),
  );
  // A policy that does not look at prices pays the same for energy, whatever they are.
  for (const cost of energy) assertAlmostEquals(cost, energy[0], 1e-9);
});

Deno.test("trade-offs: the peak of an episode of several days is charged once", async () => {
  const peakPricePerKw = 0.8;
  const twoDays = { ...config, episodeDays: 2 };
  const energyCost = async (peakPricePerKw: number) => {
    const swept = { ...twoDays, cost: { ...config.cost, peakPricePerKw } };
    const options = { dataset, config: swept, firstSlots: [0], seed: 1 };
    const { summary: [row], records: [books] } = await evaluate(options, [rulePolicy("grid-only")]);
    return tradeOff("peak", row, books, dataset, swept).energyCostPerDay;
  };
  assertAlmostEquals(await energyCost(peakPricePerKw), await energyCost(0), 1e-9);
});

for (const sweep of sweepNames) {
  Deno.test(`trade-offs: the dearer the ${sweep}, the less of it and the more for energy`, async () => {
    const points = await optimumSweep(sweep);
    const harm = (point: TradeOff) => sweep === "peak" ? point.meanPeakKw : point.emissionsKgPerDay;
    for (let k = 1; k < points.length; k++) {
      assert(harm(points[k]) <= harm(points[k - 1]) + 1e-6, `${k}: ${harm(points[k])}`);
      const [before, after] = [points[k - 1], points[k]].map((point) => point.energyCostPerDay);
      assert(after >= before - 1e-6, `${k}: ${before} to ${after}`);
    }
    assert(harm(points[0]) - harm(points[points.length - 1]) > 0.5);
  });
}

Deno.test("trade-offs: CO2 is counted by the intensity that is charged, and by both", async () => {
  for (const sweep of ["carbon", "marginal-carbon"] as const) {
    const charged = sweptDataset(dataset, sweep);
    const options = { dataset: charged, config, firstSlots: [0, 24], seed: 1 };
    const { summary: [row], records: [books] } = await evaluate(options, [rulePolicy("grid-only")]);
    const found = tradeOff(sweep, row, books, dataset, config);
    const own = sweep === "carbon"
      ? found.averageEmissionsKgPerDay
      : found.marginalEmissionsKgPerDay;
    assertAlmostEquals(found.emissionsKgPerDay, own, 1e-9);
    assert(Math.abs(found.averageEmissionsKgPerDay - found.marginalEmissionsKgPerDay) > 0.1);
  }
});

Deno.test("marginal intensity: the least carbon is curtailed sun or wind, then coal, then gas", () => {
  const { profiles: { carbonKgPerKwh } } = synthesize({
    seed: 1,
    prosumers: 1,
    days: 100,
    dtHours: 1,
  });
  const marginal = marginalCarbon(carbonKgPerKwh);
  const kinds = Map.groupBy(marginal, (kg) => kg);
  assertEquals([...kinds.keys()].toSorted((a, b) => a - b), [
    0,
    plantKgPerKwh("gas"),
    plantKgPerKwh("coal"),
  ]);
  assertAlmostEquals(kinds.get(0)!.length / 2400, 0.05, 1e-3);
  assertAlmostEquals(kinds.get(plantKgPerKwh("coal"))!.length / 2400, 0.35, 1e-3);
  const highest = (kg: number) =>
    Math.max(...carbonKgPerKwh.filter((_, slot) => marginal[slot] === kg));
  assert(highest(0) < highest(plantKgPerKwh("coal")));
  assert(highest(plantKgPerKwh("coal")) < highest(plantKgPerKwh("gas")));
});

Deno.test("budgets of CO2: the least price that keeps each, and none where none does", async () => {
  const at = (carbonPricePerKg: number) =>
    Promise.resolve({
      ...point("carbon", "optimum", carbonPricePerKg ** 2, 0),
      carbonPricePerKg,
      emissionsKgPerDay: 100 - 5 * carbonPricePerKg,
    });
  const budgets = await carbonBudgets(at);
  assertEquals(budgets.map(({ budgetKgPerDay }) => Math.round(budgetKgPerDay)), [95, 90, 85, 80]);
  for (const { carbonPricePerKg, budgetKgPerDay, emissionsKgPerDay, extraCostPerDay } of budgets) {
    const price = (100 - budgetKgPerDay) / 5;
    if (price > HIGHEST_PRICE_PER_KG) {
      assertEquals([carbonPricePerKg, emissionsKgPerDay, extraCostPerDay], [null, null, null]);
      continue;
    }
    assertAlmostEquals(carbonPricePerKg!, price, HIGHEST_PRICE_PER_KG / 1000);
    assert(emissionsKgPerDay! <= budgetKgPerDay);
    assertAlmostEquals(extraCostPerDay!, carbonPricePerKg! ** 2, 1e-9);
  }
});

Deno.test("price of CO2: a tariff that is said to hold it leaves none to be charged on top", () => {
  const cost = (given: object) => environmentConfigSchema.parse({ cost: given }).cost;
  assertEquals(cost({}).carbonPricePerKg, 0.075);
  assertEquals(cost({ tariffHoldsCarbonPrice: false }).carbonPricePerKg, 0.075);
  const held = cost({ tariffHoldsCarbonPrice: true });
  assertEquals([held.carbonPricePerKg, held.tariffHoldsCarbonPrice], [0, true]);
  assertEquals(cost(held), held);
  assertEquals(cost({ tariffHoldsCarbonPrice: true, carbonPricePerKg: 0.1 }).carbonPricePerKg, 0.1);
});

const point = (sweep: Sweep, policy: string, energyCostPerDay: number, harm: number): TradeOff => ({
  sweep,
  policy,
  carbonPricePerKg: sweep === "carbon" ? energyCostPerDay / 10 : 0,
  peakPricePerKw: sweep === "peak" ? energyCostPerDay / 10 : 0,
  energyCostPerDay,
  emissionsKgPerDay: harm,
  averageEmissionsKgPerDay: harm,
  marginalEmissionsKgPerDay: harm,
  meanPeakKw: harm,
});

Deno.test("pareto: the title says what the most of each sweep costs", () => {
  const figure = pareto([
    point("carbon", "optimum", 1, 9),
    point("carbon", "optimum", 3, 4),
    point("peak", "optimum", 1, 8),
    point("peak", "optimum", 1.5, 2),
    point("peak", "learned", 2, 8),
    point("peak", "learned", 2 + 1e-12, 8),
  ], { subject: "two homes", currency: "CHF" });
  assertEquals(
    figure.title,
    "optimum: 5.0 kg/d less CO2 costs 2.00 CHF/d, 6.0 kW less mean peak costs 0.50 CHF/d",
  );
  assertEquals(figure.legend.map(({ symbol }) => symbol), ["line", "dot"]);
  assertEquals(figure.panels.length, 2);
  assertStringIncludes(renderSvg(figure), "CHF/d]");
  assertThrows(() => pareto([], { subject: "", currency: "EUR" }), RangeError, "no trade-offs");
});
