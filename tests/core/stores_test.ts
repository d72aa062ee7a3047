import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Battery, Curve } from "../../lib/data/community.ts";
import type { Device } from "../../lib/data/device.ts";
import { datasetHash } from "../../lib/data/hash.ts";
import { validateDataset } from "../../lib/data/profiles.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { batteryStore } from "../../lib/stores/battery.ts";
import { interpolate } from "../../lib/stores/curve.ts";
import { deviceStore } from "../../lib/stores/device.ts";
import {
  boundKwh,
  capacityAfterKwh,
  chargeLimitKw,
  dischargeLimitKw,
  energyAfterKwh,
  requiredChargeKw,
  type Store,
  unmetKwh,
} from "../../lib/stores/store.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { battery, between, dtHours } from "../helpers/worlds.ts";
import { made, withDevices } from "../helpers/devices.ts";
import { smallCommunity } from "../helpers/small_community.ts";

const runs = { numRuns: 2000, seed: 11 };

const plain: Battery = {
  capacityKwh: 10,
  maxChargeKw: 5,
  maxDischargeKw: 4,
  chargeEfficiency: 0.9,
  dischargeEfficiency: 0.8,
  selfDischargePerHour: 0,
  socMin: 0.1,
  socMax: 0.9,
};

/** A battery in a state that operation can reach, faded or drained below its reserve included. */
const inUse = fc.record({
  battery,
  dtHours,
  health: between(0.7, 1),
  fill: fc.oneof(fc.constantFrom(0, 1), between(-0.05, 1)),
}).map(({ battery, dtHours, health, fill }) => {
  const { socMin, socMax } = battery;
  const capacityKwh = battery.capacityKwh * health;
  const soc = Math.max(0, socMin + fill * (socMax - socMin));
  return {
    battery,
    store: batteryStore(battery, dtHours, 0),
    capacityKwh,
    energyKwh: Math.min(soc * capacityKwh, socMax * capacityKwh),
  };
});

const limitOf = (direction: 1 | -1) => direction > 0 ? chargeLimitKw : dischargeLimitKw;

Deno.test("stores: 5 kW for an hour at 90 % store 4.5 kWh, and 4 kW at 80 % draw 5", () => {
  const store = batteryStore(plain, 1, 0);
  assertAlmostEquals(energyAfterKwh(store, 0, 2, 5), 6.5, 1e-12);
  assertAlmostEquals(energyAfterKwh(store, 0, 8, -4), 3, 1e-12);
  assertAlmostEquals(chargeLimitKw(store, 0, 7.2, 10), 2, 1e-12);
  assertAlmostEquals(dischargeLimitKw(store, 0, 2, 10), 0.8, 1e-12);
  assertEquals([chargeLimitKw(store, 0, 1, 10), dischargeLimitKw(store, 0, 9, 10)], [5, 4]);
  // Of itself it loses a share e^(−σΔ), and a rate too small for that leaves the slot as it is.
  const leaky = (selfDischargePerHour: number) =>
    batteryStore({ ...plain, selfDischargePerHour }, 0.5, 0);
  assertAlmostEquals(energyAfterKwh(leaky(0.02), 0, 5, 0), 5 * Math.exp(-0.01), 1e-14);
  assertEquals(leaky(5 * Number.MIN_VALUE).effectiveHours, 0.5);
});

Deno.test("stores: each direction takes the square root of the round trip's efficiency", () => {
  const curve: Curve = [[0, 0.64], [1, 0.81]];
  const store = batteryStore({ ...plain, roundTripEfficiencyByPower: curve }, 1, 0);
  assertAlmostEquals(energyAfterKwh(store, 0, 2, 5), 2 + 5 * 0.9, 1e-12);
  assertAlmostEquals(energyAfterKwh(store, 0, 8, -4), 8 - 4 / 0.9, 1e-12);
  assertAlmostEquals(energyAfterKwh(store, 0, 2, 2.5), 2 + 2.5 * Math.sqrt(0.725), 1e-12);
});

