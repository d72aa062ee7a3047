import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { stream } from "../../lib/random.ts";
import { type MemorySample, trendOf } from "../../bench/memory.ts";
import { measureSizes } from "../../bench/sizes.ts";
import { soak } from "../../bench/soak.ts";
import { longTest } from "../helpers/cases.ts";

/** Twenty samples over ten million slots. */
function samples(residentMb: (share: number) => number): MemorySample[] {
  return Array.from({ length: 20 }, (_, k) => (
    { slots: (k + 1) * 500_000, residentMb: residentMb(k / 19), heapMb: 12, externalMb: 30 }
  ));
}

Deno.test("soak: memory that comes and goes is flat, whatever it took to warm up", () => {
  const random = stream(1, "memory");
  const noisy = samples((share) => share < 0.15 ? 100 : 220 + 8 * random.uniform());
  assertEquals(trendOf(noisy, "residentMb").verdict, "flat");
  assertEquals(trendOf(noisy, "heapMb"), {
    slopeMbPerMillion: 0,
    growthMb: 0,
    verdict: "flat",
  });
});

Deno.test("soak: memory that leaks is noticed, with its slope", () => {
  const { slopeMbPerMillion, verdict } = trendOf(
    samples((share) => 200 + 38 * share),
    "residentMb",
  );
  assertEquals(verdict, "grows");
  assertAlmostEquals(slopeMbPerMillion, 4, 1e-9);
});

Deno.test("soak: a short run says that it is too short to tell", () => {
  const short = samples((share) => 100 + 300 * share)
    .map((sample) => ({ ...sample, slots: sample.slots / 100 }));
  assertEquals(trendOf(short, "residentMb").verdict, "short");
});

longTest(
  "soak: a community trades for many episodes and live days without a violation",
  async () => {
    const report = await soak(60_000, 10_000, 7);
    assertEquals(report.violations, 0);
    assert(report.slots >= 60_000);
    assertGreater(report.liveDays, 0);
    assertGreater(report.samples.length, 3);
  },
);

longTest("soak: every size of community and data set can be played and judged", async () => {
  const measured = await measureSizes(300, 20);
  assertEquals(measured.filter(({ violations }) => violations !== null && violations > 0), []);
  const judged = measured.filter(({ what }) => what.endsWith("under four rules"));
  assertEquals(judged.map(({ size }) => size), [
    ...["1 prosumers", "2 prosumers", "300 prosumers", "10 prosumers, 35,040 slots"],
    ...["20 homes, 8,760 slots", "20 homes, 8,760 slots"],
  ]);
});
