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
import { near, roundingOf, within } from "./tolerance.ts";

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
  /** Bills and CO2 follow from flows and prices; the community's cost follows from all of it. */
  readonly money: number;
  /** All of them. */
  readonly total: number;
}

/** Audits the books of all episodes. */
export function audit(records: Records, dataset: Dataset, config: EnvironmentConfig): Audit {
  const found = {
    energyBalance: 0,
    battery: 0,
    stateOfCharge: 0,
    order: 0,
    trade: 0,
    grid: 0,
    money: 0,
  };
  const demand: Demand = (kind, holds) => {
    if (!holds) found[kind]++;
  };
  records.firstSlots.forEach((first, episode) => {
    const books = { records, dataset, config, first, episode };
    auditFlows(books, demand);
    auditMoney(books, demand);
    for (let i = 0; i < records.prosumers; i++) auditBattery(books, i, demand);
  });
  const total = Object.values(found).reduce((sum, n) => sum + n, 0);
  return { ...found, total };
}

/** Counts a condition that does not hold. */
type Demand = (kind: Exclude<keyof Audit, "total">, holds: boolean) => void;

/** The books of one episode. */
interface EpisodeBooks {
  readonly records: Records;
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
  readonly first: number;
  readonly episode: number;
}

function auditFlows({ records, dataset, config, first, episode }: EpisodeBooks, demand: Demand) {
  const { columns: book, prosumers: count, slotsPerEpisode } = records;
  const { profiles } = dataset;
  const { slots, dtHours } = profiles.grid;
  const fee = config.market.networkFeePerKwh;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = first + step;
    const price = records.clearingPricePerKwh[episode * slotsPerEpisode + step];
    const lowest = profiles.feedInTariffPerKwh[slot] + fee;
    const highest = profiles.importPricePerKwh[slot] - fee;
    let tradedKwh = 0, gridKwh = 0, flowKwh = 0;
    for (let i = 0; i < count; i++) {
      const row = (episode * slotsPerEpisode + step) * count + i;
      const load = profiles.loadKw[i * slots + slot], pv = profiles.pvKw[i * slots + slot];
      const unserved = book.unservedKw[row], curtailed = book.curtailedKw[row];
      const net = book.netKwh[row], order = book.orderKwh[row], trade = book.tradedKwh[row];
      const limit = book.orderPricePerKwh[row];
      const takenKw = load - unserved - pv + curtailed + book.batteryKw[row];
      demand("energyBalance", within(unserved, 0, load) && within(curtailed, 0, pv));
      const movedKw = load + pv + Math.abs(book.batteryKw[row]);
      demand("energyBalance", near(takenKw * dtHours, net, movedKw * dtHours));
      demand("order", within(order, Math.min(net, 0), Math.max(net, 0)));
      demand("order", order === 0 || within(limit, lowest, highest));
      demand("trade", within(trade, Math.min(order, 0), Math.max(order, 0)));
      const rounding = roundingOf(limit);
      const accepted = trade > 0 ? price <= limit + rounding : price >= limit - rounding;
      demand("trade", trade === 0 || accepted);
      const apartKwh = Math.abs(trade) + Math.abs(book.gridKwh[row]);
      demand("grid", near(trade + book.gridKwh[row], net, apartKwh));
      tradedKwh += trade;
      gridKwh += book.gridKwh[row];
      flowKwh += movedKw * dtHours;
    }
    demand("trade", near(tradedKwh, 0, flowKwh));
    const rounding = count * roundingOf(flowKwh / count);
    demand("grid", gridKwh <= profiles.gridImportLimitKw[slot] * dtHours + rounding);
    demand("grid", -gridKwh <= profiles.gridExportLimitKw[slot] * dtHours + rounding);
  }
}

