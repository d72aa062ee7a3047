import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { headOf } from "../../lib/data/importers/dialect.ts";
import { pricesBySlot, readPrices } from "../../lib/data/importers/prices.ts";
import { imported, wallClock } from "../helpers/meter_files.ts";
import { inFolder } from "../helpers/two_homes.ts";

const ZONE = "Europe/Berlin";
const stamp = (ms: number) => {
  const [day, time] = wallClock(ms, ZONE).local.split(" ");
  return `${day.split("-").reverse().join("/")} ${time}`;
};
/** Intervals of a local day as the platform writes them. */
function day(
  startMs: number,
  endMs: number,
  minutes: number,
  price: (k: number) => string,
): string[] {
  const rows: string[] = [];
  for (let ms = startMs, k = 0; ms < endMs; ms += minutes * 60_000, k++) {
    rows.push(`"${stamp(ms)} - ${stamp(ms + minutes * 60_000)}","BZN|DE-LU","${price(k)}"`);
  }
  return rows;
}
const HEAD = '"MTU (CET/CEST)","Area","Day-ahead Price (EUR/MWh)"';

async function read(rows: readonly string[], wishes = {}) {
  return await inFolder(async (folder) => {
    const path = `${folder}/prices.csv`;
    await Deno.writeTextFile(path, rows.join("\n"));
    return await readPrices(path, await headOf(path), wishes);
  });
}

for (
  const [what, start, end, quarters] of [
    ["spring", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 92],
    ["summer", "2025-06-09T22:00Z", "2025-06-10T22:00Z", 96],
    ["autumn", "2025-10-25T22:00Z", "2025-10-26T23:00Z", 100],
  ] as const
) {
  Deno.test(`prices: a day of ${what} has ${quarters} quarter-hours, or a quarter of hours`, async () => {
    const [from, to] = [Date.parse(start), Date.parse(end)];
    for (const minutes of [15, 60]) {
      const prices = await read([HEAD, ...day(from, to, minutes, (k) => (k - 10.5).toFixed(2))]);
      assertEquals(prices.from.length, quarters * 15 / minutes);
      assertEquals([prices.from[0] * 1000, prices.to.at(-1)! * 1000], [from, to]);
      assert(prices.from.every((time, k) => k === 0 || time === prices.to[k - 1]));
      assertEquals([prices.pricePerKwh[0], prices.currency], [-0.0105, "EUR"]);
      const grid = { startSeconds: from / 1000, slotSeconds: 900, slots: quarters };
      const slots = pricesBySlot(prices, grid, 0, String).prices;
      slots.forEach((price, slot) =>
        assertAlmostEquals(price, (Math.floor(slot * 15 / minutes) - 10.5) / 1000, 1e-12)
      );
    }
  });
}

Deno.test("prices: hours become quarter-hours within a file, and slots of an hour are means", async () => {
  const [a, b, c] = ["2025-09-29T22:00Z", "2025-09-30T22:00Z", "2025-10-01T22:00Z"].map((t) =>
    Date.parse(t)
  );
  const rows = [...day(a, b, 60, () => "80"), ...day(b, c, 15, (k) => String(k % 4 * 10))];
  const prices = await read([HEAD, ...rows]);
  const grid = { startSeconds: a / 1000, slotSeconds: 3600, slots: 48 };
  const hours = pricesBySlot(prices, grid, 0, String).prices;
  assertEquals([hours[23], hours[24], hours[47]].map((x) => Number(x.toFixed(9))), [
    0.08,
    0.015,
    0.015,
  ]);
});

