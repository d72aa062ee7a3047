import { assertAlmostEquals, assertEquals } from "@std/assert";
import { describeDataset } from "../../lib/data/describe.ts";
import { simple } from "../helpers/two_homes.ts";

Deno.test("describe: totals, peaks and the energy that trade can match are counted by hand", () => {
  const dataset = simple();
  const { profiles } = dataset;
  // Two homes over four half hours: a in the first four places, b-2 in the last four.
  profiles.loadKw.set([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
  profiles.pvKw.set([0, 3, 1.5, 5, 0, 0, 0, 0]);
  profiles.importPricePerKwh.set([0.2, 0.3, 0.3, 0.4]);
  const summary = describeDataset(dataset);
  assertEquals(summary.loadKwh, 3);
  assertEquals(summary.pvKwh, 4.75);
  assertEquals(summary.peakImportKw, 1.5);
  assertEquals(summary.peakExportKw, 3.5);
  assertEquals(summary.tradableKwh, 0.75);
  assertEquals(summary.bothSidesShare, 0.75);
  assertEquals([summary.importPricePerKwh.least, summary.importPricePerKwh.largest], [0.2, 0.4]);
  assertAlmostEquals(summary.importPricePerKwh.mean, 0.3, 1e-15);
  const [a, b] = summary.households;
  assertEquals([a.id, a.loadKwh, a.pvKwh, a.peakLoadKw], ["a", 2, 4.75, 1]);
  assertEquals([b.id, b.pvKwh, b.battery], ["b-2", 0, null]);
});
