import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Battery, Curve } from "../../lib/data/community.ts";
import type { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import type { Ledger } from "../../lib/env/ledger.ts";
import { begin, playWildly } from "../helpers/play.ts";
import { type World, world } from "../helpers/worlds.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

type SlotCheck = (slot: Ledger, t: number) => void;

/** What holds in every slot of every world, by what it says. */
const promises: Readonly<Record<string, (world: World, env: EnergyMarketEnv) => SlotCheck>> = {
  "net position is load and battery less PV": ({ dataset: { profiles } }) => (slot, t) => {
    const { slots, dtHours } = profiles.grid;
    slot.netKwh.forEach((netKwh, i) => {
      const load = profiles.loadKw[i * slots + t], pv = profiles.pvKw[i * slots + t];
      const unserved = slot.unservedKw[i], curtailed = slot.curtailedKw[i];
      assert(unserved >= 0 && unserved <= load && curtailed >= 0 && curtailed <= pv);
      const powerKw = load - unserved - (pv - curtailed) + slot.batteryKw[i];
      assertAlmostEquals(powerKw * dtHours, netKwh, 1e-9);
      assertAlmostEquals(slot.gridKwh[i], netKwh - slot.tradedKwh[i], 1e-9);
    });
  },
  "what is bought is sold, within the orders and at one price": () => (slot) => {
    assertAlmostEquals(sum(slot.tradedKwh), 0, 1e-9);
    assertAlmostEquals(sum(slot.tradedKwh.map(Math.abs)), 2 * slot.volumeKwh[0], 1e-9);
    const price = slot.clearingPricePerKwh[0];
    assertEquals(Number.isNaN(price), slot.volumeKwh[0] === 0);
    slot.tradedKwh.forEach((traded, i) => {
      const order = slot.orderKwh[i];
      assert(traded * order >= 0 && Math.abs(traded) <= Math.abs(order));
      if (traded > 0) assert(price <= slot.orderPricePerKwh[i] + 1e-12);
      if (traded < 0) assert(price >= slot.orderPricePerKwh[i] - 1e-12);
    });
  },
  "batteries hold what was charged less losses, within their bounds": ({ dataset }, env) => {
    const { community: { prosumers }, profiles: { grid: { dtHours } } } = dataset;
    const energy = env.state.energyKwh.slice();
    const capacity = env.state.capacityKwh.slice();
    return (slot) =>
      prosumers.forEach(({ battery }, i) => {
        const powerKw = slot.batteryKw[i];
        if (battery === null) {
          assertEquals([powerKw, slot.energyKwh[i]].map(Math.abs), [0, 0]);
          return;
        }
        assert(powerKw <= battery.maxChargeKw && powerKw >= -battery.maxDischargeKw);
        const retained = energy[i] * Math.exp(-battery.selfDischargePerHour * dtHours);
        energy[i] = energyAfter(battery, energy[i], powerKw, dtHours);
        capacity[i] -= (battery.capacityLossCoefficient ?? 0) * battery.capacityKwh *
          Math.abs(powerKw) * dtHours / (2 * capacity[i]);
        assertAlmostEquals(slot.energyKwh[i], energy[i], 1e-9);
        assertAlmostEquals(env.state.capacityKwh[i], capacity[i], 1e-9);
        assert(slot.energyKwh[i] <= battery.socMax * env.state.capacityKwh[i]);
        const empty = battery.socMin * env.state.capacityKwh[i];
        assert(slot.energyKwh[i] >= Math.min(empty, retained) - 1e-9);
      });
  },
  "the community keeps to its connection, outages included": ({ dataset: { profiles } }) => {
    const { gridImportLimitKw, gridExportLimitKw, grid: { dtHours } } = profiles;
    return (slot, t) => {
      const gridKwh = sum(slot.gridKwh);
      assert(gridKwh <= gridImportLimitKw[t] * dtHours + 1e-9, `imports ${gridKwh} kWh`);
      assert(-gridKwh <= gridExportLimitKw[t] * dtHours + 1e-9, `exports ${-gridKwh} kWh`);
      // Nobody sheds load for want of grid while somebody has to curtail.
      assert(sum(slot.unservedKw) === 0 || sum(slot.curtailedKw) === 0);
    };
  },
  "bills are what the grid is owed, plus fees":
    ({ dataset: { profiles }, config }) => (slot, t) => {
      const imports = sum(slot.gridKwh.map((kwh) => Math.max(0, kwh)));
      const exports = sum(slot.gridKwh.map((kwh) => Math.max(0, -kwh)));
      const owed = imports * profiles.importPricePerKwh[t] -
        exports * profiles.feedInTariffPerKwh[t];
      const fees = 2 * config.market.networkFeePerKwh * slot.volumeKwh[0];
      assertAlmostEquals(sum(slot.bill), owed + fees, 1e-9);
    },
  "nobody pays more for the same energy than the grid alone would charge": (
    { dataset: { profiles } },
  ) =>
  (slot, t) => {
    slot.netKwh.forEach((kwh, i) => {
      const price = kwh > 0 ? profiles.importPricePerKwh[t] : profiles.feedInTariffPerKwh[t];
      assert(slot.bill[i] <= kwh * price + 1e-9);
    });
  },
};

Deno.test("conservation: energy, trade, stores, connection and money, in any world under wild actions", () => {
  const property = fc.property(world, (world) => {
    const env = begin(world);
    const checks = Object.entries(promises).map(([what, check]) =>
      [what, check(world, env)] as const
    );
    playWildly(env, world.seed, ({ info }, t) => {
      for (const [what, check] of checks) {
        try {
          check(info, t);
        } catch (error) {
          throw new Error(`${what}, slot ${t}: ${(error as Error).message}`, { cause: error });
        }
      }
    });
  });
  fc.assert(property, { numRuns: 200, seed: 16 });
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
