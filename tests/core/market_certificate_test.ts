import { assert, assertEquals } from "@std/assert";
import type { MarketBook } from "../../lib/market/market_book.ts";
import { certifyUniformPrice } from "../../lib/market/market_certificate.ts";
import { clearUniformPrice } from "../../lib/market/mechanisms/uniform_price.ts";
import { stream } from "../../lib/random.ts";
import { cases } from "../helpers/cases.ts";
import { randomSlot, type SlotKinds } from "../helpers/random_slots.ts";

/** Promises of the slot that are broken. */
function broken(book: MarketBook): string[] {
  const { promises, valid } = certifyUniformPrice(book, 0);
  const names = Object.entries(promises).filter(([, { holds }]) => !holds).map(([name]) => name);
  assertEquals(valid, names.length === 0);
  return names;
}

const kinds: Record<string, SlotKinds> = {
  "one tariff": { caps: true },
  "import cheaper than export": { inverted: true },
  "tariffs of each home": { ownTariffs: true },
  "limits of meters": { meterLimits: true },
  "limits of meters and tariffs of each home": { meterLimits: true, ownTariffs: true },
  "peaks of each home": { ownTariffs: true, homeSteps: true },
  "peaks of each home and limits of meters": {
    ownTariffs: true,
    homeSteps: true,
    meterLimits: true,
  },
};

for (const [name, kind] of Object.entries(kinds)) {
  Deno.test(`market certificate: random slots with ${name} keep every promise`, () => {
    for (let k = 0; k < cases(250, 1000); k++) {
      const book = randomSlot(10, k, kind);
      clearUniformPrice(book);
      assertEquals(broken(book), [], `slot ${k}`);
    }
  });
}

/** Columns of the outcome that a tampered slot changes. */
const outcome = [
  "pricePerKwh",
  "premiumPerKwh",
  "feePerKwh",
  "volumeKwh",
  "importKwh",
  "exportKwh",
  "servedKwh",
  "usedSunKwh",
  "meterKwh",
  "tradedKwh",
  "gridKwh",
  "tradePayment",
  "feePayment",
  "gridPayment",
  "rent",
  "storeKwh",
] as const;

for (const column of outcome) {
  Deno.test(`market certificate: a slot whose ${column} was changed is refused`, () => {
    let changed = 0;
    for (let k = 0; k < cases(100, 300); k++) {
      const book = randomSlot(11, k);
      clearUniformPrice(book);
      const random = stream(11, column, k);
      const values = book[column];
      if (values.length === 0) continue;
      const at = random.below(values.length);
      // A price that nobody pays, within an interval of prices, may be another.
      if (column === "pricePerKwh" && !(book.volumeKwh[0] > 0.1)) continue;
      values[at] += (random.uniform() < 0.5 ? -1 : 1) * 0.01 * (1 + random.uniform());
      assert(broken(book).length > 0, `slot ${k}: ${column}[${at}] is now ${values[at]}`);
      changed++;
    }
    assert(changed > cases(30, 100));
  });
}

Deno.test("market certificate: numbers that are none break it", () => {
  for (const column of outcome) {
    const book = randomSlot(12, 3);
    clearUniformPrice(book);
    book[column].fill(NaN);
    assert(broken(book).length > 0, column);
  }
});
