import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { applyScenario, type ScenarioName } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import type { Kpis } from "../../lib/evaluation/kpis.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import type { Records } from "../../lib/evaluation/records.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";

const dataset = synthesize({ seed: 1, prosumers: 8, days: 365, dtHours: 1 });
const DAYS = [20, 110, 200, 290].map((day) => day * 24);

async function playScenario(
  name: ScenarioName,
  policy: string,
): Promise<{ records: Records; kpis: Kpis }> {
  const changed = applyScenario(dataset, name);
  const options = { dataset: changed, config, firstSlots: DAYS, seed: 3 };
  const { records: [records], summary: [kpis] } = await evaluate(options, [
    rulePolicy(policy),
  ]);
  assertEquals(kpis.residualViolations, 0);
  return { records, kpis };
}

/** Sum over prosumers of a column in one slot of one episode. */
function community({ columns, prosumers }: Records, column: keyof Records["columns"], at: number) {
  return columns[column].subarray(at * prosumers, (at + 1) * prosumers)
    .reduce((sum, value) => sum + value, 0);
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
      const { columns, prosumers } = records;
      traded += columns.tradedKwh.subarray(at * prosumers, (at + 1) * prosumers)
        .filter((kwh) => kwh > 0).length;
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
  const stored = ({ columns }: Records) => columns.energyKwh.reduce((sum, kwh) => sum + kwh, 0);
  assertLess(stored(cloudy.records), stored(clear.records));
});

Deno.test("scenario price-spike: it costs whoever imports in the evening, and batteries shield their owners' bills", async () => {
  const calm = await playScenario("none", "grid-only");
  const spike = await playScenario("price-spike", "grid-only");
  assertGreater(spike.kpis.costPerDay, calm.kpis.costPerDay);
  assertEquals(spike.kpis.importKwhPerDay, calm.kpis.importKwhPerDay);
  const calmTrade = await playScenario("none", "self-consumption");
  const spikeTrade = await playScenario("price-spike", "self-consumption");
  const highest = ({ clearingPricePerKwh }: Records) =>
    Math.max(...clearingPricePerKwh.filter((price) => !Number.isNaN(price)));
  assert(highest(spikeTrade.records) >= highest(calmTrade.records));
  assertLess(
    spikeTrade.kpis.billPerDay - calmTrade.kpis.billPerDay,
    spike.kpis.billPerDay - calm.kpis.billPerDay,
  );
});

Deno.test("scenario extreme-shortage: scarcity lets truthful sellers name the import price", async () => {
  const { records } = await playScenario("extreme-shortage", "self-consumption");
  const { importPricePerKwh } = applyScenario(dataset, "extreme-shortage").profiles;
  records.clearingPricePerKwh.forEach((price, at) => {
    if (Number.isNaN(price) || community(records, "gridKwh", at) <= 1e-6) return;
    assertAlmostEquals(price, importPricePerKwh[DAYS[Math.floor(at / 24)] + (at % 24)], 1e-12);
  });
  const { kpis } = await playScenario("extreme-shortage", "grid-only");
  assertGreater(kpis.unservedKwhPerDay, 0);
});
