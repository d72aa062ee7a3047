import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { homeCurve } from "../../lib/market/certified_curves.ts";
import {
  createMarketBook,
  type MarketBook,
  SLOT_FLAGS,
  STORE_FLAGS,
} from "../../lib/market/market_book.ts";
import { mechanismNamed, mechanisms } from "../../lib/market/mechanisms/mod.ts";
import { stream } from "../../lib/random.ts";
import { cases } from "../helpers/cases.ts";
import { randomSlot, type SlotKinds } from "../helpers/random_slots.ts";

const kinds: Record<string, SlotKinds> = {
  "one tariff": { caps: true },
  "import cheaper than export": { inverted: true },
  "tariffs of each home": { ownTariffs: true },
  "limits of meters": { meterLimits: true, inverted: true },
  "peaks of each home": { ownTariffs: true, homeSteps: true },
};

/** Two homes, one with 4 kWh of sun, one with 3 kWh of load, and a third that takes 1 kWh. */
function threeHomes(fee = 0): MarketBook {
  const book = createMarketBook({ homes: 3, owners: [] });
  book.ceilingPerKwh[0] = 0.3;
  book.feedInPerKwh[0] = 0.1;
  book.networkFeePerKwh[0] = fee;
  book.loadKwh.set([0, 3, 1]);
  book.sunKwh.set([2, 0, 0]);
  return book;
}

/** What each home pays in all. */
function bills(book: MarketBook): number[] {
  return Array.from(
    { length: book.homes },
    (_, i) => book.tradePayment[i] + book.feePayment[i] + book.gridPayment[i] - book.rent[i],
  );
}

function assertNear(actual: readonly number[], expected: readonly number[]) {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, k) => assertAlmostEquals(value, expected[k], 1e-12));
}

for (const mechanism of mechanisms) {
  for (const [name, kind] of Object.entries(kinds)) {
    Deno.test(`mechanisms: ${mechanism.name} keeps its promises over random slots with ${name}`, () => {
      for (let k = 0; k < cases(100, 300); k++) {
        const book = randomSlot(20, k, kind);
        mechanism.clear(book);
        const { valid, promises } = mechanism.certify(book, 0);
        assert(valid, `slot ${k}: ${JSON.stringify(promises)}`);
      }
    });
  }

  Deno.test(`mechanisms: the certificate of ${mechanism.name} refuses what was changed`, () => {
    const random = stream(21, mechanism.name);
    const columns = [
      "tradePayment",
      "tradedKwh",
      "gridKwh",
      "meterKwh",
      "servedKwh",
      "rent",
    ] as const;
    for (let k = 0; k < cases(60, 200); k++) {
      const book = randomSlot(21, k);
      mechanism.clear(book);
      const column = columns[random.below(columns.length)];
      book[column][random.below(book.homes)] += random.uniform() < 0.5 ? 0.01 : -0.01;
      assert(!mechanism.certify(book, 0).valid, `slot ${k}: ${column}`);
    }
  });

  Deno.test(`mechanisms: ${mechanism.name} comes to the same bits again`, () => {
    for (let k = 0; k < cases(30, 100); k++) {
      const book = randomSlot(22, k, { caps: true, ownTariffs: k % 2 === 0 });
      mechanism.clear(book);
      const first = JSON.stringify(
        book,
        (_, value) => ArrayBuffer.isView(value) ? [...value as Float64Array] : value,
      );
      mechanism.clear(book);
      const second = JSON.stringify(
        book,
        (_, value) => ArrayBuffer.isView(value) ? [...value as Float64Array] : value,
      );
      assertEquals(second, first);
    }
  });
}

