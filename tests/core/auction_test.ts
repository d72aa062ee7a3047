import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { clearOrders, type Orders, welfare } from "../../lib/market/auction.ts";
import { certify } from "../../lib/market/certificate.ts";
import { clearBook } from "../../lib/market/limit_orders.ts";
import { createOrderBook } from "../../lib/market/order_book.ts";
import { shuffle, stream } from "../../lib/random.ts";
import books from "../fixtures/auction_books.json" with { type: "json" };
import {
  arbitraryOrders,
  book,
  clearUnits,
  tiedOrders,
  unitOrders,
} from "../helpers/order_books.ts";

const cases = { numRuns: 2000, seed: 1 };

/** Clears a book and lists the fills, bids first. */
function cleared(orders: Orders, priceWeight = 0.5) {
  const { fills, ...rest } = clearOrders(orders, { priceWeight });
  return { ...rest, fills: [...fills.values()] };
}

const noTrade = { clearingPrice: null, volumeKwh: 0, clearingInterval: null };

Deno.test("auction: a bid and an ask of one size split their margin", () => {
  assertEquals(cleared(book([[0.5, 2]], [[0.25, 2]])), {
    clearingPrice: 0.375,
    volumeKwh: 2,
    clearingInterval: [0.25, 0.5],
    fills: [2, 2],
  });
});

Deno.test("auction: the price weight moves the price from one end of the interval to the other", () => {
  const prices = [0, 0.25, 1].map((k) => cleared(book([[0.5, 2]], [[0.25, 2]]), k).clearingPrice);
  assertEquals(prices, [0.25, 0.3125, 0.5]);
  const rounded = book([[0.29, 1]], [[0.03, 1]]);
  assertEquals(cleared(rounded, 1).clearingPrice, 0.29);
  for (const priceWeight of [1.5, -0.5, NaN]) {
    const refused = () => clearOrders(book([], []), { priceWeight });
    assertThrows(refused, RangeError, `must be in [0, 1], got ${priceWeight}`);
  }
});

Deno.test("auction: a partly filled bid sets the price", () => {
  assertEquals(cleared(book([[0.5, 3]], [[0.25, 2]])), {
    clearingPrice: 0.5,
    volumeKwh: 2,
    clearingInterval: [0.5, 0.5],
    fills: [2, 2],
  });
});

Deno.test("auction: rejected orders narrow the interval", () => {
  const orders = book([[8, 1], [5, 1]], [[1, 1], [6, 1]]);
  assertEquals(cleared(orders), {
    clearingPrice: 5.5,
    volumeKwh: 1,
    clearingInterval: [5, 6],
    fills: [1, 0, 1, 0],
  });
});

Deno.test("auction: equal prices at the margin share pro rata", () => {
  const { fills, clearingPrice } = cleared(book([[3, 1], [2, 1], [2, 3]], [[1, 2]]));
  assertEquals(fills, [1, 0.25, 0.75, 2]);
  assertEquals(clearingPrice, 2);
});

Deno.test("auction: a bid and an ask of equal price trade", () => {
  assertEquals(cleared(book([[0.3, 1]], [[0.3, 1]])), {
    clearingPrice: 0.3,
    volumeKwh: 1,
    clearingInterval: [0.3, 0.3],
    fills: [1, 1],
  });
});

Deno.test("auction: prices may be negative", () => {
  const { clearingPrice, volumeKwh } = cleared(book([[-0.25, 1]], [[-0.75, 1]]));
  assertEquals([clearingPrice, volumeKwh], [-0.5, 1]);
});

Deno.test("auction: without trade there is no price", () => {
  assertEquals(cleared(book([], [])), { ...noTrade, fills: [] });
  assertEquals(cleared(book([[0.1, 1]], [[0.2, 1]])), { ...noTrade, fills: [0, 0] });
  assertEquals(cleared(book([[0.1, 1], [0.2, 1]], [])), { ...noTrade, fills: [0, 0] });
  assertEquals(cleared(book([], [[0.1, 1]])), { ...noTrade, fills: [0] });
});

