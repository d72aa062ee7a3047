import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { importData } from "../../lib/data/importers/import_data.ts";
import { imported } from "../helpers/meter_files.ts";
import { sunDirection } from "../../lib/data/synthetic/sun.ts";

const PLACE = { latitudeDeg: 51.3, longitudeDeg: 9.5 };
const START = Date.UTC(2025, 5, 1), HOURS = 96;
const DEVICES = "home,pv_kWp,pv_tilt,pv_azimuth\na,5,0,180\n";
const METER = [
  "timestamp,a_kWh",
  ...Array.from({ length: HOURS * 4 }, (_, k) => `${new Date(START + k * 9e5).toISOString()},0.1`),
].join("\n");

/** A clear sky that is 800 W/m² times the sun's height. */
const sky = (epochMs: number) => 800 * Math.max(0, sunDirection(epochMs, PLACE).up);

function pvgis(year: number, hours = HOURS, header = "time,P,G(i),H_sun,T2m,WS10m,Int") {
  const start = Date.UTC(year, year === 2025 ? 5 : 0, 1);
  const rows = Array.from({ length: hours }, (_, k) => {
    const at = new Date(start + k * 36e5 + 6e5);
    const stamp = at.toISOString().replaceAll("-", "").replace("T", ":").replace(":", "@")
      .replaceAll(":", "")
      .replace("@", ":").slice(0, 13);
    const light = sky(at.getTime());
    return `${stamp},${(2 * light).toFixed(2)},${light.toFixed(2)},0,25,1,0`;
  });
  return [
    "Latitude (decimal degrees):\t51.300",
    "Longitude (decimal degrees):\t9.500",
    "Slope: 0 deg.",
    "Nominal power of the PV system (c-Si) (kWp):\t2.0",
    "",
    header,
    ...rows,
    "",
    "P: PV system power (W)",
  ].join("\r\n");
}

function epw(hours = HOURS, year = 2025, month = 5) {
  const head = [
    "LOCATION,Made up,-,DEU,x,0,51.3,9.5,1.0,200",
    ...[
      "DESIGN CONDITIONS,0",
      "TYPICAL,0",
      "GROUND,0",
      "HOLIDAYS,No,0,0,0",
      "COMMENTS 1",
      "COMMENTS 2",
    ],
    "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
  ];
  const rows = Array.from({ length: hours }, (_, k) => {
    const start = Date.UTC(year, month, 1) + k * 36e5;
    // An hour of UTC+1 begins an hour before the same one of UTC.
    const light = [0, 1, 2, 3].reduce((sum, q) => sum + sky(start - 36e5 + (q + 0.5) * 9e5) / 4, 0);
    const at = new Date(start);
    const cells = [
      year,
      at.getUTCMonth() + 1,
      at.getUTCDate(),
      at.getUTCHours() + 1,
      60,
      "?",
      25,
      5,
      50,
      99000,
    ];
    return [...cells, 0, 0, 300, light.toFixed(3), 0, light.toFixed(3), 0].join(",");
  });
  return [...head, ...rows].join("\n");
}

/** Hour of the day, in UTC, around which the panels' energy lies. */
function middleOfSun(pvKw: Float64Array): number {
  const [energy, moment] = pvKw.reduce(
    ([energy, moment], power, k) => [energy + power, moment + power * ((k % 96) / 4 + 0.125)],
    [0, 0],
  );
  return moment / energy;
}

const sunOf = async (file: Record<string, string>) =>
  (await imported({ "meter.csv": METER, "devices.csv": DEVICES, ...file })).dataset.profiles.pvKw;

Deno.test("weather: PVGIS holds at minute 10, EPW ends at its label; both put noon where the sun has it", async () => {
  const noon = 12 - PLACE.longitudeDeg / 15;
  const power = await sunOf({ "a.csv": pvgis(2025) }), model = await sunOf({ "a.epw": epw() });
  const plane = await sunOf({ "a.csv": pvgis(2025, HOURS, "time,x,G(i),H_sun,T2m,WS10m,Int") });
  for (const sun of [power, model, plane]) assertAlmostEquals(middleOfSun(sun), noon, 0.05);
  // P is 2 W per W/m² for 2 kW: 5 kW have 5 times 1 W.
  const light = Float64Array.from(power, (_, k) => sky(START + (k + 0.5) * 9e5) / 1000);
  power.forEach((value, k) => assertAlmostEquals(value, 5 * light[k], 0.1));
  // A horizontal plane under a diffuse sky gets what is measured: PVWatts by hand.
  const byHand = (x: number) => 5 * x * 0.86 * 0.96 * (1 - 0.0035 * 25 / 800 * 1000 * x);
  model.forEach((value, k) => assertAlmostEquals(value, byHand(light[k]), 0.2));
  plane.forEach((value, k) => assertAlmostEquals(value, byHand(light[k]), 0.1));
});

Deno.test("weather: another whole year stands for that of the meters, which is said; less does not", async () => {
  const result = await imported({
    "meter.csv": METER,
    "devices.csv": DEVICES,
    "a.csv": pvgis(2022, 8760),
  });
  assertAlmostEquals(middleOfSun(result.dataset.profiles.pvKw), 12 - PLACE.longitudeDeg / 15, 0.05);
  assert(
    result.notes.some((note) => note.includes("its year 2022 stands for the time of the data set")),
  );
  await assertRejects(
    () => sunOf({ "a.epw": epw(500, 2020, 0) }),
    RangeError,
    "has weather from 2019-12-31 to 2020-01-21, the data set goes from 2025-06-01 to 2025-06-05; give",
  );
});

