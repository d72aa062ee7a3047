import { assert, assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { play } from "../../lib/evaluation/records.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { zeroIntelligencePolicy } from "../../lib/policies/zero_intelligence.ts";

const dataset = synthesize({ seed: 42, prosumers: 10, days: 12, dtHours: 1 });
const config = environmentConfigSchema.parse({});
const options = { dataset, config, firstSlots: [0, 96, 192], seed: 5 };

Deno.test("zero-intelligence: offers whole net positions with idle batteries", async () => {
  for (const batteryAction of ["feasible", "rated"] as const) {
    const other = { ...options, config: { ...config, batteryAction } };
    const { columns } = await play(other, zeroIntelligencePolicy(1));
    assert(columns.batteryKw.every((kw) => Math.abs(kw) < 1e-12));
    assertEquals(columns.orderKwh, columns.netKwh);
  }
});

Deno.test("zero-intelligence: prices fill the range between tariff and import price evenly", async () => {
  const { columns, firstSlots } = await play(options, zeroIntelligencePolicy(1));
  const tenths = new Array<number>(10).fill(0);
  columns.orderPricePerKwh.forEach((price, row) => {
    const slot = firstSlots[Math.floor(row / 240)] + Math.floor((row % 240) / 10);
    const lowest = dataset.profiles.feedInTariffPerKwh[slot];
    const share = (price - lowest) / (dataset.profiles.importPricePerKwh[slot] - lowest);
    tenths[Math.min(9, Math.floor(10 * share))]++;
  });
  // 720 prices: 72 in each tenth, give or take four standard deviations of 8.
  for (const count of tenths) assert(Math.abs(count - 72) < 32, `${tenths}`);
});

Deno.test("zero-intelligence: it trades less than truthful orders, and still more than half", async () => {
  const { summary: [random, truthful, alone] } = await evaluate(options, [
    zeroIntelligencePolicy(1),
    rulePolicy("trade-only"),
    rulePolicy("grid-only"),
  ]);
  assertGreater(random.marketEfficiency!, 0.5);
  assertLess(random.marketEfficiency!, truthful.marketEfficiency!);
  assertLess(random.costPerDay, alone.costPerDay);
  assertEquals(random.prosumersWorseOff, 0);
});

Deno.test("zero-intelligence: same seed, same bits, whatever is played beside it", async () => {
  const prices = async (seed: number, firstSlots = options.firstSlots) => {
    const records = await play({ ...options, firstSlots }, zeroIntelligencePolicy(seed));
    return records.columns.orderPricePerKwh;
  };
  const three = await prices(1);
  assertEquals(await prices(1), three);
  assertEquals(await prices(1, [96]), three.slice(240, 480));
  assertNotEquals(await prices(2), three);
});
