/** Files as utilities, inverters and home automation write them, of the same quarter hours. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { obisOf, withoutObis } from "../../lib/data/importers/obis.ts";
import { imported, loadKwh, wallClock } from "../helpers/meter_files.ts";

const COUNT = 192, QUARTER = 900_000, START = Date.UTC(2025, 2, 2, 23);
const energy = (k: number) => (k * 37 % 100) / 200 + 0.05;
const TOTAL = Array.from({ length: COUNT }, (_, k) => energy(k)).reduce((a, b) => a + b, 0);
const reading = (k: number) => {
  let sum = 1000;
  for (let j = 0; j < k; j++) sum += energy(j);
  return sum;
};
const comma = (value: number) => value.toFixed(4).replace(".", ",");
/** `31.12.2025 23:45` in Berlin. */
const german = (k: number) => {
  const [day, time] = wallClock(START + k * QUARTER, "Europe/Berlin").local.split(" ");
  return `${day.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
};
const iso = (k: number) => new Date(START + k * QUARTER).toISOString();
const file = (
  head: readonly string[],
  row: (k: number) => string | readonly string[],
  count = COUNT,
) => [...head, ...Array.from({ length: count }, (_, k) => row(k)).flat()].join("\r\n");

/** By what it is: name of the file, text, the one home, and its energy where that is not all. */
const exports:
  readonly (readonly [what: string, name: string, text: string, id: string, kwh?: number])[] = [
    [
      "a network operator's load profile, code and unit above the table",
      "Lastgang.csv",
      file(
        [
          "Messlokation;DE0012",
          "OBIS-Kennzahl;1-1:1.29.0",
          "Einheit;KWH",
          "Datum von;Datum bis;Menge;Status",
        ],
        (k) => `${german(k)};${german(k + 1)};${comma(energy(k))};W`,
      ),
      "Lastgang",
    ],
    [
      "active and reactive energy by rows",
      "werte.csv",
      file(["MaLo-ID;OBIS;Von;Bis;Wert;Einheit"], (k) => [
        `501;1-1:1.29.0;${german(k)};${german(k + 1)};${comma(energy(k))};kWh`,
        `501;1-1:5.29.0;${german(k)};${german(k + 1)};${comma(9)};kvarh`,
      ]),
      "501",
    ],
    [
      "registers among maxima, reactive energy, gas and a name",
      "z.csv",
      file(["Zähler;OBIS;Zeitstempel;Wert;Einheit"], (k) => [
        `Haus 1;1-0:1.8.0*255;${german(k)};${comma(reading(k))};kWh`,
        `Haus 1;1-0:1.6.0*255;${german(k)};${comma(7)};kW`,
        `Haus 1;1-0:3.8.0*255;${german(k)};${comma(44)};kvarh`,
        `Haus 1;7-0:3.0.0;${german(k)};${comma(5)};m3`,
        `Haus 1;0-0:96.1.0;${german(k)};1ESY12;`,
      ]),
      "Haus-1",
      TOTAL - energy(COUNT - 1),
    ],
    [
      "phases that add up, with a voltage beside them",
      "haus.csv",
      file(
        ["Zeit;1-0:21.29.0 [kWh];1-0:41.29.0 [kWh];1-0:61.29.0 [kWh];1-0:32.7.0 [V]"],
        (k) =>
          `${german(k)};${comma(energy(k) / 2)};${comma(energy(k) / 4)};${
            comma(energy(k) / 4)
          };230,1`,
      ),
      "haus",
    ],
    [
      "two tariffs and injection by rows, both ends of an interval",
      "fluvius.csv",
      file(
        ["Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Register;Volume;Eenheid"],
        (k) => {
          const [begin, end] = [german(k), german(k + 1)].map((text) =>
            text.replaceAll(".", "-").replace(" ", ";") + ":00"
          );
          const isDay = k % 96 >= 28 && k % 96 < 88;
          return [["Afname", energy(k)], ["Injectie", 0]].map(([direction, kwh]) =>
            `${begin};${end};="5414";1SAG1;${direction} ${isDay ? "Dag" : "Nacht"};${
              comma(Number(kwh))
            };kWh`
          );
        },
      ),
      "1SAG1",
    ],
    [
      "money beside energy",
      "consumption.csv",
      file(
        ["Consumption (kWh), Estimated Cost Inc. Tax (p), Standing Charge Inc. Tax (p), Start, End"],
        (k) => `${energy(k)}, 5.2, , ${iso(k)}, ${iso(k + 1)}`,
      ),
      "consumption",
    ],
    [
      "lines about the customer, a date and both times of day",
      "usage.csv",
      file(
        [
          "Name,JANE DOE",
          'Address,"1 MAIN ST, SAN FRANCISCO"',
          "",
          "TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES",
        ],
        (k) => {
          const [day, time] = wallClock(START + k * QUARTER, "Europe/Berlin").local.split(" ");
          const [, end] = wallClock(START + (k + 1) * QUARTER - 60_000, "Europe/Berlin").local
            .split(" ");
          return `Electric usage,${day},${time.slice(0, 5)},${end.slice(0, 5)},${
            energy(k)
          },kWh,$0.10,`;
        },
      ),
      "usage",
    ],
    [
      "entities of home automation, not all of which are there at all times",
      "history.csv",
      file(
        ["entity_id,state,last_changed"],
        (k) => `sensor.haus1_grid_import_kwh,${k === 5 ? "unavailable" : reading(k)},${iso(k)}`,
      ),
      "haus1",
      TOTAL - energy(COUNT - 1),
    ],
    [
      "energy beside returned energy and voltages",
      "em_data.csv",
      file(
        ["Date/time UTC,Active energy Wh,Returned energy Wh,Min V,Max V"],
        (k) => `${iso(k).slice(0, 16)},${energy(k) * 1000},0,228.5,232.1`,
      ),
      "em_data",
    ],
    [
      "a row of units below the header",
      "Haus1.csv",
      file(
        [
          "Datum und Uhrzeit;Energie aus Netz bezogen;Energie ins Netz eingespeist;PV Produktion",
          "[dd.MM.yyyy HH:mm];[Wh];[Wh];[Wh]",
        ],
        (k) => `${german(k)};${comma(600 * energy(k))};0;${comma(400 * energy(k))}`,
      ),
      "Haus1",
    ],
    [
      "register and power of the same meter below lines about the device",
      "Haus1.csv",
      file(
        ["sep=;", "Version CSV1|Delimiter semicolon", ";SN: 21;SN: 21", "dd.MM.yyyy HH:mm;kWh;kW"],
        (k) => `${german(k)};${comma(reading(k))};${comma(4 * energy(k))}`,
      ),
      "Haus1",
      TOTAL - energy(COUNT - 1),
    ],
    [
      "a status that is a letter",
      "Lastgang.csv",
      file(["Zeitstempel;Netzbezug (kWh);Status"], (k) => `${german(k)};${comma(energy(k))};W`),
      "Lastgang",
    ],
    [
      "registers by tariff in columns, beside the largest power of each phase",
      "p1e.csv",
      file(
        ["time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh,L1 max W,L2 max W"],
        (k) =>
          `${iso(k)},${(reading(k) - 1000) / 2 + 5},${(reading(k) - 1000) / 2 + 7},0,0,300,200`,
      ),
      "p1e",
      TOTAL - energy(COUNT - 1),
    ],
    [
      "a battery's store beside load, grid and sun",
      "e3dc.csv",
      file(
        [
          '"Zeitstempel";"Ladezustand [%]";"Solarproduktion [W]";"Batterie Laden [W]";"Netzeinspeisung [W]";' +
          '"Netzbezug [W]";"Hausverbrauch [W]";"Abregelungsgrenze [W]"',
        ],
        (k) =>
          `"${german(k)}";"50";"${1600 * energy(k)}";"0";"0";"${2400 * energy(k)}";"${
            4000 * energy(k)
          }";"9"`,
      ),
      "e3dc",
    ],
    [
      "the use of the home in a column of its own",
      "powerwall.csv",
      file(
        ["Date time,Home (kW),From Powerwall (kW),Solar (kW),From Grid (kW),To Grid (kW)"],
        (k) => `${iso(k)},${4 * energy(k)},0,${1.6 * energy(k)},${2.4 * energy(k)},0`,
      ),
      "powerwall",
    ],
    [
      "numbers for names, directions by rows, the newest first",
      "HDF.csv",
      [
        "MPRN,Meter Serial Number,Read Value,Read Type,Read Date and End Time",
        ...Array.from({ length: COUNT }, (_, j) => COUNT - 1 - j).flatMap((k) => [
          `10000000001,000025000001,${4 * energy(k)},Active Import Interval (kW),${german(k + 1)}`,
          `10000000001,000025000001,0,Active Export Interval (kW),${german(k + 1)}`,
        ]),
      ].join("\n"),
      "10000000001",
    ],
    [
      "both ends and what it cost",
      "tibber.csv",
      file(
        ["from,to,consumption,consumptionUnit,cost,currency,unitPrice"],
        (k) => `${iso(k)},${iso(k + 1)},${energy(k)},kWh,0.12,EUR,0.3`,
      ),
      "tibber",
    ],
  ];