Deno.test("auction: dust neither trades nor sets a price", () => {
  const dust = 9.9e-10;
  const orders = book([[9, dust], [8, 1], [7, dust]], [[2, dust], [3, 1], [4, dust]]);
  assertEquals(cleared(orders), {
    clearingPrice: 5.5,
    volumeKwh: 1,
    clearingInterval: [3, 8],
    fills: [0, 1, 0, 0, 1, 0],
  });
  assertEquals(cleared(book([[2, dust]], [[1, 1]])), { ...noTrade, fills: [0, 0] });
});

Deno.test("auction: what rounding leaves of an order sets no price", () => {
  const { clearingInterval, fills } = cleared(book([[2, 0.1], [2, 0.2]], [[1, 0.3]]));
  assertEquals(clearingInterval, [1, 2]);
  assertEquals(fills, [0.1, 0.2, 0.3]);
  const third = 1e9 / 3;
  const { volumeKwh, ...large } = cleared(book([[2, third], [2, third], [2, third]], [[1, 1e9]]));
  assertEquals(large.clearingInterval, [1, 2]);
  assertEquals(large.fills, [third, third, third, 1e9]);
  assertAlmostEquals(volumeKwh, 1e9, 1e-6);
});

Deno.test("auction: a remainder below dust sets no price, and the sides still balance", () => {
  for (const [bid, ask] of [[3e-9, 2.5e-9], [2.5e-9, 3e-9]]) {
    const { clearingInterval, fills } = cleared(book([[2, bid]], [[1, ask]]));
    assertEquals(clearingInterval, [1, 2]);
    assertEquals(fills, [2.5e-9, 2.5e-9]);
  }
});

Deno.test("auction: a bid that a sum of 1e15 kWh loses and that gets nothing sets no price", () => {
  const orders = book([[0, 1e15], [0.3, 1e-9], [1, 2e-9]], [[0, 2e-9]]);
  assert(certify(orders, clearOrders(orders)).valid);
});

Deno.test("auction: a remainder of just one dust is none, and sets the price", () => {
  assertEquals(cleared(book([[2, 2e-9]], [[1, 1e-9]])).clearingInterval, [2, 2]);
  assertEquals(cleared(book([[2, 1e-9]], [[1, 2e-9]])).clearingInterval, [1, 1]);
});

Deno.test("auction: books of every length are served from the best price on", () => {
  for (let count = 1; count <= 100; count++) {
    const prices = shuffle(Array.from({ length: count }, (_, k) => k), stream(count, "prices"));
    const orders = prices.map((price) => [price, 1] as const);
    const ofBids = cleared(book(orders, [[-1, count - 0.5]]));
    // All are served but half of the lowest bid, and then but half of the highest ask.
    assertEquals(ofBids.fills.slice(0, count), prices.map((price) => price === 0 ? 0.5 : 1));
    assertEquals(ofBids.clearingPrice, 0);
    const ofAsks = cleared(book([[count, count - 0.5]], orders));
    assertEquals(ofAsks.fills.slice(1), prices.map((price) => price === count - 1 ? 0.5 : 1));
    assertEquals(ofAsks.clearingPrice, count - 1);
  }
});

for (
  const [name, price] of [
    ["prices of every size", (u: number) => 10 ** (30 * u - 15)],
    ["prices that are very near each other", (u: number) => 0.3 + 1e-16 * Math.round(20 * u)],
    ["few prices", (u: number) => Math.round(3 * u)],
    ["negative prices", (u: number) => u - 0.7],
  ] as const
) {
  Deno.test(`auction: long books of ${name} keep every promise`, () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = stream(seed, "long", name);
      const orders = () =>
        Array.from(
          { length: 3000 },
          () => [price(random.uniform()), 3 * random.uniform()] as const,
        );
      const long = book(orders(), orders());
      const certificate = certify(long, clearOrders(long));
      assert(certificate.valid, JSON.stringify(certificate));
    }
  });
}

Deno.test("auction: tenths that add up in a long book leave nothing over", () => {
  const tenths = Array.from({ length: 100_000 }, () => [2, 0.1] as const);
  const { clearingInterval, volumeKwh } = cleared(book(tenths, [[1, 10_000]]));
  assertEquals(clearingInterval, [1, 2]);
  assertEquals(volumeKwh, 10_000);
});

Deno.test("auction: the fixture has 44 published books", () => assertEquals(books.length, 44));

