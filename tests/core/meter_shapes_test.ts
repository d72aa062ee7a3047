import { assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { imported, loadKwh, wallClock } from "../helpers/meter_files.ts";

const QUARTER = 900_000;
const value = (k: number) => (k * 37 % 100) / 100;
const comma = (x: number) => x.toFixed(2).replace(".", ",");
const lines = (head: string, count: number, row: (k: number) => string | string[]) =>
  [head, ...Array.from({ length: count }, (_, k) => row(k)).flat()].join("\n");
const iso = (k: number) => new Date(Date.UTC(2025, 5, 1) + k * QUARTER).toISOString();
const germanDay = (text: string) => text.split("-").reverse().join(".");
const utf16 = (text: string) => {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes.set([0xff, 0xfe]);
  [...text].forEach((letter, k) =>
    bytes.set([letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8], 2 + 2 * k)
  );
  return bytes;
};

/** Twelve hours over a change of the clock in New York, as American software writes it. */
const american = lines("Date/Time,Home (kWh)", 96, (k) => {
  const { local } = wallClock(Date.UTC(2025, 10, 2, 4) + k * QUARTER, "America/New_York");
  const [day, time] = local.split(" "), [year, month, date] = day.split("-");
  const hour = Number(time.slice(0, 2)), half = hour < 12 ? "AM" : "PM";
  return `${month}/${date}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${
    time.slice(3, 5)
  } ${half},${value(k)}`;
});

/** Days whose quarters end at their label, the last at 24:00. */
const untilMidnight = lines("Datum;Zeit bis;Home [kWh]", 192, (k) => {
  const [day, time] = wallClock(Date.UTC(2025, 5, 1) + (k + 1) * QUARTER, "UTC").local.split(" ");
  const [before] = wallClock(Date.UTC(2025, 5, 1) + k * QUARTER, "UTC").local.split(" ");
  const isEnd = time.startsWith("00:00");
  return `${germanDay(isEnd ? before : day)};${isEnd ? "24:00" : time.slice(0, 5)};${
    comma(value(k))
  }`;
});

let [day, night] = [100, 200];
/** Two registers by tariff, with a column for the unit. */
const dualTariff = lines("Zählernummer;OBIS-Kennzahl;Zeitstempel;Wert;Einheit;Status", 100, (k) => {
  const stamp = `${wallClock(Date.UTC(2025, 5, 1) + k * QUARTER, "UTC").local}`;
  const rows = [["1.8.1", day], ["1.8.2", night]].map(([register, reading]) =>
    `Home;1-0:${register}*255;${stamp};${comma(Number(reading))};kWh;W`
  );
  if (k % 3 === 0) day += value(k);
  else night += value(k);
  return rows;
});

const shapes: readonly [string, string, string | Uint8Array, string, number][] = [
  ["hours of AM and PM over a change of the clock", "a.csv", american, "America/New_York", 96],
  ["UTF-16, days that end with 24:00", "b.csv", utf16(untilMidnight), "UTC", 192],
  ["registers by tariff with a column for the unit", "c.csv", dualTariff, "UTC", 99],
  ["a wide table of registers", "d_kWh.csv", registers(), "UTC", 99],
  ["directions by row", "e.tsv", directions(), "UTC", 100],
  ["milliseconds since 1970, newest first, in watts", "f.csv", newestFirst(), "UTC", 100],
  ["thousands in groups, in quotes", "g.csv", grouped(), "UTC", 100],
];

function registers(): string {
  let reading = 5000;
  return lines("timestamp,Home,Temperatur", 100, (k) => {
    const row = `${iso(k)},${reading.toFixed(2)},20`;
    reading += value(k);
    return row;
  });
}

function directions(): string {
  return lines("meter\tdirection\ttimestamp\tvalue_kWh", 100, (k) => [
    `Home\timport\t${iso(k)}\t${value(k)}`,
    `Home\texport\t${iso(k)}\t0`,
  ]);
}

function newestFirst(): string {
  const [head, ...rows] = lines(
    "time_ms,Home power (W)",
    100,
    (k) => `${Date.parse(iso(k))},${(value(k) * 4000).toFixed(0)}`,
  ).split("\n");
  return `\ufeff${[head, ...rows.reverse()].join("\n")}`;
}

function grouped(): string {
  return lines('"Zeit";"Home (Wh)"', 100, (k) => {
    const watthours = value(k) * 1000 + 1000, rest = String(watthours.toFixed(0)).slice(-3);
    return `"${germanDay(iso(k).slice(0, 10))} ${iso(k).slice(11, 16)}";"1.${rest},0"`;
  });
}

for (const [what, name, file, timeZone, slots] of shapes) {
  Deno.test(`meter shapes: ${what}`, async () => {
    const result = await imported({ [name]: file }, { timeZone });
    assertEquals(result.dataset.community.prosumers.map(({ id }) => id), ["Home"]);
    assertEquals([result.dataset.profiles.grid.slots, result.gaps.length], [slots, 0]);
    const offset = name === "g.csv" ? 1 : 0;
    loadKwh(result, "Home").forEach((energy, k) =>
      assertAlmostEquals(energy, value(k) + offset, 1e-6)
    );
  });
}

Deno.test("meter shapes: a clock named behind each stamp, and hours that come twice with the same value", async () => {
  const hour = (k: number) => wallClock(Date.UTC(2025, 9, 25, 22) + k * 36e5, "Europe/Berlin");
  const named = lines("Zeit;Last kW", 48, (k) => {
    const { local, offset } = hour(k), [date, time] = local.split(" ");
    return `${germanDay(date)} ${time.slice(0, 5)} ${offset === "+02:00" ? "MESZ" : "MEZ"};${
      comma(value(k))
    }`;
  });
  const alike = lines("time,A kWh", 48, (k) => `${hour(k).local},0.5`);
  const first = await imported({ "Haus_7.csv": named });
  assertEquals(first.dataset.community.prosumers[0].id, "Haus_7");
  loadKwh(first, "Haus_7").forEach((energy, k) => assertAlmostEquals(energy, value(k), 1e-9));
  const second = await imported({ "a.csv": alike }, { timeZone: "Europe/Berlin" });
  assertEquals([second.dataset.profiles.grid.slots, second.gaps.length], [48, 0]);
});

Deno.test("meter shapes: the European Union's changes of the clock tell the zone", async () => {
  const stamp = (k: number) =>
    wallClock(Date.UTC(2025, 2, 29, 23) + k * 36e5, "Europe/Berlin").local;
  const result = await imported({
    "a.csv": lines("time,A kWh", 24, (k) => `${stamp(k)},${value(k)}`),
  });
  assertEquals(result.dataset.profiles.grid.startMs, Date.UTC(2025, 2, 29, 23));
  assertEquals(result.files[0].timeZone, "Europe/Berlin");
});

Deno.test("meter shapes: labels have the offset of standard time as it is at the time of the data", async () => {
  // Turkey stays at +03:00 since 2016, which was its summer time; New York and Sydney change theirs.
  for (
    const [zone, minutes] of [["Europe/Istanbul", 180], ["America/New_York", -300], [
      "Australia/Sydney",
      600,
    ]] as const
  ) {
    const text = lines(
      "time,A kWh",
      24,
      (k) => `2025-06-0${1 + Math.floor(k / 24)} ${String(k % 24).padStart(2, "0")}:00,1`,
    );
    const result = await imported({ "a.csv": text }, { timeZone: zone });
    assertEquals(result.dataset.profiles.grid.utcOffsetMinutes, minutes, zone);
  }
});

/** Local time of quarters or hours over the change of the clock in autumn. */
const autumn = (k: number, minutes: number) =>
  wallClock(Date.UTC(2025, 9, 25, 22) + k * minutes * 60_000, "Europe/Berlin").local;

Deno.test("meter shapes: ends that are the start by the clock and a step lose no hour in autumn", async () => {
  for (const minutes of [60, 15]) {
    const text = lines("fecha;hora;consumo_kWh", 2400 / minutes, (k) => {
      const [day, time] = autumn(k, minutes).split(" ");
      const end = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) + minutes;
      const two = (x: number) => String(Math.floor(x)).padStart(2, "0");
      return `${day.replaceAll("-", "/")};${two(end / 60)}:${two(end % 60)};${comma(value(k))}`;
    });
    const result = await imported({ "Home.csv": text }, { timeZone: "Europe/Berlin" });
    assertEquals([result.dataset.profiles.grid.startMs, result.gaps.length], [
      Date.UTC(2025, 9, 25, 22),
      0,
    ]);
    assertEquals(result.dataset.profiles.grid.slots, 2400 / minutes);
    loadKwh(result, "Home").forEach((energy, k) => assertAlmostEquals(energy, value(k), 1e-9));
  }
});

