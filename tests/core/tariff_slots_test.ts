/**
 * Slots in which prices are not what one expects: tariffs by class, importing for less than exporting
 * earns, prices below 0, a price of the peak.
 *
 * @module
 */

import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import type { Ledger } from "../../lib/env/columns.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { SLOT_FLAGS } from "../../lib/market/market_book.ts";
import { begin, playWildly } from "../helpers/play.ts";
import { smallCommunity } from "../helpers/small_community.ts";
import { world } from "../helpers/worlds.ts";

const rules = (changes: object = {}) =>
  environmentConfigSchema.parse({ episodeDays: 1, ...changes });
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

/** A data set whose homes have these classes of tariff in turn. */
function classed(dataset: Dataset, tariffs: NonNullable<Dataset["tariffs"]>): Dataset {
  const names = Object.keys(tariffs);
  const prosumers = dataset.community.prosumers.map((prosumer, i) => (
    { ...prosumer, tariffClass: names[i % names.length] }
  ));
  return { ...dataset, tariffs, community: { ...dataset.community, prosumers } };
}

/** What a day comes to under numbers drawn by a seed. */
function day(dataset: Dataset, config = rules()) {
  const env = begin({ dataset, config, seed: 1 });
  const slots: (Ledger & { flags: number })[] = [];
  playWildly(env, 3, ({ info }) => {
    slots.push({ ...structuredClone(info), flags: env.book?.slotFlags[0] ?? 0 });
  });
  return slots;
}

Deno.test("tariffs: classes that are alike are one tariff", () => {
  fc.assert(
    fc.property(world, ({ dataset: drawnData, config: drawn, seed }) => {
      // Load that is worth no more than sun is served or not, as it comes.
      const config = { ...drawn, cost: { ...drawn.cost, lostLoadPricePerKwh: 10 } };
      const { feedInTariffPerKwh } = drawnData.profiles;
      // Where both prices are alike it is all the same who trades.
      const importPricePerKwh = drawnData.profiles.importPricePerKwh
        .map((price, t) => price === feedInTariffPerKwh[t] ? price + 0.01 : price);
      const dataset = { ...drawnData, profiles: { ...drawnData.profiles, importPricePerKwh } };
      const same = () => ({
        importPricePerKwh: importPricePerKwh.slice(),
        feedInTariffPerKwh: feedInTariffPerKwh.slice(),
      });
      const common = begin({ dataset, config, seed });
      const two = begin({ dataset: classed(dataset, { a: same(), b: same() }), config, seed });
      const play = (env: EnergyMarketEnv) => {
        const seen: (Ledger & { binds: boolean })[] = [];
        playWildly(env, seed, ({ info }) => {
          seen.push({ ...structuredClone(info), binds: (env.book?.premiumPerKwh[0] ?? 0) !== 0 });
        });
        return seen;
      };
      const [one, other] = [play(common), play(two)];
      one.forEach((ledger, t) => {
        const also = other[t];
        ledger.powerKw.forEach((kw, k) => assertAlmostEquals(also.powerKw[k], kw, 1e-9));
        const size = sum(ledger.netKwh.map(Math.abs)) + sum(ledger.pvKw) + sum(ledger.loadKw);
        assertAlmostEquals(sum(also.cost), sum(ledger.cost), 1e-6 * (1 + size));
        // Behind a connection that binds, a whole range of prices may clear, at which rents differ.
        if (ledger.binds || also.binds) return;
        // The market rounds prices to 1e-6.
        ledger.cost.forEach((cost, i) => {
          assertAlmostEquals(also.cost[i], cost, 1e-6 * (1 + size));
        });
      });
    }),
    { numRuns: 40, seed: 21 },
  );
});

Deno.test("tariffs: a home on another tariff pays its own, and can see it alone", () => {
  const dataset = smallCommunity();
  const { importPricePerKwh, feedInTariffPerKwh } = dataset.profiles;
  const plain = { importPricePerKwh, feedInTariffPerKwh };
  const dear = { ...plain, importPricePerKwh: importPricePerKwh.map((price) => 2 * price) };
  const both = classed(dataset, { plain, dear });
  const slots = day(both, rules({ market: { mechanism: "grid-only" } }));
  slots.forEach(({ gridKwh, bill }, t) => {
    gridKwh.forEach((kwh, i) => {
      const price = kwh > 0 ? importPricePerKwh[t] * (i === 1 ? 2 : 1) : feedInTariffPerKwh[t];
      assertAlmostEquals(bill[i], kwh * price, 1e-9);
    });
  });
  const { observationSpace, observation } = begin({ dataset: both, config: rules(), seed: 1 });
  const at = observationSpace.own.indexOf("importPricePerKwh");
  const seen = [0, 1, 2].map((i) => observation.own[i * observationSpace.own.length + at]);
  assertEquals(seen, [0.2, 0.4, 0.2]);
});

/** The small community, its prices changed in the noon hours. */
function atNoon(change: Partial<Record<"importPricePerKwh" | "feedInTariffPerKwh", number>>) {
  const dataset = smallCommunity();
  const profiles = { ...dataset.profiles };
  for (const [name, price] of Object.entries(change)) {
    profiles[name as keyof typeof change] = profiles[name as keyof typeof change]
      .map((before, t) => t >= 10 && t < 15 ? price : before);
  }
  return { ...dataset, profiles };
}
const isNoon = (_: unknown, t: number) => t >= 10 && t < 15;

