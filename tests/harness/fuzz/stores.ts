/**
 * Cases of one store: any power, cut to its limits, slot after slot, over slots of any length and not
 * only of those that an environment takes.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery } from "../../../lib/data/community.ts";
import { batteryStore } from "../../../lib/stores/battery.ts";
import { deviceStore } from "../../../lib/stores/device.ts";
import {
  capacityAfterKwh,
  chargeLimitKw,
  dischargeLimitKw,
  energyAfterKwh,
  requiredChargeKw,
  type Store,
  unmetKwh,
} from "../../../lib/stores/store.ts";
import { made } from "../../helpers/devices.ts";
import { anyBattery, anyNumber, between } from "../../helpers/worlds.ts";
import { check, type Subjects, type Tally } from "./checks.ts";

/** A device whose columns change with every slot. */
interface SlotDevice {
  readonly capacityKwh: number;
  readonly selfDischargePerHour: number;
  readonly unmetPricePerKwh: number | null;
  /** By slot: charging and discharging power, ηc, least ≤ floor ≤ most as shares, drain. */
  readonly slots: readonly (readonly [number, number, number, number, number, number, number])[];
}

/** Powers that a store is asked for one after the other. */
export interface StoreCase {
  readonly device: Battery | SlotDevice;
  readonly dtHours: number;
  /** What it holds at first: 0 is the least, 1 the most. */
  readonly initialSoc: number;
  readonly requestsKw: readonly number[];
}

const SLOTS = 6;
const share = fc.oneof(between(0, 1), fc.constantFrom(0, 1));

const slotDevice: fc.Arbitrary<SlotDevice> = fc.record({
  capacityKwh: fc.oneof(between(0.5, 30), fc.constantFrom(1e-9, 1e-3, 1e6)),
  selfDischargePerHour: fc.oneof(fc.constant(0), between(0, 1)),
  unmetPricePerKwh: fc.option(between(0, 1)),
  slots: fc.array(
    fc.tuple(between(0, 20), between(0, 20), between(0.1, 6), share, share, share, between(0, 9)),
    { minLength: SLOTS, maxLength: SLOTS },
  ),
});

/** Stores of all kinds. */
export const storeCase: fc.Arbitrary<StoreCase> = fc.record({
  device: fc.oneof(anyBattery, slotDevice),
  dtHours: fc.oneof(
    fc.constantFrom(1, 0.5, 0.25),
    fc.constantFrom(1 / 60, 1 / 3, 0.7, 24, 168, 1e-6),
    between(0.01, 3),
  ),
  initialSoc: between(0, 1),
  requestsKw: fc.array(anyNumber, { minLength: 1, maxLength: SLOTS, size: "max" }),
});

function storeOf({ device, dtHours }: StoreCase): Store {
  if (!("slots" in device)) return batteryStore(device, dtHours, 0);
  const column = (of: (row: SlotDevice["slots"][number]) => number) =>
    Float64Array.from(device.slots, of);
  const bound = (row: SlotDevice["slots"][number], k: number) =>
    row.slice(3, 6).toSorted((a, b) => a - b)[k] * device.capacityKwh;
  return deviceStore(
    made({
      capacityKwh: device.capacityKwh,
      selfDischargePerHour: device.selfDischargePerHour,
      unmetPricePerKwh: device.unmetPricePerKwh,
      chargeKw: column(([kw]) => kw),
      dischargeKw: column(([, kw]) => kw),
      chargeEfficiency: column(([, , efficiency]) => efficiency),
      leastKwh: column((row) => bound(row, 0)),
      floorKwh: column((row) => bound(row, 1)),
      mostKwh: column((row) => bound(row, 2)),
      drainKwh: column((row) => device.unmetPricePerKwh === null ? 0 : row[6]),
    }),
    dtHours,
    0,
  );
}

/** Plays the requests in turn and checks every one. */
export function checkStore(drawn: StoreCase, { cut }: Subjects, tally: Tally): void {
  const store = storeOf(drawn);
  const { initialSoc, requestsKw } = drawn;
  const first = [store.leastKwh[0], store.mostKwh[0]];
  let energyKwh = first[0] + initialSoc * (first[1] - first[0]);
  let capacityKwh = store.nominalKwh;
  requestsKw.forEach((requestKw, t) => {
    tally.cases.store++;
    const chargeKw = chargeLimitKw(store, t, energyKwh, capacityKwh);
    const dischargeKw = dischargeLimitKw(store, t, energyKwh, capacityKwh);
    const required = requiredChargeKw(store, t, energyKwh, capacityKwh, chargeKw);
    const possible = required >= 0 && required <= chargeKw && dischargeKw >= 0 &&
      chargeKw <= store.chargeKw[t * store.stride] &&
      dischargeKw <= store.dischargeKw[t * store.stride];
    check(
      tally,
      "limits",
      possible,
      () => `charges ${required} to ${chargeKw} kW, discharges ${dischargeKw} kW`,
    );
    const least = required > 0 ? required : -dischargeKw;
    const powerKw = Number.isNaN(requestKw) ? Math.max(0, least) : cut(requestKw, least, chargeKw);
    const leftKwh = capacityAfterKwh(store, capacityKwh, powerKw);
    const fading = leftKwh / store.nominalKwh;
    const keptKwh = energyAfterKwh(store, t, energyKwh, 0);
    const without = energyAfterKwh(store, t, energyKwh, powerKw);
    const unmet = unmetKwh(store, t, without, leftKwh);
    const afterKwh = without + unmet;
    const floor = store.floorKwh[t * store.stride] * fading;
    const bottom = store.leastKwh[t * store.stride] * fading;
    // Nothing but idling may end below the floor, and nothing at all below what is supplied.
    const lowest = powerKw < 0 ? Math.min(floor, keptKwh) : Math.min(keptKwh, floor);
    const highest = Math.max(store.mostKwh[t * store.stride] * fading, keptKwh, bottom);
    const dust = 1e-13 * (store.nominalKwh + Math.abs(keptKwh) + store.drainKwh[t * store.stride]);
    check(
      tally,
      "bounds",
      powerKw >= -dischargeKw && powerKw <= chargeKw && without >= lowest - dust &&
        afterKwh <= highest + dust &&
        (store.unmetPricePerKwh === null || afterKwh >= bottom - dust),
      () =>
        `${powerKw} kW lead from ${energyKwh} to ${without} and ${afterKwh} kWh, outside ` +
        `[${lowest}, ${highest}]`,
    );
    energyKwh = afterKwh;
    capacityKwh = leftKwh;
  });
}
