/**
 * Books as the results that figures are drawn from, without a file in between.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { localTime, timestamp } from "../units.ts";
import type { Records } from "./records.ts";
import type { CommunitySlot, Results } from "./results.ts";

/**
 * Sums books over prosumers, as reading `evaluation_results.csv` does.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { defaultEnvironmentConfig as config } from "../env/config.ts";
 * import { rulePolicy } from "../policies/rule_based.ts";
 * import { communityResults } from "./community_results.ts";
 * import { play } from "./records.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1 });
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

function communitySlots(records: Records, { community, profiles }: Dataset): CommunitySlot[] {
  const { columns: book, prosumers: count, slotsPerEpisode, firstSlots } = records;
  const { grid } = profiles;
  const batteries = community.prosumers.map(({ battery }) => battery);
  return Array.from(records.clearingPricePerKwh, (price, at): CommunitySlot => {
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + (at % slotsPerEpisode);
    const sum = (value: (row: number, i: number) => number) =>
      batteries.reduce((total, _, i) => total + value(at * count + i, i), 0);
    const charges = batteries.flatMap((battery, i) =>
      battery === null ? [] : [book.energyKwh[at * count + i] / battery.capacityKwh]
    );
    return {
      policy: records.policy,
      day: timestamp(grid, slot).slice(0, 10),
      hourOfDay: localTime(grid, slot).hourOfDay,
      gridKw: sum((row) => book.gridKwh[row]) / grid.dtHours,
      volumeKwh: sum((row) => Math.abs(book.tradedKwh[row])) / 2,
      clearingPricePerKwh: Number.isNaN(price) ? null : price,
      importPricePerKwh: profiles.importPricePerKwh[slot],
      feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
      socFraction: charges.length === 0
        ? null
        : charges.reduce((total, charge) => total + charge, 0) / charges.length,
      cost: sum((row) => book.cost[row]),
    };
  });
}