Deno.test("stores: the limit is the largest power within the bounds, and never a bit beyond", () => {
  fc.assert(
    fc.property(inUse, between(0, 1), ({ battery, store, energyKwh, capacityKwh }, part) => {
      const share = shareOf(battery, energyKwh / capacityKwh);
      for (const direction of [1, -1] as const) {
        const limit = limitOf(direction)(store, 0, energyKwh, capacityKwh);
        const rated = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
        assert(limit >= 0 && limit <= rated);
        const bound = (direction > 0 ? battery.socMax : battery.socMin) * battery.capacityKwh;
        const leftKwh = (power: number) =>
          direction * (boundKwh(store, bound, capacityAfterKwh(store, capacityKwh, power)) -
            energyAfterKwh(store, 0, energyKwh, direction * power));
        // Self-discharge alone may have taken it below its reserve; then it gives nothing.
        assert(limit === 0 || leftKwh(limit) >= 0);
        assert(limit === 0 || leftKwh(part * limit) >= -1e-13 * capacityKwh);
        if (Math.abs(limit - rated * share) < 1e-9) continue;
        assert(leftKwh(limit) <= 3e-14 * capacityKwh, `${leftKwh(limit)} kWh are left`);
      }
    }),
    runs,
  );
});

Deno.test("stores: a limit is found in few steps, and in one where the rated power does not bind", () => {
  fc.assert(
    fc.property(inUse, ({ battery, store, energyKwh, capacityKwh }) => {
      // A reserve of less than any rounding is approached by halves.
      fc.pre(battery.socMin === 0 || battery.socMin > 1e-9);
      const bends = battery.roundTripEfficiencyByPower !== undefined ||
        (battery.capacityLossCoefficient ?? 0) > 0;
      for (const direction of [1, -1] as const) {
        const steps = evaluations(store, energyKwh, capacityKwh, direction);
        const rated = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
        const isRated = limitOf(direction)(store, 0, energyKwh, capacityKwh) ===
          rated * shareOf(battery, energyKwh / capacityKwh);
        const most = isRated ? 1 : bends ? 16 : 4;
        assert(steps <= most, `${steps} steps, ${most} will do`);
      }
    }),
    runs,
  );
});

Deno.test("stores: two half slots at constant power are one whole slot", () => {
  fc.assert(
    fc.property(battery, between(0, 1), between(-1, 1), (battery, fill, share) => {
      const hour = batteryStore(battery, 1, 0), half = batteryStore(battery, 0.5, 0);
      const energy = fill * battery.capacityKwh;
      const power = share * (share > 0 ? battery.maxChargeKw : battery.maxDischargeKw);
      const middle = energyAfterKwh(half, 0, energy, power);
      const twice = energyAfterKwh(half, 0, middle, power);
      const once = energyAfterKwh(hour, 0, energy, power);
      assertAlmostEquals(twice, once, 1e-12 * Math.max(1, Math.abs(once)));
    }),
    runs,
  );
});

Deno.test("stores: nothing is won, neither in a slot nor in a cycle", () => {
  fc.assert(
    fc.property(inUse, between(-1, 1), ({ store, energyKwh, capacityKwh }, share) => {
      const direction = share > 0 ? 1 : -1;
      const power = share * limitOf(direction)(store, 0, energyKwh, capacityKwh);
      const gained = energyAfterKwh(store, 0, energyKwh, power) - energyKwh;
      assert(power * store.dtHours - gained >= -1e-12 * (1 + energyKwh));
      const charge = chargeLimitKw(store, 0, energyKwh, capacityKwh);
      const fuller = energyAfterKwh(store, 0, energyKwh, charge);
      const discharge = dischargeLimitKw(store, 0, fuller, capacityKwh);
      const emptier = energyAfterKwh(store, 0, fuller, -discharge);
      if (emptier >= energyKwh - 1e-12) assert(discharge <= charge + 1e-9);
    }),
    runs,
  );
});