Deno.test("prices: sequences, empty prices, areas and clocks named in the hour that comes twice", async () => {
  const [from, to] = [Date.parse("2025-10-25T22:00Z"), Date.parse("2025-10-26T03:00Z")];
  const named = day(from, to, 60, (k) => k === 1 ? "n/e" : String(50 + k)).map((row, k) =>
    row.replace(
      /"([^"]*) - ([^"]*)"/,
      (_, x, y) =>
        k === 2 || k === 3
          ? `"${x} (${k === 2 ? "CEST" : "CET"}) - ${y} (${k === 2 ? "CET" : "CET"})"`
          : `"${x} - ${y}"`,
    ).replace('"BZN|DE-LU",', '"BZN|DE-LU","Sequence Sequence 1",')
  );
  const second = named[0].replace("Sequence 1", "Sequence 2");
  const other = named[0].replace("DE-LU", "FR");
  const head =
    '"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)","Intraday Price (EUR/MWh)"';
  const rows = [...named, second].map((row) => `${row},""`);
  const prices = await read([head, ...rows]);
  assertEquals([...prices.from].map((time) => time - from / 1000), [0, 3600, 7200, 10800, 14400]);
  assertEquals([...prices.pricePerKwh].map((x) => Number(x.toFixed(3))), [
    0.05,
    NaN,
    0.052,
    0.053,
    0.054,
  ]);
  const two = [head, ...rows, `${other},""`];
  await assertRejects(
    () => read(two),
    RangeError,
    "column Area: has BZN|DE-LU, BZN|FR; say which with --area",
  );
  assertEquals((await read(two, { area: "FR" })).from.length, 1);
});

Deno.test("prices: other tables state their unit, and a tariff is price and surcharge with VAT", async () => {
  const hours = Array.from(
    { length: 24 },
    (_, k) => new Date(Date.UTC(2025, 5, 1) + k * 36e5).toISOString(),
  );
  const meter = ["time,a_kWh", ...hours.map((time) => `${time},0.4`)].join("\n");
  for (
    const [header, value] of [["price [ct/kWh]", 8], ["Preis_EUR_per_kWh", 0.08], [
      "price EUR/MWh",
      80,
    ]]
  ) {
    const table = [`time,${header}`, ...hours.map((time) => `${time},${value}`)].join("\n");
    const { dataset } = await imported({ "m.csv": meter, "p.csv": table }, {
      surchargePerKwh: 0.1,
      vat: 0.2,
    });
    assertAlmostEquals(
      dataset.profiles.importPricePerKwh[7],
      (0.08 + 0.1) * 1.2,
      1e-12,
      String(header),
    );
  }
  const classes = "home,tariff\na,dynamic\n";
  const pounds = ["time,price [GBP/MWh]", ...hours.map((time) => `${time},90`)].join("\n");
  const { dataset } = await imported({ "m.csv": meter, "p.csv": pounds, "devices.csv": classes });
  assertEquals([dataset.community.currency, dataset.charges!.classOf], ["GBP", ["dynamic"]]);
  assertAlmostEquals(dataset.profiles.importPricePerKwh[0], (0.09 + 0.165) * 1.19, 1e-12);
});

const faults: readonly [string, readonly string[], string][] = [
  [
    "no unit",
    ["time,price", "2025-06-01T00:00Z,1", "2025-06-01T01:00Z,1"],
    'column "price": states no unit',
  ],
  [
    "rows out of order",
    [HEAD, ...day(0, 7.2e6, 60, () => "1").reverse()],
    "does not come after the row before",
  ],
  [
    "no time",
    [HEAD, '"tomorrow","BZN|DE-LU","3"', '"later","BZN|DE-LU","3"'],
    'row 2, column MTU (CET/CEST): must be a time stamp or an interval of two, got "tomorrow"',
  ],
  [
    "an hour without a clock",
    ["time,price EUR/MWh", "2025-06-01 00:00,1", "2025-06-01 01:00,1"],
    "state no offset; say by which clock they are with --time-zone",
  ],
];
for (const [what, rows, message] of faults) {
  Deno.test(`prices: ${what} is one line`, async () => {
    await assertRejects(() => read(rows), RangeError, message);
  });
}

Deno.test("prices: steps by the hour follow the clock on the wall", async () => {
  const start = Date.UTC(2025, 2, 28, 23);
  const rows = Array.from(
    { length: 72 },
    (_, k) => `${new Date(start + k * 36e5).toISOString()},0.4`,
  );
  const { dataset } = await imported({
    "m.csv": ["time,a_kWh", ...rows].join("\n"),
    "devices.csv": "home,tariff\na,tou\n",
  }, { timeZone: ZONE });
  const prices = Array.from(
    dataset.profiles.importPricePerKwh,
    (price) => Number(price.toFixed(9)),
  );
  // The evening begins at 17:00: 17 hours after the first midnight, 16 after that of 31 March in winter's time.
  assertEquals([prices.indexOf(0.42), prices.indexOf(0.42, 48)], [17, 48 + 16]);
});
