/**
 * A live day as the page is told of it: what does not change from slot to slot, every home in the
 * latest slot, and the day of one home.
 *
 * @module
 */

import type { LiveDay } from "./live_day.ts";
import type { Records } from "../evaluation/records.ts";
import type { ClearedOrders } from "../market/book_orders.ts";
import { carsOf } from "../data/devices/changes.ts";
import { storesOf } from "../stores/stores.ts";
import { feederNow, feederOf } from "./feeder_now.ts";
import { localTime, timestamp } from "../units.ts";
import { chargingReasonNames, reasonsInSlot } from "../evaluation/charging_reasons.ts";
import type { DayDescription, DeviceSlot, HomeSlot, HomesNow } from "./session.ts";

/** What the page is told of a day beside its slots. */
export function describeDay(
  day: LiveDay,
  given: Pick<DayDescription, "run" | "setup" | "epoch" | "dayCosts" | "past">,
): DayDescription {
  const { community, profiles } = day.dataset;
  const { grid } = profiles;
  const [first, end] = [day.firstSlot, day.firstSlot + day.slots];
  const stores = storesOf(day.dataset);
  const today = (column: Float64Array) => [...column.subarray(first, end)];
  return {
    ...given,
    incidents: [...day.incidents],
    optimumLater: day.optimumLater,
    currency: community.currency,
    dtHours: grid.dtHours,
    slots: day.slots,
    firstDay: timestamp(grid, 0).slice(0, 10),
    lastDay: timestamp(grid, grid.slots - 1).slice(0, 10),
    homes: community.prosumers.map(({ id, pvCapacityKw, battery }, i) => ({
      id,
      pvCapacityKw,
      batteryKwh: battery?.capacityKwh ?? null,
      failed: battery !== null && battery.maxChargeKw === 0 && battery.maxDischargeKw === 0,
      cars: carsOf(community, id).length,
      devices: stores.flatMap(({ owner, kind, nominalKwh }) =>
        owner === i && kind !== "battery" ? [{ kind, capacityKwh: nominalKwh }] : []
      ),
    })),
    importPricePerKwh: today(profiles.importPricePerKwh),
    feedInTariffPerKwh: today(profiles.feedInTariffPerKwh),
    sunHours: sunHours(day),
    feeder: feederOf(day.dataset, day.gridOnly.rules),
  };
}

/** Columns that are sent of every home in the latest slot. */
export const NOW_COLUMNS = ["loadKw", "pvKw", "unservedKw", "tradedKwh", "gridKwh"] as const;

/** Columns that are sent of every slot of one home. */
export const HOME_COLUMNS = [
  ...["loadKw", "pvKw", "storesKw", "orderKwh", "orderPricePerKwh", "tradedKwh"] as const,
  ...["gridKwh", "bill", "cost"] as const,
] as const;

/**
 * Every home after `step` slots of the day, by policy; nobody before the first.
 *
 * @throws {RangeError} If so many have not been played.
 */
export function homesAfter(day: LiveDay, step: number): HomesNow[] {
  if (step > day.step) {
    throw new RangeError(`step must be at most ${day.step}, the slots that are done, got ${step}`);
  }
  return step === 0 ? [] : day.records.map((books, k) => homesNow(books, day, step, k));
}

/** Every home in the slot before `step`, under policy number `k`. */
function homesNow(records: Records, day: LiveDay, step: number, k: number): HomesNow {
  const { home: book, homes: count } = records;
  const each = (value: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => brief(value(i)));
  const columns = NOW_COLUMNS.map((name) =>
    [name, each((i) => book[name][(step - 1) * count + i])] as const
  );
  return {
    ...Object.fromEntries(columns) as Record<(typeof NOW_COLUMNS)[number], number[]>,
    socFraction: each((i) => battery(records, day, i, step - 1).share ?? 0),
    devices: devicesNow(records, day, step - 1),
    saved: each((i) => costOfHome(day.gridOnly, i, step) - costOfHome(records, i, step)),
    feeder: feederNow(records, day.dataset, step - 1, day.firstSlot + step - 1),
    orders: day.ordersAt(step - 1, k) ?? inelasticOrders(records, day, step),
  };
}