Deno.test("stores: capacity fades with throughput, and what has faded away can do nothing", () => {
  const fading = batteryStore({ ...plain, capacityLossCoefficient: 1e-3 }, 0.5, 0);
  // 10 kWh × 1e-3 × (4 kW × ½ h) / (2 × 8 kWh)
  assertAlmostEquals(capacityAfterKwh(fading, 8, -4), 8 - 0.00125, 1e-15);
  assertEquals(capacityAfterKwh(fading, 8, 0), 8);
  const worn = batteryStore({ ...plain, capacityLossCoefficient: 0.9 }, 1, 0);
  assertEquals([capacityAfterKwh(worn, 0.1, 5), capacityAfterKwh(worn, 0, 0)], [0, 0]);
  const gone = batteryStore({ ...plain, powerShareBySoc: [[0, 0.3], [0.8, 1], [1, 0.4]] }, 0.5, 0);
  for (const leftKwh of [0, 0.1]) {
    assertEquals([1, -1].map((d) => limitOf(d as 1 | -1)(gone, 0, leftKwh, 0)), [0, 0]);
  }
});

Deno.test("stores: a curve is linear between its points and constant beyond its ends", () => {
  const curve: Curve = [[0.25, 1], [0.5, 3], [1, 2]];
  const values = [0, 0.25, 0.375, 0.5, 0.75, 1, 1.5].map((x) => interpolate(curve, x));
  assertEquals(values, [1, 1, 2, 3, 2.5, 2, 2]);
});

/** A car: home at night, 7 kWh for a trip at the end of the fourth hour, 6 required when it leaves. */
const car: Device = made({
  kind: "car",
  capacityKwh: 20,
  unmetPricePerKwh: 0.6,
  chargeKw: Float64Array.of(4, 4, 0, 0),
  chargeEfficiency: Float64Array.of(0.5),
  leastKwh: Float64Array.of(0, 6, 0, 0),
  floorKwh: Float64Array.of(4, 6, 0, 0),
  drainKwh: Float64Array.of(0, 0, 0, 7),
});

Deno.test("stores: columns by slot say what can be charged, what must, and what lacks", () => {
  const store = deviceStore(car, 1, 0);
  const limits = [0, 1, 2, 3].map((t) => chargeLimitKw(store, t, 1, 20));
  assertEquals(limits, [4, 4, 0, 0], "it charges while it is at home");
  const required = [0, 1, 2, 3].map((t) => requiredChargeKw(store, t, 3, 20, limits[t]));
  // 1 and 3 kWh lack at an efficiency of ½; the second hour can give 2 of the 3.
  assertEquals(required, [2, 4, 0, 0]);
  assertEquals(dischargeLimitKw(store, 0, 9, 20), 0);
  // Charged as it must be: 4, then 6 kWh, and 1 kWh of the trip is charged elsewhere.
  let energy = 3;
  const seen = [2, 4, 0, 0].map((power, t) => {
    const after = energyAfterKwh(store, t, energy, power);
    const unmet = unmetKwh(store, t, after, 20);
    energy = after + unmet;
    return [energy, unmet];
  });
  assertEquals(seen, [[4, 0], [6, 0], [6, 0], [0, 1]]);
  // A departure that was missed is supplied up to what is required, and not again on the trip.
  assertEquals(unmetKwh(store, 1, 2, 20), 4);
  assertEquals(unmetKwh({ ...store, unmetPricePerKwh: null }, 1, 2, 20), 0);
});

Deno.test("stores: heat that is drawn steadily leaves the limits of the slot what it takes", () => {
  const tank = deviceStore(
    made({
      kind: "heat-pump",
      capacityKwh: 10,
      chargeKw: Float64Array.of(5),
      chargeEfficiency: Float64Array.of(2.5),
      drainKwh: Float64Array.of(2),
      unmetPricePerKwh: 0.3,
    }),
    1,
    0,
  );
  assertAlmostEquals(chargeLimitKw(tank, 0, 7, 10), 2, 1e-12);
  assertAlmostEquals(requiredChargeKw(tank, 0, 0.5, 10, 5), 0.6, 1e-12);
  assertAlmostEquals(energyAfterKwh(tank, 0, 0.5, 0.6), 0, 1e-12);
});

