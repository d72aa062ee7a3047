/**
 * Books as the results that figures are drawn from, without a file in between.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { localTime, timestamp } from "../units.ts";
import { storesOf } from "../stores/stores.ts";
import type { Records } from "./records.ts";
import type { CommunitySlot, Results } from "./results.ts";

/**
 * Sums books over prosumers, as reading `evaluation_results.csv` does.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { rulePolicy } from "../policies/rule_based.ts";
 * import { communityResults } from "./community_results.ts";
 * import { play } from "./records.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1 });
 * const options = { dataset, config, firstSlots: [24], seed: 1 };
 * const records = [await play(options, rulePolicy("trade-only"))];
 * const { days, slots } = communityResults(records, dataset);
 * if (days[0] !== "2025-01-02" || slots.length !== 24) throw new Error("the second day");
 * ```
 */
export function communityResults(records: readonly Records[], dataset: Dataset): Results {
  const slots = records.flatMap((book) => communitySlots(book, dataset));
  return {
    currency: dataset.community.currency,
    policies: [...new Set(slots.map(({ policy }) => policy))],
    days: [...new Set(slots.map(({ day }) => day))].sort(),
    dtHours: dataset.profiles.grid.dtHours,
    slots,
  };
}

function communitySlots(records: Records, dataset: Dataset): CommunitySlot[] {
  const { home: book, store, homes, slotsPerEpisode, firstSlots, rules } = records;
  const { profiles } = dataset;
  const { grid } = profiles;
  const stores = storesOf(dataset);
  return Array.from(records.community.clearingPricePerKwh, (price, at): CommunitySlot => {
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + (at % slotsPerEpisode);
    const sum = (value: (row: number) => number) => {
      let total = 0;
      for (let row = at * homes; row < (at + 1) * homes; row++) total += value(row);
      return total;
    };
    const charges = stores.map(({ nominalKwh }, s) =>
      store.endEnergyKwh[at * stores.length + s] / nominalKwh
    );
    return {
      policy: records.policy,
      day: timestamp(grid, slot).slice(0, 10),
      hourOfDay: localTime(grid, slot).hourOfDay,
      gridKw: sum((row) => book.gridKwh[row]) / grid.dtHours,
      volumeKwh: sum((row) => Math.abs(book.tradedKwh[row])) / 2,
      clearingPricePerKwh: Number.isNaN(price) ? null : price,
      importPricePerKwh: profiles.importPricePerKwh[slot],
      ceilingPerKwh: profiles.importPricePerKwh[slot] +
        rules.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot],
      feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
      socFraction: charges.length === 0
        ? null
        : charges.reduce((total, charge) => total + charge, 0) / charges.length,
      cost: sum((row) => book.cost[row]),
    };
  });
}
