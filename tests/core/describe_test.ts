import { assertAlmostEquals, assertEquals } from "@std/assert";
import { describeDataset } from "../../lib/data/describe.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { appliance, car, heatPump, withSpecs } from "../helpers/device_specs.ts";
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

Deno.test("describe: devices are listed with what they need, by hand", () => {
  const dataset = withSpecs(simple(), (grid) => [
    [
      // Trips of 3 and 6 kWh at 90 %, and one that begins after the data.
      car(grid, [[-1, 0.5, 3, 10], [0.75, 1.25, 6, 10], [1.75, 9, 20, 30]]),
      // 6 kW from 2 kW at COP 3; 8 kW from 2 kW and 2 kW of the heater; 12 kW, of which 3 are missed.
      heatPump(grid, (t) => [6, 8, 12, 0][t], () => 3),
    ],
    [appliance(grid, [[0, 1, 1.5], [1, 9, 2]])],
  ]);
  const { devices, doubts } = describeDataset(dataset);
  assertEquals(devices.map(({ prosumer, name }) => `${prosumer}.${name}`), [
    "a.ev",
    "a.heating",
    "b-2.washer",
  ]);
  assertEquals(devices.map(({ capacityKwh, powerKw }) => [capacityKwh, powerKw]), [
    [40, 10],
    [8, 2],
    [2, 2],
  ]);
  assertEquals(devices.map(({ times }) => times), [3, null, 2]);
  const needed = [10, 0.5 * (2 + 4 + 5), 1.5];
  devices.forEach(({ neededKwh }, k) => assertAlmostEquals(neededKwh!, needed[k], 1e-12));
  assertEquals(doubts, describeDataset(simple()).doubts);
});

Deno.test("describe: watts for kilowatts of heat, and a car that is never at home, are doubted", () => {
  const year = synthesize({ seed: 1, prosumers: 2, days: 365, dtHours: 1, cars: 1, heatPumps: 1 });
  assertEquals(describeDataset(year).doubts, []);
  const doubtful = withSpecs(year, (grid) => [
    [car(grid, [])],
    [heatPump(grid, () => 1500, () => 3, { maxPowerKw: 1000 })],
  ]);
  assertEquals(
    describeDataset(doubtful).doubts.map(({ text }) => text),
    [
      "ev of a is never at home; has it sessions?",
      "heating of b needs 4380000 kWh a year, more than 20000; are these watts?",
    ].map((text) => text.replace("of a ", "of house-01 ").replace("of b ", "of house-02 ")),
  );
});
