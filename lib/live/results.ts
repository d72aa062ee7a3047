/**
 * A live day as results, so that the figures of an evaluation can be drawn of it.
 *
 * @module
 */

import type { CommunitySlot, Results } from "../evaluation/results.ts";
import type { LiveDay } from "./live_day.ts";

/** The slots that are done, of every policy that is watched. */
export function liveResults(day: LiveDay): Results {
  const policies = day.records.map(({ policy }) => policy);
  const slots = policies.flatMap((policy, k) =>
    day.reports.map((report, step): CommunitySlot => {
      const lane = report.lanes[k];
      return {
        policy,
        day: report.timestamp.slice(0, 10),
        hourOfDay: report.hourOfDay,
        gridKw: lane.gridKw,
        volumeKwh: lane.volumeKwh,
        clearingPricePerKwh: lane.clearingPricePerKwh,
        importPricePerKwh: report.importPricePerKwh,
        feedInTariffPerKwh: report.feedInTariffPerKwh,
        socFraction: lane.socFraction,
        cost: lane.cost - (day.reports[step - 1]?.lanes[k].cost ?? 0),
      };
    })
  );
  return {
    currency: day.dataset.community.currency,
    policies,
    days: [...new Set(slots.map((slot) => slot.day))].sort(),
    dtHours: day.dataset.profiles.grid.dtHours,
    slots,
  };
}
