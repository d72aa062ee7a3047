import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { validateDevice } from "../../lib/data/device.ts";
import type { Appliance } from "../../lib/data/devices/appliance.ts";
import type { Car } from "../../lib/data/devices/car.ts";
import { coefficientOfPerformance, type HeatPump } from "../../lib/data/devices/heat_pump.ts";
import { type KindDevice, validateDevices } from "../../lib/data/devices/home_device.ts";
import { synthesize, type SyntheticTariff } from "../../lib/data/synthetic.ts";
import { chargingShare } from "../../lib/stores/car.ts";
import { bySlot, deviceStore } from "../../lib/stores/device.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  energyAfterKwh,
  requiredChargeKw,
  type Store,
  unmetKwh,
} from "../../lib/stores/store.ts";
import { SLOT_LENGTHS_HOURS, type TimeGrid } from "../../lib/units.ts";
import { appliance, car, heatPump } from "../helpers/device_specs.ts";
import { anyNumber, between } from "../helpers/worlds.ts";

const grid = (dtHours: number, hours: number): TimeGrid => ({
  startMs: Date.UTC(2025, 2, 7),
  utcOffsetMinutes: 60,
  dtHours,
  slots: hours / dtHours,
});

const storeOf = (device: KindDevice, on: TimeGrid): Store =>
  deviceStore(bySlot(device, on), on.dtHours, 0);

/** Spans of some hours with gaps between them, in whole minutes. */
const spans = fc.array(
  fc.tuple(fc.integer({ min: 61, max: 900 }), fc.integer({ min: 1, max: 1500 })),
  {
    minLength: 1,
    maxLength: 6,
  },
).chain((steps) =>
  fc.integer({ min: -600, max: 300 }).map((begin) => {
    let minutes = begin;
    return steps.map(([gap, length], k) => {
      const from = minutes + (k === 0 ? 0 : gap);
      minutes = from + length;
      return [from / 60, minutes / 60] as const;
    });
  })
);

const shares = (count: number) => fc.array(between(0, 1), { minLength: count, maxLength: count });

const anyCar = (on: TimeGrid): fc.Arbitrary<Car> =>
  fc.tuple(spans, shares(12), between(5, 80), between(1, 22), between(0.5, 1), between(0, 11))
    .map(([times, share, capacityKwh, maxChargeKw, chargeEfficiency, maxDischargeKw]) => {
      const sessions = times.map(([from, to], k) =>
        [from, to, share[2 * k] * capacityKwh, share[2 * k + 1] * capacityKwh] as const
      );
      return car(on, sessions, {
        capacityKwh,
        maxChargeKw,
        leastChargeKw: 0,
        chargeEfficiency,
        maxDischargeKw,
      });
    }).filter(({ sessions }) => sessions[0].endMs > on.startMs && within(sessions, on));

const anyAppliance = (on: TimeGrid): fc.Arbitrary<Appliance> =>
  fc.tuple(spans, shares(6), between(0.5, 4)).map(([times, share, maxPowerKw]) =>
    appliance(
      on,
      times.map(([from, to], k) => [from, to, Math.max(0.01, share[k]) * maxPowerKw * (to - from)]),
      { maxPowerKw },
    )
  ).filter(({ runs }) => runs[0].endMs > on.startMs && within(runs, on));

const within = (spans: readonly { readonly startMs: number }[], on: TimeGrid) =>
  spans.every(({ startMs }) => startMs < on.startMs + on.slots * on.dtHours * 3_600_000);

const anyPump = (on: TimeGrid): fc.Arbitrary<HeatPump> =>
  fc.tuple(shares(24), shares(24), between(0.5, 4), between(0, 9), between(1, 20), between(0, 0.05))
    .map(([heat, cop, maxPowerKw, backupKw, tankKwh, lossPerHour]) => {
      const hour = (slot: number) => Math.floor(slot * on.dtHours) % 24;
      return heatPump(on, (t) => 15 * heat[hour(t)] ** 2, (t) => 1 + 5 * cop[hour(t)], {
        maxPowerKw,
        backupKw,
        tankKwh,
        lossPerHour,
      });
    });

const anyDevice = (on: TimeGrid): fc.Arbitrary<KindDevice> =>
  fc.oneof<fc.Arbitrary<KindDevice>[]>(anyCar(on), anyPump(on), anyAppliance(on));

