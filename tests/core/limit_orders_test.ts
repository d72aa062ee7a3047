import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  clearBook,
  createOrderBook,
  type OrderBook,
  type Orders,
} from "../../lib/market/auction.ts";
import { certify } from "../../lib/market/certificate.ts";
import { clearLimitOrders } from "../../lib/market/limit_orders.ts";
import { shuffle, stream } from "../../lib/random.ts";
import books from "../fixtures/auction_books.json" with { type: "json" };
import {
  arbitraryOrders,
  book,
  clearUnits,
  tiedOrders,
  unitOrders,
} from "../helpers/order_books.ts";

/** Orders in flat arrays. */
function flat({ bids, asks }: Orders): OrderBook {
  const columns = createOrderBook(Math.max(bids.length, asks.length));
  columns.bidCount = bids.length;
  columns.askCount = asks.length;
  bids.forEach((bid, i) => {
    columns.bidPricePerKwh[i] = bid.pricePerKwh;
    columns.bidQuantityKwh[i] = bid.quantityKwh;
  });
  asks.forEach((ask, i) => {
    columns.askPricePerKwh[i] = ask.pricePerKwh;
    columns.askQuantityKwh[i] = ask.quantityKwh;
  });
  return columns;
}

/** Clears orders by selection, as a list. */
function clear(orders: Orders) {
  const columns = flat(orders);
  clearLimitOrders(columns, 0.5);
  const { clearingPrice, volumeKwh, intervalLow, intervalHigh, bidFillKwh, askFillKwh } = columns;
  const fills = new Map<string, number>();
  orders.bids.forEach(({ id }, i) => fills.set(id, bidFillKwh[i]));
  orders.asks.forEach(({ id }, i) => fills.set(id, askFillKwh[i]));
  return volumeKwh > 0
    ? { clearingPrice, volumeKwh, fills, clearingInterval: [intervalLow, intervalHigh] as const }
    : { clearingPrice: null, volumeKwh, fills, clearingInterval: null };
}

for (const { id, source, case: name, bids, asks, ...expected } of books) {
  Deno.test(`limit orders: book ${id} of ${source} (${name}) clears as published`, () => {
    const clearing = clear(book(bids as [number, number][], asks as [number, number][]));
    assertAlmostEquals(clearing.volumeKwh, expected.volume, 1e-9);
    assertEquals<readonly number[] | null>(clearing.clearingInterval, expected.priceInterval);
  });
}

Deno.test("limit orders: every clearing of random books has its certificate", () => {
  fc.assert(
    fc.property(fc.oneof(arbitraryOrders, tiedOrders, unitOrders(300)), (orders) => {
      const certificate = certify(orders, clear(orders));
      assert(certificate.valid, JSON.stringify(certificate));
    }),
    { numRuns: 2000, seed: 3 },
  );
});

Deno.test("limit orders: random books clear as unit by unit", () => {
  fc.assert(
    fc.property(fc.oneof(unitOrders(6), unitOrders(300)), (orders) => {
      const clearing = clear(orders);
      const expected = clearUnits(orders);
      assertEquals(clearing.volumeKwh, expected.volumeKwh);
      assertEquals<readonly number[] | null>(clearing.clearingInterval, expected.clearingInterval);
    }),
    { numRuns: 1000, seed: 4 },
  );
});

Deno.test("limit orders: the order of the orders changes no bit of the outcome", () => {
  fc.assert(
    fc.property(
      fc.oneof(arbitraryOrders, tiedOrders, unitOrders(100)),
      fc.integer(),
      (orders, seed) => {
        const random = stream(seed, "permutation");
        const { fills, ...rest } = clear(orders);
        const permuted = clear({
          bids: shuffle([...orders.bids], random),
          asks: shuffle([...orders.asks], random),
        });
        assertEquals({ ...permuted, fills: null }, { ...rest, fills: null });
        for (const [id, fill] of fills) assertEquals(permuted.fills.get(id), fill);
      },
    ),
    { numRuns: 1000, seed: 5 },
  );
});

for (
  const [name, price] of [
    ["prices of every size", (u: number) => 10 ** (600 * u - 300)],
    ["prices that are very near each other", (u: number) => 0.3 + 1e-16 * Math.round(20 * u)],
    ["few prices", (u: number) => Math.round(3 * u)],
    ["negative prices", (u: number) => u - 0.7],
  ] as const
) {
  Deno.test(`limit orders: long books of ${name} clear as they do by sorting`, () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = stream(seed, "long", name);
      const count = 3000;
      const [selected, sorted] = [createOrderBook(count), createOrderBook(count)];
      for (const each of [selected, sorted]) each.bidCount = each.askCount = count;
      for (let i = 0; i < count; i++) {
        const [bid, ask] = [price(random.uniform()), price(random.uniform())];
        const [wanted, offered] = [3 * random.uniform(), 3 * random.uniform()];
        for (const each of [selected, sorted]) {
          each.bidPricePerKwh[i] = bid;
          each.bidQuantityKwh[i] = wanted;
          each.askPricePerKwh[i] = ask;
          each.askQuantityKwh[i] = offered;
        }
      }
      clearLimitOrders(selected, 0.5);
      clearBook(sorted, 0.5);
      assertAlmostEquals(selected.volumeKwh, sorted.volumeKwh, 1e-9);
      assertEquals(
        [selected.intervalLow, selected.intervalHigh],
        [sorted.intervalLow, sorted.intervalHigh],
      );
      for (let i = 0; i < count; i++) {
        assertAlmostEquals(selected.bidFillKwh[i], sorted.bidFillKwh[i], 1e-9);
        assertAlmostEquals(selected.askFillKwh[i], sorted.askFillKwh[i], 1e-9);
      }
    }
  });
}

Deno.test("limit orders: tenths that add up in a long book leave nothing over", () => {
  const tenths = Array.from({ length: 100_000 }, () => [2, 0.1] as const);
  const { clearingInterval, volumeKwh } = clear(book(tenths, [[1, 10_000]]));
  assertEquals(clearingInterval, [1, 2]);
  assertEquals(volumeKwh, 10_000);
});

Deno.test("limit orders: the largest orders are taken", () => {
  const largest = 1e15;
  const orders = book([[largest, largest], [0.1, 0]], [[-largest, largest]]);
  const { clearingInterval, fills } = clear(orders);
  assertEquals(clearingInterval, [-largest, largest]);
  assertEquals([...fills.values()], [largest, 0, largest]);
});
