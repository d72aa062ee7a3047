import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../../lib/env/config.ts";
import { communityResults } from "../../lib/evaluation/community_results.ts";
import {
  balanceErrorKw,
  dayKwh,
  energyDay,
  energyDays,
  hourlySpread,
} from "../../lib/evaluation/energy_day.ts";
import { resultsCsv } from "../../lib/evaluation/export.ts";
import { play } from "../../lib/evaluation/records.ts";
import { readResults } from "../../lib/evaluation/results.ts";
import { clearOrders, welfare } from "../../lib/market/auction.ts";
import { ordersOf } from "../../lib/market/book_orders.ts";
import { homeCurve } from "../../lib/market/certified_curves.ts";
import { createMarketBook } from "../../lib/market/market_book.ts";
import { mechanismNamed } from "../../lib/market/mechanisms/mod.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { bars } from "../../lib/report/figures/bars.ts";
import { dayPrices, energyBalance, energyFlows } from "../../lib/report/figures/energy_day.ts";
import { feasibleSet } from "../../lib/report/figures/feasible_set.ts";
import { lines } from "../../lib/report/figures/lines.ts";
import { clearedBooks } from "../../lib/report/figures/cleared_book.ts";
import { meterCurves } from "../../lib/report/figures/meter_curves.ts";
import { storeBids } from "../../lib/report/figures/store_bids.ts";
import { ladderTable, readLadder } from "../../lib/report/ladder_file.ts";
import { policyStyle } from "../../lib/report/palette.ts";
import { renderSvg } from "../../lib/report/render.ts";

const dataset = synthesize({
  seed: 1,
  prosumers: 5,
  days: 4,
  dtHours: 0.5,
  start: "2025-06-10T00:00:00+01:00",
});
const config = { ...defaultEnvironmentConfig, episodeDays: 1 };
const options = { dataset, config, firstSlots: [48, 96], seed: 1 };
const records = await play(options, rulePolicy("self-consumption"));
const homes = dataset.community.prosumers;

Deno.test("energy day: the homes add up to the community, whose trades cancel out", () => {
  const community = energyDay(records, dataset, { episode: 1 });
  const each = homes.map(({ id }) => energyDay(records, dataset, { episode: 1, prosumer: id }));
  for (
    const name of ["loadKw", "pvKw", "storesKw", "gridKw", "unservedKw", "curtailedKw"] as const
  ) {
    const sum = each.reduce((total, day) => total + dayKwh(day, (slot) => slot[name]), 0);
    assertAlmostEquals(dayKwh(community, (slot) => slot[name]), sum, 1e-9, name);
  }
  const traded = each.reduce((total, day) => total + dayKwh(day, (slot) => slot.tradedKw), 0);
  assertAlmostEquals(traded, 0, 1e-9);
  for (const day of [community, ...each]) assert(balanceErrorKw(day) < 1e-9);
});

Deno.test("energy day: a balance that does not hold is measured", () => {
  const day = energyDay(records, dataset, { prosumer: "house-01" });
  const slots = day.slots.map((slot, k) =>
    k === 3 ? { ...slot, gridKw: slot.gridKw + 0.25 } : slot
  );
  assertAlmostEquals(balanceErrorKw({ ...day, slots }), 0.25, 1e-12);
});

Deno.test("energy day: a home that is not there is refused with those that are", () => {
  assertThrows(() => energyDay(records, dataset, { prosumer: "house-9" }), RangeError, "house-01");
});

Deno.test("energy day: an episode of several days has them side by side in the spread", async () => {
  const twoDays = { ...config, episodeDays: 2 };
  const played = await play(
    { dataset, config: twoDays, firstSlots: [48], seed: 1 },
    rulePolicy("grid-only"),
  );
  const spread = hourlySpread(energyDays(played, dataset), ({ loadKw }) => loadKw);
  assertEquals(spread.map(({ x }) => x), Array.from({ length: 48 }, (_, k) => k / 2));
});

Deno.test("energy day: the spread by the hour has the median between its quartiles", () => {
  const spread = hourlySpread(energyDays(records, dataset), ({ loadKw }) => loadKw);
  assertEquals(spread.length, 48);
  for (const { low, y, high } of spread) assert(low <= y && y <= high);
});

Deno.test("community results: the same as reading the file that is written from the books", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, [...resultsCsv([records], dataset)].join(""));
  const [read, direct] = [await readResults(path), communityResults([records], dataset)];
  await Deno.remove(path);
  assertEquals([direct.policies, direct.days, direct.dtHours], [
    read.policies,
    read.days,
    read.dtHours,
  ]);
  direct.slots.forEach((slot, k) => {
    for (const [name, value] of Object.entries(slot)) {
      const other = read.slots[k][name as keyof typeof slot];
      if (typeof value === "number") assertAlmostEquals(value, other as number, 1e-9, name);
      else assertEquals(value, other, name);
    }
  });
});

const order = (id: string, quantityKwh: number, pricePerKwh: number) => ({
  id,
  quantityKwh,
  pricePerKwh,
});

Deno.test("welfare: no fills are worth more than those of the auction at the same limits", () => {
  const orders = {
    bids: [order("a", 2, 0.4), order("b", 1, 0.2)],
    asks: [order("c", 1, 0.1), order("d", 2, 0.3)],
  };
  const best = welfare(orders, clearOrders(orders).fills);
  assertAlmostEquals(best, 0.4, 1e-12);
  assert(welfare(orders, new Map([["b", 1], ["c", 1]])) < best);
  assert(welfare(orders, new Map([["b", 1], ["d", 1]])) < 0);
});

