import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { billOf, type SlotPrices } from "../../lib/market/settlement.ts";
import { between } from "../helpers/worlds.ts";

const runs = { numRuns: 2000, seed: 13 };

/** Prices of a slot, and a clearing price that the market's bounds allow. */
const prices = fc.record({ tariff: between(-0.1, 0.3), fee: between(0, 0.1), k: between(0, 1) })
  .chain(({ tariff, fee, k }) =>
    between(0, 0.5).map((spread) => {
      const importPricePerKwh = tariff + 2 * fee + spread;
      const slot: SlotPrices = {
        importPricePerKwh,
        feedInTariffPerKwh: tariff,
        networkFeePerKwh: fee,
      };
      return { slot, clearingPrice: tariff + fee + k * spread };
    })
  );

const flat = { importPricePerKwh: 0.5, feedInTariffPerKwh: 0.25, networkFeePerKwh: 0.0625 };

Deno.test("settlement: imports cost the import price, exports earn the feed-in tariff", () => {
  assertEquals(billOf(flat, 3, 0, NaN), 1.5);
  assertEquals(billOf(flat, -3, 0, NaN), -0.75);
  assertEquals(billOf(flat, 0, 0, NaN), 0);
});

Deno.test("settlement: both sides of a trade pay the network fee", () => {
  assertEquals(billOf(flat, 0, 2, 0.375), 0.75 + 0.125);
  assertEquals(billOf(flat, 0, -2, 0.375), -0.75 + 0.125);
});

Deno.test("settlement: what buyers pay is what sellers get", () => {
  fc.assert(
    fc.property(prices, fc.array(between(0, 5)), ({ slot, clearingPrice }, sold) => {
      const bought = sold.reduce((sum, kwh) => sum + kwh, 0);
      const bills = [bought, ...sold.map((kwh) => -kwh)].map((q) =>
        billOf(slot, 0, q, clearingPrice)
      );
      const fees = 2 * bought * slot.networkFeePerKwh;
      assertAlmostEquals(bills.reduce((sum, bill) => sum + bill, 0), fees, 1e-9);
    }),
    runs,
  );
});

Deno.test("settlement: nobody is worse off than with the grid alone, fee included", () => {
  fc.assert(
    fc.property(prices, between(-5, 5), between(0, 1), ({ slot, clearingPrice }, net, share) => {
      const traded = share * net;
      const withMarket = billOf(slot, net - traded, traded, clearingPrice);
      assert(withMarket <= billOf(slot, net, 0, NaN) + 1e-12);
    }),
    runs,
  );
});

Deno.test("settlement: a community's bills are the grid's, plus fees", () => {
  fc.assert(
    fc.property(
      prices,
      fc.array(fc.tuple(between(-5, 5), between(-5, 5)), { minLength: 1 }),
      ({ slot, clearingPrice }, homes) => {
        const imbalance = homes.reduce((sum, [, traded]) => sum + traded, 0);
        const balanced = [...homes, [0, -imbalance] as const];
        let bills = 0, expected = 0;
        for (const [gridKwh, tradedKwh] of balanced) {
          bills += billOf(slot, gridKwh, tradedKwh, clearingPrice);
          expected += Math.max(0, gridKwh) * slot.importPricePerKwh -
            Math.max(0, -gridKwh) * slot.feedInTariffPerKwh +
            Math.abs(tradedKwh) * slot.networkFeePerKwh;
        }
        assertAlmostEquals(bills, expected, 1e-9);
      },
    ),
    runs,
  );
});
