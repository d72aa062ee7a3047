import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { audit } from "../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../lib/evaluation/records.ts";
import { cases } from "../helpers/cases.ts";
import { begin, playWildly } from "../helpers/play.ts";
import { world } from "../helpers/worlds.ts";

Deno.test("audit: the books of any world hold under any numbers, in every market", () => {
  fc.assert(
    fc.property(world, (world) => {
      const env = begin(world);
      const records = createRecords("wild", [0], env);
      playWildly(env, world.seed, ({ info }, t) => recordSlot(records, info, t));
      assertEquals(audit(records, world.dataset).total, 0);
    }),
    { numRuns: cases(60, 150), seed: 11 },
  );
});
