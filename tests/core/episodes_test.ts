import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { playedEpisodes, spread } from "../../lib/experiments/episodes.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";

const dataset = synthesize({ seed: 1, prosumers: 3, days: 30, dtHours: 1 });

Deno.test("episodes: days are rounded up to whole episodes, spread evenly", () => {
  assertEquals(spread([0, 1, 2, 3], config, 8), [0, 2]);
  assertEquals(spread([0, 1, 2, 3], config), [0, 1, 2, 3]);
  assertThrows(() => spread([0, 1], config, 15), Error, "--days must be at most 14");
});

Deno.test("episodes: all days are one episode, in which what is stored is carried on", async () => {
  const whole = playedEpisodes(dataset, config, "all", undefined);
  assertEquals([whole.config.episodeDays, whole.firstSlots], [30, [0]]);
  const policies = [dynamicProgrammingPolicy()];
  const { records: [records], summary: [row] } = await evaluate(
    { dataset, ...whole, seed: 7 },
    policies,
  );
  assertEquals([row.days, row.residualViolations, records.slotsPerEpisode], [30, 0, 720]);
  // A slot begins with what the one before has left, at midnight as at any hour.
  const { stores, store: { powerKw, endEnergyKwh } } = records;
  for (let at = stores; at < powerKw.length; at++) {
    if (powerKw[at] === 0) assertAlmostEquals(endEnergyKwh[at], endEnergyKwh[at - stores], 0.01);
  }
  assertThrows(
    () => playedEpisodes(dataset, config, "all", 31),
    Error,
    "--days must be at most 30, the whole days of the data, got 31",
  );
});
