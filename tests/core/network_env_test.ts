import { assert, assertEquals, assertThrows } from "@std/assert";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../lib/evaluation/records.ts";
import { stream } from "../../lib/random.ts";
import { cases } from "../helpers/cases.ts";
import { bySensitivities, onNetwork } from "../helpers/feeders.ts";
import { wildActions, worldOf } from "../helpers/worlds.ts";

/** A random world on a random feeder, with all mechanisms, tariffs, limits and outages. */
function networkWorld(seed: number) {
  const { dataset, config } = worldOf(seed, 1);
  const market = { ...config.market, orders: "curves" as const };
  return { dataset: onNetwork(dataset, seed), config: { ...config, market } };
}

Deno.test("network: no action breaks a voltage or a line, whatever it is", () => {
  let slots = 0, full = 0, cut = 0;
  for (let seed = 0; slots < cases(1000, 10_000); seed++) {
    const { dataset, config } = networkWorld(seed);
    const network = dataset.network!, { dtHours } = dataset.profiles.grid;
    const env = new EnergyMarketEnv(dataset, config);
    const random = stream(seed, "wild");
    const actions = new Float64Array(env.decision.numbers.length);
    const records = createRecords("wild", [0], env);
    const ids = dataset.community.prosumers.map(({ id }) => id);
    env.reset({ seed, firstSlots: [0] });
    for (let step = 0; step < env.slotsPerEpisode; step++, slots++) {
      const { info } = env.step(wildActions(random, actions));
      recordSlot(records, info, step);
      if (step % 6 !== 0) continue;
      const kw = info.netKwh.map((kwh) => kwh / dtHours);
      const at = (i: number) =>
        dataset.profiles.reactiveKvar![i * dataset.profiles.grid.slots + step];
      const { squaredPu } = bySensitivities(network, ids, kw, ids.map((_, i) => at(i)));
      for (const squared of squaredPu.values()) {
        const pu = Math.sqrt(squared);
        assert(pu >= network.band.leastPu + network.marginPu - 1e-9, `seed ${seed}: ${pu}`);
        assert(pu <= network.band.mostPu - network.marginPu + 1e-9, `seed ${seed}: ${pu}`);
      }
      if (info.transformerLoading[0] > 0.9) full++;
      if (info.reasons.some((bits) => (bits & 16) !== 0)) cut++;
    }
    const found = audit(records, dataset);
    assertEquals(found.total, 0, `seed ${seed}: ${JSON.stringify(found)}`);
  }
  assert(full > cases(0, 5) && cut > cases(5, 50), `${full} full, ${cut} cut`);
});

Deno.test("network: homes see their envelopes, and inelastic orders are refused where there are any", () => {
  const { dataset, config } = networkWorld(3);
  const env = new EnergyMarketEnv(dataset, config);
  const { own } = env.observationSpace;
  const at = own.indexOf("envelopeImportKw");
  assertEquals(own[at + 1], "envelopeExportKw");
  const observation = env.reset({ seed: 1, firstSlots: [0] });
  const { grid } = env.world;
  for (let i = 0; i < env.homes; i++) {
    assertEquals(observation.own[i * own.length + at], grid!.mostKw[i]);
    assertEquals(observation.own[i * own.length + at + 1], -grid!.leastKw[i]);
  }
  const inelastic = { ...config, market: { ...config.market, orders: "inelastic" as const } };
  assertThrows(() => new EnergyMarketEnv(dataset, inelastic), RangeError, "network.envelopes");
  const watched = new EnergyMarketEnv(dataset, {
    ...inelastic,
    network: { envelopes: "none" },
  });
  assertEquals(watched.observationSpace.own.includes("envelopeImportKw"), false);
  watched.reset({ seed: 1, firstSlots: [0] });
  watched.step(new Float64Array(watched.decision.numbers.length));
  assert(watched.world.ledger.lowestVoltagePu[0] > 0);
});
