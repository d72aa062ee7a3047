/**
 * The network over the day: between which ends voltages lie, and how far the transformer is loaded.
 *
 * @module
 */

import type { NetworkHour } from "../../evaluation/network_indicators.ts";
import type { Figure } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import { clock } from "./common.ts";
import { type Line, lines } from "./lines.ts";
import { voltageDomain } from "./voltage_profile.ts";

/**
 * Two panels by time of day: lowest and highest voltage of all nodes with the band, and the loading of
 * the transformer, its mean and up to the highest.
 *
 * @param policies In the order of importance.
 * @throws {RangeError} If there is nothing of the first policy.
 *
 * @example
 * ```ts
 * import { feederDay } from "./feeder_day.ts";
 * const hour = {
 *   policy: "mpc", lowestVoltagePu: 0.97, highestVoltagePu: 1, meanTransformerLoading: 0.5,
 *   highestTransformerLoading: 0.8, bandLeastPu: 0.95, bandMostPu: 1.05,
 * };
 * const { title } = feederDay([0, 1].map((hourOfDay) => ({ ...hour, hourOfDay })), ["mpc"]);
 * if (!title.startsWith("mpc keeps 0.970 to 1.000 pu")) throw new Error(title);
 * ```
 */
export function feederDay(hours: readonly NetworkHour[], policies: readonly string[]): Figure {
  const of = (policy: string) => hours.filter((hour) => hour.policy === policy);
  const focus = of(policies[0]);
  if (focus.length === 0) {
    throw new RangeError(`there is nothing of the network under ${policies[0]}`);
  }
  const [{ bandLeastPu, bandMostPu }] = focus;
  const shown = policies.filter((policy) => of(policy).length > 0);
  const ends = shown.flatMap((policy): Line[] =>
    (["lowestVoltagePu", "highestVoltagePu"] as const).map((end) => ({
      label: policy,
      style: policyStyle(policy),
      shape: "step",
      points: of(policy).map((hour) => ({ x: hour.hourOfDay, y: hour[end] })),
    }))
  );
  const loading = shown.map((policy): Line => ({
    label: policy,
    style: policyStyle(policy),
    shape: "step",
    points: of(policy).map((hour) => ({
      x: hour.hourOfDay,
      y: 100 * hour.meanTransformerLoading,
      ...(policy === policies[0] && {
        low: 100 * hour.meanTransformerLoading,
        high: 100 * hour.highestTransformerLoading,
      }),
    })),
  }));
  const lowest = focus.reduce((a, b) => b.lowestVoltagePu < a.lowestVoltagePu ? b : a);
  const highest = focus.reduce((a, b) => b.highestVoltagePu > a.highestVoltagePu ? b : a);
  const fullest = focus.reduce((a, b) =>
    b.highestTransformerLoading > a.highestTransformerLoading ? b : a
  );
  const isKept = lowest.lowestVoltagePu >= bandLeastPu && highest.highestVoltagePu <= bandMostPu;
  return lines([
    {
      title:
        `lowest and highest voltage of all nodes and days; the band ends at ${bandLeastPu} and ` +
        `${bandMostPu} pu`,
      lines: ends,
      y: { label: "voltage [pu]", domain: voltageDomain(ends, [bandLeastPu, bandMostPu]) },
      rules: [bandLeastPu, bandMostPu],
      height: 240,
    },
    {
      title: "the transformer, mean over days",
      lines: loading,
      y: { label: "loading [%]" },
      rules: [0, 100],
      height: 240,
    },
  ], {
    title:
      `${policies[0]} ${isKept ? "keeps" : "leaves the band:"} ${
        lowest.lowestVoltagePu.toFixed(3)
      } to ${highest.highestVoltagePu.toFixed(3)} pu, lowest at ${clock(lowest.hourOfDay)}; the ` +
      `transformer reaches ${(100 * fullest.highestTransformerLoading).toFixed(0)} %`,
    subtitle: "By local time; shaded up to the highest loading of any day.",
    description:
      "Lowest and highest voltage on the feeder, and loading of the transformer, by time " +
      "of day.",
    x: { label: "local time", kind: "clock" },
    spread: `${policies[0]}, up to the highest`,
  });
}
