import { assertEquals } from "@std/assert";
import { readStamp, StampReader } from "../../lib/data/importers/stamps.ts";
import { imported, loadKwh } from "../helpers/meter_files.ts";

const HOURS = Array.from(
  { length: 365 },
  (_, day) => Date.UTC(2023, 0, 1 + day, (7 * day) % 24, 15),
);
const ENGLISH = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });
const GERMAN = new Intl.DateTimeFormat("de-DE", { month: "long", timeZone: "UTC" });
const two = (value: number) => String(value).padStart(2, "0");

/** Ways to write a moment of 2023. */
const FORMS: readonly [string, (date: Date, clock: string) => string][] = [
  ["21 Oct 2023 07:15", (d, t) => `${d.getUTCDate()} ${ENGLISH.format(d).slice(0, 3)} 2023 ${t}`],
  [
    "21-OCT-23 07:15",
    (d, t) => `${two(d.getUTCDate())}-${ENGLISH.format(d).slice(0, 3).toUpperCase()}-23 ${t}`,
  ],
  [
    "21Oct2023 07:15:00",
    (d, t) => `${two(d.getUTCDate())}${ENGLISH.format(d).slice(0, 3)}2023 ${t}:00`,
  ],
  ["21. Oktober 2023, 07:15", (d, t) => `${d.getUTCDate()}. ${GERMAN.format(d)} 2023, ${t}`],
  [
    "21. Okt. 2023 07:15 Z",
    (d, t) => `${d.getUTCDate()}. ${GERMAN.format(d).slice(0, 3)}. 2023 ${t} Z`,
  ],
  ["October 21, 2023 07:15 AM", (d, t) => {
    const hour = d.getUTCHours(), half = hour < 12 ? "AM" : "PM";
    return `${ENGLISH.format(d)} ${d.getUTCDate()}, 2023 ${(hour + 11) % 12 + 1}:${
      t.slice(3)
    } ${half}`;
  }],
  [
    "2023-Oct-21T07:15",
    (d, t) => `2023-${ENGLISH.format(d).slice(0, 3)}-${two(d.getUTCDate())}T${t}`,
  ],
  [
    "21/Oct/2023 07:15 - 07:30",
    (d, t) => `${d.getUTCDate()}/${ENGLISH.format(d).slice(0, 3)}/2023 ${t} - ${t.slice(0, 3)}30`,
  ],
];

for (const [form, written] of FORMS) {
  Deno.test(`stamps: every day of a year as ${form}, whatever the order of dates`, () => {
    for (const order of ["YMD", "DMY", "MDY"] as const) {
      for (const at of HOURS) {
        const text = written(new Date(at), new Date(at).toISOString().slice(11, 16));
        assertEquals([text, readStamp(text, new StampReader(order))?.localSeconds], [
          text,
          at / 1000,
        ]);
      }
    }
  });
}

Deno.test("stamps: months that are none, days that a month has not, and names alone are no dates", () => {
  for (
    const text of [
      "21 Foo 2023",
      "31 Apr 2023",
      "29 Feb 2023",
      "Oct 2023",
      "Oct 21",
      "Haus 3 2023",
      "21 O 2023",
    ]
  ) {
    assertEquals([text, readStamp(text, new StampReader("DMY"))], [text, null]);
  }
});

Deno.test("stamps: an epoch and compact digits with a clock behind them are as before", () => {
  for (const [text, seconds] of [["1672527600Z", 1672527600], ["20230101Z", 1672531200]] as const) {
    assertEquals(readStamp(text, new StampReader("YMD"))?.localSeconds, seconds);
  }
});

Deno.test("import: a table whose dates name their months is that of ISO 8601", async () => {
  const rows = Array.from(
    { length: 96 * 3 },
    (_, k) => ({ at: Date.UTC(2023, 1, 27) + k * 9e5, kwh: (k % 50) / 40 }),
  );
  const iso = ["time,a_kWh", ...rows.map(({ at, kwh }) => `${new Date(at).toISOString()},${kwh}`)];
  const named = [
    '"Interval start";"a kWh"',
    ...rows.map(({ at, kwh }) => {
      const [, form] = FORMS[3];
      return `${form(new Date(at), new Date(at).toISOString().slice(11, 16))};${
        String(kwh).replace(".", ",")
      }`;
    }),
  ];
  const [one, other] = await Promise.all(
    [iso, named].map((lines) => imported({ "m.csv": lines.join("\n") }, { timeZone: "UTC" })),
  );
  assertEquals(loadKwh(other, "a"), loadKwh(one, "a"));
});
