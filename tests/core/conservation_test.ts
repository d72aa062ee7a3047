import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Battery, Curve } from "../../lib/data/community.ts";
import { tariffsOf } from "../../lib/data/tariffs.ts";
import type { Ledger } from "../../lib/env/columns.ts";
import type { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { mechanismNamed } from "../../lib/market/mechanisms/mod.ts";
import { begin, playWildly } from "../helpers/play.ts";
import { type World, world, worldOf } from "../helpers/worlds.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

type SlotCheck = (slot: Ledger, t: number) => void;

/** A price as the market takes it. */
const rounded = (price: number) => Math.round(price * 1e6) / 1e6;

/** The fee that each side pays in a slot. */
function feeOf({ dataset: { profiles }, config }: World, t: number): number {
  const { networkFeePerKwh, orders } = config.market;
  if (orders === "inelastic") return networkFeePerKwh;
  const ceiling = profiles.importPricePerKwh[t] +
    config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[t];
  const room = rounded(ceiling) - rounded(profiles.feedInTariffPerKwh[t]);
  return Math.max(0, Math.min(rounded(networkFeePerKwh), room / 2));
}

/** What holds in every slot of every world, by what it says. */
const promises: Readonly<Record<string, (world: World, env: EnergyMarketEnv) => SlotCheck>> = {
  "net position is load and stores less sun": ({ dataset: { profiles } }, env) => (slot, t) => {
    const { slots, dtHours } = profiles.grid;
    slot.netKwh.forEach((netKwh, i) => {
      const load = profiles.loadKw[i * slots + t], pv = profiles.pvKw[i * slots + t];
      const unserved = slot.unservedKw[i], curtailed = slot.curtailedKw[i];
      assert(unserved >= -1e-12 && unserved <= load && curtailed >= -1e-12 && curtailed <= pv);
      const storesKw = env.world.stores.reduce(
        (total, { owner }, s) => owner === i ? total + slot.powerKw[s] : total,
        0,
      );
      assertAlmostEquals(slot.storesKw[i], storesKw, 1e-12);
      const powerKw = load - unserved - (pv - curtailed) + storesKw;
      assertAlmostEquals(powerKw * dtHours, netKwh, 1e-9);
      assertAlmostEquals(slot.gridKwh[i], netKwh - slot.tradedKwh[i], 1e-9);
    });
  },
  "what is bought is sold": () => (slot) => {
    assertAlmostEquals(sum(slot.tradedKwh), 0, 1e-9);
    assertAlmostEquals(sum(slot.tradedKwh.map(Math.abs)), 2 * slot.volumeKwh[0], 1e-9);
    slot.tradedKwh.forEach((traded, i) => {
      assert(traded * slot.netKwh[i] >= -1e-12, "a buyer buys and a seller sells");
      assert(Math.abs(traded) <= Math.abs(slot.netKwh[i]) + 1e-9);
    });
  },
  "inelastic orders trade at one price that both accept": ({ config }) => (slot) => {
    if (config.market.orders !== "inelastic") return;
    const price = slot.clearingPricePerKwh[0];
    assertEquals(Number.isNaN(price), slot.volumeKwh[0] === 0);
    slot.tradedKwh.forEach((traded, i) => {
      const order = slot.orderKwh[i];
      assert(traded * order >= 0 && Math.abs(traded) <= Math.abs(order));
      if (traded > 0) assert(price <= slot.orderPricePerKwh[i] + 1e-12);
      if (traded < 0) assert(price >= slot.orderPricePerKwh[i] - 1e-12);
    });
  },
  "the mechanism keeps its own promises": ({ config }, { book }) => {
    const mechanism = mechanismNamed(config.market.mechanism);
    return () => {
      if (book === null) return;
      const { valid, promises } = mechanism.certify(book, 0);
      assert(valid, JSON.stringify(promises));
    };
  },
  "batteries hold what was charged less losses, within their bounds": ({ dataset }, env) => {
    const { community: { prosumers }, profiles: { grid: { dtHours } } } = dataset;
    const batteries = prosumers.flatMap(({ battery }) => battery === null ? [] : [battery]);
    assertEquals(env.world.stores.length, batteries.length);
    const energy = env.state.energyKwh.slice();
    const capacity = env.state.capacityKwh.slice();
    return (slot) =>
      batteries.forEach((battery, s) => {
        const powerKw = slot.powerKw[s];
        assert(powerKw <= battery.maxChargeKw && powerKw >= -battery.maxDischargeKw);
        const retained = energy[s] * Math.exp(-battery.selfDischargePerHour * dtHours);
        energy[s] = energyAfter(battery, energy[s], powerKw, dtHours);
        capacity[s] -= (battery.capacityLossCoefficient ?? 0) * battery.capacityKwh *
          Math.abs(powerKw) * dtHours / (2 * capacity[s]);
        assertAlmostEquals(slot.endEnergyKwh[s], energy[s], 1e-9);
        assertEquals(env.state.energyKwh[s], slot.endEnergyKwh[s]);
        assertAlmostEquals(env.state.capacityKwh[s], capacity[s], 1e-9);
        assert(energy[s] <= battery.socMax * capacity[s] + 1e-9);
        const empty = battery.socMin * capacity[s];
        assert(energy[s] >= Math.min(empty, retained) - 1e-9);
        assertEquals(slot.unmetKwh[s], 0);
      });
  },
  "the community keeps to its connection, outages included": ({ dataset: { profiles } }) => {
    const { gridImportLimitKw, gridExportLimitKw, grid: { dtHours } } = profiles;
    return (slot, t) => {
      const gridKwh = sum(slot.gridKwh);
      assert(gridKwh <= gridImportLimitKw[t] * dtHours + 1e-9, `imports ${gridKwh} kWh`);
      assert(-gridKwh <= gridExportLimitKw[t] * dtHours + 1e-9, `exports ${-gridKwh} kWh`);
    };
  },
  "nobody sheds for want of a grid while somebody curtails": (world) => (slot, t) => {
    const { importPricePerKwh, feedInTariffPerKwh } = world.dataset.profiles;
    const { market: { mechanism, orders }, cost } = world.config;
    // Load that is worth less than two fees is not worth trading for, and a slot without trade splits homes.
    const trades = mechanism === "uniform-price" &&
      importPricePerKwh[t] >= feedInTariffPerKwh[t] &&
      cost.lostLoadPricePerKwh > 2 * feeOf(world, t) + 1e-5;
    if (!trades && orders === "curves") return;
    const shed = sum(slot.unservedKw), curtailed = sum(slot.curtailedKw);
    assert(shed < 1e-9 || curtailed < 1e-9, `${shed} kW are shed, ${curtailed} kW curtailed`);
  },
  "bills are what the grid is owed, plus fees, less the rent that goes back": (world) => {
    const { dataset, config: { cost } } = world;
    const { classes, classOf } = tariffsOf(dataset);
    return (slot, t) => {
      if (cost.peakPricePerKw > 0 && world.config.market.orders === "curves") return;
      const owed = slot.gridKwh.map((kwh, i) => {
        const { importPricePerKwh, feedInTariffPerKwh } = classes[classOf[i]];
        return kwh * (kwh > 0 ? importPricePerKwh[t] : feedInTariffPerKwh[t]);
      });
      const fees = 2 * feeOf(world, t) * slot.volumeKwh[0];
      // Prices are rounded to 1e-6.
      const rounding = 1e-6 * (1 + sum(slot.gridKwh.map(Math.abs)) + slot.volumeKwh[0]);
      assertAlmostEquals(sum(slot.bill), sum(owed) + fees, rounding);
    };
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
  // Two worlds whose limits are as small as numbers go.
  const examples: [World][] = [[worldOf(981, 1)], [worldOf(1494, 1)]];
  fc.assert(property, { numRuns: 60, seed: 16, examples });
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