Deno.test("tariffs: where importing costs less than exporting earns nobody trades, and nobody resells", () => {
  const dataset = atNoon({ importPricePerKwh: 0.02, feedInTariffPerKwh: 0.08 });
  for (const ledger of day(dataset).filter(isNoon)) {
    assert(ledger.flags & SLOT_FLAGS.inverted);
    assertEquals([...ledger.tradedKwh], [0, 0, 0]);
    // Each meter is on one side, hence its bill that of what went through it.
    ledger.gridKwh.forEach((kwh, i) => {
      assertAlmostEquals(kwh, ledger.netKwh[i], 1e-12);
      assertAlmostEquals(ledger.bill[i], kwh * (kwh > 0 ? 0.02 : 0.08), 1e-9);
    });
  }
});

Deno.test("tariffs: nobody gives away sun for a price below 0, unless being rid of it costs more", () => {
  const dataset = atNoon({ importPricePerKwh: 0.1, feedInTariffPerKwh: -0.05 });
  const idle = (config = rules()) => {
    const env = begin({ dataset, config, seed: 1 });
    // Worth more than the grid asks: full by noon.
    const numbers = env.decision.numbers.map((_, k) => k % 2 === 0 ? 1 : -1);
    return Array.from({ length: 24 }, () => structuredClone(env.step(numbers).info)).filter(isNoon);
  };
  const noon = idle();
  assertGreater(noon.reduce((kw, { curtailedKw }) => kw + sum(curtailedKw), 0), 1);
  for (const { gridKwh, clearingPricePerKwh } of noon) {
    assert(gridKwh.every((kwh) => kwh >= -1e-12), "nothing is exported for a price below 0");
    assert(clearingPricePerKwh[0] >= 0);
  }
  const given = idle(rules({ cost: { curtailmentPricePerKwh: 0.06 } }));
  for (const { curtailedKw, gridKwh } of given) {
    assertAlmostEquals(sum(curtailedKw), 0, 1e-12);
    assert(sum(gridKwh) < 0);
  }
  const unused = idle(rules({ cost: { curtailmentPricePerKwh: 0.04 } }));
  assertGreater(unused.reduce((kw, { curtailedKw }) => kw + sum(curtailedKw), 0), 1);
});

Deno.test("tariffs: whoever is paid to import uses no sun and fills the store", () => {
  const dataset = atNoon({ importPricePerKwh: -0.1, feedInTariffPerKwh: -0.15 });
  const config = rules({ cost: { carbonPricePerKg: 0 }, initialSoc: 0 });
  const env = begin({ dataset, config, seed: 1 });
  // Worth the middle of the prices, hence charged where that is paid for.
  const numbers = env.decision.numbers.map((_, k) => k % 2 === 0 ? 0 : -1);
  for (let t = 0; t < 24; t++) {
    const { info } = env.step(numbers);
    if (!isNoon(null, t)) continue;
    assertAlmostEquals(info.clearingPricePerKwh[0], -0.1, 1e-6);
    assert(info.powerKw[0] >= 0 && (t < 13 || info.endEnergyKwh[0] > 7.99));
    assertAlmostEquals(sum(info.curtailedKw), sum(info.pvKw), 1e-9);
  }
});

Deno.test("tariffs: the price of a new peak stands in the grid's ask, and stores flatten it", () => {
  const dataset = synthesize({ seed: 7, prosumers: 6, days: 1, dtHours: 1 });
  const play = (peakPricePerKw: number) => {
    const env = new EnergyMarketEnv(dataset, rules({ cost: { peakPricePerKw } }));
    env.reset({ seed: 1, firstSlots: [0] });
    let bills = 0, highest = 0, dearest = 0;
    // What is stored is worth more than any hour's price, but not than a peak's.
    const numbers = env.decision.numbers.map((_, k) => k % 2 === 0 ? 0.9 : -1);
    for (let t = 0; t < 24; t++) {
      const { info } = env.step(numbers);
      const netKw = sum(info.gridKwh);
      bills += sum(info.bill);
      const { importPricePerKwh } = dataset.profiles;
      const owed = info.gridKwh.reduce((owed, kwh) => {
        return owed +
          kwh * (kwh > 0 ? importPricePerKwh[t] : dataset.profiles.feedInTariffPerKwh[t]);
      }, 0);
      bills -= owed;
      highest = Math.max(highest, netKw);
      if (info.clearingPricePerKwh[0] > dearest) dearest = info.clearingPricePerKwh[0];
    }
    return { beyond: bills, highest, dearest };
  };
  const free = play(0), priced = play(2);
  assertAlmostEquals(free.beyond, 0, 1e-6);
  assert(priced.highest < free.highest, `${priced.highest} against ${free.highest} kW`);
  assertGreater(priced.dearest, Math.max(...dataset.profiles.importPricePerKwh) + 1);
  // What is paid beyond tariffs is the highest import, once.
  assertAlmostEquals(priced.beyond, 2 * priced.highest, 1e-6);
});
