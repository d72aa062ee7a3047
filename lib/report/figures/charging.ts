/**
 * Who charges when, and why.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import {
  type ChargingHour,
  type ChargingReason,
  chargingReasonNames,
} from "../../evaluation/charging_reasons.ts";
import type { Figure } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { clock, CLOCK_AXIS, MARGINS, VALUE_AXIS } from "./common.ts";

const REASONS: Readonly<
  Record<ChargingReason, { readonly label: string; readonly colour: string }>
> = {
  must: { label: "it must: departure, deadline, heat", colour: COLOURS.load },
  sun: { label: "own sun", colour: COLOURS.solar },
  neighbours: { label: "neighbours' energy", colour: COLOURS.trade },
  price: { label: "the grid's price", colour: COLOURS.gridImport },
};

/**
 * A panel for each kind of device: its mean power by time of day, stacked by reason.
 *
 * @param policy Who decided.
 * @throws {RangeError} If nothing waits for energy.
 *
 * @example
 * ```ts
 * import { charging } from "./charging.ts";
 * const hour = { kind: "car", powerKw: { must: 0, sun: 0, neighbours: 0, price: 1 } };
 * const figure = charging(
 *   [{ ...hour, hourOfDay: 2 }, { ...hour, hourOfDay: 3 }],
 *   "mpc",
 * );
 * if (figure.title !== "mpc: cars charge for the grid's price above all, most at 02:00") {
 *   throw new Error(figure.title);
 * }
 * ```
 */
export function charging(hours: readonly ChargingHour[], policy: string): Figure {
  if (hours.length === 0) throw new RangeError("no car, heat pump or appliance waits for energy");
  const kinds = [...new Set(hours.map(({ kind }) => kind))];
  const times = [...new Set(hours.map(({ hourOfDay }) => hourOfDay))];
  const energy = (kind: string) =>
    hours.reduce((sum, hour) => hour.kind === kind ? sum + powerOf(hour) : sum, 0);
  const most = kinds.reduce((a, b) => energy(b) > energy(a) ? b : a);
  const width = times.length > 1 ? times[1] - times[0] : 1;
  return {
    title: finding(hours.filter(({ kind }) => kind === most), most, policy),
    subtitle: "Mean power of all devices of a kind by local time, by what they charge for.",
    description:
      `Stacked bars by the hour for ${kinds.join(", ")}: what must be charged, own sun, ` +
      "neighbours' energy, the grid's energy.",
    legend: chargingReasonNames.map((reason) => ({
      label: REASONS[reason].label,
      symbol: "line" as const,
      style: { colour: REASONS[reason].colour, width: 10 },
    })),
    panels: kinds.map((kind) => ({
      title: kind,
      height: 190,
      options: {
        ...MARGINS,
        x: CLOCK_AXIS,
        y: { ...VALUE_AXIS, label: "power [kW]", nice: true },
        color: {
          domain: [...chargingReasonNames],
          range: chargingReasonNames.map((reason) => REASONS[reason].colour),
        },
        marks: [
          Plot.rectY(
            hours.filter((hour) => hour.kind === kind).flatMap(({ hourOfDay, powerKw }) =>
              chargingReasonNames.map((reason) => ({
                hour: hourOfDay,
                end: hourOfDay + width,
                kw: powerKw[reason],
                reason,
              }))
            ),
            { x1: "hour", x2: "end", y: "kw", fill: "reason", insetLeft: 0.6, insetRight: 0.6 },
          ),
          Plot.ruleY([0]),
        ],
      },
    })),
  };
}

/** Mean power for all reasons. [kW] */
function powerOf({ powerKw }: ChargingHour): number {
  return chargingReasonNames.reduce((sum, reason) => sum + powerKw[reason], 0);
}

function finding(hours: readonly ChargingHour[], kind: string, policy: string): string {
  const total = (reason: ChargingReason) =>
    hours.reduce((sum, { powerKw }) => sum + powerKw[reason], 0);
  const most = hours.reduce((a, b) => powerOf(b) > powerOf(a) ? b : a);
  const names = kind === "heat-pump" ? "heat pumps" : `${kind}s`;
  if (!(powerOf(most) > 0)) return `${policy}: ${names} never charge`;
  const reason = chargingReasonNames.reduce((a, b) => total(b) > total(a) ? b : a);
  const why = reason === "must"
    ? "because they must"
    : `for ${reason === "sun" ? "their own sun" : REASONS[reason].label}`;
  return `${policy}: ${names} charge ${why} above all, most at ${clock(most.hourOfDay)}`;
}
