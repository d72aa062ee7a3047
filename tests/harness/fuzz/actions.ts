/**
 * Cases of one action: any numbers, through the filter into a battery, over slots of any length and
 * not only of those that an environment takes.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery } from "../../../lib/data/community.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  nextCapacityKwh,
  nextEnergyKwh,
  slotBattery,
} from "../../../lib/physics/battery.ts";
import type { Action, FeasibleSet } from "../../../lib/safety/feasibility_filter.ts";
import { anyBattery, anyNumber, between } from "../../helpers/worlds.ts";
import { check, type Subjects, type Tally } from "./checks.ts";

/** Requests that a battery gets one after the other. */
export interface ActionCase {
  readonly battery: Battery;
  readonly dtHours: number;
  /** State of charge at first: 0 is socMin, 1 is socMax. */
  readonly initialSoc: number;
  readonly netLoadKw: number;
  readonly lowestPricePerKwh: number;
  readonly highestPricePerKwh: number;
  readonly requests: readonly Action[];
}

const request: fc.Arbitrary<Action> = fc.record({
  batteryKw: anyNumber,
  orderKwh: anyNumber,
  pricePerKwh: anyNumber,
});

/** Requests of all kinds. */
export const actionCase: fc.Arbitrary<ActionCase> = fc.record({
  battery: anyBattery,
  dtHours: fc.oneof(
    fc.constantFrom(1, 0.5, 0.25),
    fc.constantFrom(1 / 60, 1 / 3, 0.7, 24, 168, 1e-6),
    between(0.01, 3),
  ),
  initialSoc: between(0, 1),
  netLoadKw: fc.oneof(between(-10, 10), fc.constantFrom(0, 5e-324, 1e9, -1e9)),
  lowestPricePerKwh: between(-0.2, 0.5),
  highestPricePerKwh: between(-0.2, 0.5),
  requests: fc.array(request, { minLength: 1, maxLength: 6, size: "max" }),
});

/** Plays the requests in turn and checks every one. */
export function checkActions(
  { battery, initialSoc, requests, dtHours, ...conditions }: ActionCase,
  subjects: Subjects,
  tally: Tally,
): void {
  const device = slotBattery(battery, dtHours);
  const { socMin, socMax } = device;
  let capacityKwh = device.capacityKwh;
  let energyKwh = (socMin + initialSoc * (socMax - socMin)) * capacityKwh;
  for (const requested of requests) {
    tally.cases.action++;
    const set: FeasibleSet = {
      ...conditions,
      dtHours,
      chargeLimitKw: chargeLimitKw(device, energyKwh, capacityKwh),
      dischargeLimitKw: dischargeLimitKw(device, energyKwh, capacityKwh),
    };
    const { batteryKw } = checkFilter(requested, set, subjects, tally);
    const afterKwh = nextEnergyKwh(device, energyKwh, batteryKw);
    const leftKwh = nextCapacityKwh(device, capacityKwh, batteryKw);
    const keptKwh = device.retention * energyKwh;
    const least = Math.min(socMin * leftKwh, keptKwh);
    const most = Math.max(socMax * leftKwh, keptKwh);
    const rated = batteryKw <= battery.maxChargeKw && batteryKw >= -battery.maxDischargeKw;
    check(
      tally,
      "battery",
      rated && afterKwh >= least && afterKwh <= most && leftKwh >= 0,
      () =>
        `${batteryKw} kW lead from ${energyKwh} to ${afterKwh} kWh, outside [${least}, ${most}]`,
    );
    energyKwh = afterKwh;
    capacityKwh = leftKwh;
  }
}

/** Filters a request, and demands of the answer what a filter promises. */
function checkFilter(
  requested: Action,
  set: FeasibleSet,
  { filter }: Subjects,
  tally: Tally,
): Action {
  const { action, reasons, batteryChangeKwh } = filter(requested, set);
  const netKwh = (set.netLoadKw + action.batteryKw) * set.dtHours;
  const highest = Math.max(set.lowestPricePerKwh, set.highestPricePerKwh);
  const possible = action.batteryKw >= -set.dischargeLimitKw &&
    action.batteryKw <= set.chargeLimitKw &&
    action.orderKwh >= Math.min(0, netKwh) && action.orderKwh <= Math.max(0, netKwh) &&
    action.pricePerKwh >= set.lowestPricePerKwh && action.pricePerKwh <= highest &&
    batteryChangeKwh >= 0 && batteryChangeKwh < Infinity;
  check(tally, "finite", possible, () => `${text(requested)} became ${text(action)}, not possible`);
  checkIdempotent(action, set, filter, tally);
  const kept = fields.every((field) => requested[field] === action[field]);
  check(
    tally,
    "flags",
    (reasons === 0) === kept,
    () => `${text(requested)} became ${text(action)} with the reasons ${reasons}`,
  );
  return action;
}

/** Demands that an action which the filter has passed passes again, bit for bit. */
export function checkIdempotent(
  action: Action,
  set: FeasibleSet,
  filter: Subjects["filter"],
  tally: Tally,
): void {
  const again = filter(action, set);
  const same = fields.every((field) => Object.is(again.action[field], action[field])) &&
    again.reasons === 0;
  check(tally, "idempotent", same, () => `${text(action)} became ${text(again.action)}`);
}

const fields = ["batteryKw", "orderKwh", "pricePerKwh"] as const;

function text({ batteryKw, orderKwh, pricePerKwh }: Action): string {
  return `(${batteryKw} kW, ${orderKwh} kWh, ${pricePerKwh}/kWh)`;
}
