import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { quarterHours } from "../../lib/data/synthetic/quarter_hours.ts";
import { drawWeather } from "../../lib/data/synthetic/weather.ts";
import { stream } from "../../lib/random.ts";
import { localTime } from "../../lib/units.ts";

const year = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 });

/** Column of prosumer `i`. */
function own(column: "loadKw" | "pvKw", i: number, { profiles }: Dataset = year): Float64Array {
  const { slots } = profiles.grid;
  return profiles[column].subarray(i * slots, (i + 1) * slots);
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, x) => total + x, 0);

/** Mean over the slots of a year whose local time fits. */
function meanWhere(
  values: ArrayLike<number>,
  fits: (local: ReturnType<typeof localTime>) => boolean,
): number {
  const chosen = Array.from(values).filter((_, t) => fits(localTime(year.profiles.grid, t)));
  assertGreater(chosen.length, 0);
  return sum(chosen) / chosen.length;
}

const isWinter = (day: number) => day < 59 || day >= 334;
const isSummer = (day: number) => day >= 151 && day < 243;

Deno.test("synthetic: a seed decides everything", () => {
  const options = { seed: 5, prosumers: 4, days: 3, dtHours: 0.5 };
  assertEquals(synthesize(options), synthesize(options));
  const other = synthesize({ ...options, seed: 6 });
  for (const column of ["loadKw", "pvKw", "carbonKgPerKwh"] as const) {
    assert(other.profiles[column].some((x, k) => x !== synthesize(options).profiles[column][k]));
  }
});

Deno.test("synthetic: any options make a valid data set", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 0.5, 0.25),
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (seed, prosumers, days, dtHours, latitudeDeg, longitudeDeg) => {
        const dataset = synthesize({
          seed,
          prosumers,
          days,
          dtHours,
          latitudeDeg,
          longitudeDeg,
          start: "2024-02-28T00:00:00-09:30",
        });
        validateDataset(dataset);
        assertEquals(dataset.community.prosumers.length, prosumers);
        assertEquals(dataset.profiles.grid.slots * dtHours, days * 24);
      },
    ),
    { seed: 3, numRuns: 60 },
  );
});

Deno.test("synthetic: longer slots are exactly the means over quarter-hours of the same seed", () => {
  const at = (dtHours: number) => synthesize({ seed: 8, prosumers: 5, days: 20, dtHours }).profiles;
  const quarterly = at(0.25);
  for (const dtHours of [0.5, 1]) {
    const coarse = at(dtHours);
    const perSlot = dtHours / 0.25;
    const columns = ["loadKw", "pvKw", "importPricePerKwh", "carbonKgPerKwh"] as const;
    for (const column of columns) {
      const means = coarse[column].map((_, k) =>
        sum(quarterly[column].subarray(k * perSlot, (k + 1) * perSlot)) / perSlot
      );
      assertEquals(coarse[column], means, column);
    }
  }
});

Deno.test("synthetic: more days and more prosumers leave the first ones as they were", () => {
  const small = synthesize({ seed: 2, prosumers: 3, days: 2, dtHours: 1 });
  const large = synthesize({ seed: 2, prosumers: 6, days: 5, dtHours: 1 });
  for (let i = 0; i < 3; i++) {
    assertEquals(large.community.prosumers[i], small.community.prosumers[i]);
    for (const column of ["loadKw", "pvKw"] as const) {
      assertEquals(own(column, i, large).slice(0, 48), own(column, i, small).slice());
    }
  }
});

Deno.test("synthetic: four prosumers are of all four kinds, ten mostly have panels and battery", () => {
  const kinds = ({ community }: Dataset) =>
    community.prosumers.map(({ pvCapacityKw, battery }) =>
      `${pvCapacityKw > 0 ? "panels" : "-"} ${battery === null ? "-" : "battery"}`
    );
  const four = kinds(synthesize({ seed: 1, prosumers: 4, days: 1, dtHours: 1 }));
  assertEquals(new Set(four).size, 4);
  assertGreater(kinds(year).filter((kind) => kind === "panels battery").length, 5);
  const capacities = year.community.prosumers.map(({ battery }) => battery?.capacityKwh);
  assertGreater(new Set(capacities).size, 4);
});

Deno.test("synthetic: households use 2.5 to 6 MWh a year, more in winter and in the evening", () => {
  for (let i = 0; i < 10; i++) {
    const yearlyKwh = sum(own("loadKw", i));
    assert(yearlyKwh > 2300 && yearlyKwh < 6500, `${yearlyKwh} kWh`);
  }
  const slots = year.profiles.grid.slots;
  const community = Float64Array.from(
    { length: slots },
    (_, t) => sum(Array.from({ length: 10 }, (_, i) => own("loadKw", i)[t])),
  );
  const mean = (fits: Parameters<typeof meanWhere>[1]) => meanWhere(community, fits);
  const night = mean(({ hourOfDay }) => hourOfDay === 3);
  assertGreater(mean(({ hourOfDay }) => hourOfDay === 19), 2 * night);
  assertGreater(mean(({ hourOfDay }) => hourOfDay === 7), 1.3 * night);
  const winter = mean(({ dayOfYear }) => isWinter(dayOfYear));
  assertGreater(winter, 1.25 * mean(({ dayOfYear }) => isSummer(dayOfYear)));
  const morning = ({ hourOfDay }: { hourOfDay: number }) => hourOfDay >= 9 && hourOfDay < 13;
  const sunday = mean((local) => morning(local) && local.weekday === 6);
  assertGreater(sunday, 1.15 * mean((local) => morning(local) && local.weekday < 5));
});