/** What home `i` is charged for the first slots of a day. [currency] */
function costOfHome({ home: { cost }, homes }: Records, i: number, steps: number): number {
  let sum = 0;
  for (let row = i; row < steps * homes; row += homes) sum += cost[row];
  return sum;
}

/** The orders of homes in the slot before `step`, where they are inelastic. */
function inelasticOrders(
  { home, homes, community }: Records,
  { dataset }: LiveDay,
  step: number,
): ClearedOrders {
  const side = (sign: 1 | -1) =>
    dataset.community.prosumers.flatMap(({ id }, i) => {
      const row = (step - 1) * homes + i;
      const quantityKwh = sign * home.orderKwh[row];
      return quantityKwh > 0 ? [{ id, quantityKwh, pricePerKwh: home.orderPricePerKwh[row] }] : [];
    });
  const price = community.clearingPricePerKwh[step - 1];
  return {
    bids: side(1),
    asks: side(-1),
    pricePerKwh: Number.isNaN(price) ? null : price,
    matchedKwh: community.volumeKwh[step - 1],
  };
}

/** The slots of home `i` after `from` slots and up to `to`. */
export function homeSlots(
  records: Records,
  day: LiveDay,
  i: number,
  from: number,
  to: number,
): HomeSlot[] {
  const { home: book, homes: count } = records;
  return Array.from({ length: to - from }, (_, k) => {
    const row = (from + k) * count + i;
    const columns = HOME_COLUMNS.map((name) => [name, book[name][row]] as const);
    return {
      ...Object.fromEntries(columns) as Record<(typeof HOME_COLUMNS)[number], number>,
      step: from + k + 1,
      socFraction: battery(records, day, i, from + k).share,
      batteryKw: battery(records, day, i, from + k).powerKw,
    };
  });
}

/** The battery of home `i` in a slot: its stored share, `null` without one, and its power. [kW] */
function battery({ store, stores: count }: Records, { dataset }: LiveDay, i: number, slot: number) {
  const s = storesOf(dataset).findIndex(({ owner, kind }) => owner === i && kind === "battery");
  if (s < 0) return { share: null, powerKw: 0 };
  const { nominalKwh } = storesOf(dataset)[s], at = slot * count + s;
  return { share: store.endEnergyKwh[at] / nominalKwh, powerKw: store.powerKw[at] };
}

/** What the cars, heat pumps and appliances of every home do in a slot. */
function devicesNow(
  records: Records,
  { dataset, firstSlot }: LiveDay,
  slot: number,
): DeviceSlot[][] {
  const stores = storesOf(dataset);
  const devices: DeviceSlot[][] = dataset.community.prosumers.map(() => []);
  if (stores.every(({ kind }) => kind === "battery")) return devices;
  const reasons = reasonsInSlot(records, dataset, stores, 0, slot);
  const count = chargingReasonNames.length;
  stores.forEach((store, s) => {
    if (store.kind === "battery") return;
    const at = slot * stores.length + s;
    const own = reasons.subarray(s * count, (s + 1) * count);
    const most = own.indexOf(Math.max(...own));
    devices[store.owner].push({
      share: brief(records.store.endEnergyKwh[at] / store.nominalKwh),
      powerKw: brief(records.store.powerKw[at]),
      isThere: store.chargeKw[(firstSlot + slot) * store.stride] > 0,
      reason: own[most] > 0 ? chargingReasonNames[most] : null,
    });
  });
  return devices;
}

/** First and last hour with sun on the panels. */
function sunHours({ dataset: { profiles }, firstSlot, slots }: LiveDay): [number, number] | null {
  const { grid, pvKw } = profiles;
  const sunny: number[] = [];
  for (let slot = firstSlot; slot < firstSlot + slots; slot++) {
    let power = 0;
    for (let k = slot; k < pvKw.length; k += grid.slots) power += pvKw[k];
    if (power > 1e-3) sunny.push(localTime(grid, slot).hourOfDay);
  }
  return sunny.length === 0 ? null : [sunny[0], sunny[sunny.length - 1] + grid.dtHours];
}

/** A number for a picture: five significant digits are more than it shows. */
function brief(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(5));
}
