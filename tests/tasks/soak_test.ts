import { assert, assertAlmostEquals, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { stream } from "../../lib/random.ts";
import { type MemorySample, trendOf } from "../../tasks/soak/memory.ts";
import { soak } from "../../tasks/soak/soak.ts";
import { runTask } from "../helpers/run_task.ts";

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

Deno.test("soak: a community trades for many episodes and live days without a violation", async () => {
  const report = await soak({ slots: 60_000, interval: 10_000, seed: 7 });
  assertEquals(report.violations, 0);
  assert(report.slots >= 60_000);
  assertGreater(report.liveDays, 0);
  assertEquals(report.liveSlots, report.liveDays * 2 * 96);
  assertGreater(report.samples.length, 3);
});

Deno.test("soak: the task prints memory, its trend and the violations", async () => {
  const { code, stdout, stderr } = await runTask("soak", [
    "--slots",
    "10000",
    "--interval",
    "2000",
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /objects +-?[\d.]+ +-?[\d.]+ +too short to tell/);
  assertMatch(stdout, /slots\/s, 0 violations/);
});

Deno.test("soak: every size of community and data set can be played and judged", async () => {
  const { code, stdout, stderr } = await runTask("soak", [
    "--sizes",
    "--prosumers",
    "300",
    "--homes",
    "20",
  ]);
  assertEquals(code, 0, stderr);
  for (
    const row of [
      /evaluate: a day under four rules +1 prosumer .* 0$/m,
      /city: a week under one rule +2 prosumers .* 0$/m,
      /evaluate: a day under four rules +300 prosumers .* 0$/m,
      /evaluate: 72 test days under four rules +10 prosumers, 35,040 slots .* 0$/m,
      /read it back from csv +20 homes, 8,760 slots /,
      /read it back from parquet +20 homes, 8,760 slots /,
    ]
  ) assertMatch(stdout, row);
});
