import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Battery } from "../../lib/data/community.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  nextCapacityKwh,
  nextEnergyKwh,
  type SlotBattery,
  slotBattery,
} from "../../lib/physics/battery.ts";
import {
  linearBatteries,
  type LinearBattery,
  storageFloors,
} from "../../lib/policies/linear_battery.ts";
import { battery, between, dtHours } from "../helpers/worlds.ts";

const runs = { numRuns: 300, seed: 21 };

const plain: Battery = {
  capacityKwh: 10,
  maxChargeKw: 5,
  maxDischargeKw: 4,
  chargeEfficiency: 0.9,
  dischargeEfficiency: 0.8,
  selfDischargePerHour: 0.02,
  socMin: 0.2,
  socMax: 0.9,
};

const linear = (battery: SlotBattery): LinearBattery => linearBatteries([battery])[0];

/** What a linear battery holds after a slot. [kWh] */
function linearEnergyKwh(each: LinearBattery, energyKwh: number, powerKw: number): number {
  const perKw = powerKw > 0 ? each.storedPerKw : each.drawnPerKw;
  return each.battery.retention * energyKwh + perKw * powerKw;
}

Deno.test("linear battery: one without curves and fading is the battery itself", () => {
  const half = slotBattery(plain, 0.5);
  const each = linear(half);
  assertEquals([each.maxChargeKw, each.maxDischargeKw, each.relaxed], [5, 4, false]);
  for (const powerKw of [-4, -1, 0, 1, 5]) {
    assertAlmostEquals(linearEnergyKwh(each, 6, powerKw), nextEnergyKwh(half, 6, powerKw), 1e-14);
  }
});

Deno.test("linear battery: any curve or fading makes it a relaxation, and only these", () => {
  const isRelaxed = (change: Partial<Battery>) =>
    linear(slotBattery({ ...plain, ...change }, 1)).relaxed;
  assert(!isRelaxed({}));
  assert(!isRelaxed({ capacityLossCoefficient: 0 }));
  assert(isRelaxed({ capacityLossCoefficient: 1e-9 }));
  assert(isRelaxed({ powerShareBySoc: [[0, 1]] }));
  assert(isRelaxed({ roundTripEfficiencyByPower: [[0, 0.8]] }));
});

Deno.test("linear battery: it knows whose it is, and homes without one are left out", () => {
  const hour = slotBattery(plain, 1);
  const owners = linearBatteries([null, hour, null, hour]).map(({ prosumer }) => prosumer);
  assertEquals(owners, [1, 3]);
});

Deno.test("linear battery: it can do whatever the battery can, and ends no emptier", () => {
  fc.assert(
    fc.property(battery, dtHours, between(0, 1), between(-1, 1), (parameters, dt, fill, share) => {
      const real = slotBattery(parameters, dt);
      const each = linear(real);
      const { capacityKwh } = parameters;
      const energyKwh = fill * parameters.socMax * capacityKwh;
      const limitOf = share > 0 ? chargeLimitKw : dischargeLimitKw;
      const powerKw = share * limitOf(real, energyKwh, capacityKwh);
      assert(powerKw <= each.maxChargeKw && -powerKw <= each.maxDischargeKw);
      const end = nextEnergyKwh(real, energyKwh, powerKw);
      assert(end <= linearEnergyKwh(each, energyKwh, powerKw) + 1e-12 * capacityKwh);
    }),
    runs,
  );
});

Deno.test("linear battery: it is no better than the battery at its best", () => {
  const curved = slotBattery({
    ...plain,
    roundTripEfficiencyByPower: [[0, 0.64], [0.5, 0.81], [1, 0.7]],
    powerShareBySoc: [[0, 0.25], [0.5, 0.75], [1, 0.5]],
  }, 1);
  const each = linear(curved);
  assertEquals([each.maxChargeKw, each.maxDischargeKw], [0.75 * 5, 0.75 * 4]);
  // Half the rated power has the best efficiency.
  for (const powerKw of [2.5, -2]) {
    const end = nextEnergyKwh(curved, 5, powerKw);
    assertAlmostEquals(linearEnergyKwh(each, 5, powerKw), end, 1e-14);
  }
});

Deno.test("linear battery: no play takes it below its floors, which idling and full power reach", () => {
  const slots = 8;
  const plays = fc.array(between(-1, 1), { minLength: slots, maxLength: slots });
  fc.assert(
    fc.property(battery, dtHours, between(0, 1), plays, (parameters, dtHours, fill, shares) => {
      const real = slotBattery(parameters, dtHours);
      const each = linear(real);
      const { socMin, socMax } = parameters;
      let capacityKwh = parameters.capacityKwh;
      let energyKwh = fill * socMax * capacityKwh;
      const { idleKwh, reserveKwh } = storageFloors(each, energyKwh, capacityKwh, slots);
      let idle = energyKwh, worn = capacityKwh;
      const mostKw = Math.max(each.maxChargeKw, each.maxDischargeKw);
      shares.forEach((share, t) => {
        const limitOf = share > 0 ? chargeLimitKw : dischargeLimitKw;
        const powerKw = share * limitOf(real, energyKwh, capacityKwh);
        energyKwh = nextEnergyKwh(real, energyKwh, powerKw);
        capacityKwh = nextCapacityKwh(real, capacityKwh, powerKw);
        const rounding = 1e-12 * parameters.capacityKwh;
        assert(energyKwh >= idleKwh[t] - rounding, `${energyKwh} is below ${idleKwh[t]}`);
        assert(socMin * capacityKwh >= reserveKwh[t] - rounding);
        worn = nextCapacityKwh(real, worn, mostKw);
        assertAlmostEquals(reserveKwh[t], socMin * worn, rounding);
        idle = nextEnergyKwh(real, idle, 0);
        // What was once taken to a reserve, and then left alone.
        const left = Array.from(
          reserveKwh.subarray(0, t + 1),
          (kwh, since) => kwh * real.retention ** (t - since),
        );
        assertAlmostEquals(idleKwh[t], Math.min(idle, ...left), rounding);
      });
    }),
    runs,
  );
});