Deno.test("kinds: whatever is valid becomes a valid device by slots", () => {
  for (const dtHours of SLOT_LENGTHS_HOURS) {
    const on = grid(dtHours, 96);
    fc.assert(
      fc.property(anyDevice(on), (device) => {
        validateDevices({ id: "a", pvCapacityKw: 0, battery: null, devices: [device] }, on);
        validateDevice(bySlot(device, on), on.slots, "a");
      }),
      { seed: 14, numRuns: 150 },
    );
  }
});

Deno.test("kinds: a device with anything for a number is refused in a line, or it is possible", () => {
  const on = grid(1, 48);
  let refused = 0;
  fc.assert(
    fc.property(anyDevice(on), anyNumber, fc.nat(), fc.nat(), (device, value, which, row) => {
      const broken = structuredClone(device) as unknown as Record<string, unknown>;
      const fields = Object.keys(device).filter((name) => !["kind", "name"].includes(name));
      const field = fields[which % fields.length], old = broken[field];
      if (Array.isArray(old)) {
        const members = Object.keys(old[row % old.length]);
        old[row % old.length][members[which % members.length]] = value;
      } else if (old instanceof Float64Array) old[row % old.length] = value;
      else broken[field] = value;
      const home = {
        id: "a",
        pvCapacityKw: 0,
        battery: null,
        devices: [broken as unknown as KindDevice],
      };
      try {
        validateDevices(home, on);
      } catch (error) {
        assert(error instanceof RangeError, String(error));
        assert(/must be/.test(error.message) && !error.message.includes("\n"), error.message);
        refused++;
        return;
      }
      validateDevice(bySlot(broken as unknown as KindDevice, on), on.slots, "a");
    }),
    { seed: 3, numRuns: 1500 },
  );
  assertGreater(refused, 300);
});

/** Whether full power from the slot after `t` on meets all that is known in `t`. */
function isEnough(store: Store, t: number, energyKwh: number): boolean {
  for (let later = t + 1, left = energyKwh; later < t + store.knownSlots[t]; later++) {
    left = Math.min(
      energyAfterKwh(store, later, left, store.chargeKw[later]),
      store.mostKwh[later],
    );
    if (left < store.leastKwh[later] - 1e-12) return false;
  }
  return true;
}

