import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { bestMisreports, misreporting, sensitivity } from "../../lib/evaluation/misreports.ts";
import { correlation, priceIndicators } from "../../lib/evaluation/price_indicators.ts";
import { prosumerCosts } from "../../lib/evaluation/prosumer_bills.ts";
import { play, type Records } from "../../lib/evaluation/records.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { firstEdition } from "../helpers/first_edition.ts";

const dataset = synthesize({ seed: 42, prosumers: 6, days: 4, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const options = { dataset, config, firstSlots: [24, 72], seed: 1 };
const stores = storesOf(dataset);

/** Books with prices and powers of one's own. */
function withBooks(
  records: Records,
  { price = () => NaN, powerKw = () => 0, volumeKwh = () => 1 }: {
    readonly price?: (at: number) => number;
    readonly volumeKwh?: (at: number) => number;
    readonly powerKw?: (k: number) => number;
  },
): Records {
  const { store, community } = records;
  return {
    ...records,
    store: { ...store, powerKw: store.powerKw.map((_, k) => powerKw(k)) },
    community: {
      ...community,
      volumeKwh: community.volumeKwh.map((_, at) => volumeKwh(at)),
      clearingPricePerKwh: community.clearingPricePerKwh.map((_, at) => price(at)),
    },
  };
}

/** Tariff and ceiling of the slot with a number in the books. */
function gridPrices(at: number): [feedIn: number, ceiling: number] {
  const slot = options.firstSlots[Math.floor(at / 24)] + (at % 24);
  const { importPricePerKwh, carbonKgPerKwh, feedInTariffPerKwh } = dataset.profiles;
  const carbon = config.cost.carbonPricePerKg * carbonKgPerKwh[slot];
  return [feedInTariffPerKwh[slot], importPricePerKwh[slot] + carbon];
}

/** All stores' energy is worth the same to them, and falls over what is stored. */
const valuing = (value: number): Policy => ({
  name: "agents",
  begin: () => (_, { numbers }) => {
    numbers.forEach((_, k) => numbers[k] = k % 2 === 0 ? value : -0.6);
  },
});
const agents = valuing(-0.1);

Deno.test("price indicators: a price is inside if it lies between the grid's prices, fees taken off", async () => {
  const books = await play(options, rulePolicy("grid-only"));
  const cases: readonly [string, (at: number) => number, number][] = [
    ["at the ceiling", (at) => gridPrices(at)[1], 0],
    ["at the tariff", (at) => gridPrices(at)[0], 0],
    ["a rounding away", (at) => gridPrices(at)[0] + 1e-6, 0],
    ["beyond", (at) => gridPrices(at)[1] + 1, 0],
    ["none", () => NaN, 0],
    [
      "half of them in the middle",
      (at) => at % 2 === 0 ? 0.5 * (gridPrices(at)[0] + gridPrices(at)[1]) : 9,
      0.5,
    ],
  ];
  for (const [what, price, expected] of cases) {
    const found = priceIndicators(withBooks(books, { price }), dataset);
    assertEquals(found.insideFraction, expected, what);
    assertEquals([found.competitiveCorrelation, found.competitiveDistancePerKwh], [null, null]);
  }
  // Of the slots in which homes trade, and no number where they never do.
  const middle = (at: number) => at % 2 === 0 ? 0.5 * (gridPrices(at)[0] + gridPrices(at)[1]) : 9;
  const among = (volumeKwh: (at: number) => number) =>
    priceIndicators(withBooks(books, { price: middle, volumeKwh }), dataset).insideFraction;
  assertEquals([among((at) => at % 2 === 0 ? 1 : 1e-12), among(() => 0)], [1, null]);
  // With a fee of 0.02 a price that is 0.01 above the tariff lies at its bound.
  const market = { ...config.market, networkFeePerKwh: 0.02 };
  const withFee = { ...books, rules: { ...config, market } };
  const near = (gap: number) => withBooks(withFee, { price: (at) => gridPrices(at)[0] + gap });
  assertEquals(priceIndicators(near(0.01), dataset).insideFraction, 0);
  assertEquals(priceIndicators(near(0.03), dataset).insideFraction, 1);
});

Deno.test("price indicators: correlation and distance to the competitive price, over slots that have both", async () => {
  const books = await play(options, rulePolicy("grid-only"));
  const competitivePricePerKwh = Float64Array.from({ length: 48 }, (_, at) => 0.1 + 0.01 * at);
  competitivePricePerKwh[3] = NaN;
  const found = (price: (at: number) => number) =>
    priceIndicators(withBooks(books, { price }), dataset, { competitivePricePerKwh });
  const twice = found((at) => at === 5 ? NaN : 2 * competitivePricePerKwh[at]);
  assertAlmostEquals(twice.competitiveCorrelation!, 1, 1e-12);
  assertAlmostEquals(found((at) => -at).competitiveCorrelation!, -1, 1e-12);
  assertEquals(found(() => 0.2).competitiveCorrelation, null);
  const away = found((at) => competitivePricePerKwh[at] + (at % 2 === 0 ? 0.03 : -0.01));
  // 24 even slots and 23 odd ones.
  assertAlmostEquals(away.competitiveDistancePerKwh!, (24 * 0.03 + 23 * 0.01) / 47, 1e-12);
  assertEquals(found(() => NaN).competitiveDistancePerKwh, null);
  // Worked by hand: deviations −1, 0, 1 and −1, 1, 0, hence 1 ÷ √(2 · 2).
  assertAlmostEquals(correlation(Float64Array.of(1, 2, 3), Float64Array.of(1, 3, 2))!, 0.5, 1e-12);
});

Deno.test("price indicators: churn is what goes from store to store", async () => {
  const books = await play(options, rulePolicy("grid-only"));
  const count = stores.length;
  assert(count >= 3);
  const churn = (ofStore: readonly number[]) =>
    priceIndicators(withBooks(books, { powerKw: (k) => ofStore[k % count] ?? 0 }), dataset)
      .churnFraction;
  assertEquals(churn([]), null);
  assertEquals(churn([2, 3]), null);
  assertEquals(churn([-2, -3]), 0);
  assertAlmostEquals(churn([-4, 1, 2])!, 3 / 4, 1e-12);
  assertAlmostEquals(churn([-4, 9])!, 1, 1e-12);
});

Deno.test("misreports: a factor multiplies the values of the homes that lie, as curves and as numbers", async () => {
  using solver = createSolver({ workers: 1 });
  for (const policy of [agents, optimumPolicy(solver)]) {
    const truth = await play(options, policy);
    const same = await play(options, misreporting(policy, 1, () => true));
    assertEquals(same.store.powerKw, truth.store.powerKw);
    const [low, high] = await Promise.all(
      [0.5, 2].map((factor) => play(options, misreporting(policy, factor, () => true))),
    );
    const stored = ({ store }: Records) => store.endEnergyKwh.reduce((sum, kwh) => sum + kwh, 0);
    assertLess(stored(low), stored(truth));
    assertLess(stored(truth), stored(high));
    // Who does not lie is worth what he was.
    const mine = stores[0].owner;
    const alone = await play(options, misreporting(policy, 2, (home) => home === mine));
    const kept = (records: Records) =>
      records.store.endEnergyKwh.filter((_, k) => k % stores.length === 0)
        .reduce((sum, kwh) => sum + kwh, 0);
    assertGreater(kept(alone), kept(truth));
    // And the truth is told again in the next play.
    assertEquals((await play(options, policy)).store.powerKw, truth.store.powerKw);
  }
});

Deno.test("misreports: the best of each home is the best of all that were tried, and no gain is no lie", async () => {
  // So little that all is sold at once, and whoever keeps some gains.
  const sellers = valuing(-0.9);
  const truth = await play(options, sellers);
  const alone = await play(options, rulePolicy("grid-only"));
  const factors = [0.6, 1.6];
  const found = await bestMisreports(options, sellers, truth, alone, factors);
  assertEquals(found.map(({ home }) => home), [...new Set(stores.map(({ owner }) => owner))]);
  const costs = prosumerCosts(truth), without = prosumerCosts(alone);
  let liars = 0;
  for (const { home, factor, gain, gainOfSaving } of found) {
    const gains = await Promise.all(factors.map(async (each) => {
      const lie = await play(options, misreporting(sellers, each, (other) => other === home));
      return costs[home] - prosumerCosts(lie)[home];
    }));
    const best = Math.max(...gains);
    assertAlmostEquals(gain, Math.max(0, best), 1e-12);
    assertEquals(factor, best > 0 ? factors[gains.indexOf(best)] : 1);
    const saving = without[home] - costs[home];
    if (saving > 0) assertAlmostEquals(gainOfSaving!, gain / saving, 1e-12);
    else assertEquals(gainOfSaving, null);
    if (gain > 0) liars++;
  }
  assertGreater(liars, 0);
});

Deno.test("misreports: at competitive prices hardly anything is gained by lying", async () => {
  using solver = createSolver({ workers: 1 });
  const policy = optimumPolicy(solver);
  const truth = await play(options, policy);
  const alone = await play(options, rulePolicy("grid-only"));
  for (const { gainOfSaving } of await bestMisreports(options, policy, truth, alone)) {
    assertLess(gainOfSaving ?? 0, 0.02);
  }
  const bound = await planOptimum(options, solver);
  const { competitiveCorrelation } = priceIndicators(truth, dataset, bound);
  assertGreater(competitiveCorrelation!, 0.98);
});

Deno.test("misreports: sensitivity is how far prices and bills move with everybody's values", async () => {
  const alone = await play(options, rulePolicy("grid-only"));
  const truth = await play(options, agents);
  const { priceFraction, largestOfSaving } = await sensitivity(options, agents, truth, alone);
  const nudged = await play(options, misreporting(agents, 1.002, () => true));
  let moved = 0, total = 0;
  truth.community.clearingPricePerKwh.forEach((price, at) => {
    moved += Math.abs(nudged.community.clearingPricePerKwh[at] - price);
    total += price;
  });
  assertAlmostEquals(priceFraction, moved / total, 1e-12);
  assertGreater(priceFraction, 0);
  const changes = prosumerCosts(truth).map((cost, home) =>
    Math.abs(prosumerCosts(nudged)[home] - cost) / (prosumerCosts(alone)[home] - cost)
  );
  assertAlmostEquals(largestOfSaving!, Math.max(...changes), 1e-9);
  // Inelastic orders have no values, and what did not move has no sensitivity.
  const inelastic = { ...options, config: firstEdition() };
  const still = await play(inelastic, rulePolicy("time-of-use"));
  const none = await sensitivity(inelastic, rulePolicy("time-of-use"), still, alone);
  assertEquals(none.priceFraction, 0);
});
