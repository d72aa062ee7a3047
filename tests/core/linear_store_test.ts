import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Battery } from "../../lib/data/community.ts";
import {
  decaysBelowReserve,
  energyPerKw,
  energyRange,
  type LinearStore,
  linearStore,
  powerBounds,
} from "../../lib/policies/linear_store.ts";
import { batteryStore } from "../../lib/stores/battery.ts";
import {
  capacityAfterKwh,
  chargeLimitKw,
  dischargeLimitKw,
  energyAfterKwh,
  requiredChargeKw,
  type Store,
  unmetKwh,
} from "../../lib/stores/store.ts";
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

/** A store whose columns differ by slot and which is supplied from outside, as a car's battery is. */
function withTrips(store: Store, slots: number): Store {
  const column = (value: (t: number) => number) =>
    Float64Array.from({ length: slots }, (_, t) => value(t));
  return {
    ...store,
    stride: 1,
    unmetPricePerKwh: 0.6,
    chargeKw: column((t) => t % 3 === 0 ? 0 : store.ratedChargeKw),
    dischargeKw: column((t) => t % 2 === 0 ? 0 : store.ratedDischargeKw),
    chargeEfficiency: column((t) => 0.5 + 0.05 * t),
    leastKwh: column((t) => t % 4 === 3 ? 0.5 * store.nominalKwh : 0),
    floorKwh: column((t) => t % 4 === 3 ? 0.5 * store.nominalKwh : 0),
    mostKwh: column(() => store.nominalKwh),
    drainKwh: column((t) => t % 4 === 0 ? 0.3 * store.nominalKwh : 0),
  };
}

/** What a linear store holds after slot `t`, apart from what is supplied from outside. [kWh] */
function linearEnergyKwh(linear: LinearStore, t: number, energyKwh: number, powerKw: number) {
  const { stored, drawn } = energyPerKw(linear, t);
  const { retention, drainKwh, stride } = linear.store;
  const perKw = powerKw > 0 ? stored : drawn;
  return retention * energyKwh + perKw * powerKw - drainKwh[t * stride];
}

Deno.test("linear store: one without curves and fading is the store itself, in every slot", () => {
  const half = batteryStore(plain, 0.5, 0);
  for (const store of [half, withTrips(half, 8)]) {
    const linear = linearStore(store);
    assert(!linear.relaxed);
    for (let t = 0; t < 8; t++) {
      const at = t * store.stride;
      const { chargeKw, dischargeKw } = powerBounds(linear, t);
      assertEquals([chargeKw, dischargeKw], [store.chargeKw[at], store.dischargeKw[at]]);
      for (const powerKw of [-4, -1, 0, 1, 5]) {
        const end = energyAfterKwh(store, t, 6, powerKw);
        assertAlmostEquals(linearEnergyKwh(linear, t, 6, powerKw), end, 1e-14);
      }
    }
  }
});

Deno.test("linear store: any curve or fading makes it a relaxation, and only these", () => {
  const isRelaxed = (change: Partial<Battery>) =>
    linearStore(batteryStore({ ...plain, ...change }, 1, 0)).relaxed;
  assert(!isRelaxed({}));
  assert(!isRelaxed({ capacityLossCoefficient: 0 }));
  assert(isRelaxed({ capacityLossCoefficient: 1e-9 }));
  assert(isRelaxed({ powerShareBySoc: [[0, 1]] }));
  assert(isRelaxed({ roundTripEfficiencyByPower: [[0, 0.8]] }));
});

Deno.test("linear store: it decays below its reserve where it loses energy and nobody supplies it", () => {
  const decays = (change: Partial<Battery>) =>
    decaysBelowReserve(linearStore(batteryStore({ ...plain, ...change }, 1, 0)));
  assert(decays({}));
  assert(!decays({ selfDischargePerHour: 0 }));
  assert(!decays({ socMin: 0 }));
  assert(!decaysBelowReserve(linearStore(withTrips(batteryStore(plain, 1, 0), 8))));
});

