import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { play } from "../../lib/evaluation/records.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { zeroIntelligencePolicy } from "../../lib/policies/zero_intelligence.ts";
import { firstEdition } from "../helpers/first_edition.ts";

const dataset = synthesize({ seed: 42, prosumers: 10, days: 12, dtHours: 1 });
const config = firstEdition();
const options = { dataset, config, firstSlots: [0, 96, 192], seed: 5 };

/** 720 draws: 72 in each tenth, give or take four standard deviations of 8. */
function requireEven(shares: readonly number[], perTenth: number): void {
  const tenths = new Array<number>(10).fill(0);
  for (const share of shares) tenths[Math.min(9, Math.floor(10 * share))]++;
  for (const n of tenths) assert(Math.abs(n - perTenth) < 4 * Math.sqrt(perTenth), `${tenths}`);
}

Deno.test("zero-intelligence: inelastic orders are whole net positions at evenly random prices", async () => {
  const { home, store, firstSlots } = await play(options, zeroIntelligencePolicy(1));
  assert(store.powerKw.every((kw) => Math.abs(kw) < 1e-12));
  assertEquals(home.orderKwh, home.netKwh);
  const shares = Array.from(home.orderPricePerKwh, (price, row) => {
    const slot = firstSlots[Math.floor(row / 240)] + Math.floor((row % 240) / 10);
    const lowest = dataset.profiles.feedInTariffPerKwh[slot];
    return (price - lowest) / (dataset.profiles.importPricePerKwh[slot] - lowest);
  });
  requireEven(shares, 72);
});

Deno.test("zero-intelligence: values of stores are evenly random, and flat over what is stored", async () => {
  const env = new EnergyMarketEnv(dataset);
  const observation = env.reset({ seed: 1, firstSlots: [0] });
  const act = await zeroIntelligencePolicy(1).begin(env);
  const shares: number[] = [];
  for (let slot = 0; slot < 72; slot++) {
    await act(observation, env.decision);
    env.decision.numbers.forEach((number, k) => {
      if (k % 2 === 0) shares.push((1 + number) / 2);
      else assertEquals(number, -1);
    });
    env.step();
  }
  requireEven(shares, 72);
});

Deno.test("zero-intelligence: whatever homes ask, nobody is worse off than alone, and truthful orders do better", async () => {
  const { summary: [random, truthful, alone] } = await evaluate(options, [
    zeroIntelligencePolicy(1),
    rulePolicy("trade-only"),
    rulePolicy("grid-only"),
  ]);
  assert(0.5 * truthful.tradedKwhPerDay < random.tradedKwhPerDay);
  assertLess(random.tradedKwhPerDay, truthful.tradedKwhPerDay);
  assertLess(random.costPerDay, alone.costPerDay);
  assertEquals(random.prosumersWorseOff, 0);
});

Deno.test("zero-intelligence: same seed, same bits, whatever is played beside it", async () => {
  for (const rules of [config, { ...defaultEnvironmentConfig, episodeDays: 1 }]) {
    const prices = async (seed: number, firstSlots = options.firstSlots) => {
      const played = { ...options, config: rules, firstSlots };
      return (await play(played, zeroIntelligencePolicy(seed))).community.clearingPricePerKwh;
    };
    const three = await prices(1);
    assertEquals(await prices(1), three);
    assertEquals(await prices(1, [96]), three.slice(24, 48));
    assertNotEquals(await prices(2), three);
  }
});
