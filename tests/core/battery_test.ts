import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Battery, type Curve, validateCommunity } from "../../lib/data/community.ts";
import {
  chargeLimitKw,
  dischargeLimitKw,
  isConstant,
  nextCapacityKwh,
  nextEnergyKwh,
  type SlotBattery,
  slotBattery,
} from "../../lib/physics/battery.ts";
import { interpolate } from "../../lib/physics/curve.ts";
import { battery, between, dtHours } from "../helpers/worlds.ts";

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
  const capacityKwh = battery.capacityKwh * health;
  const { socMin, socMax } = battery;
  const socFraction = Math.max(0, socMin + fill * (socMax - socMin));
  return {
    battery: slotBattery(battery, dtHours),
    capacityKwh,
    energyKwh: Math.min(socFraction * capacityKwh, socMax * capacityKwh),
  };
});

Deno.test("battery: it is constant without curves and without fade, whatever one of them says", () => {
  assertEquals(isConstant(plain), true);
  assertEquals(isConstant({ ...plain, capacityLossCoefficient: 0 }), true);
  const curve: Curve = [[0, 1], [1, 1]];
  for (
    const [name, changed] of Object.entries({
      roundTripEfficiencyByPower: curve,
      powerShareBySoc: curve,
      capacityLossCoefficient: 1e-6,
    })
  ) assertEquals(isConstant({ ...plain, [name]: changed }), false, name);
});

Deno.test("battery: published arithmetic: 5 kW for an hour at 90 % stores 4.5 kWh", () => {
  const hourly = slotBattery(plain, 1);
  assertAlmostEquals(nextEnergyKwh(hourly, 2, 5), 6.5, 1e-12);
  assertAlmostEquals(nextEnergyKwh(hourly, 8, -4), 3, 1e-12);
  assertAlmostEquals(chargeLimitKw(hourly, 7.2, 10), 2, 1e-12);
  assertAlmostEquals(dischargeLimitKw(hourly, 2, 10), 0.8, 1e-12);
  assertEquals(chargeLimitKw(hourly, 1, 10), 5);
  assertEquals(dischargeLimitKw(hourly, 9, 10), 4);
});

Deno.test("battery: it loses a share e^(−σΔ) on its own", () => {
  const leaky = slotBattery({ ...plain, selfDischargePerHour: 0.02 }, 0.5);
  assertAlmostEquals(nextEnergyKwh(leaky, 5, 0), 5 * Math.exp(-0.01), 1e-14);
});

Deno.test("battery: each direction takes the square root of the round trip's efficiency", () => {
  const curved = slotBattery({ ...plain, roundTripEfficiencyByPower: [[0, 0.64], [1, 0.81]] }, 1);
  assertAlmostEquals(nextEnergyKwh(curved, 2, 5), 2 + 5 * 0.9, 1e-12);
  assertAlmostEquals(nextEnergyKwh(curved, 8, -4), 8 - 4 / 0.9, 1e-12);
  assertAlmostEquals(nextEnergyKwh(curved, 2, 2.5), 2 + 2.5 * Math.sqrt(0.725), 1e-12);
});

Deno.test("battery: a vanishing self-discharge rate does not stretch the slot", () => {
  const slow = slotBattery({ ...plain, selfDischargePerHour: 5 * Number.MIN_VALUE }, 0.5);
  assertEquals(slow.effectiveHours, 0.5);
});

Deno.test("battery: charging at the limit never ends above full, not by a bit", () => {
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      const limit = chargeLimitKw(battery, energyKwh, capacityKwh);
      assert(limit >= 0 && limit <= battery.maxChargeKw);
      const full = battery.socMax * nextCapacityKwh(battery, capacityKwh, limit);
      assert(nextEnergyKwh(battery, energyKwh, limit) <= full);
    }),
    runs,
  );
});

Deno.test("battery: discharging at the limit never ends below empty, not by a bit", () => {
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      const limit = dischargeLimitKw(battery, energyKwh, capacityKwh);
      assert(limit >= 0 && limit <= battery.maxDischargeKw);
      const empty = battery.socMin * nextCapacityKwh(battery, capacityKwh, limit);
      // Self-discharge may have taken it below its reserve; then it gives nothing.
      assert(limit === 0 || nextEnergyKwh(battery, energyKwh, -limit) >= empty);
    }),
    runs,
  );
});

Deno.test("battery: a limit is the largest power there is, to 3e-14 of the capacity", () => {
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      const share = powerShare(battery, energyKwh / capacityKwh);
      for (const direction of [1, -1] as const) {
        const limit = limitOf(direction)(battery, energyKwh, capacityKwh);
        const rated = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
        if (Math.abs(limit - rated * share) < 1e-9) continue;
        const bound = direction > 0 ? battery.socMax : battery.socMin;
        const end = nextEnergyKwh(battery, energyKwh, direction * limit);
        const boundKwh = bound * nextCapacityKwh(battery, capacityKwh, limit);
        const left = direction * (boundKwh - end);
        assert(left <= 3e-14 * capacityKwh, `could go on from ${end} to ${boundKwh}`);
      }
    }),
    runs,
  );
});