Deno.test("kinds: the floor is the least energy from which what is known can still be met", () => {
  let above = 0;
  for (const dtHours of SLOT_LENGTHS_HOURS) {
    const on = grid(dtHours, 72), longer = grid(dtHours, 200);
    // What a trip takes beyond what is required for it, nobody knows before.
    const cars = anyCar(on).map((device) => ({
      ...device,
      sessions: device.sessions.map((session) => (
        { ...session, requiredKwh: Math.max(session.requiredKwh, session.tripKwh) }
      )),
    }));
    const devices = fc.oneof<fc.Arbitrary<KindDevice>[]>(cars, anyAppliance(on));
    fc.assert(
      fc.property(devices, (device) => {
        // Departures after the end of the data are searched for in longer ones.
        const store = storeOf(device, longer), short = storeOf(device, on);
        for (let t = 0; t < on.slots; t++) {
          const floor = short.floorKwh[t];
          let [low, high] = [store.leastKwh[t], store.nominalKwh];
          if (isEnough(store, t, low)) high = low;
          else if (!isEnough(store, t, high)) continue;
          while (high - low > 1e-10) {
            const middle = (low + high) / 2;
            if (isEnough(store, t, middle)) high = middle;
            else low = middle;
          }
          assertAlmostEquals(floor, high, 1e-8);
          if (floor > 0) above++;
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  }
  assertGreater(above, 1000);
});

Deno.test("kinds: of an unknown departure the floor and the columns that are known say nothing", () => {
  const on = grid(1, 48);
  const sessions = [[2, 8.5, 6, 30], [18, 32, 6, 30]] as const;
  const told = storeOf(car(on, sessions), on);
  const untold = storeOf(car(on, sessions, { departure: "unknown" }), on);
  assertEquals([...told.knownSlots].slice(0, 10), [1, 1, 7, 6, 5, 4, 3, 2, 1, 1]);
  assertEquals(new Set(untold.knownSlots), new Set([1]));
  assertEquals(untold.floorKwh, untold.leastKwh);
  assert(told.floorKwh[7] > told.leastKwh[7]);
  // The trip and what is required are as they are all the same.
  assertEquals([untold.drainKwh, untold.leastKwh], [told.drainKwh, told.leastKwh]);
  assertEquals([told.drainKwh[8], told.leastKwh[8], told.floorKwh[8]], [6, 24, 24]);
  assertEquals(told.leavingChance, null);
  // A trip that takes more than is required for it is missed by the difference, and not foreseen.
  const far = storeOf(car(on, [[2, 8.5, 25, 20]]), on);
  assertEquals([far.floorKwh[7], far.leastKwh[8], far.drainKwh[8]], [20 - 4.5, 0, 25]);
});

Deno.test("kinds: who is not told of a departure sees how often the car left at such an hour", () => {
  // Monday to Friday it leaves at 7:30, but for one day at 9:00; on the weekend at noon.
  const on = { ...grid(0.5, 24 * 7), startMs: Date.UTC(2025, 2, 9, 23) };
  const days = [7.5, 7.5, 9, 7.5, 7.5, 12, 12];
  const sessions = days.map((hour, d) => [24 * d - 6, 24 * d + hour, 1, 1] as const);
  const { leavingChance } = storeOf(car(on, sessions, { departure: "unknown" }), on);
  const at = (hour: number) => leavingChance![hour / on.dtHours];
  assertEquals([at(3), at(6.5), at(24 * 5 + 7), at(13)], [0, 0, 0, 0]);
  // Four of five within the hour from 7:00: twice the chance of a half hour.
  assertAlmostEquals(1 - (1 - at(7)) ** 2, 0.8, 1e-12);
  assertEquals([at(8), at(8.5), at(24 * 5 + 11)], [1, 1, 1]);
});

Deno.test("kinds: a departure that cannot be met is missed once, and not again by its trip", () => {
  for (const dtHours of SLOT_LENGTHS_HOURS) {
    const on = grid(dtHours, 48);
    // 3.25 h of 10 kW at 90 % are 29.25 kWh; 35 are required, and the trip takes 12 of them.
    const store = storeOf(car(on, [[2, 5.25, 12, 35], [20, 60, 12, 35]]), on);
    let energyKwh = 0;
    const missed: number[] = [];
    for (let t = 0; t < on.slots; t++) {
      const most = chargeLimitKw(store, t, energyKwh, 40);
      const least = requiredChargeKw(store, t, energyKwh, 40, most);
      assertGreaterOrEqual(most, least);
      const end = energyAfterKwh(store, t, energyKwh, least);
      const unmet = unmetKwh(store, t, end, 40);
      if (unmet > 1e-9) missed.push(unmet);
      energyKwh = end + unmet;
      if (t * dtHours === 10) assertAlmostEquals(energyKwh, 23, 1e-9);
    }
    assertEquals(missed.length, 1);
    assertAlmostEquals(missed[0], 35 - 29.25, 1e-9);
  }
});

Deno.test("kinds: a car gives nothing while it is away, and only with V2G at home", () => {
  const on = grid(1, 24);
  const sessions = [[0, 8, 5, 20], [17.5, 30, 5, 20]] as const;
  const oneWay = storeOf(car(on, sessions), on);
  const twoWay = storeOf(car(on, sessions, { maxDischargeKw: 6 }), on);
  for (let t = 0; t < 24; t++) {
    const isHome = t < 8 || t >= 17;
    assertEquals(oneWay.dischargeKw[t], 0);
    assertEquals(twoWay.dischargeKw[t], isHome ? t === 17 ? 3 : 6 : 0);
    assertEquals(chargeLimitKw(twoWay, t, 20, 40) > 0, isHome);
    assertEquals(energyAfterKwh(twoWay, t, 20, 0), t === 7 ? 15 : 20);
  }
  // V2G does not draw below what full power could still put back before the departure at 8:00.
  assertAlmostEquals(dischargeLimitKw(twoWay, 6, 20, 40), 6, 1e-12);
  assertAlmostEquals(energyAfterKwh(twoWay, 6, 20, -6), 12.5, 1e-12);
  assertEquals(dischargeLimitKw(twoWay, 7, 20, 40), 0);
});

Deno.test("kinds: a mean power below the least is charged in a part of the slot", () => {
  const on = grid(1, 24);
  const ev = car(on, [[0, 24, 0, 0]]);
  assertEquals([0, 1, 4, 7].map((powerKw) => chargingShare(ev, powerKw)), [0, 0.25, 1, 1]);
  assertEquals(chargingShare({ ...ev, leastChargeKw: 0 }, 0), 1);
});

Deno.test("kinds: heat that pump and heater cannot give is missed comfort, and the tank loses heat", () => {
  const on = grid(1, 3);
  const pump = heatPump(on, (t) => [1, 12, 2][t], () => 4, { lossPerHour: 0.1 });
  const store = storeOf(pump, on);
  assertEquals([...store.chargeKw], [2, 5, 2]);
  const stays = Math.exp(-0.1), hours = (1 - stays) / 0.1;
  assertAlmostEquals(energyAfterKwh(store, 0, 5, 0), 5 * stays - hours, 1e-12);
  // 2 kW at COP 4 and 3 kW at 1 are 11 of 12 kW.
  const end = energyAfterKwh(store, 1, 0, 5);
  assertAlmostEquals(unmetKwh(store, 1, end, 8), hours, 1e-12);
  assertAlmostEquals(requiredChargeKw(store, 2, 0, 8, 2), 0.5, 1e-12);
  assertEquals([...store.dischargeKw, ...store.floorKwh], [0, 0, 0, 0, 0, 0]);
});

/**
 * COP of the generic speed-controlled heat pumps of hplib 1.9 (groups 1 and 2, `simulate` with a return
 * 5 K below the flow), by source and flow temperature. [°C]
 */
const HPLIB = {
  air: [
    [-7, 35, 2.902],
    [2, 35, 4.289],
    [7, 35, 5.059],
    [12, 35, 5.829],
    [-7, 55, 1.151],
    [2, 55, 2.537],
    [7, 55, 3.308],
    [12, 55, 4.078],
  ],
  brine: [
    [-7, 35, 3.983],
    [2, 35, 4.87],
    [7, 35, 5.362],
    [12, 35, 5.854],
    [-7, 55, 2.012],
    [2, 55, 2.898],
    [7, 55, 3.391],
    [12, 55, 3.883],
  ],
} as const;

for (const source of ["air", "brine"] as const) {
  Deno.test(`kinds: the COP of ${source} heat pumps is that of hplib 1.9 within a per cent`, () => {
    for (const [sourceC, flowC, expected] of HPLIB[source]) {
      const cop = coefficientOfPerformance(source, sourceC, flowC);
      assertAlmostEquals(cop / expected, 1, 0.01, `${sourceC} to ${flowC} °C`);
    }
    assertEquals(coefficientOfPerformance(source, -40, 70), 1);
  });
}

/** Energy at the end of every hour and all that was unmet, at the same energy in each hour. */
function played(device: KindDevice, on: TimeGrid, share: readonly number[], startKwh: number) {
  const hourly = storeOf(device, { ...on, dtHours: 1, slots: on.slots * on.dtHours });
  const store = storeOf(device, on);
  const perHour = 1 / on.dtHours;
  let energyKwh = startKwh, unmet = 0;
  const hours: number[] = [];
  for (let t = 0; t < on.slots; t++) {
    const hour = Math.floor(t / perHour), x = 2 * share[hour % share.length] - 1;
    const [column, direction] = x > 0 ? ["chargeKw", 1] as const : ["dischargeKw", -1] as const;
    const at = hour * hourly.stride;
    // What an hour moves is spread over its slots as far as the device is there in them.
    const power = hourly[column][at] === 0 ? 0 : x * direction * hourly[column][at] *
      (store[column][t * store.stride] / hourly[column][at]);
    const end = energyAfterKwh(store, t, energyKwh, direction * power);
    const supplied = unmetKwh(store, t, end, store.nominalKwh);
    unmet += supplied;
    energyKwh = end + supplied;
    if ((t + 1) % perHour === 0) hours.push(energyKwh);
  }
  return { hours, unmet };
}

Deno.test("kinds: the length of slots makes no difference to what devices hold and miss", () => {
  const hour = grid(1, 72);
  const pumps = anyPump(hour).map((pump) => ({ ...pump, lossPerHour: 0 }));
  const devices = fc.oneof<fc.Arbitrary<KindDevice>[]>(anyCar(hour), anyAppliance(hour), pumps);
  let missed = 0;
  fc.assert(
    fc.property(devices, shares(30), between(0, 1), (device, share, fill) => {
      const start = fill * storeOf(device, hour).nominalKwh;
      const [reference, ...others] = SLOT_LENGTHS_HOURS.map((dtHours) => {
        const on = { ...hour, dtHours, slots: 72 / dtHours };
        return played(onGrid(device, on), on, share, start);
      });
      if (reference.unmet > 0) missed++;
      for (const other of others) {
        assertAlmostEquals(other.unmet, reference.unmet, 1e-8);
        other.hours.forEach((kwh, k) => assertAlmostEquals(kwh, reference.hours[k], 1e-8));
      }
    }),
    { seed: 9, numRuns: 300 },
  );
  assertGreater(missed, 100);
});

Deno.test("kinds: nor does it to a tank that loses heat, while nothing is missed", () => {
  const hour = grid(1, 24);
  const pump = heatPump(hour, (t) => 1 + (t % 3), (t) => 2.5 + (t % 2), { lossPerHour: 0.03 });
  const ends = SLOT_LENGTHS_HOURS.map((dtHours) => {
    const on = { ...hour, dtHours, slots: 24 / dtHours };
    const { hours, unmet } = played(onGrid(pump, on), on, [0.9, 0.8, 0.85], 7);
    assertEquals(unmet, 0);
    return hours;
  });
  for (const hours of ends) hours.forEach((kwh, k) => assertAlmostEquals(kwh, ends[0][k], 1e-9));
});

/** The same device on slots of another length. */
function onGrid(device: KindDevice, on: TimeGrid): KindDevice {
  if (device.kind !== "heat-pump") return device;
  const column = (values: Float64Array) =>
    Float64Array.from({ length: on.slots }, (_, t) => values[Math.floor(t * on.dtHours)]);
  return { ...device, heatKw: column(device.heatKw), cop: column(device.cop) };
}

Deno.test("kinds: what is of no kind and has no columns is refused", () => {
  const devices = [{ kind: "scooter", name: "x" } as unknown as KindDevice];
  assertThrows(
    () => validateDevices({ id: "a", pvCapacityKw: 0, battery: null, devices }, grid(1, 24)),
    RangeError,
    'kind must be car, heat-pump, appliance, or the device be described slot by slot, got "scooter"',
  );
});

Deno.test("kinds: names are unique within a home", () => {
  const on = grid(1, 24);
  const devices = [car(on, [[0, 8, 1, 2]]), appliance(on, [[0, 4, 1]], { name: "ev" })];
  assertThrows(
    () => validateDevices({ id: "a", pvCapacityKw: 0, battery: null, devices }, on),
    RangeError,
    'name must be unique among the devices of a home, got "ev" twice (prosumer a)',
  );
});

Deno.test("kinds: a run in one piece costs as much more than a store as the page says", () => {
  const hours: Readonly<Record<string, number>> = { "washing-machine": 2, "dishwasher": 3 };
  const dearer = (tariff: SyntheticTariff, dtHours: number) => {
    const options = { seed: 1, prosumers: 4, days: 200, dtHours, appliances: 2, tariff };
    const { community, profiles } = synthesize(options);
    const { grid: on, importPricePerKwh: prices } = profiles;
    const costs = new Map<string, [store: number, piece: number]>();
    for (const { devices = [] } of community.prosumers) {
      for (const device of devices) {
        if (device.kind !== "appliance" || !("runs" in device)) continue;
        const cost = costs.get(device.name) ?? [0, 0];
        costs.set(device.name, cost);
        for (const run of device.runs.slice(0, -1)) {
          const { chargeKw } = bySlot({ ...device, runs: [run] }, on);
          // The store takes the cheapest slots, the machine the cheapest hours in a row.
          const [from, to] = [run.startMs, run.endMs].map((ms) => (ms - on.startMs) / 3_600_000);
          const first = Math.floor(from / dtHours), end = Math.ceil(to / dtHours);
          const slots = Array.from({ length: end - first }, (_, k) => first + k)
            .sort((a, b) => prices[a] - prices[b]);
          let left = run.energyKwh;
          for (const t of slots) {
            const kwh = Math.min(left, chargeKw[t] * dtHours);
            cost[0] += kwh * prices[t];
            left -= kwh;
          }
          const steps = hours[device.name] * 12;
          const each = Array.from(
            { length: Math.round((to - from) * 12) },
            (_, k) => prices[Math.floor((from + (k + 0.5) / 12) / dtHours)],
          );
          let sum = 0, least = Infinity;
          each.forEach((price, k) => {
            sum += price - (k < steps ? 0 : each[k - steps]);
            if (k >= steps - 1) least = Math.min(least, sum / steps);
          });
          cost[1] += run.energyKwh * least;
        }
      }
    }
    return [...costs.values()].map(([store, piece]) => piece / store - 1);
  };
  for (const share of dearer("time-of-use", 1)) assertAlmostEquals(share, 0, 1e-9);
  for (const share of dearer("day-ahead", 1)) assert(share > 0.01 && share < 0.02, `${share}`);
  for (const share of dearer("day-ahead-quarter-hourly", 0.25)) {
    assert(share > 0.02 && share < 0.04, `${share}`);
  }
});