Deno.test("mechanisms: a short community by hand, with every rule", () => {
  // 2 kWh of sun for 4 kWh of load: 2 kWh come from the grid at 0.3.
  const expected: Record<string, readonly number[]> = {
    // The grid sets the price: all energy costs 0.3.
    "uniform-price": [-0.6, 0.9, 0.3],
    // Load bids its ceiling.
    "pay-as-bid": [-0.6, 0.9, 0.3],
    // 1.5 and 0.5 kWh at 0.2, the rest at 0.3.
    "mid-market-rate": [-0.4, 0.75, 0.25],
    // A third of the surplus for each: 0.667 kWh at 0.1 for both, the owner's part is exported.
    "sharing-static": [-0.2, 0.9 - 0.4 / 3, 0.3 - 0.4 / 3],
    // 1.5 and 0.5 kWh at 0.1.
    "sharing-dynamic": [-0.2, 0.6, 0.2],
    "grid-only": [-0.2, 0.9, 0.3],
  };
  for (const { name, clear } of mechanisms) {
    const book = threeHomes();
    clear(book);
    assertNear(bills(book), expected[name]);
  }
});

Deno.test("mechanisms: the fee is paid by both sides of what is traded, and by nobody else", () => {
  const book = threeHomes(0.02);
  mechanismNamed("mid-market-rate").clear(book);
  assertNear([...book.feePayment], [0.04, 0.03, 0.01]);
  assertNear([...book.tradePayment], [-0.4, 0.3, 0.1]);
  mechanismNamed("uniform-price").clear(book);
  // A buyer pays 0.3 wherever its energy comes from; the seller earns 0.3 less both fees.
  assertAlmostEquals(book.pricePerKwh[0], 0.28, 1e-12);
  assertNear(bills(book), [-0.52, 0.9, 0.3]);
});

Deno.test("mechanisms: a store that is worth more than its neighbour's sun meets it between the tariffs", () => {
  const book = createMarketBook({ homes: 2, owners: [1] });
  book.ceilingPerKwh[0] = 0.3;
  book.feedInPerKwh[0] = 0.1;
  book.sunKwh[0] = 1;
  book.chargeMostKwh[0] = 4;
  book.valuePerKwh[0] = 0.25;
  book.fallPerKwh[0] = 0.01;
  mechanismNamed("uniform-price").clear(book);
  // The first of four pieces of 1 kWh stands at its middle, 0.245, and is just filled.
  assertAlmostEquals(book.storeKwh[0], 1, 1e-12);
  assertAlmostEquals(book.pricePerKwh[0], (0.245 + 0.235) / 2, 1e-12);
});

Deno.test("mechanisms: nobody is worse off at one price than with the grid alone and idle stores", () => {
  for (const kind of [{}, { inverted: true }, { ownTariffs: true }]) {
    let bound = 0;
    for (let k = 0; k < cases(500, 1500); k++) {
      const [book, alone] = [randomSlot(23, k, kind), randomSlot(23, k, kind)];
      for (const each of [book, alone]) each.chargeLeastKwh.fill(0);
      mechanismNamed("uniform-price").clear(book);
      alone.chargeMostKwh.fill(0);
      alone.dischargeMostKwh.fill(0);
      mechanismNamed("grid-only").clear(alone);
      alone.chargeMostKwh.set(book.chargeMostKwh);
      alone.dischargeMostKwh.set(book.dischargeMostKwh);
      const flags = book.slotFlags[0];
      const binds = (flags & (SLOT_FLAGS.importBinds | SLOT_FLAGS.exportBinds)) !== 0;
      // Not promised: homes that were told what to do, and rationing by something else than a price.
      if (flags & SLOT_FLAGS.notConvex) continue;
      if (flags & SLOT_FLAGS.inverted && (binds || book.gridSteps > 0)) continue;
      if (binds) bound++;
      for (let i = 0; i < book.homes; i++) {
        const more = declaredCost(book, i) - declaredCost(alone, i);
        assert(more <= 2e-6, `slot ${k}, home ${i}: ${more} more`);
      }
    }
    assert(bound > cases(30, 100));
  }
});

/** What a home pays less what it says its outcome is worth. */
function declaredCost(book: MarketBook, i: number): number {
  const worth = homeCurve(book, 0, i).pieces
    .reduce((sum, { pricePerKwh, onKwh }) => sum + pricePerKwh * onKwh, 0);
  return bills(book)[i] - worth;
}

