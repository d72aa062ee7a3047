import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import type { Dataset } from "../../lib/data/profiles.ts";
import { applyScenario, scenariosOf } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { stream } from "../../lib/random.ts";
import { wildActions, worldOf } from "../helpers/worlds.ts";

/** SHA-256 of every number that three communities' episodes produce, at a few first slots. */
function fingerprint(dataset: Dataset, config: EnvironmentConfig, seed: number): string {
  const env = new EnergyMarketEnv(dataset, config, 3);
  const latest = dataset.profiles.grid.slots - env.slotsPerEpisode;
  const random = stream(seed, "bits");
  const hash = createHash("sha256");
  const actions = new Float64Array(env.decision.numbers.length);
  const arrays = () => Object.values(env.state).filter((values) => typeof values !== "number");
  for (let episode = 0; episode < 2; episode++) {
    const firstSlots = [0, random.below(latest + 1), latest];
    const { common, own } = env.reset({ seed: seed + episode, firstSlots });
    hash.update(common).update(own);
    for (let step = 0; step < env.slotsPerEpisode; step++) {
      const { observation, reward, info } = env.step(wildActions(random, actions));
      hash.update(observation.common).update(observation.own).update(reward);
      for (const values of [...Object.values(info), ...arrays()]) hash.update(values);
    }
  }
  return hash.digest("hex");
}

const whole = (prints: readonly string[]) =>
  createHash("sha256").update(prints.join()).digest("hex").slice(0, 32);

Deno.test("environment: no bit of 40 random worlds has changed since this was written", () => {
  const prints = Array.from({ length: 40 }, (_, seed) => {
    const { dataset, config } = worldOf(seed, 2);
    return fingerprint(dataset, config, seed);
  });
  assertEquals(whole(prints), "fd683218319ac554665f402225899ed4");
});

Deno.test("environment: no bit of any scenario has changed since this was written", () => {
  const dataset = synthesize({ seed: 3, prosumers: 20, days: 4, dtHours: 1 });
  const config = environmentConfigSchema.parse({
    episodeDays: 2,
    market: { networkFeePerKwh: 0.01 },
    cost: { peakPricePerKw: 0.5, rampPricePerKw: 0.05 },
  });
  const prints = scenariosOf(dataset).map((name) =>
    fingerprint(applyScenario(dataset, name), config, 5)
  );
  assertEquals(whole(prints.slice(0, 6)), "5e7b3d979c24ae214775013a42e66e89");
  assertEquals(whole(prints), "b73216fdd0db31f8ca55d12d8931db9f");
});
