/**
 * What comes from outside, checked: commands and moments, with errors that name field and value.
 *
 * @module
 */

import { z } from "zod";
import { checked } from "../data/json.ts";
import { commonInterventionKinds, homeInterventionKinds } from "../data/interventions.ts";
import { departureKinds } from "../data/devices/car.ts";
import { scenarioNames } from "../data/scenarios.ts";
import { syntheticTariffs } from "../data/synthetic.ts";
import { feederKinds } from "../data/synthetic/feeder.ts";
import type { Command, Moment } from "./session.ts";

/** Most households of the embedded community that are played live. */
export const MOST_PROSUMERS = 200;

/** Slots a second that can be asked for. */
export const SPEEDS = { least: 1, most: 1000 } as const;

const someHomes = z.int().min(0).max(MOST_PROSUMERS).exactOptional();

const setup = z.strictObject({
  data: z.string().min(1),
  prosumers: z.int().min(1).max(MOST_PROSUMERS).nullable(),
  cars: someHomes,
  heatPumps: someHomes,
  appliances: someHomes,
  departures: z.enum(departureKinds).exactOptional(),
  tariff: z.enum(syntheticTariffs).exactOptional(),
  feeder: z.enum(feederKinds).exactOptional(),
  day: z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/, "expected a day such as 2025-06-21"),
  scenario: z.enum(scenarioNames),
  policy: z.string().min(1),
  compare: z.string().min(1).nullable(),
  seed: z.int(),
  atEnd: z.enum(["stop", "week", "next-day"]),
});

const intervention = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(commonInterventionKinds) }),
  z.strictObject({ kind: z.enum(homeInterventionKinds), prosumer: z.string() }),
]);

const command = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["play", "pause", "step"]) }),
  z.strictObject({
    kind: z.literal("speed"),
    slotsPerSecond: z.number().min(SPEEDS.least).max(SPEEDS.most),
  }),
  z.strictObject({ kind: z.literal("restart"), seed: z.int().optional() }),
  z.strictObject({ kind: z.literal("setup"), setup }),
  z.strictObject({ kind: z.literal("intervene"), intervention }),
]);

const moment = z.strictObject({
  setup,
  step: z.int().min(0),
  incidents: z.array(z.strictObject({ step: z.int().min(0), intervention })).max(100),
});

/**
 * Checks a command.
 *
 * @throws {RangeError} If it is none; the message names the field and the value.
 */
export function checkCommand(value: unknown): Command {
  return checked(value, command, "command") as Command;
}

/** Checks a moment. */
export function checkMoment(value: unknown): Moment {
  return checked(value, moment, "address") as Moment;
}

/** What is asked of the server with a POST request. */
export const requests = {
  open: z.strictObject({
    run: z.string().max(40).nullable(),
    reload: z.boolean(),
  }),
  command: z.strictObject({ run: z.string().max(40), command: z.unknown() }),
  offer: z.strictObject({ file: z.string().min(1).max(200), text: z.string() }),
} as const;
