/**
 * `deno task city`: one community of a hundred thousand prosumers over a year of hours.
 *
 * @module
 */

import { simulateCity } from "../lib/city/city.ts";
import type { CityKpis } from "../lib/city/totals.ts";
import { compose } from "../lib/data/composed.ts";
import { synthesize } from "../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../lib/env/config.ts";
import { rulePolicyNames } from "../lib/policies/rule_based.ts";
import { main } from "../lib/cli/task.ts";
import { startProgress } from "../lib/cli/progress.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import { table } from "../lib/cli/table.ts";

/** The embedded households from which a city is composed. */
const ARCHETYPES = { seed: 1, prosumers: 100, dtHours: 1 };

await main({
  name: "city",
  summary: "Simulates one community of very many prosumers, composed from the embedded households.",
  options: {
    prosumers: { type: "integer", min: 1, default: 100_000, help: "households of the city" },
    days: { type: "integer", min: 1, default: 365, help: "days from 1 January on" },
    policy: {
      type: "string",
      default: "self-consumption",
      placeholder: "NAME",
      help: `one of ${rulePolicyNames.join(", ")}`,
    },
    workers: { type: "integer", min: 1, default: 2, help: "threads; they change no result" },
    seed: { type: "integer", default: 42, help: "seed of the composition" },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ prosumers, days, policy, workers, seed, json }) {
    const composition = compose(synthesize({ ...ARCHETYPES, days }), { seed, prosumers });
    const { slots } = composition.archetypes.profiles.grid;
    const progress = json ? null : startProgress(slots, "slots");
    catchStop("the slot in work");
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const kpis = await simulateCity({
      composition,
      config: defaultEnvironmentConfig,
      policy,
      workers,
      async onSlot(done) {
        if (done % 24 === 0) progress?.update(done, `${(seconds() / done).toPrecision(2)} s/slot`);
        await endIfAsked(
          `${done} of ${slots} slots were played, and nothing is kept of them; fewer --days end ` +
            "sooner",
        );
      },
    }).finally(() => progress?.stop());
    const speed = {
      workers,
      seconds: seconds(),
      secondsPerSlot: seconds() / slots,
      residentMemoryMb: Deno.memoryUsage().rss / 1e6,
    };
    if (json) return console.log(JSON.stringify({ ...kpis, ...speed }, null, 2));
    const { currency } = composition.archetypes.community;
    console.log(`\n${policy} in a city of ${prosumers.toLocaleString("en")} for ${days} days\n`);
    console.log(table(["what", "value", "unit"], rows(kpis, currency)));
    console.log(
      `\n${speed.seconds.toFixed(1)} s on ${workers} threads, ${
        speed.secondsPerSlot.toPrecision(3)
      } s/slot, ${speed.residentMemoryMb.toFixed(0)} MB`,
    );
  },
});

function rows(kpis: CityKpis, currency: string): string[][] {
  const number = (value: number | null, digits: number) => value?.toFixed(digits) ?? "none";
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
    ["self-sufficiency", number(100 * kpis.selfSufficiency, 1), "%"],
    ["highest import", number(kpis.highestPeakKw, 0), "kW"],
    ["mean clearing price", number(kpis.meanClearingPricePerKwh, 4), `${currency}/kWh`],
    ["interventions", number(100 * kpis.interventionFraction, 2), "% of decisions"],
    ["violations", number(kpis.violations, 0), ""],
  ];
}
