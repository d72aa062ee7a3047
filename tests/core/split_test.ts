import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { localTime, timestamp } from "../../lib/units.ts";

const year = synthesize({ seed: 1, prosumers: 1, days: 365, dtHours: 1 });

/** The data set with its clock moved on by `slots`. */
function shifted({ community, profiles }: Dataset, slots: number): Dataset {
  const startMs = profiles.grid.startMs + slots * profiles.grid.dtHours * 3_600_000;
  return { community, profiles: { ...profiles, grid: { ...profiles.grid, startMs } } };
}

Deno.test("split: a year is divided 70 : 10 : 20 with every season in each part", () => {
  const split = splitDays(year, { episodeDays: 1 });
  assertEquals([split.train.length, split.validation.length, split.test.length], [257, 36, 72]);
  for (const part of [split.train, split.validation, split.test]) {
    const months = part.map((slot) => Number(timestamp(year.profiles.grid, slot).slice(5, 7)));
    assertEquals(new Set(months.map((month) => Math.floor((month % 12) / 3))).size, 4);
  }
});

Deno.test("split: whole local days, disjoint, sorted, all of them, whatever the data set", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer(),
      (offset, episodeDays, seed) => {
        const dataset = shifted(year, offset);
        const split = splitDays(dataset, { episodeDays, seed });
        const parts = [split.train, split.validation, split.test];
        for (const part of parts) assertEquals(part, part.toSorted((a, b) => a - b));
        const all = parts.flat().toSorted((a, b) => a - b);
        assertEquals(all.length, Math.floor((offset === 0 ? 365 : 364) / episodeDays));
        all.forEach((slot, k) => {
          assertEquals(localTime(dataset.profiles.grid, slot).hourOfDay, 0);
          assert(k === 0 || slot - all[k - 1] === episodeDays * 24);
          assert(slot + episodeDays * 24 <= dataset.profiles.grid.slots);
        });
      },
    ),
    { seed: 11, numRuns: 60 },
  );
});

Deno.test("split: the seed decides which days go where", () => {
  const options = { episodeDays: 1, seed: 4 };
  assertEquals(splitDays(year, options), splitDays(year, options));
  assertNotEquals(splitDays(year, options).test, splitDays(year, { ...options, seed: 5 }).test);
});

Deno.test("split: seasons with few days are divided together", () => {
  const start = "2025-02-27T00:00:00+01:00";
  const dataset = synthesize({ seed: 1, prosumers: 1, days: 4, dtHours: 0.5, start });
  const { train, validation, test } = splitDays(dataset, { episodeDays: 1 });
  assertEquals([train.length, validation.length, test.length], [2, 1, 1]);
});

Deno.test("split: three episodes are one each, fewer are refused with what is needed", () => {
  const days = (count: number) => synthesize({ seed: 1, prosumers: 1, days: count, dtHours: 1 });
  const { train, validation, test } = splitDays(days(6), { episodeDays: 2 });
  assertEquals([train.length, validation.length, test.length], [1, 1, 1]);
  assertThrows(
    () => splitDays(days(5), { episodeDays: 2 }),
    RangeError,
    "a split needs 3 episodes of 2 whole days, hence 6 days from a local midnight on, got 2 episodes (",
  );
  // Three days that begin at one in the morning hold only two whole local days.
  assertThrows(
    () => splitDays(shifted(days(3), 1), { episodeDays: 1 }),
    RangeError,
    "got 2 episodes (",
  );
  assertThrows(() => splitDays(days(5), { episodeDays: 0 }), RangeError, "episodeDays");
});