for (const [what, name, text, id, kwh = TOTAL] of exports) {
  Deno.test(`exports: ${what}`, async () => {
    const result = await imported({ [name]: text }, { timeZone: "Europe/Berlin" });
    const { community, profiles } = result.dataset;
    assertEquals(community.prosumers.map((home) => home.id), [id]);
    assertEquals(profiles.grid.startMs, START);
    const got = loadKwh(result, id);
    assertAlmostEquals(got.reduce((a, b) => a + b, 0), kwh, 0.02);
    got.forEach((value, k) => {
      if (result.gaps.length === 0) assertAlmostEquals(value, energy(k), 1.5e-4);
    });
    assert(result.gaps.every(({ slots }) => slots <= 2));
  });
}

const refused: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    "maxima",
    file(["Zeit;1-0:1.6.0 [kW]"], (k) => `${german(k)};${comma(energy(k))}`),
    "none of its columns holds readings",
  ],
  [
    "one phase of three",
    file(["Zeit;1-0:21.8.0 [kWh]"], (k) => `${german(k)};${comma(reading(k))}`),
    "has import of phase 1, not of phase 2 and 3; give all three, or their sum",
  ],
  [
    "reactive energy alone",
    file(["OBIS;1-1:3.29.0", "Zeit;Wert [kWh]"], (k) => `${german(k)};${comma(energy(k))}`),
    "is none of active energy or power",
  ],
  [
    "a column for each time of day",
    file(
      [`Datum;${Array.from({ length: 24 }, (_, hour) => `${hour}:00`.padStart(5, "0")).join(";")}`],
      (k) => `${german(96 * k).slice(0, 10)};${Array(24).fill("0,5").join(";")}`,
      5,
    ),
    "row 1: has a column for each time of day; write a row for each reading",
  ],
  [
    "the format NEM12",
    ["100,NEM12,202503060000,MDP1,Retailer", "200,61,E1,E1,E1,N1,M1,kWh,30,", "900"].join("\n"),
    "is a NEM12 file, with a column for each time of day",
  ],
  [
    "two registers that nothing tells apart",
    file(
      ["Zeit;Zählwerk;Wert [kWh]"],
      (k) => [`${german(k)};A1;${comma(energy(k))}`, `${german(k)};A1;0`],
    ),
    "pairs of load readings that contradict each other at the same time",
  ],
];

