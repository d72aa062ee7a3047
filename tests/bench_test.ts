import { assertAlmostEquals, assertEquals } from "@std/assert";
import { growth } from "../bench/auction.ts";
import { measure, median, row } from "../bench/measure.ts";

Deno.test("bench: a row holds the median and both ends, by what is better", () => {
  const values = [3, 1, 2, 10];
  const { median, worst, best } = row("time", values, "s", "less", 5);
  assertEquals([median, worst, best], [2.5, 10, 1]);
  assertEquals(row("rate", values, "1/s", "more").worst, 1);
  assertEquals(row("time", values, "s", "less", 5).target, 5);
});

Deno.test("bench: the median of an odd count is the middle one", () => {
  assertEquals(median([9, 1, 5]), 5);
});

Deno.test("bench: warm-ups are run and not counted", async () => {
  let runs = 0;
  const seconds = await measure(3, () => void runs++, 2);
  assertEquals([seconds.length, runs], [3, 5]);
});

Deno.test("bench: growth tells n log n from n²", () => {
  const orders = [10, 1_000, 100_000];
  const times = (ms: (n: number) => number) => orders.map((n) => ({ orders: n, ms: ms(n) }));
  assertAlmostEquals(growth(times((n) => 3 * n * Math.log(n))), 1, 1e-9);
  assertEquals(growth(times((n) => n ** 2)) > 1.5, true);
});