/** Recomputes every bill and every kg, and what the community is charged in every slot. */
function auditMoney({ records, dataset, config, first, episode }: EpisodeBooks, demand: Demand) {
  const { columns: book, prosumers: count, slotsPerEpisode } = records;
  const { profiles: { grid: { dtHours }, ...profiles }, community } = dataset;
  const { cost: rates, market: { networkFeePerKwh } } = config;
  const prices = profiles.importPricePerKwh.subarray(first, first + slotsPerEpisode);
  let peakKw = 0, lastKw = NaN;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = first + step;
    const at = episode * slotsPerEpisode + step;
    const price = records.clearingPricePerKwh[at];
    let owed = 0, charged = 0, gridKwh = 0, size = 0;
    for (let i = 0; i < count; i++) {
      const row = at * count + i;
      const grid = book.gridKwh[row], trade = book.tradedKwh[row];
      const withGrid = Math.max(0, grid) * profiles.importPricePerKwh[slot] +
        Math.min(0, grid) * profiles.feedInTariffPerKwh[slot];
      const withMarket = trade === 0 ? 0 : trade * price + Math.abs(trade) * networkFeePerKwh;
      const bill = withGrid + withMarket;
      const billSize = Math.abs(withGrid) + Math.abs(withMarket);
      const emissions = Math.max(0, grid) * profiles.carbonKgPerKwh[slot];
      demand("money", near(bill, book.bill[row], billSize));
      demand("money", near(emissions, book.emissionsKg[row]));
      owed += bill + rates.carbonPricePerKg * emissions +
        rates.wearPricePerKwh * Math.max(0, -book.batteryKw[row]) * dtHours +
        rates.lostLoadPricePerKwh * book.unservedKw[row] * dtHours;
      charged += book.cost[row];
      size += billSize + Math.abs(book.cost[row]);
      gridKwh += grid;
      const battery = community.prosumers[i].battery;
      if (step < slotsPerEpisode - 1 || battery === null) continue;
      const shortfallKwh = initialEnergyKwh(battery, config) - book.energyKwh[row];
      owed += Math.max(0, shortfallKwh) * Math.max(...prices);
    }
    const netKw = gridKwh / dtHours;
    owed += rates.peakPricePerKw * Math.max(0, netKw - peakKw);
    if (step > 0) owed += rates.rampPricePerKw * Math.abs(netKw - lastKw);
    demand("money", near(owed, charged, size));
    peakKw = Math.max(peakKw, netKw);
    lastKw = netKw;
  }
}

function auditBattery(
  { records, dataset, config, episode }: EpisodeBooks,
  i: number,
  demand: Demand,
): void {
  const { columns: book, prosumers: count, slotsPerEpisode } = records;
  const { dtHours } = dataset.profiles.grid;
  const battery = dataset.community.prosumers[i].battery;
  const decay = Math.exp(-(battery?.selfDischargePerHour ?? 0) * dtHours);
  let energyKwh = battery === null ? 0 : initialEnergyKwh(battery, config);
  let capacityKwh = battery?.capacityKwh ?? 0;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const row = (episode * slotsPerEpisode + step) * count + i;
    const power = book.batteryKw[row], after = book.energyKwh[row];
    if (battery === null) {
      demand("battery", power === 0 && after === 0);
      continue;
    }
    const kept = energyKwh * decay;
    const cycles = (Math.abs(power) * dtHours) / (2 * capacityKwh);
    capacityKwh -= (battery.capacityLossCoefficient ?? 0) * battery.capacityKwh * cycles;
    const least = Math.min(battery.socMin * capacityKwh, kept);
    const most = Math.max(battery.socMax * capacityKwh, kept);
    demand("battery", within(power, -battery.maxDischargeKw, battery.maxChargeKw));
    demand("battery", near(kept + storedKwh(battery, power, decay, dtHours), after));
    demand("stateOfCharge", within(after, least, most));
    energyKwh = after;
  }
}

function initialEnergyKwh(battery: Battery, { initialSoc }: EnvironmentConfig): number {
  const soc = battery.socMin + initialSoc * (battery.socMax - battery.socMin);
  return soc * battery.capacityKwh;
}

/** What a slot at constant power adds to the store. [kWh] */
function storedKwh(battery: Battery, powerKw: number, decay: number, dtHours: number): number {
  const loss = battery.selfDischargePerHour * dtHours;
  // 1 − decay has too few digits where little is lost, and the series needs few terms.
  const hours = dtHours * (loss < 1e-4 ? 1 - loss / 2 + loss ** 2 / 6 : (1 - decay) / loss);
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