Deno.test("battery: a limit is found in few steps, and in one where the rated power does not bind", () => {
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      // A reserve of less than any rounding is approached by halves.
      fc.pre(battery.socMin === 0 || battery.socMin > 1e-9);
      const bends = battery.roundTripEfficiencyByPower !== undefined ||
        (battery.capacityLossCoefficient ?? 0) > 0;
      for (const direction of [1, -1] as const) {
        const steps = evaluations(battery, energyKwh, capacityKwh, direction);
        const share = powerShare(battery, energyKwh / capacityKwh);
        const rated = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
        const isRated = limitOf(direction)(battery, energyKwh, capacityKwh) === rated * share;
        const most = isRated ? 1 : bends ? 16 : 4;
        assert(steps <= most, `${steps} steps, ${most} will do`);
      }
    }),
    runs,
  );
});

Deno.test("battery: limits do not depend on the unit of energy", () => {
  const units = 1024;
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      const { maxChargeKw, maxDischargeKw } = battery;
      // Numbers that small are stored with fewer digits.
      const isNormal = (value: number) => value === 0 || value > 1e-100;
      fc.pre([maxChargeKw, maxDischargeKw, battery.socMin, energyKwh].every(isNormal));
      fc.pre(isNormal(battery.capacityLossCoefficient ?? 0));
      const large = {
        ...battery,
        capacityKwh: units * battery.capacityKwh,
        maxChargeKw: units * maxChargeKw,
        maxDischargeKw: units * maxDischargeKw,
      };
      for (const direction of [1, -1] as const) {
        const limit = limitOf(direction)(battery, energyKwh, capacityKwh);
        const same = limitOf(direction)(large, units * energyKwh, units * capacityKwh);
        assertEquals(same, units * limit);
      }
    }),
    runs,
  );
});

Deno.test("battery: a rated power that just fills or empties it is allowed in full", () => {
  const even = slotBattery({ ...plain, chargeEfficiency: 1, dischargeEfficiency: 1, socMin: 0 }, 1);
  assertEquals(chargeLimitKw({ ...even, socMax: 1 }, 5, 10), 5);
  assertEquals(dischargeLimitKw(even, 4, 10), 4);
});

Deno.test("battery: any smaller power stays within the bounds as well", () => {
  fc.assert(
    fc.property(inUse, between(0, 1), ({ battery, energyKwh, capacityKwh }, part) => {
      for (const direction of [1, -1] as const) {
        const power = part * limitOf(direction)(battery, energyKwh, capacityKwh);
        const end = nextEnergyKwh(battery, energyKwh, direction * power);
        const capacity = nextCapacityKwh(battery, capacityKwh, power);
        assert(end <= battery.socMax * capacity);
        assert(end >= Math.min(battery.socMin * capacity, battery.retention * energyKwh));
      }
    }),
    runs,
  );
});

Deno.test("battery: two half steps at constant power are one whole step", () => {
  fc.assert(
    fc.property(battery, between(0, 1), between(-1, 1), (parameters, fill, share) => {
      const hour = slotBattery(parameters, 1);
      const half = slotBattery(parameters, 0.5);
      const energy = fill * parameters.capacityKwh;
      const power = share * (share > 0 ? parameters.maxChargeKw : parameters.maxDischargeKw);
      const twice = nextEnergyKwh(half, nextEnergyKwh(half, energy, power), power);
      const once = nextEnergyKwh(hour, energy, power);
      assertAlmostEquals(twice, once, 1e-12 * Math.max(1, Math.abs(once)));
    }),
    runs,
  );
});

Deno.test("battery: what goes in is what is stored and what is lost, and nothing is won", () => {
  fc.assert(
    fc.property(inUse, between(-1, 1), ({ battery, energyKwh, capacityKwh }, share) => {
      const direction = share > 0 ? 1 : -1;
      const power = share * limitOf(direction)(battery, energyKwh, capacityKwh);
      const gained = nextEnergyKwh(battery, energyKwh, power) - energyKwh;
      const lost = power * battery.dtHours - gained;
      assert(lost >= -1e-12 * (1 + energyKwh), `lost ${lost} kWh`);
    }),
    runs,
  );
});

Deno.test("battery: a cycle back to the same energy gives out no more than was put in", () => {
  fc.assert(
    fc.property(inUse, ({ battery, energyKwh, capacityKwh }) => {
      const charge = chargeLimitKw(battery, energyKwh, capacityKwh);
      const fuller = nextEnergyKwh(battery, energyKwh, charge);
      const discharge = dischargeLimitKw(battery, fuller, capacityKwh);
      const emptier = nextEnergyKwh(battery, fuller, -discharge);
      fc.pre(emptier >= energyKwh - 1e-12);
      assert(discharge <= charge + 1e-9);
    }),
    runs,
  );
});

