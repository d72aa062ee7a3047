import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { applyScenario, type ScenarioName } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import type { Kpis } from "../../lib/evaluation/kpis.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import type { Records } from "../../lib/evaluation/records.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";

const dataset = synthesize({ seed: 1, prosumers: 8, days: 365, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const DAYS = [20, 110, 200, 290].map((day) => day * 24);

async function playScenario(
  name: ScenarioName,
  policy: string,
  { withStores = true } = {},
): Promise<{ records: Records; kpis: Kpis }> {
  const { community, profiles } = applyScenario(dataset, name);
  const prosumers = community.prosumers.map((home) =>
    withStores ? home : { ...home, battery: null }
  );
  const changed = { community: { ...community, prosumers }, profiles };
  const options = { dataset: changed, config, firstSlots: DAYS, seed: 3 };
  const { records: [records], summary: [kpis] } = await evaluate(options, [
    rulePolicy(policy),
  ]);
  assertEquals(kpis.residualViolations, 0);
  return { records, kpis };
}

/** Sum over homes of a column in one slot of one episode. */
function community({ home, homes }: Records, column: keyof Records["home"], at: number) {
  return home[column].subarray(at * homes, (at + 1) * homes).reduce((sum, value) => sum + value, 0);
}

Deno.test("scenario outage: nothing passes the grid connection while it lasts, and neighbours still trade", async () => {
  const { records } = await playScenario("outage", "self-consumption");
  const { gridImportLimitKw } = applyScenario(dataset, "outage").profiles;
  let slots = 0, traded = 0, unserved = 0;
  DAYS.forEach((first, episode) => {
    for (let step = 0; step < 24; step++) {
      if (gridImportLimitKw[first + step] !== 0) continue;
      const at = episode * 24 + step;
      assertAlmostEquals(community(records, "gridKwh", at), 0, 1e-9);
      traded += records.community.volumeKwh[at];
      unserved += community(records, "unservedKw", at);
      slots++;
    }
  });
  assertGreater(slots, 0);
  assertGreater(unserved, 0);
  assertGreater(traded, 0);
});

Deno.test("scenario outage: load goes unserved only while the grid is away", async () => {
  const { records } = await playScenario("outage", "trade-only");
  const { gridImportLimitKw } = applyScenario(dataset, "outage").profiles;
  DAYS.forEach((first, episode) => {
    for (let step = 0; step < 24; step++) {
      const unserved = community(records, "unservedKw", episode * 24 + step);
      assert(gridImportLimitKw[first + step] === 0 || unserved === 0, `day ${episode}, ${step} h`);
    }
  });
});

Deno.test("scenario cloudy: less sun means more import, emptier batteries and a higher cost", async () => {
  const clear = await playScenario("none", "self-consumption");
  const cloudy = await playScenario("cloudy", "self-consumption");
  assertGreater(cloudy.kpis.importKwhPerDay, clear.kpis.importKwhPerDay);
  assertGreater(cloudy.kpis.costPerDay, clear.kpis.costPerDay);
  assertLess(cloudy.kpis.exportKwhPerDay, clear.kpis.exportKwhPerDay);
  const stored = ({ store }: Records) => store.endEnergyKwh.reduce((sum, kwh) => sum + kwh, 0);
  assertLess(stored(cloudy.records), stored(clear.records));
});

Deno.test("scenario price-spike: it costs whoever imports in the evening, and batteries shield their owners' bills", async () => {
  const calm = await playScenario("none", "grid-only");
  const spike = await playScenario("price-spike", "grid-only");
  assertGreater(spike.kpis.costPerDay, calm.kpis.costPerDay);
  assertEquals(spike.kpis.importKwhPerDay, calm.kpis.importKwhPerDay);
  const calmTrade = await playScenario("none", "self-consumption");
  const spikeTrade = await playScenario("price-spike", "self-consumption");
  const highest = ({ community: { clearingPricePerKwh } }: Records) =>
    Math.max(...clearingPricePerKwh.filter((price) => !Number.isNaN(price)));
  assert(highest(spikeTrade.records) >= highest(calmTrade.records));
  assertLess(
    spikeTrade.kpis.billPerDay - calmTrade.kpis.billPerDay,
    spike.kpis.billPerDay - calm.kpis.billPerDay,
  );
});

Deno.test("scenario extreme-shortage: load is shed to the limit at the value of lost load, and storage saves some", async () => {
  const idle = await playScenario("extreme-shortage", "trade-only", { withStores: false });
  const storing = await playScenario("extreme-shortage", "self-consumption");
  // What is idle gives way where the price says that load is shed.
  const keeping = await playScenario("extreme-shortage", "trade-only");
  assertLess(storing.kpis.unservedKwhPerDay, idle.kpis.unservedKwhPerDay);
  assertLess(keeping.kpis.unservedKwhPerDay, storing.kpis.unservedKwhPerDay);
  const { gridImportLimitKw } = applyScenario(dataset, "extreme-shortage").profiles;
  const { records: { home, homes, community: { clearingPricePerKwh } } } = idle;
  let shed = 0;
  clearingPricePerKwh.forEach((price, at) => {
    const limitKw = gridImportLimitKw[DAYS[Math.floor(at / 24)] + (at % 24)];
    const importKw = community(idle.records, "gridKwh", at);
    assert(importKw <= limitKw + 1e-9);
    if (community(idle.records, "unservedKw", at) <= 1e-9) return;
    shed++;
    assertAlmostEquals(importKw, limitKw, 1e-9);
    assertAlmostEquals(price, config.cost.lostLoadPricePerKwh, 1e-9);
    const rows = Array.from({ length: homes }, (_, i) => at * homes + i);
    const shares = rows.filter((row) => home.loadKw[row] > 0)
      .map((row) => home.unservedKw[row] / home.loadKw[row]);
    assertAlmostEquals(Math.min(...shares), Math.max(...shares), 1e-9);
  });
  assertGreater(shed, 0);
});

Deno.test("scenario extreme-surplus: sun is curtailed to the limit and worth nothing, and storage saves some", async () => {
  const idle = await playScenario("extreme-surplus", "trade-only", { withStores: false });
  const storing = await playScenario("extreme-surplus", "self-consumption");
  assertLess(storing.kpis.curtailedKwhPerDay, idle.kpis.curtailedKwhPerDay);
  assertEquals(idle.kpis.unservedKwhPerDay, 0);
  let curtailed = 0;
  idle.records.community.clearingPricePerKwh.forEach((price, at) => {
    if (community(idle.records, "curtailedKw", at) <= 1e-9) return;
    curtailed++;
    assertAlmostEquals(price, 0, 1e-9);
  });
  assertGreater(curtailed, 0);
  const { store, stores: count } = storing.records;
  const [first] = storesOf(dataset);
  const fullest = Math.max(...store.endEnergyKwh.filter((_, k) => k % count === 0));
  assertAlmostEquals(fullest, first.mostKwh[0], 1e-6);
});
