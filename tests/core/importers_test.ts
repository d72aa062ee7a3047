import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { join } from "node:path";
import { importData } from "../../lib/data/importers/import_data.ts";
import { timestamp } from "../../lib/units.ts";
import { cases } from "../helpers/cases.ts";
import { imported, loadKwh, madeUp, shapes, wallClock, written } from "../helpers/meter_files.ts";

const ZONES = [
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "Australia/Sydney",
  "Asia/Kolkata",
  "America/St_Johns",
  "UTC",
];

/** Days with a change of the clock in some of the zones, and some without. */
const DAYS = ["2025-03-29", "2025-10-25", "2025-11-01", "2025-04-05", "2025-06-20", "2024-12-30"];

Deno.test("importers: whatever the shape, zone, resolution and clock, energy in is energy out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...shapes),
      fc.constantFrom(...ZONES),
      fc.constantFrom(...DAYS),
      fc.constantFrom(5, 15, 30, 60),
      fc.boolean(),
      fc.integer({ min: 0, max: 1000 }),
      async (shape, zone, day, stepMinutes, isKept, seed) => {
        const intervals = 50 * 60 / stepMinutes;
        const truth = madeUp(seed, {
          startMs: Date.parse(`${day}T00:00:00Z`),
          ...{ stepMinutes, intervals, homes: ["Haus 1", "b"] },
        });
        // Whole hours by the clock, where the clock is half an hour off.
        const text = written(truth, shape, zone);
        const longest = zone.endsWith("Kolkata") || zone.endsWith("Johns") ? 30 : 60;
        const result = await imported({ "file.csv": text }, {
          timeZone: zone,
          ...((!isKept || stepMinutes > longest) && { resolutionMinutes: longest }),
        });
        const { grid } = result.dataset.profiles;
        assertAlmostEquals(
          grid.dtHours * 60,
          isKept ? Math.min(stepMinutes, longest) : longest,
          1e-9,
        );
        assertEquals(grid.startMs, truth.startMs);
        const perSlot = grid.dtHours * 60 / stepMinutes;
        for (const [name, id] of [["Haus 1", "Haus-1"], ["b", "b"]]) {
          const expected = truth.energyKwh[name], got = loadKwh(result, id);
          for (let slot = 0; slot < grid.slots; slot++) {
            let sum = 0;
            for (let k = Math.ceil(slot * perSlot - 1e-9); k < (slot + 1) * perSlot; k++) {
              sum += expected[k];
            }
            if (perSlot >= 1) assertAlmostEquals(got[slot], sum, 1e-6);
          }
          const all = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
          assertAlmostEquals(all(got), all(expected), 1e-6);
        }
        assertEquals(result.gaps, []);
      },
    ),
    { numRuns: cases(8, 80), seed: 17 },
  );
});

Deno.test("importers: gaps are filled and listed, a register's sum stays over them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("wide", "long", "register", "epoch"),
      fc.integer({ min: 5, max: 150 }),
      fc.integer({ min: 1, max: 20 }),
      async (shape, first, length) => {
        const truth = madeUp(first, {
          startMs: Date.UTC(2025, 2, 27),
          ...{ stepMinutes: 60, intervals: 240, homes: ["a", "b"] },
        });
        const missing = (home: string, k: number) =>
          home === "a" && k >= first && k < first + length;
        const text = written(truth, shape as "wide", "Europe/Berlin", missing);
        const result = await imported({ "file.csv": text }, { timeZone: "Europe/Berlin" });
        const slots = result.gaps.reduce((sum, gap) => sum + gap.slots, 0);
        // A register also lacks how the interval after the gap was used.
        assertEquals(slots, shape === "register" ? length + 1 : length);
        assertEquals(result.gaps.map(({ home, slot }) => [home, slot]), [["a", first]]);
        const got = loadKwh(result, "a");
        const sum = (values: ArrayLike<number>) =>
          Array.from(values).slice(first, first + slots).reduce((a, b) => a + b, 0);
        assertAlmostEquals(sum(got), result.gaps[0].energyKwh, 1e-9);
        if (shape === "register") assertAlmostEquals(sum(got), sum(truth.energyKwh.a), 1e-6);
        assert(
          got.every((energy, k) =>
            (k >= first && k < first + slots) || Math.abs(energy - truth.energyKwh.a[k]) < 1e-6
          ),
        );
      },
    ),
    { numRuns: 25, seed: 17 },
  );
});