Deno.test("synthetic: appliances make single households spiky", () => {
  const quarterly = synthesize({ seed: 1, prosumers: 1, days: 30, dtHours: 0.25 });
  const load = own("loadKw", 0, quarterly);
  assertGreater(Math.max(...load), 5 * sum(load) / load.length);
});

Deno.test("synthetic: a year of sun is that of central Germany", () => {
  const calendar = quarterHours(year.profiles.grid);
  const weather = drawWeather(
    calendar,
    { latitudeDeg: 51.3, longitudeDeg: 9.5 },
    stream(1, "weather"),
  );
  const yearlyKwhPerM2 = sum(weather.globalHorizontal) / 4 / 1000;
  assert(yearlyKwhPerM2 > 950 && yearlyKwhPerM2 < 1200, `${yearlyKwhPerM2} kWh/m²`);
  // At the summer solstice the sun culminates at 90° − 51.3° + 23.44°, refraction aside.
  const highest = Math.asin(Math.max(...weather.sunUp)) * 180 / Math.PI;
  assertAlmostEquals(highest, 62.14, 0.05);
  const noon = weather.sunUp.indexOf(Math.max(...weather.sunUp.subarray(0, 96)));
  // Longitude 9.5° is 22 minutes behind central European time; early January adds 4 more.
  assertAlmostEquals(calendar.hourOfDay[noon] + 0.125, 12.45, 0.2);
});

Deno.test("synthetic: panels yield as roofs do, nothing at night and never more than installed", () => {
  const { community } = year;
  community.prosumers.forEach(({ pvCapacityKw }, i) => {
    const pv = own("pvKw", i);
    assert(pv.every((power) => power <= pvCapacityKw));
    assertEquals(meanWhere(pv, ({ hourOfDay }) => hourOfDay < 3 || hourOfDay >= 22), 0);
    if (pvCapacityKw === 0) return;
    const kwhPerKw = sum(pv) / pvCapacityKw;
    assert(kwhPerKw > 700 && kwhPerKw < 1150, `${kwhPerKw} kWh per kW`);
    const summer = meanWhere(pv, ({ dayOfYear }) => isSummer(dayOfYear));
    assertGreater(summer, 3 * meanWhere(pv, ({ dayOfYear }) => isWinter(dayOfYear)));
  });
});

Deno.test("synthetic: the community is under the same clouds", () => {
  const daily = (i: number) =>
    Array.from({ length: 90 }, (_, day) => {
      const first = (150 + day) * 24;
      return sum(own("pvKw", i).subarray(first, first + 24));
    });
  const centred = (values: number[]) => values.map((x) => x - sum(values) / values.length);
  const [a, b] = [centred(daily(0)), centred(daily(1))];
  const product = (x: number[], y: number[]) => sum(x.map((value, k) => value * y[k]));
  assertGreater(product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 0.9);
});

Deno.test("synthetic: carbon intensity falls with sunshine and rises in winter", () => {
  const carbon = year.profiles.carbonKgPerKwh;
  const at = (hour: number) =>
    meanWhere(carbon, (local) => isSummer(local.dayOfYear) && local.hourOfDay === hour);
  assertGreater(at(20), at(12) + 0.08);
  const winter = meanWhere(carbon, ({ dayOfYear }) => isWinter(dayOfYear));
  assertGreater(winter, meanWhere(carbon, ({ dayOfYear }) => isSummer(dayOfYear)));
});

Deno.test("synthetic: trade and storage are worth something", () => {
  const { grid, importPricePerKwh, feedInTariffPerKwh, loadKw, pvKw } = year.profiles;
  let bothSides = 0;
  for (let t = 0; t < grid.slots; t++) {
    const net = year.community.prosumers.map((_, i) =>
      loadKw[i * grid.slots + t] - pvKw[i * grid.slots + t]
    );
    if (Math.min(...net) < 0 && Math.max(...net) > 0) bothSides++;
  }
  assertGreater(bothSides / grid.slots, 0.35);
  const [low, high] = [Math.min(...importPricePerKwh), Math.max(...importPricePerKwh)];
  const { chargeEfficiency, dischargeEfficiency } = year.community.prosumers[0].battery!;
  assertGreater(high * chargeEfficiency * dischargeEfficiency, low + 0.1);
  assertGreater(low, feedInTariffPerKwh[0] + 0.1);
});

Deno.test("synthetic: options out of range are named", () => {
  const options = { seed: 1, prosumers: 2, days: 2, dtHours: 1 };
  const bad: [object, string][] = [
    [{ prosumers: 0 }, "prosumers must be a whole number of at least 1, got 0"],
    [{ days: 1.5 }, "days must be a whole number of at least 1, got 1.5"],
    [{ dtHours: 2 }, "dtHours must be one of 1, 0.5, 0.25, got 2"],
    [{ start: "2025-01-01T01:00:00+01:00" }, "start must be a local midnight"],
    [{ start: "2025-01-01" }, "timestamp must be ISO 8601 with offset"],
  ];
  for (const [change, message] of bad) {
    assertThrows(() => synthesize({ ...options, ...change }), RangeError, message);
  }
});
