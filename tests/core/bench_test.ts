import { assert, assertEquals, assertRejects } from "@std/assert";
import { ratioRows, ratiosAgainst } from "../../bench/against.ts";
import { slotPlayer } from "../../bench/environment.ts";
import { randomCommunities } from "../../bench/market.ts";
import { measure, median, rounded, row, timesRow } from "../../bench/measure.ts";
import { mechanismNamed } from "../../lib/market/mechanisms/mod.ts";

Deno.test("bench: a row holds the median and both ends, by what is better", () => {
  const values = [3, 1, 2, 10];
  const { median, worst, best } = row("time", values, "s", "less", 5);
  assertEquals([median, worst, best], [2.5, 10, 1]);
  assertEquals(row("rate", values, "1/s", "more").worst, 1);
  assertEquals(row("time", values, "s", "less", 5).target, 5);
});

Deno.test("bench: a target is met from its own side, and a row without one says nothing", () => {
  const met = (better: "more" | "less", target: number) => row("", [4], "", better, target).met;
  assertEquals([met("more", 4), met("more", 5), met("less", 4), met("less", 3)], [
    true,
    false,
    true,
    false,
  ]);
  assertEquals(Object.hasOwn(row("", [4], "", "more"), "met"), false);
});

Deno.test("bench: a ratio of rows spans its least and most lucky runs", () => {
  const [two, one] = [[16, 18, 20], [9, 10, 10]].map((rates) => row("", rates, "1/s", "more"));
  const { median, worst, best, met } = timesRow("speed-up", two, one, 1.8);
  assertEquals([median, worst, best, met], [1.8, 1.6, 20 / 9, true]);
  assertEquals(timesRow("speed-up", two, one, 1.9).met, false);
});

Deno.test("bench: numbers are printed to three digits, never with an exponent", () => {
  assertEquals([123_456, 12.345, 0.001234].map(rounded), ["123456", "12.3", "0.00123"]);
});

Deno.test("bench: the median of an odd count is the middle one", () => {
  assertEquals(median([9, 1, 5]), 5);
});

Deno.test("bench: warm-ups are run and not counted", async () => {
  let runs = 0;
  const seconds = await measure(3, () => void runs++, 2);
  assertEquals([seconds.length, runs], [3, 5]);
});

Deno.test("bench: communities that are measured trade at prices between the grid's", () => {
  for (const fee of [0, 0.02]) {
    const book = randomCommunities(fee);
    mechanismNamed("uniform-price").clear(book);
    const inside = book.pricePerKwh.filter((price) => price > 0.081 + fee && price < 0.319 - fee);
    assert(inside.length > 0.1 * book.communities, `${inside.length} with a fee of ${fee}`);
    assert(book.volumeKwh.every((kwh) => kwh >= 0) && book.volumeKwh.some((kwh) => kwh > 1));
  }
});

Deno.test("bench: communities small and large play whole episodes of their data", () => {
  for (const [prosumers, communities] of [[10, 2], [101, 1]]) {
    const player = slotPlayer(prosumers, communities, 1);
    player.play();
    assertEquals(player.agentSteps, prosumers * communities * 168);
  }
});

Deno.test("bench: another checkout is compared by the ratios of rounds, in what both measure", () => {
  const time = (what: string, median: number) => ({ what, median, better: "less" as const });
  const round = (here: number, there: number) =>
    [
      { rows: [time("training", here), time("new", 1)], scaling: [], memoryMb: 100 },
      { rows: [time("old", 1), time("training", there)], scaling: [], memoryMb: 200 },
    ] as const;
  // The machine is three times as slow in the second round, for both.
  const [training, memory, ...rest] = ratioRows([round(3, 4), round(9, 12), round(5, 4)]);
  assertEquals([training.what, training.median, training.worst], ["training", 0.75, 1.25]);
  assertEquals([memory.median, rest.length], [0.5, 0]);
});

Deno.test("bench: a folder that is no checkout is refused before anything is measured", async () => {
  const folder = await Deno.makeTempDir();
  const start = () => ratiosAgainst(folder, 1, [], () => {});
  await assertRejects(
    start,
    Error,
    `${folder} has no tasks/bench.ts; name a folder with a checkout`,
  );
  await Deno.remove(folder);
});
