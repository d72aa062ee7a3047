import { assertEquals } from "@std/assert";
import { createSelection, selectPrice } from "../../lib/market/price_selection.ts";
import { stream } from "../../lib/random.ts";

/** The crossing by its definition. */
function crossing(prices: readonly number[], kwh: readonly number[], top: number) {
  const below = (price: number) =>
    prices.reduce((sum, each, k) => each >= price ? sum + kwh[k] : sum, top);
  const levels = [...new Set(prices)].sort((a, b) => b - a);
  const low = levels.find((price) => below(price) > 1e-9) ?? -Infinity;
  const justAbove = prices.reduce((sum, each, k) => each > low ? sum + kwh[k] : sum, top);
  const above = prices.filter((price, k) => price > low && kwh[k] > 0);
  return { low, high: justAbove < -1e-9 ? low : Math.min(...above) };
}

Deno.test("price selection: finds the crossing of random curves, many of them tied", () => {
  const random = stream(9, "selection");
  for (let k = 0; k < 5000; k++) {
    const count = random.below(80);
    const width = random.uniform() < 0.6 ? 6 : 1e6;
    const prices = Array.from({ length: count }, () => random.below(width) - width / 2);
    const kwh = prices.map(() => random.uniform() < 0.05 ? 0 : 1 + random.below(5));
    const all = kwh.reduce((sum, each) => sum + each, 0);
    const top = random.uniform() < 0.2 ? 0 : -random.below(all + 3);
    const selection = createSelection(80);
    selection.price.set(prices);
    selection.kwh.set(kwh);
    selectPrice(selection, count, top, 1e-9);
    const { low, high } = selection;
    assertEquals({ low, high }, crossing(prices, kwh, top), `curve ${k}`);
  }
});

Deno.test("price selection: prices far apart and all alike end soon", () => {
  for (const price of [(k: number) => 2 ** (k % 40), () => 7, (k: number) => -(3 ** (k % 25))]) {
    const prices = Array.from({ length: 100_000 }, (_, k) => price(k));
    const selection = createSelection(prices.length);
    selection.price.set(prices);
    selection.kwh.fill(1);
    selectPrice(selection, prices.length, -70_000, 1e-9);
    const sorted = prices.toSorted((a, b) => b - a);
    assertEquals(selection.low, sorted[70_000]);
  }
});
