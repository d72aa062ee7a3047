/**
 * A hundred thousand homes over a year of hours, in communities of a hundred that are composed from
 * the embedded households.
 *
 * @module
 */

import { NONE, percent, table } from "../cli/table.ts";
import { synthesize } from "../data/synthetic.ts";
import { defaultEnvironmentConfig } from "../env/config.ts";
import type { BenchmarkSetup } from "./benchmark_setup.ts";
import { type CityKpis, simulateCity } from "./city.ts";
import { loadDataset } from "./dataset_source.ts";
import { FIRST_SEED } from "./seeds.ts";

/** Homes of a community. */
const PROSUMERS_EACH = 100;

/** The embedded households from which communities are composed. */
export const ARCHETYPES = { seed: 1, prosumers: 100, dtHours: 1 };

const DEFAULTS = {
  prosumers: 100_000,
  days: 365,
  policy: "self-consumption",
  workers: 2,
  seed: FIRST_SEED,
};

/** A city. */
export const citySetup: BenchmarkSetup = {
  title: "a city of 100,000 homes over a year, under a rule",
  flags: ["prosumers", "days", "policy", "workers", "seed"],
  async run(flags, { endIfAsked, startProgress }) {
    const given = Object.entries(flags).filter(([, value]) => value !== undefined);
    const { prosumers, days, policy, workers, seed }: typeof DEFAULTS = {
      ...DEFAULTS,
      ...Object.fromEntries(given),
    };
    const archetypes = synthesize({ ...ARCHETYPES, days });
    const config = defaultEnvironmentConfig;
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    using progress = startProgress(Math.ceil(prosumers / PROSUMERS_EACH), "communities");
    const kpis = await simulateCity({
      archetypes,
      prosumers,
      prosumersEach: PROSUMERS_EACH,
      config,
      policy,
      seed,
      workers,
      async onCommunity(done) {
        progress?.update(done, `${(seconds() / done).toPrecision(2)} s each`);
        await endIfAsked(
          `${done} communities were played, and nothing is kept of them; fewer --days or ` +
            "--prosumers end sooner",
        );
      },
    });
    const speed = {
      workers,
      seconds: seconds(),
      homeStepsPerSecond: (prosumers * archetypes.profiles.grid.slots) / seconds(),
      residentMemoryMb: Deno.memoryUsage().rss / 1e6,
    };
    const { currency } = archetypes.community;
    // A year of the same households, of which the city has the first days.
    const source = { data: "synthetic", prosumers: ARCHETYPES.prosumers };
    return {
      text: [
        `${policy} in a city of ${prosumers.toLocaleString("en")} for ${days} days`,
        table(["what", "value", "unit"], rows(kpis, currency)),
        `${speed.seconds.toFixed(1)} s on ${workers} threads, ` +
        `${(speed.homeStepsPerSecond / 1e6).toFixed(2)} million home-slots/s, ${
          speed.residentMemoryMb.toFixed(0)
        } MB`,
      ].join("\n\n"),
      json: { currency, ...kpis, ...speed },
      files: { "city.json": JSON.stringify({ currency, ...kpis }, null, 2) + "\n" },
      origin: {
        module: import.meta.url,
        configuration: { environment: config },
        seeds: [seed],
        source,
        dataset: await loadDataset(source),
        files: ["city.json"],
      },
    };
  },
};

function rows(kpis: CityKpis, currency: string): string[][] {
  const number = (value: number | null, digits: number) => value?.toFixed(digits) ?? NONE;
  return [
    ["cost", number(kpis.costPerDay, 0), `${currency}/d`],
    ["bill", number(kpis.billPerDay, 0), `${currency}/d`],
    ["CO2, contractual", number(kpis.contractualEmissionsKgPerDay, 0), "kg/d"],
    ["CO2, physical", number(kpis.physicalEmissionsKgPerDay, 0), "kg/d"],
    ["import", number(kpis.importKwhPerDay, 0), "kWh/d"],
    ["export", number(kpis.exportKwhPerDay, 0), "kWh/d"],
    ["traded", number(kpis.tradedKwhPerDay, 0), "kWh/d"],
    ["unserved", number(kpis.unservedKwhPerDay, 0), "kWh/d"],
    ["curtailed", number(kpis.curtailedKwhPerDay, 0), "kWh/d"],
    ["self-sufficiency", percent(kpis.selfSufficiency), "%"],
    ["highest import", number(kpis.highestPeakKw, 0), "kW"],
    ["mean clearing price", number(kpis.meanClearingPricePerKwh, 4), `${currency}/kWh`],
    ["violations", number(kpis.violations, 0), ""],
  ];
}