Deno.test("stores: a community's stores lie by home, the battery first, each with its owner", async () => {
  const dataset = withDevices(smallCommunity(), [[made({ name: "a" }), made({ name: "b" })], [], [
    made({ name: "c" }),
  ]]);
  validateDataset(dataset);
  assertEquals(storesOf(dataset).map(({ kind, name, owner }) => [kind, name, owner]), [
    ["battery", "battery", 0],
    ["made", "a", 0],
    ["made", "b", 0],
    ["made", "c", 2],
  ]);
  const other = withDevices(smallCommunity(), [[], [], [made({ name: "c" })]]);
  assert(await datasetHash(other) !== await datasetHash(dataset), "devices are part of the data");
});

const refused: readonly [Partial<Device>, string][] = [
  [{ kind: "battery" }, "kind must be letters, no battery"],
  [{ capacityKwh: 0 }, "capacityKwh must be positive, got 0"],
  [{ dischargeEfficiency: 1.5 }, "dischargeEfficiency must be in (0, 1]"],
  [{ selfDischargePerHour: -1 }, "selfDischargePerHour must be ≥ 0"],
  [{ unmetPricePerKwh: NaN }, "unmetPricePerKwh must be ≥ 0 or null"],
  [{ drainKwh: Float64Array.of(1) }, "unmetPricePerKwh must be a price where drainKwh"],
  [{ chargeKw: new Float64Array(3) }, "chargeKw must be 1 or 24 values, got 3"],
  [
    { dischargeKw: new Float64Array(24).fill(NaN, 7, 8) },
    "dischargeKw must be ≥ 0, got NaN (slot 7",
  ],
  [{ chargeEfficiency: Float64Array.of(0) }, "chargeEfficiency must be positive"],
  [{ leastKwh: Float64Array.of(2) }, "floorKwh must be at least leastKwh, got 0 (slot 0"],
  [{ floorKwh: Float64Array.of(6) }, "mostKwh must be at least floorKwh, got 5"],
  [{ knownSlots: Float64Array.of(0) }, "knownSlots must be at least 1, got 0"],
  [{ knownSlots: new Float64Array(3) }, "knownSlots must be 1 or 24 values, got 3"],
  [{ mostKwh: Float64Array.of(6) }, "mostKwh must be at most capacityKwh, got 6"],
];
Deno.test("stores: a device with crossed bounds or impossible numbers is refused by field and owner", () => {
  for (const [change, message] of refused) {
    const dataset = withDevices(smallCommunity(), [[], [made(change)], []]);
    const error = assertThrows(() => new EnergyMarketEnv(dataset), RangeError, message);
    assert(error.message.endsWith('device "made" of prosumer solar)'), error.message);
    assert(!error.message.includes("\n"));
  }
});

/** How often the physics of a slot is evaluated to find a limit. */
function evaluations(store: Store, energyKwh: number, capacityKwh: number, direction: 1 | -1) {
  let reads = 0;
  const counting = {
    ...store,
    get retention() {
      reads++;
      return store.retention;
    },
  };
  limitOf(direction)(counting, 0, energyKwh, capacityKwh);
  // One more is what idling leaves.
  return reads - 1;
}

/** The available share of power, worked out on its own. */
function shareOf({ powerShareBySoc: curve }: Battery, soc: number): number {
  if (curve === undefined) return 1;
  const [[, y0], [x1, y1], [, y2]] = curve;
  return soc < x1 ? y0 + (soc / x1) * (y1 - y0) : y1 + ((soc - x1) / (1 - x1)) * (y2 - y1);
}
