import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Dataset, type Profiles, validateDataset } from "../../lib/data/profiles.ts";
import {
  applyScenario,
  parseScenario,
  type ScenarioName,
  scenarioNames,
} from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { localTime } from "../../lib/units.ts";

const year = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 });
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
