/**
 * Cars, heat pumps and appliances as columns by slot, drawn at random: plausible ones, and ones that
 * ask for what cannot be done.
 *
 * @module
 */

import type { Device } from "../../lib/data/device.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { type Stream, stream } from "../../lib/random.ts";
import { made, withDevices } from "./devices.ts";

/** The kinds of devices that wait for energy. */
export const deviceKinds = ["car", "heat-pump", "appliance"] as const;

/** One of them. */
export type DeviceKind = (typeof deviceKinds)[number];

/** The slots that a device is made for, and what is drawn for it. */
export interface Draw {
  /** Slots of the data set. */
  readonly slots: number;
  /** Their length. [h] */
  readonly dtHours: number;
  /** Source of randomness. */
  readonly random: Stream;
  /** Whether a car gives back. */
  readonly v2g?: boolean;
  /** Whether a departure is announced. */
  readonly announced?: boolean;
  /** How much more is asked for than could be done: 1 asks for what can. */
  readonly demand?: number;
}

const round = (x: number) => Math.round(x * 100) / 100;

/**
 * Least energy at the end of every slot from which what is known can still be met, charging as fast
 * as the device can.
 */
export function withFloor(device: Device, dtHours: number, known: Float64Array): Device {
  const slots = known.length;
  const at = (values: Float64Array, t: number) => values[values.length === 1 ? 0 : t];
  const floorKwh = new Float64Array(slots);
  for (let t = 0; t < slots; t++) {
    const end = Math.min(slots, t + known[t]) - 1;
    let floor = at(device.leastKwh, end);
    for (let k = end; k > t; k--) {
      const most = dtHours * at(device.chargeEfficiency, k) * at(device.chargeKw, k);
      floor = Math.max(at(device.leastKwh, k - 1), floor + at(device.drainKwh, k) - most);
    }
    floorKwh[t] = Math.min(floor, at(device.mostKwh, t));
  }
  return { ...device, floorKwh, knownSlots: known };
}

/** A car that comes home and leaves once a day. */
export function car(draw: Draw): Device {
  const { slots, dtHours, random, v2g = false, announced = true, demand = 1 } = draw;
  const capacityKwh = round(20 + 40 * random.uniform());
  const ratedKw = round(3 + 8 * random.uniform());
  const columns = () => new Float64Array(slots);
  const chargeKw = columns(), leastKwh = columns(), drainKwh = columns();
  const known = columns().fill(1);
  const perDay = Math.round(24 / dtHours);
  const hour = (least: number, width: number) =>
    Math.round((least + width * random.uniform()) / dtHours);
  let since = 0;
  for (let day = 0; day * perDay < slots; day++) {
    const leaves = day * perDay + hour(5, 5), returns = day * perDay + hour(13, 8);
    const end = Math.min(slots, leaves);
    for (let t = since; t < end; t++) {
      chargeKw[t] = ratedKw;
      if (announced) known[t] = end - t;
    }
    const required = round(Math.min(1, demand * (0.3 + 0.5 * random.uniform())) * capacityKwh);
    if (leaves <= slots && leaves > since) leastKwh[leaves - 1] = required;
    if (returns < slots) drainKwh[returns - 1] = round(0.4 * required * demand * random.uniform());
    since = Math.min(returns, slots);
  }
  for (let t = since; t < slots; t++) chargeKw[t] = ratedKw;
  const device = made({
    kind: "car",
    name: "car",
    capacityKwh,
    unmetPricePerKwh: 0.6,
    dischargeEfficiency: 0.93,
    chargeKw,
    dischargeKw: v2g ? chargeKw.slice() : Float64Array.of(0),
    chargeEfficiency: Float64Array.of(0.92),
    leastKwh,
    drainKwh,
  });
  return withFloor(device, dtHours, known);
}