for (const { id, source, case: name, bids, asks, ...expected } of books) {
  Deno.test(`auction: book ${id} of ${source} (${name}) clears as published`, () => {
    const orders = book(bids as [number, number][], asks as [number, number][]);
    const clearing = clearOrders(orders);
    assertAlmostEquals(clearing.volumeKwh, expected.volume, 1e-9);
    assertAlmostEquals(welfare(orders, clearing.fills), expected.welfare, 1e-9);
    assertEquals<readonly number[] | null>(clearing.clearingInterval, expected.priceInterval);
    const [low, high] = expected.priceInterval;
    assert(clearing.clearingPrice! >= low && clearing.clearingPrice! <= high);
  });
}

for (const [name, most, numRuns] of [["small", 6, 5000], ["large", 300, 200]] as const) {
  Deno.test(`auction: ${name} random books clear as unit by unit`, () => {
    fc.assert(
      fc.property(unitOrders(most), (orders) => {
        const clearing = clearOrders(orders);
        const expected = clearUnits(orders);
        assertEquals(clearing.volumeKwh, expected.volumeKwh);
        assertEquals<readonly number[] | null>(
          clearing.clearingInterval,
          expected.clearingInterval,
        );
        assertAlmostEquals(welfare(orders, clearing.fills), expected.worth, 1e-9 * (1 + most));
      }),
      { numRuns, seed: 2 },
    );
  });
}

Deno.test("auction: no fill exceeds its order and both sides trade the volume", () => {
  fc.assert(
    fc.property(arbitraryOrders, ({ bids, asks }) => {
      const { fills, volumeKwh } = clearOrders({ bids, asks });
      for (const { id, quantityKwh } of [...bids, ...asks]) {
        assert(fills.get(id)! >= 0 && fills.get(id)! <= quantityKwh);
      }
      for (const side of [bids, asks]) {
        const sum = side.reduce((total, { id }) => total + fills.get(id)!, 0);
        assertAlmostEquals(sum, volumeKwh, 1e-14 * volumeKwh);
      }
    }),
    cases,
  );
});

Deno.test("auction: the order of the orders changes no bit of the outcome", () => {
  fc.assert(
    fc.property(fc.oneof(arbitraryOrders, tiedOrders), fc.integer(), (orders, seed) => {
      const random = stream(seed, "permutation");
      const permuted = {
        bids: shuffle([...orders.bids], random),
        asks: shuffle([...orders.asks], random),
      };
      const { fills, ...rest } = clearOrders(orders);
      const { fills: permutedFills, ...permutedRest } = clearOrders(permuted);
      assertEquals(permutedRest, rest);
      for (const [id, fill] of fills) assertEquals(permutedFills.get(id), fill);
    }),
    cases,
  );
});

Deno.test("auction: a book that is used again forgets what it held", () => {
  const flat = createOrderBook(2);
  clearBook(flat, 0.5);
  assertEquals([flat.volumeKwh, flat.clearingPrice], [0, NaN]);
  flat.bidCount = 2;
  flat.askCount = 1;
  flat.bidPricePerKwh.set([3, 4]);
  flat.bidQuantityKwh.set([1, 1]);
  flat.askPricePerKwh.set([2]);
  flat.askQuantityKwh.set([2]);
  clearBook(flat, 0.5);
  assertEquals([flat.clearingPrice, flat.volumeKwh, ...flat.bidFillKwh], [2.5, 2, 1, 1]);
  flat.bidCount = 1;
  flat.bidPricePerKwh[0] = 1;
  clearBook(flat, 0.5);
  assertEquals(flat.volumeKwh, 0);
  assertEquals([flat.clearingPrice, flat.intervalLow, flat.intervalHigh], [NaN, NaN, NaN]);
  assertEquals([flat.bidFillKwh[0], flat.askFillKwh[0]], [0, 0]);
});

