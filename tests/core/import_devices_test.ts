import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { validateDataset } from "../../lib/data/profiles.ts";
import type { Car } from "../../lib/data/devices/car.ts";
import { imported, loadKwh } from "../helpers/meter_files.ts";

const START = Date.UTC(2025, 0, 6), SLOTS = 14 * 96;
/** A home that takes 0.3 kW, and 11 kW more from 18:00 to 20:00 UTC on every second day. */
const METER = [
  "timestamp,a_kW,b_kW",
  ...Array.from({ length: SLOTS }, (_, k) => {
    const day = Math.floor(k / 96), hour = (k % 96) / 4;
    const charging = day % 2 === 0 && hour >= 18 && hour < 20 ? 11 : 0;
    return `${new Date(START + k * 9e5).toISOString()},${0.3 + charging},${0.3 + hour / 40}`;
  }),
].join("\n");
const SESSIONS = "home,arrival,departure,charged_kWh\n" +
  Array.from({ length: 7 }, (_, k) => {
    const day = new Date(START + 2 * k * 864e5).toISOString().slice(0, 10);
    const next = new Date(START + (2 * k + 1) * 864e5).toISOString().slice(0, 10);
    return `a,${day} 18:00,${next} 07:00,22\n`;
  }).join("");
const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);

Deno.test("import devices: measured sessions become a car, and what it charged goes out of the load", async () => {
  const { dataset, notes } = await imported({
    "meter.csv": METER,
    "devices.csv": "home,car,car_kWh\na,yes,60\n",
    "sessions.csv": SESSIONS,
  }, { timeZone: "UTC" });
  const [car] = dataset.community.prosumers[0].devices as readonly Car[];
  assertEquals([car.kind, car.capacityKwh, car.sessions.length], ["car", 60, 7]);
  assertAlmostEquals(car.sessions[0].tripKwh, 22 * 0.9, 1e-9);
  assertAlmostEquals(sum(loadKwh({ dataset } as never, "a")), 0.3 * SLOTS / 4, 1e-6);
  assert(
    notes.includes("a: 154 of the 154 kWh that its car takes are cut out of the measured load"),
  );
  validateDataset(dataset);
});

Deno.test("import devices: what a session charges beyond the car's capacity is left out, and said", async () => {
  const { notes } = await imported({
    "meter.csv": METER,
    "devices.csv": "home,car,car_kWh\na,yes,18\n",
    "sessions.csv": SESSIONS,
  }, { timeZone: "UTC" });
  // 22 kWh from the meter are 19.8 kWh in the car, and 18 kWh are 20 kWh from the meter.
  const said = "a: its sessions charge 14 kWh more than a car of 18 kWh holds at once";
  assert(notes.some((note) => note.startsWith(said)), notes.join("\n"));
});

Deno.test("import devices: without sessions they are made up, and only cut out of a load that holds them", async () => {
  const files = (rest: string) => ({
    "meter.csv": METER,
    "devices.csv": `home,car,heat_pump_kW,in_load\n${rest}`,
  });
  const before = sum(loadKwh(await imported({ "meter.csv": METER }), "b"));
  const looked = await imported(files("b,yes,,\n"));
  assertEquals(sum(loadKwh(looked, "b")), before);
  assert(
    looked.notes.some((note) => note.includes("b: its load seems to be without its car, as only")),
  );
  const cut = await imported(files("b,yes,2,yes\n"));
  const said = cut.notes.join("\n").matchAll(/b: ([\d.]+) of the ([\d.]+) kWh that its/g);
  const amounts = [...said].map(([, amount]) => Number(amount));
  assertEquals(amounts.length, 2);
  assertAlmostEquals(before - sum(loadKwh(cut, "b")), amounts[0] + amounts[1], 0.2);
  assert(loadKwh(cut, "b").every((energy) => energy >= 0));
  assertEquals(cut.dataset.community.prosumers[1].devices?.map(({ kind }) => kind), [
    "car",
    "heat-pump",
  ]);
  const without = await imported(files("b,yes,,no\n"));
  assertEquals(sum(loadKwh(without, "b")), before);
  validateDataset(cut.dataset);
});

const faults: readonly [string, Record<string, string>, string][] = [
  [
    "a session of nobody",
    { "devices.csv": "home,car\nb,yes\n", "sessions.csv": SESSIONS },
    'sessions.csv row 2, column home: no home "a" has a car',
  ],
  ["a departure before the arrival", {
    "devices.csv": "home,car\na,yes\n",
    "sessions.csv": SESSIONS.replace("2025-01-07 07:00", "2025-01-06 07:00"),
  }, "sessions.csv row 2, column departure: must be after the arrival"],
  ["sessions that overlap", {
    "devices.csv": "home,car\na,yes\n",
    "sessions.csv": SESSIONS.replace("2025-01-07 07:00", "2025-01-09 07:00"),
  }, "sessions.csv row 3, column arrival: begins before the session of the row above"],
  [
    "neither yes nor no",
    { "devices.csv": "home,car\na,maybe\n" },
    'devices.csv row 2, column car: must be yes or no, got "maybe"',
  ],
  [
    "a column of no kind",
    { "devices.csv": "home,pv_kWp,colour\na,1,red\n" },
    'devices.csv row 1: unknown column "colour"',
  ],
];
for (const [what, files, message] of faults) {
  Deno.test(`import devices: ${what} is one line`, async () => {
    const error = await assertRejects(
      () => imported({ "meter.csv": METER, ...files }, { timeZone: "UTC" }),
      RangeError,
    );
    assert(error.message.includes(message) && !error.message.includes("\n"), error.message);
  });
}