/** A heat pump with a tank that keeps what it holds. */
export function heatPump({ slots, dtHours, random, demand = 1 }: Draw): Device {
  const capacityKwh = round(4 + 8 * random.uniform());
  const heatKw = 0.5 + 1.5 * random.uniform();
  const phase = 24 * random.uniform();
  const day = (t: number) => Math.cos((2 * Math.PI * (t * dtHours - phase)) / 24);
  const column = (value: (t: number) => number) =>
    Float64Array.from({ length: slots }, (_, t) => value(t));
  return made({
    kind: "heat-pump",
    name: "heat pump",
    capacityKwh,
    unmetPricePerKwh: 0.35,
    chargeKw: Float64Array.of(round(0.6 + 0.8 * random.uniform())),
    chargeEfficiency: column((t) => 3 - 0.8 * day(t)),
    drainKwh: column((t) => demand * heatKw * (1 + 0.6 * day(t)) * dtHours),
    knownSlots: Float64Array.of(1),
  });
}

/** An appliance that has run by its deadline, once a day. */
export function appliance({ slots, dtHours, random, demand = 1 }: Draw): Device {
  const energyKwh = round(0.8 + random.uniform());
  const columns = () => new Float64Array(slots);
  const chargeKw = columns(), mostKwh = columns(), drainKwh = columns();
  const known = columns().fill(1);
  const perDay = Math.round(24 / dtHours);
  for (let day = 0; day * perDay < slots; day++) {
    const begin = day * perDay + Math.round((7 + 5 * random.uniform()) / dtHours);
    const hours = demand > 1 ? 1 / demand : 4 + 4 * random.uniform();
    const length = Math.max(1, Math.round(hours / dtHours));
    const end = Math.min(slots, begin + length);
    for (let t = begin; t < end; t++) {
      chargeKw[t] = round(energyKwh / 2);
      mostKwh[t] = energyKwh;
      known[t] = end - t;
    }
    if (begin + length <= slots) drainKwh[end - 1] = energyKwh;
  }
  const device = made({
    kind: "appliance",
    name: "washing machine",
    capacityKwh: energyKwh,
    unmetPricePerKwh: 1,
    chargeKw,
    mostKwh,
    drainKwh,
  });
  return withFloor(device, dtHours, known);
}

const makers = { "car": car, "heat-pump": heatPump, "appliance": appliance };

/** A device of a kind. */
export function deviceOf(kind: DeviceKind, draw: Draw): Device {
  return makers[kind](draw);
}

/** A device whose columns are drawn slot by slot, whatever that asks for. */
export function impossible({ slots, random }: Draw): Device {
  const capacityKwh = round(0.5 + 20 * random.uniform());
  const column = (value: () => number) => Float64Array.from({ length: slots }, value);
  const some = (most: number) => () => random.uniform() < 0.4 ? 0 : most * random.uniform();
  const mostKwh = column(() => capacityKwh * random.uniform());
  const floorKwh = mostKwh.map((most) => random.uniform() < 0.4 ? 0 : most * random.uniform());
  return made({
    kind: "impossible",
    name: "impossible",
    capacityKwh,
    selfDischargePerHour: random.uniform() < 0.5 ? 0 : 0.1 * random.uniform(),
    dischargeEfficiency: 0.5 + 0.5 * random.uniform(),
    unmetPricePerKwh: random.uniform(),
    chargeKw: column(some(8)),
    dischargeKw: column(some(4)),
    chargeEfficiency: column(() => 0.2 + 4 * random.uniform()),
    leastKwh: floorKwh.map((floor) => random.uniform() < 0.5 ? 0 : floor * random.uniform()),
    floorKwh,
    mostKwh,
    drainKwh: column(some(6)),
  });
}

/** A data set whose homes have devices of these kinds, one of each in turn. */
export function withKinds(
  dataset: Dataset,
  kinds: readonly DeviceKind[],
  seed: number,
  change: Partial<Draw> = {},
): Dataset {
  const { slots, dtHours } = dataset.profiles.grid;
  return withDevices(
    dataset,
    dataset.community.prosumers.map((_, i) =>
      kinds.map((kind) =>
        deviceOf(kind, { slots, dtHours, random: stream(seed, kind, i), ...change })
      )
    ),
  );
}
