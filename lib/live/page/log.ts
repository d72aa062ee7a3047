/**
 * The log of notable events, the latest first.
 *
 * @module
 */

/// <reference lib="dom" />

import { clock } from "../../report/figures/common.ts";
import type { Incident } from "../live_day.ts";
import { byId, html } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

const ALARMS = ["scarcity", "outage"];

const INCIDENTS = {
  "cloud": "a cloud passes: panels at a fifth for 2 h",
  "outage": "the grid fails for 3 h",
  "tariff-jump": "the tariff doubles for the rest of the day",
  "battery-failure": "the battery fails for the rest of the day",
  "late-car": "the car comes home two hours late",
  "early-car": "the car leaves two hours early",
  "charger-failure": "the charger fails for the rest of the day",
} as const;

const SHORT = {
  "cloud": "cloud",
  "outage": "no grid",
  "tariff-jump": "tariff doubled",
  "battery-failure": "battery failed",
  "late-car": "car late",
  "early-car": "car early",
  "charger-failure": "charger failed",
} as const;

/** An intervention in two words. */
export function shortIncident(kind: Incident["intervention"]["kind"]): string {
  return SHORT[kind];
}

let key = "";

/** What happened, in words. */
export function incidentInWords({ intervention }: Incident): string {
  const text = INCIDENTS[intervention.kind];
  return "prosumer" in intervention ? `${intervention.prosumer}: ${text}` : text;
}

/** Writes the events of the day. */
export function writeLog({ day, slots }: View): void {
  const wanted = `${day.setup.day} ${day.epoch} ${slots.length} ${day.incidents.length}`;
  if (wanted === key) return;
  key = wanted;
  const policies = policiesOf(day);
  const entries = [
    ...day.incidents.map((incident) => ({
      hour: incident.step * day.dtHours,
      order: 0,
      mark: "yours",
      text: `intervention: ${incidentInWords(incident)}`,
    })),
    ...slots.flatMap(({ hourOfDay, events }) =>
      events.map(({ kind, text, policy }) => ({
        hour: hourOfDay,
        order: 1,
        mark: ALARMS.includes(kind) ? "alarm" : "",
        text: policies.length > 1 ? `${policies[policy]}: ${text}` : text,
      }))
    ),
  ].sort((a, b) => b.hour - a.hour || b.order - a.order);
  const rows = entries.map(({ hour, mark, text }) => {
    const row = html("li", { class: mark });
    row.append(html("time", {}, clock(hour)), html("span", {}, text));
    return row;
  });
  const none = html("li", { class: "none" }, "Nothing notable so far.");
  byId("log").replaceChildren(...(rows.length > 0 ? rows : [none]));
}