Deno.test("battery: one that has faded away can do nothing, whatever its curves", () => {
  const gone = slotBattery({ ...plain, powerShareBySoc: [[0, 0.3], [0.8, 1], [1, 0.4]] }, 0.5);
  for (const leftKwh of [0, 0.1]) {
    assertEquals([chargeLimitKw(gone, leftKwh, 0), dischargeLimitKw(gone, leftKwh, 0)], [0, 0]);
  }
});

Deno.test("battery: capacity fades with throughput, half a coefficient per capacity moved", () => {
  const fading = slotBattery({ ...plain, capacityLossCoefficient: 1e-3 }, 0.5);
  // 10 kWh × 1e-3 × (4 kW × ½ h) / (2 × 8 kWh)
  assertAlmostEquals(nextCapacityKwh(fading, 8, -4), 8 - 0.00125, 1e-15);
  assertEquals(nextCapacityKwh(fading, 8, 0), 8);
  const worn = slotBattery({ ...plain, capacityLossCoefficient: 0.9 }, 1);
  assertEquals(nextCapacityKwh(worn, 0.1, 5), 0);
  assertEquals(nextCapacityKwh(worn, 0, 0), 0);
});

Deno.test("battery: a curve is linear between its points and constant beyond its ends", () => {
  const curve: Curve = [[0.25, 1], [0.5, 3], [1, 2]];
  const values = [0, 0.25, 0.375, 0.5, 0.75, 1, 1.5].map((x) => interpolate(curve, x));
  assertEquals(values, [1, 1, 2, 3, 2.5, 2, 2]);
  assertEquals([0, 0.5, 1].map((x) => interpolate([[0.5, 0.75]], x)), [0.75, 0.75, 0.75]);
});

Deno.test("battery: an efficiency curve under which more power moves less is refused", () => {
  const refused: readonly Curve[] = [
    [[0, 1], [0.5, 1], [1, 0.2]],
    [[0.5, 0.1], [1, 0.4]],
  ];
  for (const roundTripEfficiencyByPower of refused) {
    assertThrows(
      () => validate({ ...plain, roundTripEfficiencyByPower }),
      RangeError,
      "battery.roundTripEfficiencyByPower must be a curve along which more AC power",
    );
  }
  validate({
    ...plain,
    roundTripEfficiencyByPower: [[0, 0.83], [0.7, 0.9], [0.8, 0.9], [1, 0.85]],
  });
});

Deno.test("battery: every impossible parameter is refused by name and prosumer", () => {
  const wrong: readonly Partial<Battery>[] = [
    { capacityKwh: 0 },
    { capacityKwh: NaN },
    { maxChargeKw: -1 },
    { maxDischargeKw: Infinity },
    { chargeEfficiency: 0 },
    { dischargeEfficiency: 1.01 },
    { selfDischargePerHour: -0.1 },
    { socMin: -0.1 },
    { socMax: 0.1 },
    { capacityLossCoefficient: 1 },
    { powerShareBySoc: [] },
    { powerShareBySoc: [[0, 1], [0, 1]] },
    { roundTripEfficiencyByPower: [[0, 0]] },
  ];
  for (const change of wrong) {
    const error = assertThrows(() => validate({ ...plain, ...change }), RangeError);
    const [field] = Object.keys(change);
    assert(error.message.startsWith(`battery.${field} must be`), error.message);
    assert(error.message.endsWith("(prosumer house-07)"), error.message);
  }
});

/** How often the physics of a slot is evaluated to find a limit. */
function evaluations(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
  direction: 1 | -1,
): number {
  let reads = 0;
  const counting = {
    ...battery,
    get retention() {
      reads++;
      return battery.retention;
    },
  };
  limitOf(direction)(counting, energyKwh, capacityKwh);
  // One more is what idling leaves.
  return reads - 1;
}

function limitOf(direction: 1 | -1) {
  return direction > 0 ? chargeLimitKw : dischargeLimitKw;
}

/** The curve of {@linkcode battery}, worked out on its own. */
function powerShare({ powerShareBySoc: curve }: SlotBattery, socFraction: number): number {
  if (curve === undefined) return 1;
  const [[, y0], [x1, y1], [, y2]] = curve;
  return socFraction < x1
    ? y0 + (socFraction / x1) * (y1 - y0)
    : y1 + ((socFraction - x1) / (1 - x1)) * (y2 - y1);
}

function validate(battery: Battery): void {
  const prosumers = [{ id: "house-07", pvCapacityKw: 0, battery }];
  validateCommunity({ name: "one", currency: "EUR", prosumers });
}