Deno.test("linear store: it can do whatever the store can, and ends no emptier", () => {
  fc.assert(
    fc.property(battery, dtHours, between(0, 1), between(-1, 1), (parameters, dt, fill, share) => {
      const store = batteryStore(parameters, dt, 0);
      const linear = linearStore(store);
      const { capacityKwh } = parameters;
      const energyKwh = fill * parameters.socMax * capacityKwh;
      const limitOf = share > 0 ? chargeLimitKw : dischargeLimitKw;
      const powerKw = share * limitOf(store, 0, energyKwh, capacityKwh);
      const { chargeKw, dischargeKw } = powerBounds(linear, 0);
      assert(powerKw <= chargeKw && -powerKw <= dischargeKw);
      const end = energyAfterKwh(store, 0, energyKwh, powerKw);
      assert(end <= linearEnergyKwh(linear, 0, energyKwh, powerKw) + 1e-12 * capacityKwh);
    }),
    runs,
  );
});

Deno.test("linear store: it is no better than the store at its best", () => {
  const curved = batteryStore(
    {
      ...plain,
      roundTripEfficiencyByPower: [[0, 0.64], [0.5, 0.81], [1, 0.7]],
      powerShareBySoc: [[0, 0.25], [0.5, 0.75], [1, 0.5]],
    },
    1,
    0,
  );
  const linear = linearStore(curved);
  assertEquals(powerBounds(linear, 0), { chargeKw: 0.75 * 5, dischargeKw: 0.75 * 4 });
  // Half the rated power has the best efficiency.
  for (const powerKw of [2.5, -2]) {
    const end = energyAfterKwh(curved, 0, 5, powerKw);
    assertAlmostEquals(linearEnergyKwh(linear, 0, 5, powerKw), end, 1e-14);
  }
});

Deno.test("linear store: no play takes it below its floors, which idling and full power reach", () => {
  const slots = 8;
  const plays = fc.array(between(-1, 1), { minLength: slots, maxLength: slots });
  fc.assert(
    fc.property(
      battery,
      dtHours,
      between(0, 1),
      plays,
      fc.boolean(),
      (parameters, dtHours, fill, shares, trips) => {
        const bare = batteryStore(parameters, dtHours, 0);
        const store = trips ? withTrips(bare, slots) : bare;
        const linear = linearStore(store);
        let capacityKwh = parameters.capacityKwh;
        let energyKwh = fill * parameters.socMax * capacityKwh;
        const { idleKwh, reserveKwh } = energyRange(
          linear,
          energyKwh,
          capacityKwh,
          (t) => t,
          slots,
        );
        let idle = energyKwh, worn = capacityKwh;
        const rounding = 1e-12 * parameters.capacityKwh;
        shares.forEach((share, t) => {
          const at = t * store.stride;
          const most = chargeLimitKw(store, t, energyKwh, capacityKwh);
          const required = requiredChargeKw(store, t, energyKwh, capacityKwh, most);
          const wanted = share *
            (share > 0 ? most : dischargeLimitKw(store, t, energyKwh, capacityKwh));
          const powerKw = required > 0 ? Math.max(required, wanted) : wanted;
          energyKwh = energyAfterKwh(store, t, energyKwh, powerKw);
          capacityKwh = capacityAfterKwh(store, capacityKwh, powerKw);
          energyKwh += unmetKwh(store, t, energyKwh, capacityKwh);
          assert(energyKwh >= idleKwh[t] - rounding, `${energyKwh} is below ${idleKwh[t]}`);
          const { chargeKw, dischargeKw } = powerBounds(linear, t);
          worn = capacityAfterKwh(store, worn, Math.max(chargeKw, dischargeKw));
          const least = store.leastKwh[at] * (worn / store.nominalKwh);
          assertAlmostEquals(reserveKwh[t], least, rounding);
          if (trips) {
            assertEquals(idleKwh[t], reserveKwh[t]);
            return;
          }
          idle = energyAfterKwh(store, t, idle, 0);
          // What was once taken to a reserve, and then left alone.
          const left = Array.from(
            reserveKwh.subarray(0, t + 1),
            (kwh, since) => kwh * store.retention ** (t - since),
          );
          assertAlmostEquals(idleKwh[t], Math.min(idle, ...left), rounding);
        });
      },
    ),
    runs,
  );
});
