/**
 * Stretches of a day in which something is different: the night, a grid that carries nothing, and what
 * has befallen the community by intervention.
 *
 * @module
 */

import { lastingHours } from "../../data/interventions.ts";
import { HOURS_PER_DAY } from "../../units.ts";
import { shortIncident } from "./log.ts";
import type { View } from "./view.ts";

/** A stretch of a day. */
export interface Band {
  /** Where it begins. [h] */
  readonly from: number;
  /** Where it ends; the same hour for what befalls a moment. [h] */
  readonly to: number;
  /** What it is; empty for the night, which says it itself. */
  readonly label: string;
  /** How it is drawn, as CSS. */
  readonly colour: string;
  readonly opacity: number;
}

const COLOURS: Readonly<Record<string, string>> = {
  "cloud": "var(--solar)",
  "outage": "var(--alarm)",
  "tariff-jump": "var(--import)",
};

/** The bands of a day, as far as it is known. */
export function bandsOf({ day, slots }: View): Band[] {
  const night = { label: "", colour: "var(--ink)", opacity: 0.05 };
  const [rise, set] = day.sunHours ?? [HOURS_PER_DAY, HOURS_PER_DAY];
  const nights = [{ from: 0, to: rise, ...night }, { from: set, to: HOURS_PER_DAY, ...night }];
  const bands: Band[] = nights.filter(({ from, to }) => to > from);
  const outage = { label: "no grid", colour: COLOURS["outage"], opacity: 0.13 };
  for (const { hourOfDay, importLimitKw } of slots) {
    if (importLimitKw !== 0) continue;
    const last = bands.at(-1);
    const to = hourOfDay + day.dtHours;
    if (last?.label === outage.label && last.to === hourOfDay) {
      bands[bands.length - 1] = { ...last, to };
    } else bands.push({ from: hourOfDay, to, ...outage });
  }
  for (const { step, intervention: { kind } } of day.incidents) {
    const from = step * day.dtHours;
    const to = Math.min(HOURS_PER_DAY, from + lastingHours(kind));
    // What has been played of an outage is a band already.
    const played = kind !== "outage"
      ? -1
      : bands.findIndex((band) =>
        band.label === outage.label && band.from <= from && from < band.to
      );
    if (played >= 0) bands[played] = { ...bands[played], to: Math.max(to, bands[played].to) };
    else {
      const colour = COLOURS[kind] ?? "var(--accent)";
      bands.push({ from, to, label: shortIncident(kind), colour, opacity: 0.13 });
    }
  }
  return bands;
}
