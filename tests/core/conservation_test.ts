import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Battery, Curve } from "../../lib/data/community.ts";
import { world } from "../helpers/worlds.ts";
import { begin, playWildly } from "../helpers/play.ts";

const runs = { numRuns: 150, seed: 16 };

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

Deno.test("conservation: in every slot and home, net position is load and battery less PV", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { profiles } = world.dataset;
      const { slots, dtHours } = profiles.grid;
      playWildly(begin(world), world.seed, ({ info }, t) => {
        for (let i = 0; i < info.netKwh.length; i++) {
          const load = profiles.loadKw[i * slots + t], pv = profiles.pvKw[i * slots + t];
          const unserved = info.unservedKw[i], curtailed = info.curtailedKw[i];
          assert(unserved >= 0 && unserved <= load && curtailed >= 0 && curtailed <= pv);
          const powerKw = load - unserved - (pv - curtailed) + info.batteryKw[i];
          assertAlmostEquals(powerKw * dtHours, info.netKwh[i], 1e-9);
          assertAlmostEquals(info.gridKwh[i], info.netKwh[i] - info.tradedKwh[i], 1e-9);
        }
      });
    }),
    runs,
  );
});

Deno.test("conservation: what is bought is sold, within the orders and at one price", () => {
  fc.assert(
    fc.property(world, (world) => {
      playWildly(begin(world), world.seed, ({ info }) => {
        assertAlmostEquals(sum(info.tradedKwh), 0, 1e-9);
        assertAlmostEquals(sum(info.tradedKwh.map(Math.abs)), 2 * info.volumeKwh[0], 1e-9);
        const price = info.clearingPricePerKwh[0];
        assertEquals(Number.isNaN(price), info.volumeKwh[0] === 0);
        info.tradedKwh.forEach((traded, i) => {
          const order = info.orderKwh[i];
          assert(traded * order >= 0 && Math.abs(traded) <= Math.abs(order));
          if (traded > 0) assert(price <= info.orderPricePerKwh[i] + 1e-12);
          if (traded < 0) assert(price >= info.orderPricePerKwh[i] - 1e-12);
        });
      });
    }),
    runs,
  );
});

Deno.test("conservation: batteries hold what was charged less losses, within their bounds", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { dataset: { community: { prosumers }, profiles: { grid } } } = world;
      const env = begin(world);
      const energy = env.state.energyKwh.slice();
      const capacity = env.state.capacityKwh.slice();
      playWildly(env, world.seed, ({ info }) => {
        prosumers.forEach(({ battery }, i) => {
          const powerKw = info.batteryKw[i];
          if (battery === null) {
            assertEquals([powerKw, info.energyKwh[i]].map(Math.abs), [0, 0]);
            return;
          }
          assert(powerKw <= battery.maxChargeKw && powerKw >= -battery.maxDischargeKw);
          const retained = energy[i] * Math.exp(-battery.selfDischargePerHour * grid.dtHours);
          energy[i] = energyAfter(battery, energy[i], powerKw, grid.dtHours);
          capacity[i] -= (battery.capacityLossCoefficient ?? 0) * battery.capacityKwh *
            Math.abs(powerKw) * grid.dtHours / (2 * capacity[i]);
          assertAlmostEquals(info.energyKwh[i], energy[i], 1e-9);
          assertAlmostEquals(env.state.capacityKwh[i], capacity[i], 1e-9);
          assert(info.energyKwh[i] <= battery.socMax * env.state.capacityKwh[i]);
          const empty = battery.socMin * env.state.capacityKwh[i];
          assert(info.energyKwh[i] >= Math.min(empty, retained) - 1e-9);
        });
      });
    }),
    runs,
  );
});

Deno.test("conservation: the community keeps to its grid connection, outages included", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { gridImportLimitKw, gridExportLimitKw, grid: { dtHours } } = world.dataset.profiles;
      playWildly(begin(world), world.seed, ({ info }, t) => {
        const gridKwh = sum(info.gridKwh);
        assert(gridKwh <= gridImportLimitKw[t] * dtHours + 1e-9, `imports ${gridKwh} kWh`);
        assert(-gridKwh <= gridExportLimitKw[t] * dtHours + 1e-9, `exports ${-gridKwh} kWh`);
        // Nobody sheds load for want of grid while somebody has to curtail.
        assert(sum(info.unservedKw) === 0 || sum(info.curtailedKw) === 0);
      });
    }),
    runs,
  );
});

Deno.test("conservation: the bills of a community are what the grid is owed, plus fees", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { importPricePerKwh, feedInTariffPerKwh } = world.dataset.profiles;
      const fee = world.config.market.networkFeePerKwh;
      playWildly(begin(world), world.seed, ({ info }, t) => {
        const imports = sum(info.gridKwh.map((kwh) => Math.max(0, kwh)));
        const exports = sum(info.gridKwh.map((kwh) => Math.max(0, -kwh)));
        const owed = imports * importPricePerKwh[t] - exports * feedInTariffPerKwh[t];
        assertAlmostEquals(sum(info.bill), owed + 2 * fee * info.volumeKwh[0], 1e-9);
      });
    }),
    runs,
  );
});

Deno.test("conservation: nobody pays more for the same energy than the grid alone would charge", () => {
  fc.assert(
    fc.property(world, (world) => {
      const { importPricePerKwh, feedInTariffPerKwh } = world.dataset.profiles;
      playWildly(begin(world), world.seed, ({ info }, t) => {
        info.netKwh.forEach((kwh, i) => {
          const alone = kwh * (kwh > 0 ? importPricePerKwh[t] : feedInTariffPerKwh[t]);
          assert(info.bill[i] <= alone + 1e-9);
        });
      });
    }),
    runs,
  );
});

/** Stored energy after a slot by the equation of the battery, worked out on its own. [kWh] */
function energyAfter(battery: Battery, energyKwh: number, powerKw: number, dtHours: number) {
  const charging = powerKw > 0;
  const rated = charging ? battery.maxChargeKw : battery.maxDischargeKw;
  const curve = battery.roundTripEfficiencyByPower;
  const efficiency = curve !== undefined
    ? Math.sqrt(valueAt(curve, rated === 0 ? 0 : Math.abs(powerKw) / rated))
    : charging
    ? battery.chargeEfficiency
    : battery.dischargeEfficiency;
  const storedKw = charging ? powerKw * efficiency : powerKw / efficiency;
  const decay = battery.selfDischargePerHour * dtHours;
  const hours = decay > 1e-3
    ? (1 - Math.exp(-decay)) / battery.selfDischargePerHour
    : dtHours * (1 - decay / 2 + decay ** 2 / 6);
  return energyKwh * Math.exp(-decay) + storedKw * hours;
}

/** Value of a curve whose first x is 0 and whose last is 1. */
function valueAt(curve: Curve, x: number): number {
  const right = Math.max(1, curve.findIndex((point) => point[0] >= x));
  const [[x0, y0], [x1, y1]] = curve.slice(right - 1);
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}
