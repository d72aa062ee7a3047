import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { ACTION_SIZE } from "../../lib/env/action.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { play } from "../../lib/evaluation/records.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";

const dataset = synthesize({ seed: 3, prosumers: 6, days: 4, dtHours: 0.5 });
const firstSlots = [0, 48, 96, 144];
const spans = ["feasible", "rated"] as const;

function playRule(name: string, span: (typeof spans)[number] = "feasible") {
  const config = environmentConfigSchema.parse({ batteryAction: span });
  return play({ dataset, config, firstSlots, seed: 5 }, rulePolicy(name));
}

for (const name of rulePolicyNames) {
  Deno.test(`policies: ${name} writes finite actions for every row`, async () => {
    const env = new EnergyMarketEnv(dataset, undefined, 2);
    const actions = new Float64Array(env.rows * ACTION_SIZE).fill(NaN);
    const observation = env.reset({ seed: 1, firstSlots: [0, 48] });
    const act = await rulePolicy(name).begin(env);
    await act(observation, actions);
    assert(actions.every((x) => Math.abs(x) <= 1), `${actions}`);
  });

  Deno.test(`policies: ${name} does the same whatever the battery action spans`, async () => {
    const [{ columns: feasible }, { columns: rated }] = await Promise.all(
      spans.map((span) => playRule(name, span)),
    );
    for (let row = 0; row < feasible.batteryKw.length; row++) {
      assertAlmostEquals(feasible.batteryKw[row], rated.batteryKw[row], 1e-9);
      assertAlmostEquals(feasible.tradedKwh[row], rated.tradedKwh[row], 1e-9);
    }
  });
}

Deno.test("policies: grid-only leaves the battery idle and never trades", async () => {
  const { columns } = await playRule("grid-only");
  assert(columns.batteryKw.every((kw) => Math.abs(kw) < 1e-12));
  assert(columns.tradedKwh.every((kwh) => kwh === 0));
});

Deno.test("policies: trade-only trades everything that can be traded and leaves batteries idle", async () => {
  const { columns, prosumers } = await playRule("trade-only");
  assert(columns.batteryKw.every((kw) => Math.abs(kw) < 1e-12));
  let tradable = 0, traded = 0;
  for (let first = 0; first < columns.netKwh.length; first += prosumers) {
    const net = [...columns.netKwh.subarray(first, first + prosumers)];
    const deficit = net.reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
    const surplus = net.reduce((sum, kwh) => sum + Math.max(0, -kwh), 0);
    tradable += Math.min(deficit, surplus);
    traded += columns.tradedKwh.subarray(first, first + prosumers)
      .reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
  }
  assertGreater(tradable, 1);
  assertAlmostEquals(traded, tradable, 1e-6);
});

Deno.test("policies: self-consumption exports nothing that its battery could still store", async () => {
  const { columns, prosumers } = await playRule("self-consumption");
  let stored = 0;
  for (let row = 0; row < columns.netKwh.length; row++) {
    const battery = dataset.community.prosumers[row % prosumers].battery;
    if (battery === null || columns.netKwh[row] > -1e-9) continue;
    const full = columns.energyKwh[row] > battery.socMax * battery.capacityKwh - 1e-6;
    assert(full || columns.batteryKw[row] > battery.maxChargeKw - 1e-6, `row ${row}`);
    stored++;
  }
  assertGreater(stored, 0);
});

Deno.test("policies: time-of-use charges from the grid only at the lowest price of the rest of the day", async () => {
  const { columns, prosumers } = await playRule("time-of-use");
  const { importPricePerKwh } = dataset.profiles;
  let charged = 0;
  for (let row = 0; row < columns.batteryKw.length; row++) {
    const slot = Math.floor(row / prosumers);
    const rest = importPricePerKwh.subarray(slot, slot - (slot % 48) + 48);
    const fromGridKw = columns.batteryKw[row] - columns.pvKw[row];
    if (fromGridKw <= 1e-9) continue;
    assertEquals(importPricePerKwh[slot], Math.min(...rest));
    charged++;
  }
  assertGreater(charged, 0);
});

Deno.test("policies: an unknown rule names those that exist", () => {
  assertThrows(() => rulePolicy("toString"), RangeError, "grid-only, trade-only");
});
