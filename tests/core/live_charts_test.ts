import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clearOrders, type Order } from "../../lib/market/auction.ts";
import { ordersOf } from "../../lib/market/book_orders.ts";
import { SLOT_FLAGS, STORE_FLAGS } from "../../lib/market/market_book.ts";
import { priceSetter } from "../../lib/market/price_setter.ts";
import { setterInWords } from "../../lib/live/page/price_words.ts";
import { uniformPrice } from "../../lib/market/mechanisms/uniform_price.ts";
import { steps } from "../../lib/report/figures/book_steps.ts";
import { notableEvents, type NotableKind, type ReportedSlot } from "../../lib/live/notable.ts";
import { randomSlot } from "../helpers/random_slots.ts";

const orders = fc.array(
  fc.record({
    kwh: fc.integer({ min: -20, max: 20 }).map((n) => n / 4),
    price: fc.integer({ min: 0, max: 12 }).map((n) => n / 40),
  }),
  { minLength: 1, maxLength: 12 },
);

Deno.test("order book: the curves are in order, hold every order and cross at the traded volume", () => {
  fc.assert(
    fc.property(orders, (orders) => {
      const side = (sign: number) =>
        orders.flatMap(({ kwh, price }, i) =>
          sign * kwh > 0 ? [{ id: String(i), quantityKwh: Math.abs(kwh), pricePerKwh: price }] : []
        );
      const demand = steps(side(1), -1), supply = steps(side(-1), 1);
      const bought = orders.reduce((sum, { kwh }) => sum + Math.max(0, kwh), 0);
      assertAlmostEquals(demand.at(-1)?.to ?? 0, bought, 1e-9);
      demand.forEach(({ price }, k) => assert(k === 0 || price <= demand[k - 1].price));
      supply.forEach(({ price }, k) => assert(k === 0 || price >= supply[k - 1].price));
      const { volumeKwh } = clearOrders({ bids: side(1), asks: side(-1) });
      // Half a quarter short of the traded volume somebody buys for what somebody sells.
      const at = (curve: typeof demand, kwh: number) => curve.find(({ to }) => to > kwh)?.price;
      if (volumeKwh > 0) {
        assert(at(demand, volumeKwh - 0.125)! >= at(supply, volumeKwh - 0.125)!);
      }
      const [bid, ask] = [at(demand, volumeKwh + 0.125), at(supply, volumeKwh + 0.125)];
      assert(bid === undefined || ask === undefined || bid < ask, "more could be traded");
    }),
    { numRuns: 300, seed: 5 },
  );
});

const unique = (side: readonly Order[], name: string) =>
  side.map((order, k) => ({ ...order, id: `${name} ${k}` }));

Deno.test("market book: as bids and asks it clears at the price that it was cleared at", () => {
  let inside = 0, withFee = 0, set = 0, between = 0;
  for (let k = 0; k < 600; k++) {
    const book = randomSlot(31, k);
    uniformPrice.clear(book);
    const flags = [book.slotFlags.slice(), book.storeFlags.slice()];
    const names = Array.from({ length: book.stores }, (_, s) => `store ${s}`);
    const { bids, asks, pricePerKwh, matchedKwh } = ordersOf(book, names);
    assertEquals([book.slotFlags, book.storeFlags], flags);
    if (pricePerKwh === null || (book.slotFlags[0] & SLOT_FLAGS.inverted) !== 0) continue;
    const { clearingInterval, volumeKwh } = clearOrders({
      bids: unique(bids, "bid"),
      asks: unique(asks, "ask"),
    });
    if (clearingInterval === null) continue;
    const [low, high] = clearingInterval;
    const setter = priceSetter({ bids, asks, pricePerKwh, matchedKwh })!;
    if (setter.kind === "set") {
      for (const id of setter.by) {
        const own = [...bids, ...asks].filter((order) => order.id === id);
        assert(own.some((order) => Math.abs(order.pricePerKwh - pricePerKwh) < 1e-6), `slot ${k}`);
      }
      set++;
    } else {
      assert(low < pricePerKwh && pricePerKwh < high, `slot ${k}: nobody sets ${pricePerKwh}`);
      assertAlmostEquals(setter.below?.pricePerKwh ?? low, low, 1e-6);
      assertAlmostEquals(setter.above?.pricePerKwh ?? high, high, 1e-6);
      between++;
    }
    assert(low - 1e-6 <= pricePerKwh && pricePerKwh <= high + 1e-6, `slot ${k}`);
    // Of equal prices, a market leaves the grid alone where limit orders trade all they can.
    assert(matchedKwh <= volumeKwh + 1e-9, `slot ${k}: ${matchedKwh} of ${volumeKwh}`);
    if (book.feePerKwh[0] > 0) withFee++;
    if (low > book.feedInPerKwh[0] && high < book.ceilingPerKwh[0]) inside++;
    const capacity = (side: readonly Order[], s: number) =>
      side.reduce((sum, { id, quantityKwh }) => sum + (id === names[s] ? quantityKwh : 0), 0);
    book.storeFlags.forEach((bits, s) => {
      if ((bits & STORE_FLAGS.idle) !== 0) return;
      assertAlmostEquals(capacity(bids, s), book.chargeMostKwh[s], 1e-9);
      const mostKwh = book.chargeLeastKwh[s] > 0 ? 0 : book.dischargeMostKwh[s];
      assertAlmostEquals(capacity(asks, s), mostKwh, 1e-9);
    });
  }
  assert(inside > 50 && withFee > 50, `${inside} inside, ${withFee} with a fee`);
  assert(set > 50 && between > 10, `${set} prices are set, ${between} between`);
});