Deno.test("weather: panels with neither meter nor weather give no sun, which is said", async () => {
  const { dataset, notes } = await imported({ "meter.csv": METER, "devices.csv": DEVICES });
  assertEquals(dataset.community.prosumers[0].pvCapacityKw, 5);
  assert(dataset.profiles.pvKw.every((power) => power === 0));
  assert(notes.includes(
    "a: panels of 5 kW have neither a meter nor weather and give no sun; add the file of their meter, " +
      "or PVGIS or EPW weather",
  ));
});

Deno.test("weather: import without export is said to be net, however the sun was found", async () => {
  const meter = METER.replace("a_kWh", "a_import_kWh");
  const made = await imported({ "meter.csv": meter, "devices.csv": DEVICES, "a.epw": epw() });
  const said =
    "a: import is taken as load, as there is no export register; where panels feed the home";
  assert(made.notes.some((note) => note.startsWith(said)), made.notes.join("\n"));
  const plain = await imported({ "meter.csv": meter });
  assert(!plain.notes.some((note) => note.startsWith(said)));
});

Deno.test("devices: a row that is too short is counted, whatever separates", async () => {
  for (const separator of [";", ","]) {
    const text = ["home,pv_kWp,tariff", "a,flat"].join("\n").replaceAll(",", separator);
    const error = await assertRejects(
      () => imported({ "meter.csv": METER, "devices.csv": text.replace("flat", "5") }),
      RangeError,
    );
    assert(error.message.includes("row 2: has 2 cells, the header has 3;"), error.message);
  }
  // More commas of decimals than semicolons that agree.
  const decimals = "home;pv_kWp;battery_kWh;battery_kW;tariff\na;6,0;7,5;3,8\n";
  await assertRejects(
    () => imported({ "meter.csv": METER, "devices.csv": decimals }),
    RangeError,
    "row 2: has 4 cells, the header has 5;",
  );
});

Deno.test("tariffs: homes without one are named where the day-ahead price is taken", async () => {
  const hours = Array.from({ length: HOURS }, (_, k) => new Date(START + k * 36e5).toISOString());
  const prices = ["time,price [EUR/MWh]", ...hours.map((time) => `${time},80`)].join("\n");
  const { notes } = await imported({ "meter.csv": METER, "prices.csv": prices });
  assert(
    notes.some((note) => note.startsWith("a: no tariff stated; the day-ahead price is taken")),
  );
});

const faults: readonly [string, Record<string, string>, string][] = [
  [
    "a value that is none",
    { "a.csv": pvgis(2025).replace(/(20250601:0910,)[^,]*/, "$1x") },
    'a.csv row 16, column P: must be a number, got "x"',
  ],
  [
    "a short row",
    { "a.csv": pvgis(2025).replace(/20250601:0910,[^\r]*/, "20250601:0910,1") },
    "a.csv row 16: has 2 cells, the header has 7",
  ],
  [
    "hour 0",
    { "a.epw": epw().replace("2025,6,1,1,60", "2025,6,1,0,60") },
    'a.epw row 9: must begin with year, month, day and an hour from 1 to 24, got "2025,6,1,0"',
  ],
  [
    "missing radiation",
    { "a.epw": epw().replace(/(2025,6,1,12,60(,[^,]*){8},)[^,]*/, "$19999") },
    "a.epw row 20, column global horizontal radiation: is missing (9999)",
  ],
  ["two files", { "a.epw": epw(), "b.csv": pvgis(2025) }, "both hold weather; give one of them"],
];
for (const [what, files, message] of faults) {
  Deno.test(`weather: ${what} is one line`, async () => {
    const error = await assertRejects(() => sunOf(files), RangeError);
    assert(error.message.includes(message) && !error.message.includes("\n"), error.message);
  });
}

const meters = join(import.meta.dirname!, "../../../shared/data/meters");
const absent = await Deno.stat(meters).then(() => false, () => true);
for (const season of ["autumn", "spring"]) {
  for (const file of ["07_pvgis_hourly.csv", "08_weather.epw"]) {
    Deno.test({
      name: `weather: ${file} of the reference files shines when the panels of ${season} do`,
      ignore: absent,
      async fn() {
        const read = (names: readonly string[], wishes = {}) =>
          importData(names.map((name) => ({ path: join(meters, season, name), wishes })), {}, "x");
        const loads = "01_wide_decimal_comma_15min_local.csv",
          prices = "05_day_ahead_hourly_EUR_per_MWh.csv";
        const made = (await read([loads, prices, "09_devices.csv", file])).dataset.profiles;
        const truth = (await read(["truth.csv"], { unit: "kW" })).dataset.profiles;
        const { slots } = made.grid;
        const likeness = (shift: number) => {
          let [both, own] = [0, 0];
          for (let slot = 8; slot < slots - 8; slot++) {
            both += made.pvKw[slot + shift] * truth.pvKw[slot];
            own += made.pvKw[slot + shift] ** 2;
          }
          return both / Math.sqrt(own);
        };
        const shifts = Array.from({ length: 13 }, (_, k) => k - 6);
        const best = shifts.reduce((a, b) => likeness(b) > likeness(a) ? b : a);
        assert(Math.abs(best) <= 1, `${best} quarter-hours off`);
      },
    });
  }
}
