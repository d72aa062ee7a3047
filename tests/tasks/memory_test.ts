import { assertEquals, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { profilesGb, recordsGb, requireMemory } from "../../lib/experiments/memory_needed.ts";
import { refuses } from "../helpers/run_task.ts";

Deno.test("memory: what is too much is refused with the need, what is free and the remedy", () => {
  assertThrows(
    () => requireMemory(28.03, "the profiles", "take fewer", 9.5),
    Error,
    "the profiles need about 28.0 GB of memory, of which 9.5 GB are free; take fewer",
  );
  requireMemory(1.9, "the profiles", "take fewer", 1);
});

Deno.test("memory: profiles are held by prosumer and by slot, the books in 16 columns by home and 5 by store", () => {
  assertEquals(profilesGb(100_000, 8_760), 28.032);
  const dataset = synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 });
  assertEquals(recordsGb(dataset, 5, 73, 24), 5 * 73 * 24 * (3 * 16 + 2 * 5) * 8 / 1e9);
});

for (
  const [task, args] of [
    ["evaluate", ["--prosumers", "10000000"]],
    ["data", ["synthesize", "--prosumers", "10000000", "--out", "never"]],
  ] as const
) {
  Deno.test(`memory: ${task} says what ten million households need instead of dying of them`, async () => {
    const need = /need about 2803\.2 GB of memory, of which .*take fewer/;
    await refuses(task, args, need);
  });
}