Deno.test("mechanisms: in a shortage rented energy goes to who would have had it, and local sun too", () => {
  const book = threeHomes();
  book.importLimitKwh[0] = 1;
  mechanismNamed("uniform-price").clear(book);
  // 3 of 4 kWh can be served. Alone, the two homes would have had 2.25 and 0.75 kWh at 0.3.
  assertAlmostEquals(book.pricePerKwh[0], 10, 1e-12);
  assertNear([...book.servedKwh], [0, 2.25, 0.75]);
  assertNear(bills(book), [-0.6, 0.675, 0.225]);
});

Deno.test("mechanisms: in a surplus that cannot leave, sun falls to nothing but keeps its right", () => {
  const book = threeHomes();
  book.sunKwh.set([9, 0, 0]);
  book.exportLimitKwh[0] = 1;
  mechanismNamed("uniform-price").clear(book);
  assertAlmostEquals(book.pricePerKwh[0], 0, 1e-12);
  assertAlmostEquals(book.usedSunKwh[0], 5, 1e-12);
  // Alone it would have exported 5 kWh at 0.1; its neighbours pay that for what they take of it.
  assertNear(bills(book), [-0.5, 0.3, 0.1]);
});

Deno.test("mechanisms: one that does not exist is refused with the names of those that do", () => {
  assertThrows(
    () => mechanismNamed("vickrey"),
    RangeError,
    'mechanism "vickrey" does not exist; there are uniform-price, pay-as-bid, mid-market-rate, ' +
      "sharing-static, sharing-dynamic, grid-only",
  );
});

Deno.test("mechanisms: a book of impossible make is refused", () => {
  assertThrows(
    () => createMarketBook({ homes: 2, owners: [0, 2] }),
    RangeError,
    "owners[1] must be a home from 0 to 1, got 2",
  );
  assertThrows(() => createMarketBook({ homes: 2, owners: [1, 0] }), RangeError, "must ascend");
  assertThrows(() => createMarketBook({ homes: 0, owners: [] }), RangeError, "homes must be");
  assertThrows(() => createMarketBook({ homes: 1, owners: [], steps: 42 }), RangeError, "1 to 41");
});

Deno.test("mechanisms: numbers that are none make a store idle, and a rising curve is made flat", () => {
  const hostile = [NaN, Infinity, -Infinity];
  for (const { name, clear, certify } of mechanisms) {
    for (const value of hostile) {
      for (
        const column of [
          "valuePerKwh",
          "fallPerKwh",
          "storedPerKwh",
          "drawnPerKwh",
          "chargeMostKwh",
        ] as const
      ) {
        const book = randomSlot(25, 4);
        const s = 0;
        book.stepCount[s] = 0;
        book.chargeLeastKwh[s] = 0;
        book[column][s] = value;
        clear(book);
        assert(book.storeFlags[s] & STORE_FLAGS.idle, `${name}: ${column} ${value}`);
        assertEquals(book.storeKwh[s], 0);
        assert(certify(book, 0).valid, `${name}: ${column} ${value}`);
      }
    }
    const book = randomSlot(25, 4);
    book.stepCount[0] = 2;
    book.stepFromKwh.set([0, 4]);
    book.stepValuePerKwh.set([0.1, 0.2]);
    clear(book);
    assert(book.storeFlags[0] & STORE_FLAGS.flattened);
    assert(certify(book, 0).valid);
  }
});