const style = policyStyle("learned");
const texts = { title: "t", subtitle: "s", description: "d" };
const day = energyDay(records, dataset, { prosumer: "house-01" });
const market = { currency: "EUR", ceilingPerKwh: 0.32, feedInPerKwh: 0.08 };
const book = createMarketBook({ homes: 2, owners: [1] });
book.ceilingPerKwh[0] = market.ceilingPerKwh;
book.feedInPerKwh[0] = market.feedInPerKwh;
book.loadKwh.set([0.5, 1]);
book.sunKwh[0] = 2;
book.chargeMostKwh[0] = 4;
book.valuePerKwh[0] = 0.25;
mechanismNamed("uniform-price").clear(book);
const slots = ["one", "two"].map((title) => ({ title, orders: ordersOf(book, ["battery"]) }));
const battery = homes.find(({ battery }) => battery !== null)!.battery!;
const valued = {
  battery,
  energyKwh: battery.capacityKwh / 2,
  valuePerKwh: 0.25,
  fallPerKwh: 0.02,
  wearPerKwh: 0.01,
};
const figures = {
  flows: energyFlows(day),
  balance: energyBalance(day),
  prices: dayPrices(day, "EUR"),
  set: feasibleSet(
    [{ socFraction: 0, chargeLimitKw: 2, dischargeLimitKw: 0 }, {
      socFraction: 1,
      chargeLimitKw: 0,
      dischargeLimitKw: 2,
    }],
    [
      { socFraction: 0.5, chargeLimitKw: 2, dischargeLimitKw: 2, powerKw: 2 },
      { socFraction: 1, chargeLimitKw: 0, dischargeLimitKw: 2, powerKw: 0.1 },
    ],
  ),
  gallery: clearedBooks(slots, { ...texts, currency: "EUR", topPerKwh: 0.4 }),
  meters: meterCurves(
    [0, 1].map((home) => ({ name: `home ${home}`, curve: homeCurve(book, 0, home) })),
    market,
  ),
  bids: storeBids(valued, "EUR"),
  bars: bars([{ bars: [{ label: "a", value: 1, style }], label: "x", format: String }], texts),
  lines: lines([{
    lines: [{ label: "a", style, points: [{ x: 0, y: null }, { x: 1, y: 1 }] }],
    y: { label: "y" },
  }], {
    ...texts,
    x: { label: "x" },
  }),
};
for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`figures: ${name} is drawn wide and narrow without a number that is none`, () => {
    for (const width of [720, 358]) {
      const svg = renderSvg(figure, { width });
      assertStringIncludes(svg, `viewBox="0 0 ${width} `);
      assert((svg.match(/<(?:path|rect|circle|line) /g)?.length ?? 0) > 3);
      for (const broken of ["NaN", "undefined", "Infinity", "var(--"]) {
        assertEquals(svg.includes(broken), false, `${name} has ${broken}`);
      }
    }
  });
}

Deno.test("feasible set: the title counts what lies outside", () => {
  assertStringIncludes(figures.set.title, "Of 2 decisions, 1 led to");
});

Deno.test("store bids: losses and wear part the prices at which it charges and gives", () => {
  const { title } = storeBids({
    ...valued,
    battery: { ...battery, chargeEfficiency: 0.9, dischargeEfficiency: 0.8 },
  }, "CHF");
  assertStringIncludes(title, "charges below 0.225 and gives above 0.323 CHF/kWh");
});

Deno.test("cleared books: the energy that is matched is what loads and stores take", () => {
  const { bids, asks, matchedKwh, pricePerKwh } = slots[0].orders;
  assertEquals(pricePerKwh, book.pricePerKwh[0]);
  assertAlmostEquals(matchedKwh, 1.5 + book.storeKwh[0], 1e-12);
  assertEquals(new Set(bids.map(({ id }) => id)), new Set(["load", "battery", "grid"]));
  assertEquals(new Set(asks.map(({ id }) => id)), new Set(["sun", "grid"]));
});

Deno.test("figures: panels stand side by side where there is room, and under each other elsewhere", () => {
  const height = (width: number) =>
    Number(/viewBox="0 0 \d+ (\d+)"/.exec(renderSvg(figures.gallery, { width }))![1]);
  assert(height(358) > 1.5 * height(720));
});

Deno.test("ladder: the committed one is read, and a broken one is refused with the remedy", async () => {
  const committed = new URL("../../docs/results/ladder_R1.json", import.meta.url).pathname;
  const ladder = await readLadder(["nowhere/ladder.json", committed]);
  assertEquals(ladder.path, committed);
  assertEquals(ladderTable(ladder).rows.length, ladder.rows.length);
  const names = ladder.rows.map(({ policy }) => policy);
  for (const name of ["grid-only", "learned", "mpc", "optimum"]) assert(names.includes(name), name);
  const broken = await Deno.makeTempFile();
  await Deno.writeTextFile(broken, '{"title": "x"}');
  const error = await readLadder([broken]).then(() => null, (reason: Error) => reason);
  await Deno.remove(broken);
  assertStringIncludes(String(error?.message), "deno task benchmark");
});
