/**
 * An audit of the books that shares no code with the environment: it recomputes what physics, market
 * and grid connection demand, and counts what does not hold. The count of a sound run is 0.
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
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
  const energyKwh = new Float64Array(count);
  const capacityKwh = new Float64Array(count);
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
        if (step === 0) {
          const soc = battery.socMin + config.initialSoc * (battery.socMax - battery.socMin);
          energyKwh[i] = soc * battery.capacityKwh;
          capacityKwh[i] = battery.capacityKwh;
        }
        const after = book.energyKwh[row];
        const decay = Math.exp(-battery.selfDischargePerHour * dtHours);
        const kept = energyKwh[i] * decay;
        const cycles = (Math.abs(power) * dtHours) / (2 * capacityKwh[i]);
        capacityKwh[i] -= (battery.capacityLossCoefficient ?? 0) * battery.capacityKwh * cycles;
        const least = Math.min(battery.socMin * capacityKwh[i], kept);
        const most = Math.max(battery.socMax * capacityKwh[i], kept);
        demand("battery", within(power, -battery.maxDischargeKw, battery.maxChargeKw));
        demand("battery", near(kept + storedKwh(battery, power, decay, dtHours), after));
        demand("stateOfCharge", within(after, least, most));
        energyKwh[i] = after;
      }
      demand("trade", near(traded, 0));
      demand("grid", gridKwh <= profiles.gridImportLimitKw[slot] * dtHours + TOLERANCE * count);
      demand("grid", -gridKwh <= profiles.gridExportLimitKw[slot] * dtHours + TOLERANCE * count);
    }
  });
  const total = Object.values(found).reduce((sum, n) => sum + n, 0);
  return { ...found, total };
}

/** What a slot at constant power adds to the store. [kWh] */
function storedKwh(battery: Battery, powerKw: number, decay: number, dtHours: number): number {
  const rate = battery.selfDischargePerHour;
  const hours = rate * dtHours < 1e-9 ? dtHours : (1 - decay) / rate;
  const curve = battery.roundTripEfficiencyByPower;
  if (curve === undefined) {
    const { chargeEfficiency, dischargeEfficiency } = battery;
    return hours * (powerKw > 0 ? powerKw * chargeEfficiency : powerKw / dischargeEfficiency);
  }
  const rated = powerKw > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
  const share = rated > 0 ? Math.abs(powerKw) / rated : 0;
  const after = curve.findIndex(([x]) => x >= share);
  const [x1, y1] = curve.at(after) as readonly [number, number];
  const [x0, y0] = curve[Math.max(0, after - 1)];
  const roundTrip = after <= 0 || x1 === x0 ? y1 : y0 + ((share - x0) * (y1 - y0)) / (x1 - x0);
  return hours * powerKw * Math.sqrt(roundTrip) ** (powerKw > 0 ? 1 : -1);
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE;
}

function within(value: number, least: number, most: number): boolean {
  return value >= least - TOLERANCE && value <= most + TOLERANCE;
}
