import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Dataset, type Profiles, validateDataset } from "../../lib/data/profiles.ts";
import {
  applyScenario,
  parseScenario,
  type ScenarioName,
  scenarioNames,
  scenariosOf,
} from "../../lib/data/scenarios.ts";
import type { KindDevice } from "../../lib/data/devices/home_device.ts";
import { neededKwh } from "../../lib/data/devices/needs.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { localTime } from "../../lib/units.ts";

const devices = { cars: 3, heatPumps: 2, appliances: 1 };
const year = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1, ...devices });
const { slots } = year.profiles.grid;

/** Sum over the prosumers of load minus PV in every slot. */
function netLoadKw({ community, profiles }: Dataset): Float64Array {
  const n = profiles.grid.slots;
  return Float64Array.from({ length: n }, (_, t) =>
    community.prosumers.reduce(
      (sum, _, i) => sum + profiles.loadKw[i * n + t] - profiles.pvKw[i * n + t],
      0,
    ));
}

/** The columns that a scenario changes. */
function changedColumns(name: ScenarioName): string[] {
  const { profiles } = applyScenario(year, name);
  const columns = Object.keys(profiles) as (keyof Profiles)[];
  return columns.filter((column) => profiles[column] !== year.profiles[column]).toSorted();
}

Deno.test("scenarios: each changes a copy, only what it is about, and stays valid", () => {
  const before = structuredClone(year);
  const about: Record<ScenarioName, string[]> = {
    "none": [],
    "extreme-shortage": ["gridImportLimitKw", "importPricePerKwh", "loadKw", "pvKw"],
    "extreme-surplus": ["gridExportLimitKw", "loadKw", "pvKw"],
    "outage": ["gridExportLimitKw", "gridImportLimitKw"],
    "cloudy": ["pvKw"],
    "price-spike": ["importPricePerKwh"],
    "cold-week": ["loadKw"],
    "heat-wave": ["loadKw", "pvKw"],
    "late-cars": [],
    "early-cars": [],
  };
  for (const name of scenarioNames) {
    assertEquals(changedColumns(name), about[name], name);
    validateDataset(applyScenario(year, name));
  }
  assertEquals(year, before);
});

Deno.test("scenarios: a shortage leaves demand on every day that the grid alone cannot serve", () => {
  const { profiles, community } = applyScenario(year, "extreme-shortage");
  assert(profiles.pvKw.every((power) => power === 0));
  const net = netLoadKw({ community, profiles });
  const limit = profiles.gridImportLimitKw[0];
  assertEquals(new Set(profiles.gridImportLimitKw).size, 1);
  for (let day = 0; day < 365; day++) {
    assertGreater(Math.max(...net.subarray(day * 24, day * 24 + 24)), limit);
  }
  // Over the winter even full batteries cannot make up for what the grid does not carry.
  const winterDemandKwh = net.subarray(0, 59 * 24).reduce((sum, power) => sum + power, 0);
  const stored = community.prosumers.reduce(
    (sum, { battery }) => sum + (battery?.capacityKwh ?? 0),
    0,
  );
  assertGreater(winterDemandKwh, 59 * 24 * limit + 10 * stored);
  assertEquals(profiles.importPricePerKwh[19], 3 * year.profiles.importPricePerKwh[19]);
});

Deno.test("scenarios: a surplus exceeds grid and batteries on every day", () => {
  const { profiles, community } = applyScenario(year, "extreme-surplus");
  const net = netLoadKw({ community, profiles });
  const limit = profiles.gridExportLimitKw[0];
  const stored = community.prosumers.reduce(
    (sum, { battery }) => sum + (battery?.capacityKwh ?? 0),
    0,
  );
  for (let day = 0; day < 365; day++) {
    const beyondKwh = net.subarray(day * 24, day * 24 + 24)
      .reduce((sum, power) => sum + Math.max(0, -power - limit), 0);
    assertGreater(beyondKwh, stored);
  }
  community.prosumers.forEach(({ pvCapacityKw }, i) => {
    const own = profiles.pvKw.subarray(i * slots, (i + 1) * slots);
    assert(own.every((power, t) => power >= year.profiles.pvKw[i * slots + t]));
    assertGreater(Math.max(...own), 0.8 * pvCapacityKw - 1e-12);
    assert(own.every((power) => power <= pvCapacityKw + 1e-12));
  });
});

Deno.test("scenarios: a surplus can be made from winter days, and from panels that yield nothing", () => {
  const winter = synthesize({ seed: 3, prosumers: 4, days: 2, dtHours: 0.5 });
  const { profiles } = applyScenario(winter, "extreme-surplus");
  const peak = Math.max(...profiles.pvKw.subarray(0, 96));
  assertAlmostEquals(peak, 0.8 * winter.community.prosumers[0].pvCapacityKw, 1e-9);
  winter.profiles.pvKw.fill(winter.community.prosumers[0].pvCapacityKw, 0, 96);
  assertEquals(applyScenario(winter, "extreme-surplus").profiles.pvKw[0], winter.profiles.pvKw[0]);
  winter.profiles.pvKw.fill(0);
  const dark = applyScenario(winter, "extreme-surplus").profiles;
  assert(dark.pvKw.every((power) => power === 0));
});

