import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { stream } from "../../lib/random.ts";

const FIRST = 14 * 24, KNOWN = 30, HOMES = 6;
const config = environmentConfigSchema.parse({ episodeDays: 2 });
const worlds: Readonly<Record<string, Dataset>> = {
  "homes with devices": synthesize({
    ...{ seed: 3, prosumers: HOMES, days: 21, dtHours: 1 },
    ...{ cars: 2, heatPumps: 2, appliances: 1, tariff: "day-ahead" },
  }),
  "homes on a feeder": synthesize({
    ...{ seed: 3, prosumers: HOMES, days: 21, dtHours: 1, feeder: "rural" },
  }),
};

/** The same data up to and with a slot, and others after it. */
function afterwards(
  dataset: Dataset,
  from: number,
  columns: readonly ("loadKw" | "pvKw")[],
): Dataset {
  const random = stream(5, "another future");
  const profiles = { ...dataset.profiles };
  for (const column of columns) {
    profiles[column] = profiles[column].map((kw, at) =>
      at % profiles.grid.slots < from ? kw : kw * 2 * random.uniform()
    );
  }
  return { ...dataset, profiles };
}

/** What is seen, said and booked in the slots that both futures share. */
async function told(dataset: Dataset, policy: Policy | null) {
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: 8, firstSlots: [FIRST] });
  const random = stream(6, "numbers");
  const act = await policy?.begin(env);
  const seen: number[][] = [], prices: number[] = [], costs: number[] = [];
  for (let step = 0; step < KNOWN; step++) {
    const { common, own } = env.observation;
    seen.push([...common, ...own]);
    if (act === undefined) {
      env.decision.numbers.forEach((_, k, all) => all[k] = 2 * random.uniform() - 1);
    } else await act(env.observation, env.decision);
    const { info } = env.step();
    prices.push(info.clearingPricePerKwh[0]);
    costs.push(...info.cost);
  }
  const { common, own } = env.observationSpace;
  const names = [...common, ...Array.from({ length: HOMES }, () => own).flat()];
  return { names, seen, prices, costs };
}

for (const [name, dataset] of Object.entries(worlds)) {
  Deno.test(`leaks: ${name} see nothing of loads to come, whatever the future`, async () => {
    const changed = afterwards(dataset, FIRST + KNOWN, ["loadKw"]);
    for (const policy of [null, dynamicProgrammingPolicy()]) {
      const [one, other] = [await told(dataset, policy), await told(changed, policy)];
      assertEquals(other, one);
    }
    // The other future is another one: a slot later it is seen.
    const early = afterwards(dataset, FIRST + KNOWN - 1, ["loadKw"]);
    assert(JSON.stringify(await told(early, null)) !== JSON.stringify(await told(dataset, null)));
  });

  Deno.test(`leaks: of the sun to come ${name} see forecasts alone, and no price tells of it`, async () => {
    const changed = afterwards(dataset, FIRST + KNOWN, ["loadKw", "pvKw"]);
    const [one, other] = [await told(dataset, null), await told(changed, null)];
    assertEquals([other.prices, other.costs], [one.prices, one.costs]);
    const differ = new Set<string>();
    one.seen.forEach((row, step) =>
      row.forEach((value, k) => {
        if (other.seen[step][k] !== value) differ.add(one.names[k]);
      })
    );
    assertGreater(differ.size, 0);
    for (const feature of differ) {
      assert(/^(netLoadKw|communityNetLoadKw|netLoadShare)(\.ahead|$)/.test(feature), feature);
    }
    // What is now is measured.
    assert(!differ.has("netLoadKw") && !differ.has("communityNetLoadKw"));
  });
}

Deno.test("leaks: the price that is seen is that of the slot before", async () => {
  const dataset = worlds["homes on a feeder"];
  const { names, seen, prices } = await told(dataset, dynamicProgrammingPolicy());
  const at = names.indexOf("lastPriceShare");
  const { importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh } = dataset.profiles;
  assertEquals(seen[0][at], 0.5);
  for (let step = 1; step < KNOWN; step++) {
    const slot = FIRST + step - 1;
    const low = feedInTariffPerKwh[slot];
    const high = importPricePerKwh[slot] + config.cost.carbonPricePerKg * carbonKgPerKwh[slot];
    const share = (prices[step - 1] - low) / (high - low);
    assertEquals(seen[step][at], Number.isFinite(share) ? share : 0.5);
  }
});
