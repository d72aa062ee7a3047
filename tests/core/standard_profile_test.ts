import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  standardProfile,
  standardProfileNames,
} from "../../lib/data/standard_profiles/standard_profile.ts";
import { clockOf, localOf } from "../../lib/data/importers/clock.ts";
import { imported, loadKwh } from "../helpers/meter_files.ts";

const berlin = clockOf("Europe/Berlin");
const local = (ms: number) => localOf(berlin, ms / 1000) * 1000;
const year = (name: typeof standardProfileNames[number], y = 2025, dtHours = 0.25) =>
  standardProfile(name, 1e6, {
    startMs: Date.UTC(y - 1, 11, 31, 23),
    ...{ utcOffsetMinutes: 60, dtHours, slots: 8760 / dtHours },
  }, local);

/** Values of a day of 2025 in quarter-hours. [kWh for 1 GWh] */
function day(load: Float64Array, month: number, date: number): number[] {
  const first = Math.round((Date.UTC(2025, month - 1, date) - Date.UTC(2025, 0, 1)) / 900_000);
  return Array.from(load.subarray(first, first + 96), (power) => power / 4);
}

Deno.test("standard profile: a year has about the energy that was asked for, in any resolution", () => {
  for (const name of standardProfileNames) {
    const sum = year(name).reduce((all, power) => all + power / 4, 0);
    assert(Math.abs(sum / 1e6 - 1) < 0.015, `${name}: ${sum}`);
    const hourly = year(name, 2025, 1).reduce((all, power) => all + power, 0);
    assertAlmostEquals(hourly, sum, 1e-6);
  }
});

Deno.test("standard profile: G25 as published on 8 January, a Wednesday", () => {
  // The first quarter-hours of a working day in January, of BDEW's table.
  assertEquals(day(year("G25"), 1, 8).slice(0, 4).map((x) => Number(x.toFixed(3))), G25_JANUARY);
});
const G25_JANUARY = [14.832, 14.721, 14.618, 14.501];

Deno.test("standard profile: holidays are Sundays, both eves of 2025 Saturdays", () => {
  const load = year("G25");
  const saturday = day(load, 12, 20), sunday = day(load, 12, 21), working = day(load, 12, 22);
  for (const date of [24, 31]) assertEquals(day(load, 12, date), saturday);
  for (const date of [25, 26]) assertEquals(day(load, 12, date), sunday);
  assert(saturday[40] !== sunday[40] && working[40] !== saturday[40]);
  // Good Friday, Easter Monday, Ascension, Whit Monday, 1 May, 3 October of 2025.
  for (
    const [month, date, like] of [[4, 18, 6], [4, 21, 6], [5, 29, 4], [5, 1, 4], [6, 9, 8], [
      10,
      3,
      5,
    ]]
  ) {
    // By the clock of winter, on which days of summer end an hour early.
    const both = [date, like].map((each) => day(load, month, each).slice(0, 92));
    assertEquals(both[0], both[1], `${date}.${month}.`);
  }
  // Where an eve is a Sunday it stays one: 24 and 31 December 2023.
  const before = standardProfile("G25", 1e6, {
    startMs: Date.UTC(2023, 11, 23, 23),
    ...{ utcOffsetMinutes: 60, dtHours: 1, slots: 48 },
  }, local);
  assertEquals(before[10], day(load, 12, 21).slice(40, 44).reduce((a, b) => a + b));
});

Deno.test("standard profile: a home without a meter follows it by the clock on the wall", async () => {
  const meter = [
    "time,a_kWh",
    ...Array.from(
      { length: 72 },
      (_, k) => `${new Date(Date.UTC(2025, 2, 28, 23) + k * 36e5).toISOString()},0.4`,
    ),
  ].join("\n");
  const result = await imported({
    "meter.csv": meter,
    "devices.csv": "home,yearly_kWh,profile\na,,\nshop,5000,G25\nflat,2000,\n",
  }, { timeZone: "Europe/Berlin" });
  assertEquals(result.dataset.community.prosumers.map(({ id }) => id), ["a", "shop", "flat"]);
  const load = loadKwh(result, "shop"), table = year("G25");
  // Noon on 31 March is an hour earlier than on 29 March.
  const noon = (date: number) => day(table, 3, date).slice(48, 52).reduce((a, b) => a + b) * 0.005;
  assertAlmostEquals(load[12], noon(29), 1e-9);
  assertAlmostEquals(
    load[2 * 24 + 11],
    day(table, 3, 31).slice(44, 48).reduce((a, b) => a + b) * 0.005,
    1e-9,
  );
  assert(
    result.notes.includes("flat: has no meter and follows H25 of BDEW 2025 with 2000 kWh a year"),
  );
  await assertRejects(
    () =>
      imported({ "meter.csv": meter, "devices.csv": "home,yearly_kWh,profile\nx,1000,H0\n" }, {
        timeZone: "UTC",
      }),
    RangeError,
    'devices.csv row 2, column profile: must be one of H25, G25, P25, S25, got "H0"',
  );
});
