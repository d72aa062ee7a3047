import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import type { KindDevice } from "../../lib/data/devices/home_device.ts";
import { neededKwh } from "../../lib/data/devices/needs.ts";
import { synthesize, type SyntheticOptions } from "../../lib/data/synthetic.ts";
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

const devicesOf = ({ community }: Dataset) =>
  community.prosumers.flatMap(({ devices = [] }) => devices as KindDevice[]);

Deno.test("synthetic: cars take 1,500 to 3,500 kWh a year, heat pumps 3,000 to 7,000", () => {
  const ranges = { "car": [1500, 3500], "heat-pump": [3000, 7000], "appliance": [70, 300] };
  const options = { prosumers: 40, days: 365, dtHours: 1, cars: 40, heatPumps: 40, appliances: 40 };
  for (const seed of [1, 2]) {
    const dataset = synthesize({ ...options, seed });
    validateDataset(dataset);
    const devices = devicesOf(dataset);
    assertEquals(devices.length, 120);
    for (const device of devices) {
      const [least, most] = ranges[device.kind], kwh = neededKwh(device, dataset.profiles.grid);
      assert(kwh > least && kwh < most, `${device.kind}: ${kwh} kWh`);
    }
    const pumps = devices.filter((device) => device.kind === "heat-pump");
    const heat = pumps.map(({ heatKw }) => sum(heatKw));
    const performance = sum(heat) /
      sum(pumps.map((pump) => neededKwh(pump, dataset.profiles.grid)));
    // In the field, pumps in houses that were there before reach about 3.1, and 4.1 with brine.
    assert(performance > 2.9 && performance < 3.8, `${performance}`);
    const cars = devices.filter((device) => device.kind === "car");
    const shareAway = 1 -
      sum(
          cars.flatMap(({ sessions }) =>
            sessions.map(({ startMs, endMs }) => (endMs - startMs) / 3_600_000)
          ),
        ) / (40 * 365 * 24);
    assert(shareAway > 0.15 && shareAway < 0.3, `away ${shareAway} of the time`);
    assertEquals(cars.filter(({ maxDischargeKw }) => maxDischargeKw > 0).length, 10);
  }
});

Deno.test("synthetic: devices are spread over the homes and leave everything else as it was", () => {
  const options = { seed: 3, prosumers: 10, days: 30, dtHours: 0.5 };
  const bare = synthesize(options);
  const equipped = synthesize({ ...options, cars: 4, heatPumps: 3, appliances: 2 });
  assertEquals(equipped.profiles, bare.profiles);
  assertEquals(
    equipped.community.prosumers.map(({ devices = [] }) => devices.map(({ kind }) => kind).join()),
    [
      ...["car,appliance", "heat-pump", "car", "", "", "car,heat-pump,appliance", "", "car"],
      ...["heat-pump", ""],
    ],
  );
  const without = equipped.community.prosumers.map(({ devices: _, ...home }) => home);
  assertEquals(without, [...bare.community.prosumers]);
  assertEquals(synthesize({ ...options, cars: 0 }), bare);
  // More cars, more days and longer slots leave cars and their days as they were.
  const [few, many] = [4, 5].map((cars) => devicesOf(synthesize({ ...options, cars })));
  assertEquals(many.slice(0, 4), few);
  const later = devicesOf(synthesize({ ...options, days: 40, dtHours: 1, cars: 4 }));
  few.forEach((device, k) => {
    const longer = later[k];
    assert(device.kind === "car" && longer.kind === "car");
    assertEquals(longer.sessions.slice(0, device.sessions.length), device.sessions);
  });
});

Deno.test("synthetic: heat and COP of longer slots are the means over quarter-hours", () => {
  const at = (dtHours: number) => {
    const options = { seed: 8, prosumers: 1, days: 20, dtHours, heatPumps: 1 };
    const [pump] = devicesOf(synthesize(options));
    assert(pump.kind === "heat-pump");
    return pump;
  };
  const quarterly = at(0.25), hourly = at(1);
  for (const column of ["heatKw", "cop"] as const) {
    hourly[column].forEach((value, t) =>
      assertAlmostEquals(value, sum(quarterly[column].subarray(4 * t, 4 * t + 4)) / 4, 1e-12)
    );
  }
});

Deno.test("synthetic: departures are announced unless told otherwise, and no home has two cars", () => {
  const options = { seed: 1, prosumers: 2, days: 2, dtHours: 1 };
  const departures = (more: Partial<SyntheticOptions>) =>
    devicesOf(synthesize({ ...options, cars: 1, ...more })).map((device) =>
      device.kind === "car" ? device.departure : ""
    );
  assertEquals(departures({}), ["announced"]);
  assertEquals(departures({ departures: "unknown" }), ["unknown"]);
  for (const [name, count] of [["cars", 3], ["heatPumps", -1], ["appliances", 0.5]] as const) {
    assertThrows(
      () => synthesize({ ...options, [name]: count }),
      RangeError,
      `${name} must be a whole number from 0 to that of the homes, 2, got ${count}`,
    );
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
      fc.nat({ max: 2 }),
      (seed, prosumers, days, dtHours, latitudeDeg, longitudeDeg, every) => {
        const dataset = synthesize({
          seed,
          prosumers,
          days,
          dtHours,
          latitudeDeg,
          longitudeDeg,
          cars: every === 0 ? 0 : prosumers,
          heatPumps: every === 1 ? prosumers : 0,
          appliances: every === 0 ? 0 : Math.ceil(prosumers / 2),
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
    [{ dtHours: 2 }, "dtHours must be one of 1, 0.5, 0.25 and 1/12, got 2"],
    [{ start: "2025-01-01T01:00:00+01:00" }, "start must be a local midnight"],
    [{ start: "2025-01-01" }, "timestamp must be ISO 8601 with offset"],
  ];
  for (const [change, message] of bad) {
    assertThrows(() => synthesize({ ...options, ...change }), RangeError, message);
  }
});