Deno.test("auction: what lies behind the counts of a book has no part and stays as it is", () => {
  fc.assert(
    fc.property(fc.oneof(arbitraryOrders, tiedOrders), fc.nat(3), (orders, more) => {
      const { fills, volumeKwh } = clearOrders(orders);
      const longest = Math.max(orders.bids.length, orders.asks.length);
      const flat = createOrderBook(longest + 1 + more);
      const fill = (side: Orders["bids"], price: Float64Array, quantity: Float64Array) => {
        price.fill(0.15);
        quantity.fill(1e3);
        side.forEach((order, i) =>
          [price[i], quantity[i]] = [order.pricePerKwh, order.quantityKwh]
        );
        return side.length;
      };
      flat.bidCount = fill(orders.bids, flat.bidPricePerKwh, flat.bidQuantityKwh);
      flat.askCount = fill(orders.asks, flat.askPricePerKwh, flat.askQuantityKwh);
      for (const output of [flat.bidFillKwh, flat.askFillKwh]) output.fill(-1);
      clearBook(flat, 0.5);
      assertEquals(flat.volumeKwh, volumeKwh);
      for (const side of ["bid", "ask"] as const) {
        const expected = orders[`${side}s`].map(({ id }) => fills.get(id)!);
        const behind = Array(flat[`${side}FillKwh`].length - expected.length).fill(-1);
        assertEquals([...flat[`${side}FillKwh`]], [...expected, ...behind]);
      }
    }),
    cases,
  );
});

Deno.test("auction: buyers and sellers are treated alike: in a mirror the same is traded", () => {
  const turned = (side: Orders["bids"]) =>
    side.map((order) => ({ ...order, pricePerKwh: -order.pricePerKwh }));
  fc.assert(
    fc.property(fc.oneof(arbitraryOrders, tiedOrders), ({ bids, asks }) => {
      const { fills, volumeKwh, clearingInterval } = clearOrders({ bids, asks });
      const mirror = clearOrders({ bids: turned(asks), asks: turned(bids) });
      assertEquals(mirror.volumeKwh, volumeKwh);
      for (const [id, fill] of fills) assertEquals(mirror.fills.get(id), fill);
      const [low, high] = clearingInterval ?? [NaN, NaN];
      const [mirrorLow, mirrorHigh] = mirror.clearingInterval ?? [NaN, NaN];
      assertEquals([0 - mirrorHigh, 0 - mirrorLow], [0 + low, 0 + high]);
    }),
    cases,
  );
});

Deno.test("auction: orders at the limits of what an order may be are taken, those beyond are not", () => {
  const largest = 1e15;
  const { clearingInterval, fills } = cleared(
    book([[largest, largest], [0.1, 0]], [[-largest, largest]]),
  );
  assertEquals(clearingInterval, [-largest, largest]);
  assertEquals(fills, [largest, 0, largest]);
  const beyond = largest + 0.125;
  for (const [price, quantity] of [[beyond, 1], [-beyond, 1], [1, beyond], [1, -0.125]]) {
    assertThrows(() => clearOrders(book([[price, quantity]], [])), RangeError, "bids[0].");
  }
});

Deno.test("auction: an agent that trades with itself and has no energy ends no richer", () => {
  const [tariff, retail] = [-1, 1];
  const price = fc.double({ min: tariff, max: retail, noNaN: true });
  const quantity = fc.double({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(arbitraryOrders, price, price, quantity, (others, bid, ask, quantityKwh) => {
      const { fills, clearingPrice } = clearOrders({
        bids: [...others.bids, { id: "wash-bid", quantityKwh, pricePerKwh: bid }],
        asks: [...others.asks, { id: "wash-ask", quantityKwh, pricePerKwh: ask }],
      });
      const netKwh = fills.get("wash-bid")! - fills.get("wash-ask")!;
      // What it bought too much goes to the grid, what it sold too much comes from there.
      const gridValue = netKwh > 0 ? tariff * netKwh : retail * netKwh;
      assert(gridValue - (clearingPrice ?? 0) * netKwh <= 1e-12);
      const alone = clearOrders(book([[bid, quantityKwh]], [[ask, quantityKwh]]));
      assertEquals(alone.fills.get("b0"), alone.fills.get("a0"));
    }),
    cases,
  );
});

Deno.test("auction: a faulty order is refused by name", () => {
  const refused = (orders: Orders, message: string) =>
    assertThrows(() => clearOrders(orders), RangeError, message);
  refused(
    book([[1, -2]], []),
    "bids[0].quantityKwh must be from 0 to 1000000000000000, got -2 (order b0)",
  );
  refused(book([], [[1, 1], [1, NaN]]), "asks[1].quantityKwh");
  refused(book([[1, Infinity]], []), "got Infinity");
  refused(book([], [[NaN, 1]]), "asks[0].pricePerKwh");
  const twice = book([[1, 1]], []).bids;
  refused({ bids: twice, asks: twice }, 'order id must be unique in its book, got "b0" twice');
});