Deno.test("mechanisms: whatever stands in a book, what comes out are numbers", () => {
  const nasty = [NaN, Infinity, -Infinity, -0, -1, 1e300, -1e300, 5e-324, 0];
  const inputs = [
    ...["ceilingPerKwh", "feedInPerKwh", "networkFeePerKwh", "importLimitKwh", "exportLimitKwh"],
    ...["lostLoadPerKwh", "curtailmentPerKwh", "priceCapPerKwh", "loadKwh", "sunKwh", "energyKwh"],
    ...["chargeLeastKwh", "chargeMostKwh", "dischargeMostKwh", "storedPerKwh", "drawnPerKwh"],
    ...["wearPerKwh", "unmetPerKwh", "valuePerKwh", "fallPerKwh", "stepFromKwh", "stepValuePerKwh"],
    ...["rowCeilingPerKwh", "rowFeedInPerKwh", "sharingCoefficient"],
  ] as (keyof MarketBook)[];
  const random = stream(26, "nasty");
  for (let k = 0; k < cases(1000, 3000); k++) {
    const book = randomSlot(26, k, { ownTariffs: k % 3 === 0, homes: 4 });
    for (let n = 0; n < 3; n++) {
      const column = book[inputs[random.below(inputs.length)]] as Float64Array;
      if (column.length > 0) {
        column[random.below(column.length)] = nasty[random.below(nasty.length)];
      }
    }
    const { name, clear } = mechanisms[k % mechanisms.length];
    clear(book);
    for (
      const column of [
        "pricePerKwh",
        "servedKwh",
        "usedSunKwh",
        "meterKwh",
        "tradedKwh",
        "gridKwh",
        "storeKwh",
      ] as const
    ) {
      assert(book[column].every(Number.isFinite), `${name}, slot ${k}: ${column} ${book[column]}`);
    }
  }
});

Deno.test("mechanisms: a curve that steps at the planned energy is followed to the plan", () => {
  for (const planned of [2, 3.7, 5, 6.25, 8]) {
    const book = createMarketBook({ homes: 1, owners: [0], steps: 2 });
    book.ceilingPerKwh[0] = 0.3;
    book.feedInPerKwh[0] = 0.1;
    book.energyKwh[0] = 5;
    book.chargeMostKwh[0] = book.dischargeMostKwh[0] = 4;
    book.storedPerKwh[0] = 0.9;
    book.drawnPerKwh[0] = 1 / 0.9;
    book.stepCount[0] = 2;
    book.stepFromKwh.set([0, planned]);
    book.stepValuePerKwh.set([1, 0]);
    mechanismNamed("uniform-price").clear(book);
    const x = book.storeKwh[0];
    assertAlmostEquals(5 + (x > 0 ? 0.9 * x : x / 0.9), planned, 1e-9);
  }
});

Deno.test("mechanisms: what must be charged is bought up to its unmet price, and waits beyond it", () => {
  const book = createMarketBook({ homes: 2, owners: [0] });
  book.ceilingPerKwh[0] = 0.3;
  book.loadKwh[1] = 2;
  book.chargeMostKwh[0] = 3;
  book.chargeLeastKwh[0] = 2;
  book.unmetPerKwh[0] = 0.8;
  mechanismNamed("uniform-price").clear(book);
  assertEquals([book.storeKwh[0], book.pricePerKwh[0]], [2, 0.3]);
  // 3 kWh get in: the load is worth 10, what must be charged 0.8 and only half of it is.
  book.importLimitKwh[0] = 3;
  mechanismNamed("uniform-price").clear(book);
  assertEquals([book.storeKwh[0], book.servedKwh[1], book.pricePerKwh[0]], [1, 2, 0.8]);
});

Deno.test("mechanisms: ties take sun first, then stores by their energy, then import", () => {
  const book = createMarketBook({ homes: 3, owners: [0, 1] });
  book.ceilingPerKwh[0] = 0.3;
  book.feedInPerKwh[0] = 0.3;
  book.loadKwh[2] = 3;
  book.dischargeMostKwh.set([2, 4]);
  book.valuePerKwh.fill(0.3);
  mechanismNamed("uniform-price").clear(book);
  assertNear([...book.storeKwh], [-1, -2]);
  assertEquals(book.importKwh[0], 0);
  book.sunKwh[0] = 1;
  mechanismNamed("uniform-price").clear(book);
  assertNear([...book.storeKwh], [-2 / 3, -4 / 3]);
});