Deno.test("scenarios: an outage cuts import and export in its hours only", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 24 }),
      (fromHour, length) => {
        const toHour = Math.min(24, fromHour + length);
        const { profiles } = applyScenario(year, "outage", { fromHour, toHour });
        for (let t = 0; t < 72; t++) {
          const { hourOfDay } = localTime(profiles.grid, t);
          const expected = hourOfDay >= fromHour && hourOfDay < toHour ? 0 : Infinity;
          assertEquals(profiles.gridImportLimitKw[t], expected);
          assertEquals(profiles.gridExportLimitKw[t], expected);
        }
      },
    ),
    { seed: 5, numRuns: 40 },
  );
  const standard = applyScenario(year, "outage").profiles.gridImportLimitKw.subarray(0, 24);
  assertEquals([...standard.keys()].filter((hour) => standard[hour] === 0), [17, 18, 19]);
});

Deno.test("scenarios: clouds take four fifths of the sun, a spike multiplies the evening price", () => {
  const { pvKw } = applyScenario(year, "cloudy").profiles;
  pvKw.forEach((power, k) => assertAlmostEquals(power, year.profiles.pvKw[k] / 5, 1e-12));
  const before = year.profiles.importPricePerKwh;
  const after = applyScenario(year, "price-spike").profiles.importPricePerKwh;
  for (let hour = 0; hour < 24; hour++) {
    assertAlmostEquals(after[hour] / before[hour], hour >= 17 && hour < 21 ? 5 : 1, 1e-12);
  }
});

Deno.test("scenarios: a negative price is not made lower by a spike", () => {
  const dataset = synthesize({ seed: 1, prosumers: 1, days: 1, dtHours: 1 });
  dataset.profiles.importPricePerKwh.fill(-0.1);
  dataset.profiles.feedInTariffPerKwh.fill(-0.1);
  const { importPricePerKwh } = applyScenario(dataset, "price-spike").profiles;
  assertEquals(new Set(importPricePerKwh), new Set([-0.1]));
});

Deno.test("scenarios: an unknown name is answered with the nearest, bad hours with the range", () => {
  assertEquals(parseScenario("outage"), "outage");
  assertThrows(
    () => parseScenario("extreme-shortages"),
    RangeError,
    '"extreme-shortages"; did you mean extreme-shortage?',
  );
  assertThrows(
    () => applyScenario(year, "outage", { fromHour: 21 }),
    RangeError,
    "got 21 to 20",
  );
});

/** Cars and heat pumps of a data set. */
function devicesOf({ community }: Dataset) {
  const all = community.prosumers.flatMap(({ devices = [] }) => devices as KindDevice[]);
  return {
    cars: all.filter((device) => device.kind === "car"),
    pumps: all.filter((device) => device.kind === "heat-pump"),
  };
}

Deno.test("scenarios: in a cold week heat takes twice the electricity, trips take more", () => {
  const cold = applyScenario(year, "cold-week");
  const [before, after] = [year, cold].map(devicesOf);
  before.pumps.forEach((pump, k) => {
    pump.heatKw.forEach((heat, t) => {
      assertAlmostEquals(after.pumps[k].heatKw[t], 1.6 * heat, 1e-12);
      assertEquals(after.pumps[k].cop[t], Math.max(1, 0.75 * pump.cop[t]));
    });
    const [was, is] = [pump, after.pumps[k]].map((each) => neededKwh(each, year.profiles.grid));
    assertGreater(is, 1.9 * was);
  });
  before.cars.forEach(({ capacityKwh, sessions }, k) =>
    sessions.forEach(({ tripKwh }, n) =>
      assertEquals(after.cars[k].sessions[n].tripKwh, Math.min(capacityKwh, 1.2 * tripKwh))
    )
  );
  assertAlmostEquals(cold.profiles.loadKw[5], 1.05 * year.profiles.loadKw[5], 1e-12);
});

Deno.test("scenarios: in a heat wave little is left to heat, and fans take power", () => {
  const hot = applyScenario(year, "heat-wave");
  const [before, after] = [year, hot].map((each) =>
    devicesOf(each).pumps.map((pump) => neededKwh(pump, year.profiles.grid))
  );
  before.forEach((kwh, k) => assert(after[k] < 0.3 * kwh));
  assertAlmostEquals(hot.profiles.loadKw[5], 1.15 * year.profiles.loadKw[5], 1e-12);
  const noon = year.profiles.pvKw.findIndex((power) => power > 1);
  assertAlmostEquals(hot.profiles.pvKw[noon], 0.95 * year.profiles.pvKw[noon], 1e-12);
});

Deno.test("scenarios: cars come two hours late, or leave two hours early, and stay at home a while", () => {
  const hours = 3_600_000;
  const { cars } = devicesOf(year);
  const late = devicesOf(applyScenario(year, "late-cars")).cars;
  const early = devicesOf(applyScenario(year, "early-cars")).cars;
  cars.forEach(({ sessions }, k) =>
    sessions.forEach((session, n) => {
      const [later, earlier] = [late[k].sessions[n], early[k].sessions[n]];
      const lastMs = session.endMs - 60_000;
      assertEquals(later, { ...session, startMs: Math.min(session.startMs + 2 * hours, lastMs) });
      const firstMs = Math.max(session.startMs, year.profiles.grid.startMs) + 60_000;
      assertEquals(earlier, { ...session, endMs: Math.max(session.endMs - 2 * hours, firstMs) });
    })
  );
});

Deno.test("scenarios: of cars only homes with cars are offered and given any", () => {
  const bare = synthesize({ seed: 1, prosumers: 2, days: 2, dtHours: 1, heatPumps: 1 });
  assertEquals(scenariosOf(year), [...scenarioNames]);
  assertEquals(scenariosOf(bare), scenarioNames.filter((name) => !name.endsWith("-cars")));
  for (const name of ["late-cars", "early-cars"] as const) {
    assertThrows(
      () => applyScenario(bare, name),
      RangeError,
      `the scenario ${name} needs a car, and no home of "synthetic-2-seed-1" has one; take another`,
    );
  }
});