Deno.test("order book: a price is said to come from whom it comes from", () => {
  const order = (id: string, pricePerKwh: number) => ({ id, pricePerKwh, quantityKwh: 1 });
  const orders = {
    bids: [order("a's load", 5), order("grid", 0.08), order("b's battery", 0.1)],
    asks: [order("a's sun", 0), order("c's sun", 0), order("d's battery", 0.2), order("grid", 0.3)],
    matchedKwh: 1,
  };
  const words: readonly [number | null, string][] = [
    [null, ""],
    [0, "set by the sun of a and the sun of c"],
    [0.08, "set by the feed-in tariff"],
    [0.1, "set by the battery of b"],
    [0.15, "between the battery of b and the battery of d"],
    [0.25, "between the battery of d and the grid's tariff"],
    [0.3, "set by the grid's tariff"],
    [0.4, "between the grid's tariff and the load of a"],
  ];
  for (const [pricePerKwh, text] of words) {
    assertEquals(setterInWords({ ...orders, pricePerKwh }), text);
  }
});

Deno.test("order book: homes that are named have their own load and sun, of the same sums", () => {
  for (let k = 0; k < 50; k++) {
    const book = randomSlot(37, k);
    uniformPrice.clear(book);
    const stores = Array.from({ length: book.stores }, (_, s) => `store ${s}`);
    const homes = Array.from({ length: book.homes }, (_, i) => `home ${i}`);
    const together = ordersOf(book, stores), each = ordersOf(book, stores, { homes });
    const sum = (side: readonly Order[], what: string) =>
      side.reduce((kwh, { id, quantityKwh }) => kwh + (id.endsWith(what) ? quantityKwh : 0), 0);
    assertAlmostEquals(sum(each.bids, "load"), sum(together.bids, "load"), 1e-9);
    assertAlmostEquals(sum(each.asks, "sun"), sum(together.asks, "sun"), 1e-9);
    assertEquals(each.bids.some(({ id }) => id === "load"), false);
  }
});

const calm: ReportedSlot = {
  step: 1,
  timestamp: "2025-01-01T00:00:00+01:00",
  hourOfDay: 0,
  importPricePerKwh: 0.3,
  feedInTariffPerKwh: 0.08,
  carbonKgPerKwh: 0.3,
  importLimitKw: null,
  exportLimitKw: null,
  sunFraction: 0,
  loadKw: 5,
  pvKw: 0,
  storesKw: 0,
  curtailedKwh: 0,
  unservedKwh: 0,
  gridKw: 5,
  volumeKwh: 0,
  clearingPricePerKwh: null,
  socFraction: 0.5,
  interventions: 0,
  interventionKwh: 0,
  cost: 1,
  bill: 1,
  emissionsKg: 1,
};

const begins: readonly [string, Partial<ReportedSlot>, Partial<ReportedSlot>][] = [
  ["scarcity", { unservedKwh: 0.5 }, {}],
  ["curtailment", { curtailedKwh: 0.5 }, {}],
  ["outage", { importLimitKw: 0, gridKw: 0 }, {}],
  ["limit", { importLimitKw: 5 }, { gridKw: 4.9 }],
  ["limit", { exportLimitKw: 3, gridKw: -3 }, { gridKw: -2 }],
  ["price-spike", { importPricePerKwh: 0.45 }, {}],
  ["price-spike", { clearingPricePerKwh: 0.31 }, { clearingPricePerKwh: 0.2 }],
  ["batteries-empty", { socFraction: 0.01 }, {}],
  ["batteries-full", { socFraction: 0.99 }, {}],
];
for (const [kind, now, before] of begins) {
  Deno.test(`events: ${kind} is told when it begins, ${JSON.stringify(now)}, and only then`, () => {
    const slot = { ...calm, ...now };
    const told = (before: ReportedSlot | undefined) =>
      notableEvents(slot, before, 0.3).map((event) => event.kind);
    assertEquals(told({ ...calm, ...before }), [kind as NotableKind]);
    assertEquals(told(slot), []);
    assertEquals(notableEvents({ ...calm, ...before }, calm, 0.3), []);
  });
}