Deno.test("importers: import − export + PV is the load, and without PV the net is kept", async () => {
  const stamps = Array.from(
    { length: 8 },
    (_, k) => `2025-06-01T${String(k + 8).padStart(2, "0")}:00Z`,
  );
  const meter = [
    "time,a Bezug kWh,a Einspeisung kWh",
    ...stamps.map((stamp, k) => `${stamp},${k < 4 ? 0.5 : 0},${k < 4 ? 0 : 1.25}`),
  ].join("\n");
  const pv = ["time,a", ...stamps.map((stamp, k) => `${stamp},${k < 4 ? 0.25 : 2}`)].join("\n");
  const gross = await imported({ "meter.csv": meter, "pv_generation_kW.csv": pv });
  assertEquals([...loadKwh(gross, "a")], [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75]);
  const net = await imported({ "meter.csv": meter });
  assertEquals([...loadKwh(net, "a")], [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
  assertEquals(net.dataset.profiles.pvKw[5], 1.25);
  assert(net.notes.some((note) => note.includes("only the net is known")));
});

Deno.test("importers: files of several resolutions and months become one data set", async () => {
  const startMs = Date.UTC(2025, 9, 1);
  const quarter = madeUp(1, { startMs, stepMinutes: 15, intervals: 192, homes: ["a"] });
  const hour = madeUp(2, { startMs, stepMinutes: 60, intervals: 24, homes: ["b"] });
  const later = madeUp(3, {
    startMs: startMs + 864e5,
    stepMinutes: 60,
    intervals: 24,
    homes: ["b"],
  });
  const result = await imported({
    "quarters.csv": written(quarter, "wide", "UTC"),
    "october.csv": written(hour, "epoch", "UTC"),
    "november.csv": written(later, "long", "UTC"),
  }, { timeZone: "UTC" });
  assertEquals([result.dataset.profiles.grid.dtHours, result.dataset.profiles.grid.slots], [1, 48]);
  assertEquals(
    Array.from(loadKwh(result, "b"), (energy) => Number(energy.toFixed(3))),
    [...hour.energyKwh.b, ...later.energyKwh.b],
  );
});

Deno.test("importers: names with spaces, dots and umlauts are mapped and listed, texts in Latin-1 read", async () => {
  const text = "Zeit;Müller kWh;Dr. Søren kWh;Haus.3 kWh;Temperatur\n" +
    "01.06.2025 00:00;0,1;0,2;0,3;18,5\n01.06.2025 01:00;0,1;0,2;0,3;18,5\n01.06.2025 02:00;1,1;0;0,3;17\n";
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const result = await imported({ "a.csv": latin }, { timeZone: "+01:00" });
  assertEquals(result.dataset.community.prosumers.map(({ id }) => id), [
    "Müller",
    "Dr-Søren",
    "Haus-3",
  ]);
  assert(
    result.notes.join().includes("Dr. Søren → Dr-Søren, Haus.3 → Haus-3"),
    result.notes.join(),
  );
  assert(result.found[0][1].some((note) => note.includes("not used: Temperatur")));
});

Deno.test("importers: a net meter, turned generation, spikes and repeated rows are told", async () => {
  const rows = Array.from({ length: 48 }, (_, k) => {
    const stamp = `2025-06-0${1 + Math.floor(k / 24)}T${
      String(k % 24).padStart(2, "0")
    }:00:00+02:00`;
    return [
      stamp,
      k === 30 ? 99.5 : 0.4,
      k % 24 > 9 && k % 24 < 16 ? -1.2 : 0.6,
      k % 24 === 12 ? -3 : 0.002,
    ];
  });
  const text = ["timestamp,a load kWh,b load kWh,a pv kWh", ...rows, rows[5], rows[6]]
    .map((row) => Array.isArray(row) ? row.join(",") : row).join("\n");
  const result = await imported({ "a.csv": text });
  const notes = result.notes.join("\n");
  for (
    const part of [
      "a: 1 load readings above 43.6 kW are left out and filled: 99.5 kWh at 2025-06-02T06:00",
      "b: readings below zero are taken as export",
      "a: generation is written below zero",
      "a, b, each: 2 load readings come twice and count once",
      "a: 2 pv readings come twice and count once",
    ]
  ) assert(notes.includes(part), notes);
  // What panels take at night counts as load.
  assertEquals(loadKwh(result, "a")[30], 0.402);
  assertEquals(result.dataset.profiles.pvKw[12], 3);
});

Deno.test("importers: an exchanged meter, a full register and a reading that does not fit are told", async () => {
  const readings = [99990, 99995, 99999.5, 4.5, 9.5, 5000, 19.5, 24.5, 0.5, 5.5, 10.5, 15.5, 20.5];
  const text = [
    "meter,time,reading_kWh",
    ...readings.map((reading, k) => `a,2025-06-01 ${String(k).padStart(2, "0")}:00,${reading}`),
  ].join("\n");
  const result = await imported({ "a.csv": text }, { timeZone: "UTC" });
  const notes = result.notes.join("\n");
  assert(notes.includes("went on from zero, all digits being full (99999.5 to 4.5 kWh)"), notes);
  assert(
    notes.includes("its meter was exchanged, and the interval of that is filled (24.5 to 0.5 kWh)"),
  );
  assert(
    notes.includes("do not fit between their neighbours are left out (9.5 to 5000 kWh)"),
    notes,
  );
  assertEquals([...loadKwh(result, "a")].map((x) => Number(x.toFixed(6))), [
    ...[5, 4.5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5],
  ]);
});

const HEADER = "timestamp,a_kWh,b_kWh";
const utc = (k: number) => `2025-06-01T${String(k).padStart(2, "0")}:00:00Z`;
const plain = (k: number) => `${utc(k)},0.${k + 1},0.2`;
const table = (...rows: string[]) => [HEADER, ...rows].join("\n");
const good = Array.from({ length: 12 }, (_, k) => plain(k));
const autumn = (minutes: number, count: number) =>
  Array.from(
    { length: count },
    (_, k) => wallClock(Date.UTC(2025, 9, 25, 22) + k * minutes * 60_000, "Europe/Berlin").local,
  );

/** Files that are refused, each in a line that names what is wrong. */
const faults: readonly [string, Record<string, string>, object, string][] = [
  [
    "no number",
    { "a.csv": table(...good, `${utc(12)},0x10,1`) },
    {},
    'a.csv row 14, column a_kWh: must be a number with a decimal point, got "0x10"',
  ],
  [
    "a decimal comma",
    { "a.csv": table(...good, `${utc(12)},"0,5",1`) },
    {},
    'row 14, column a_kWh: must be a number with a decimal point, got "0,5": write 0.5',
  ],
  [
    "no time",
    { "a.csv": table(...good, "total,5,5") },
    {},
    'row 14, column timestamp: must be a time stamp of the form of the others, got "total"',
  ],
  [
    "a second table",
    { "a.csv": table(...good, "meter,time,kind,kWh", "a,2025-06-02 00:00,load,1") },
    {},
    "row 14",
  ],
  [
    "a long row",
    { "a.csv": table(...good, `${utc(12)},1,2,3`) },
    {},
    "row 14: has 4 cells, the header has 3",
  ],
  [
    "offsets here and there",
    { "a.csv": table(...good, "2025-06-01T12:00:00,1,1") },
    {},
    "row 14: some stamps state an offset from UTC and some do not",
  ],
  [
    "no clock",
    { "a.csv": table(...good).replaceAll("Z,", ",") },
    {},
    "a.csv: its time stamps state no offset from UTC; say by which clock they are with --time-zone",
  ],
  ["no zone of that name", { "a.csv": table(...good).replaceAll("Z,", ",") }, {
    timeZone: "Europe/Berlim",
  }, 'there is no time zone "Europe/Berlim"; did you mean Europe/Berlin?'],
  [
    "no unit",
    { "a.csv": table(...good).replaceAll("_kWh", "") },
    {},
    "a.csv, column a: neither the header nor the file's name states the unit; say --unit",
  ],
  [
    "an hour that does not exist",
    {
      "a.csv": ["time,a_kWh", ...Array.from({ length: 6 }, (_, k) => `2025-03-30 0${k}:00,1`)].join(
        "\n",
      ),
    },
    { timeZone: "Europe/Berlin" },
    'row 4, column time: "2025-03-30 02:00" does not exist in Europe/Berlin',
  ],
  [
    "a doubled hour without order",
    {
      "a.csv": ["time,a_kWh", ...autumn(15, 24).map((stamp, k) => `${stamp},${k}`).sort()].join(
        "\n",
      ),
    },
    { timeZone: "Europe/Berlin" },
    '"2025-10-26 02:15" comes twice in Europe/Berlin, where clocks go back, and the rows',
  ],
  [
    "a meter that runs backwards",
    {
      "a.csv": [
        "meter,time,reading_kWh",
        ...[100, 101, 102, 101.5, 103, 104, 105, 106, 107].map((reading, k) =>
          `a,2025-06-01 0${k}:00,${reading}`
        ),
      ].join("\n"),
    },
    { timeZone: "UTC" },
    "a.csv row 5, column reading_kWh: the meter of a runs backwards, from 102 to 101.5",
  ],
  [
    "two resolutions",
    {
      "a.csv": table(
        ...good,
        ...Array.from(
          { length: 12 },
          (_, k) => `2025-06-01T12:${String(5 * k).padStart(2, "0")}:00Z,1,1`,
        ),
      ),
    },
    {},
    "intervals of",
  ],
  [
    "watts as kilowatts",
    { "a.csv": table(...good.map((row) => row.replace(/,0\.(\d+)/, ",2$100"))) },
    {},
    "and 11 more are above the 43.6 kW that a connection carries; say the unit (--unit W or Wh)",
  ],
  [
    "half of the year without a reading",
    {
      "a.csv": table(...good),
      "b.csv": ["timestamp,c_kWh", ...good.slice(0, 4)].map((row) =>
        row.split(",").slice(0, 2).join(",")
      ).join("\n"),
    },
    {},
    "c: 8 of 12 slots have no load reading (it has some from 2025-06-01T00:00",
  ],
  [
    "two versions of a reading",
    { "a.csv": table(...good), "b.csv": table(...good.map((row) => row.replace(",0.2", ",0.9"))) },
    {},
    "a: two files have its load at 2025-06-01T01:00, 0.2 and 0.9 kWh",
  ],
  [
    "PV without a home",
    {
      "a.csv": table(...good),
      "c.csv": ["timestamp,z_pv_kWh", ...good].map((row) => row.split(",").slice(0, 2).join(","))
        .join("\n"),
    },
    {},
    "z has pv but neither load nor import",
  ],
  [
    "a device for nobody",
    { "a.csv": table(...good), "devices.csv": "home,pv_kWp\nA1,3\n" },
    {},
    'devices.csv row 2, column home: no meter is of "A1"',
  ],
  [
    "a device twice",
    { "a.csv": table(...good), "devices.csv": "home,pv_kWp\na,3\na,4\n" },
    {},
    'devices.csv row 3, column home: "a" comes twice',
  ],
  [
    "a battery without power",
    { "a.csv": table(...good), "devices.csv": "home,battery_kWh\na,3\n" },
    {},
    "devices.csv row 2: a has a battery of 3 kWh without a power",
  ],
  [
    "a tariff of no kind",
    { "a.csv": table(...good), "devices.csv": "home,pv_kWp,tariff\na,3,cheap\n" },
    {},
    'devices.csv row 2, column tariff: must be one of dynamic, time-of-use, flat, got "cheap"',
  ],
  [
    "a tariff without prices",
    { "a.csv": table(...good), "devices.csv": "home,pv_kWp,tariff\na,3,dynamic\n" },
    {},
    "devices.csv row 2, column tariff: a pays day-ahead prices, of which there is no file",
  ],
  [
    "prices for half of the time",
    {
      "a.csv": table(...good),
      "p.csv":
        "MTU (UTC),Day-ahead Price (EUR/MWh)\n01/06/2025 00:00 - 01/06/2025 01:00,50\n01/06/2025 01:00 - 01/06/2025 02:00,60\n",
    },
    {},
    "p.csv: has no prices from 2025-06-01T02:00 to 2025-06-01T12:00, but the meters have readings",
  ],
  [
    "a price that is none",
    {
      "a.csv": table(...good),
      "p.csv":
        "MTU (UTC),Day-ahead Price (EUR/MWh)\n01/06/2025 00:00 - 01/06/2025 01:00,5O\n01/06/2025 01:00 - 01/06/2025 02:00,60\n",
    },
    {},
    'p.csv row 2, column Day-ahead Price (EUR/MWh): must be a price, got "5O"',
  ],
  ["no header", { "a.csv": good.join("\n") }, {}, "a.csv row 1: the table begins without a header"],
  [
    "a column twice",
    { "a.csv": table(...good).replace("b_kWh", "a_kWh") },
    {},
    'a.csv row 1: column "a_kWh" comes twice',
  ],
  [
    "day or month first",
    {
      "a.csv": [
        "time,a_kWh",
        ...Array.from({ length: 9 }, (_, k) => `0${k + 1}/0${k + 1}/2025 00:00,1`),
      ].join("\n"),
    },
    { timeZone: "UTC" },
    "may begin with the day or with the month; say --date-order DMY or MDY",
  ],
];
for (const [what, files, rules, message] of faults) {
  Deno.test(`importers: ${what} is one line`, async () => {
    const error = await assertRejects(() => imported(files, rules), RangeError);
    assert(error.message.includes(message) && !error.message.includes("\n"), error.message);
  });
}

const meters = join(import.meta.dirname!, "../../../shared/data/meters");
const absent = await Deno.stat(meters).then(() => false, () => true);
const zone = { timeZone: "Europe/Berlin" };

/** Largest error of a slot's energy, beside slots that were filled. [kWh] */
async function errorOf(season: string, files: readonly string[], kind: "loadKw" | "pvKw") {
  const path = (name: string) => join(meters, season, name);
  const read = (names: readonly string[], rules: object, wishes = {}) =>
    importData(names.map((name) => ({ path: path(name), wishes })), rules, season);
  const truth = await read(["truth.csv"], zone, { unit: "kW" });
  const result = await read(files, zone);
  const { community: { prosumers }, profiles } = result.dataset;
  const { grid } = profiles, exact = truth.dataset.profiles;
  assertEquals(timestamp(grid, 0).slice(-6), "+01:00");
  const shift = Math.round((grid.startMs - exact.grid.startMs) / 900_000), per = grid.dtHours * 4;
  let most = 0;
  prosumers.forEach(({ id }, i) => {
    const j = truth.dataset.community.prosumers.findIndex((home) => home.id === id);
    for (let slot = 0; slot < grid.slots; slot++) {
      const isFilled = result.gaps.some((gap) =>
        gap.home === id && gap.slot <= slot && slot < gap.slot + gap.slots
      );
      if (isFilled) continue;
      let energy = 0;
      for (let k = 0; k < per; k++) {
        energy += exact[kind][j * exact.grid.slots + shift + slot * per + k] / 4;
      }
      most = Math.max(
        most,
        Math.abs(energy - profiles[kind][i * grid.slots + slot] * grid.dtHours),
      );
    }
  });
  return { most, slots: grid.slots * per, gaps: result.gaps };
}

for (const [season, slots] of [["autumn", 1444], ["spring", 1532]] as const) {
  const shapes: readonly [string[], number, number][] = [
    [["01_wide_decimal_comma_15min_local.csv"], slots, 0.000501],
    [["02_cumulative_registers_15min.csv"], slots - 1, 0.001001],
    [["03_long_tidy_30min.csv"], slots, 0.0000501],
    [["04_import_export_15min.csv", "04b_pv_generation_15min_kW.csv"], slots, 0.00113],
  ];
  for (const [files, count, rounding] of shapes) {
    Deno.test({
      name: `importers: ${files[0]} of the reference files is the truth of ${season}`,
      ignore: absent,
      async fn() {
        const load = await errorOf(season, files, "loadKw");
        assertEquals(load.slots, count);
        assert(load.most <= rounding, `${load.most} kWh`);
        if (files.length === 1) return;
        const sun = await errorOf(season, files, "pvKw");
        assert(sun.most <= 0.000126, `${sun.most} kWh`);
      },
    });
  }
}
