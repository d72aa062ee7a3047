/**
 * One community of a hundred thousand prosumers over a year of hours, composed from the embedded
 * households.
 *
 * @module
 */

import { simulateCity } from "../city/city.ts";
import type { CityKpis } from "../city/city_kpis.ts";
import { NONE, percent, table } from "../cli/table.ts";
import { compose } from "../data/composed.ts";
import { synthesize } from "../data/synthetic.ts";
import { defaultEnvironmentConfig } from "../env/config.ts";
import type { BenchmarkSetup } from "./benchmark_setup.ts";
import { loadDataset } from "./dataset_source.ts";
import { FIRST_SEED } from "./seeds.ts";

/** The embedded households from which a city is composed. */
const ARCHETYPES = { seed: 1, prosumers: 100, dtHours: 1 };

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
    const { slots } = archetypes.profiles.grid;
    const config = defaultEnvironmentConfig;
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    using progress = startProgress(slots, "slots");
    const kpis = await simulateCity({
      composition: compose(archetypes, { seed, prosumers }),
      config,
      policy,
      workers,
      async onSlot(done) {
        if (done % 24 === 0) progress?.update(done, `${(seconds() / done).toPrecision(2)} s/slot`);
        await endIfAsked(
          `${done} of ${slots} slots were played, and nothing is kept of them; fewer --days end ` +
            "sooner",
        );
      },
    });
    const speed = {
      workers,
      seconds: seconds(),
      secondsPerSlot: seconds() / slots,
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
        `${speed.secondsPerSlot.toPrecision(3)} s/slot, ${speed.residentMemoryMb.toFixed(0)} MB`,
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
    ["interventions", number(100 * kpis.interventionFraction, 2), "% of decisions"],
    ["violations", number(kpis.violations, 0), ""],
  ];
}
