/**
 * An audit of the books that shares no code with the environment: it recomputes what physics, market
 * and grid connection demand, and counts what does not hold. The count of a sound run is 0.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Records } from "./records.ts";

const TOLERANCE = 1e-9;

/** Number of violated conditions, per kind. */
export interface Audit {
  /** Load − unserved − (PV − curtailed) + battery = net position ÷ Δ; both magnitudes in range. */
  readonly energyBalance: number;
  /** Stored energy follows from battery power, which is within its rating. */
  readonly battery: number;
  /** Stored energy is within its limits. */
  readonly stateOfCharge: number;
  /** Orders lie within the net position and between the grid's prices. */
  readonly order: number;
  /** Trades lie within orders, sum to zero, and have a price that every party accepted. */
  readonly trade: number;
  /** Net position = trade + grid; the community's exchange is within its limits. */
  readonly grid: number;
  /** All of them. */
  readonly total: number;
}

/** Audits the books of all episodes. */
export function audit(records: Records, dataset: Dataset, config: EnvironmentConfig): Audit {
  const { profiles, community: { prosumers } } = dataset;
  const { slots, dtHours } = profiles.grid;
  const { columns: book, prosumers: count, slotsPerEpisode } = records;
  const fee = config.market.networkFeePerKwh;
  const found = { energyBalance: 0, battery: 0, stateOfCharge: 0, order: 0, trade: 0, grid: 0 };
  const demand = (kind: keyof typeof found, holds: boolean) => {
    if (!holds) found[kind]++;
  };
  records.firstSlots.forEach((first, episode) => {
    for (let step = 0; step < slotsPerEpisode; step++) {
      const slot = first + step;
      const at = (episode * slotsPerEpisode + step) * count;
      const price = records.clearingPricePerKwh[episode * slotsPerEpisode + step];
      const lowest = profiles.feedInTariffPerKwh[slot] + fee;
      const highest = profiles.importPricePerKwh[slot] - fee;
      let traded = 0, gridKwh = 0;
      for (let i = 0; i < count; i++) {
        const row = at + i;
        const load = profiles.loadKw[i * slots + slot];
        const pv = profiles.pvKw[i * slots + slot];
        const unserved = book.unservedKw[row], curtailed = book.curtailedKw[row];
        const net = book.netKwh[row], order = book.orderKwh[row], trade = book.tradedKwh[row];
        const power = book.batteryKw[row];
        demand("energyBalance", within(unserved, 0, load) && within(curtailed, 0, pv));
        demand(
          "energyBalance",
          near((load - unserved - pv + curtailed + power) * dtHours, net),
        );
        demand("order", within(order, Math.min(net, 0), Math.max(net, 0)));
        demand("order", order === 0 || within(book.orderPricePerKwh[row], lowest, highest));
        demand("trade", within(trade, Math.min(order, 0), Math.max(order, 0)));
        const limit = book.orderPricePerKwh[row];
        demand(
          "trade",
          trade === 0 || (trade > 0 ? price <= limit + TOLERANCE : price >= limit - TOLERANCE),
        );
        demand("grid", near(trade + book.gridKwh[row], net));
        traded += trade;
        gridKwh += book.gridKwh[row];
        const battery = prosumers[i].battery;
        if (battery === null) {
          demand("battery", power === 0 && book.energyKwh[row] === 0);
          continue;
        }
        demand("battery", within(power, -battery.maxDischargeKw, battery.maxChargeKw));
        const before = step === 0
          ? (battery.socMin + config.initialSoc * (battery.socMax - battery.socMin)) *
            battery.capacityKwh
          : book.energyKwh[row - count];
        const after = book.energyKwh[row];
        const decay = Math.exp(-battery.selfDischargePerHour * dtHours);
        const least = Math.min(battery.socMin * battery.capacityKwh, before * decay);
        demand("stateOfCharge", within(after, least, battery.socMax * battery.capacityKwh));
        if (battery.roundTripEfficiencyByPower !== undefined) continue;
        const stored = power > 0
          ? power * battery.chargeEfficiency
          : power / battery.dischargeEfficiency;
        const hours = battery.selfDischargePerHour === 0
          ? dtHours
          : (1 - decay) / battery.selfDischargePerHour;
        demand("battery", near(before * decay + stored * hours, after));
      }
      demand("trade", near(traded, 0));
      demand("grid", gridKwh <= profiles.gridImportLimitKw[slot] * dtHours + TOLERANCE * count);
      demand("grid", -gridKwh <= profiles.gridExportLimitKw[slot] * dtHours + TOLERANCE * count);
    }
  });
  const total = Object.values(found).reduce((sum, n) => sum + n, 0);
  return { ...found, total };
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE;
}

function within(value: number, least: number, most: number): boolean {
  return value >= least - TOLERANCE && value <= most + TOLERANCE;
}