Deno.test("meter shapes: directions by row in Dutch keep their order over the change of the clock", async () => {
  const text = lines("Van (datum);Van (tijdstip);EAN-code;Register;Volume;Eenheid", 100, (k) => {
    const [day, time] = autumn(k, 15).split(" ");
    const row = (register: string, energy: number) =>
      `${germanDay(day)};${time};="541448860001234567";${register};${comma(energy)};kWh`;
    return [row("Afname Actief", value(k)), row("Injectie Actief", 0.5)];
  });
  const result = await imported({ "a.csv": text }, { timeZone: "Europe/Brussels" });
  const [{ id }] = result.dataset.community.prosumers;
  assertEquals([id, result.dataset.profiles.grid.slots], ["541448860001234567", 100]);
  loadKwh(result, id).forEach((energy, k) => assertAlmostEquals(energy, value(k), 1e-9));
  assertEquals(result.dataset.profiles.pvKw.every((kw) => kw === 2), true);
});

Deno.test("meter shapes: units and fillers that portals write, and an identifier that is no reading", async () => {
  const kiloWatts = lines("Time,Mains_A (kWatts)", 100, (k) => `${iso(k)},${value(k) * 4}`);
  const energy = lines(
    "Datum;Energie vom Netz bezogen [kWh];Energie ins Netz eingespeist [kWh];Verbrauch [kWh]",
    100,
    (k) => `${iso(k)};${comma(value(k))};0;${comma(value(k))}`,
  );
  const danish = lines(
    "Målepunkt id;Fra_dato;Mængde;Måleenhed;Kvalitet",
    100,
    (k) => `571313100000000001;${iso(k)};${comma(value(k))};kWh;Målt`,
  );
  for (
    const [name, text, home] of [
      ["a.csv", kiloWatts, "Mains_A"],
      ["Home.csv", energy, "Home"],
      ["c.csv", danish, "571313100000000001"],
    ]
  ) {
    const result = await imported({ [name]: text }, { timeZone: "UTC" });
    assertEquals(result.dataset.community.prosumers.map(({ id }) => id), [home]);
    loadKwh(result, home).forEach((kwh, k) => assertAlmostEquals(kwh, value(k), 1e-9, name));
  }
});

Deno.test("meter shapes: a header with another clock than the one that is said is named", async () => {
  const text = lines("Zeit (MEZ);Home [kWh]", 96, (k) => `${iso(k).slice(0, 19)};${value(k)}`);
  const { found: [[, notes]] } = await imported({ "a.csv": text }, { timeZone: "Europe/Berlin" });
  assertEquals(notes.join().includes("as stated, though its header says +01:00"), true);
});

Deno.test("meter shapes: stamps some seconds off are refused with their distance", async () => {
  const text = lines("time,Home kWh", 96, (k) => `${iso(k).slice(0, 18)}${k % 3},${value(k)}`);
  const error = await assertRejects(() => imported({ "a.csv": text }, { timeZone: "UTC" }));
  assertMatch(
    (error as Error).message,
    /row 5.*intervals of 898 s where others have 901 s; round the stamps/,
  );
});