for (const [what, text, message] of refused) {
  Deno.test(`exports: ${what} ends in one line`, async () => {
    const error = await assertRejects(
      () => imported({ "meter.csv": text }, { timeZone: "Europe/Berlin" }),
      RangeError,
    );
    assert(error.message.includes(message) && !error.message.includes("\n"), error.message);
  });
}

Deno.test("exports: an import repeats from what it wrote of a row of units, phases and codes", async () => {
  const phases = exports.find(([what]) => what.startsWith("phases"))!;
  const unitRow = exports.find(([what]) => what.startsWith("a row of units"))!;
  for (const [, name, text, id] of [phases, unitRow]) {
    const first = await imported({ [name]: text }, { timeZone: "Europe/Berlin" });
    const { file: _, timeZone: __, ...wishes } = first.files[0];
    const again = await imported({ [name]: text }, { timeZone: "Europe/Berlin" }, wishes);
    assertEquals(loadKwh(again, id), loadKwh(first, id));
  }
});

Deno.test("exports: codes say what is measured and how, or that it is nothing that is read", () => {
  assertEquals(obisOf("1-0:1.8.0*255"), { role: "import", quantity: "register", tariff: 0 });
  assertEquals(obisOf("2.8.2"), { role: "export", quantity: "register", tariff: 2 });
  assertEquals(obisOf("1-1:1.29.0"), { role: "import", quantity: "energy", tariff: 0 });
  assertEquals(obisOf("1-0:62.7.0"), { role: "export", quantity: "power", phase: 3 });
  for (
    const code of [
      "1-0:1.6.0",
      "1-0:3.8.0",
      "4.8.0",
      "1-0:16.7.0",
      "1-0:32.7.0",
      "7-0:3.0.0",
      "8-0:1.0.0",
    ]
  ) {
    assertEquals(obisOf(code), "other", code);
  }
  for (const text of ["Haus 1", "01.02.2025", "192.168.1.8", "Haus 3.2.1", "12:30"]) {
    assertEquals(obisOf(text), null, text);
  }
  assertEquals(withoutObis("Haus01_1-0:1.8.0*255 [kWh]"), "Haus01_  [kWh]");
});
