/**
 * The address of a moment: a query string that says what was seen, so that a link shows it again.
 *
 *     ?data=synthetic&prosumers=10&cars=4&departures=unknown&day=2025-06-21&scenario=none&policy=self-consumption&seed=42
 *      &step=14&events=cloud@11,battery-failure@12:house-03
 *
 * @module
 */

import { befallsHome } from "../data/interventions.ts";
import type { Moment, Setup } from "./session.ts";

/** How many homes of the embedded community have what. */
const DEVICES = [
  ["cars", "cars"],
  ["heat-pumps", "heatPumps"],
  ["appliances", "appliances"],
] as const;

/** What kind of homes of the embedded community, in words. */
const KINDS = ["departures", "tariff", "feeder"] as const;

/** A moment as a query string without its question mark. */
export function formatMoment({ setup, step, incidents }: Moment): string {
  const query = new URLSearchParams({ data: setup.data });
  if (setup.prosumers !== null) query.set("prosumers", String(setup.prosumers));
  for (const [name, field] of DEVICES) {
    if (setup[field] !== undefined) query.set(name, String(setup[field]));
  }
  for (const name of KINDS) {
    if (setup[name] !== undefined) query.set(name, setup[name]);
  }
  query.set("day", setup.day);
  query.set("scenario", setup.scenario);
  query.set("policy", setup.policy);
  if (setup.compare !== null) query.set("compare", setup.compare);
  query.set("seed", String(setup.seed));
  if (setup.atEnd !== "stop") query.set("end", setup.atEnd);
  query.set("step", String(step));
  if (incidents.length > 0) query.set("events", incidents.map(formatIncident).join(","));
  // Commas, colons and signs need no escape in a query; escaped they could not be read.
  return query.toString().replaceAll("%2C", ",").replaceAll("%40", "@").replaceAll("%3A", ":")
    .replaceAll("%2F", "/");
}

/** Whether a query string names a moment. */
export function namesMoment(query: URLSearchParams): boolean {
  return query.has("policy") || query.has("day") || query.has("data");
}

/** A moment as it is read: not yet checked; what the address does not name is taken from `from`. */
export function readMoment(query: URLSearchParams, from: Setup): unknown {
  const number = (name: string) => {
    const text = query.get(name);
    return text === null || text.trim() === "" ? undefined : Number(text);
  };
  const data = query.get("data") ?? from.data;
  const same = data === from.data;
  const homes = Object.fromEntries(
    [
      ...DEVICES.map(([name, field]) => [field, number(name) ?? from[field]]),
      ...KINDS.map((name) => [name, query.get(name) ?? from[name]]),
    ].filter(([, asked]) => asked !== undefined),
  );
  return {
    setup: {
      data,
      prosumers: data === "synthetic" ? number("prosumers") ?? from.prosumers ?? 10 : null,
      ...(data === "synthetic" ? homes : {}),
      day: query.get("day") ?? (same ? from.day : ""),
      scenario: query.get("scenario") ?? "none",
      policy: query.get("policy") ?? from.policy,
      compare: query.get("compare"),
      seed: number("seed") ?? from.seed,
      atEnd: query.get("end") ?? "stop",
    },
    step: number("step") ?? 0,
    incidents: (query.get("events") ?? "").split(",").filter((text) => text !== "")
      .map(readIncident),
  };
}

function formatIncident({ step, intervention }: Moment["incidents"][number]): string {
  const home = "prosumer" in intervention ? `:${intervention.prosumer}` : "";
  return `${intervention.kind}@${step}${home}`;
}

function readIncident(text: string): unknown {
  const [, kind = "", step, prosumer] = /^([^@]*)@([^:]*)(?::(.*))?$/.exec(text) ??
    [, text, "", ""];
  const intervention = befallsHome(kind) ? { kind, prosumer: prosumer ?? "" } : { kind };
  return { step: step === "" ? NaN : Number(step), intervention };
}
