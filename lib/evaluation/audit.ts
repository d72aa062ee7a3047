/**
 * An audit of the books that shares no code with the environment: it recomputes what physics, market
 * and grid connection demand, and counts what does not hold. The count of a sound run is 0.
 *
 * It reads the devices of a data set as the columns that stores are made of ({@link
 * ../stores/stores.ts}), and nothing else of what the simulation computes.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { type Tariff, tariffsOf } from "../data/tariffs.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Store } from "../stores/store.ts";
import { storesOf } from "../stores/stores.ts";
import type { Records } from "./records.ts";
import { auditPrices, chargesOf } from "./audit_charges.ts";
import { auditNetwork } from "./audit_network.ts";
import { auditRefunds } from "./audit_refunds.ts";
import { auditStore } from "./audit_store.ts";
import { near, roundingOf, within } from "./tolerance.ts";

/** Number of violated conditions, per kind. */
export interface Audit {
  /** Load − unserved − (sun − curtailed) + stores = net position ÷ Δ, both as the data have them. */
  readonly energyBalance: number;
  /** Stored energy follows from power, drains and what was supplied; power is within its rating. */
  readonly store: number;
  /** Stored energy is within its limits. */
  readonly stateOfCharge: number;
  /** Orders lie within the net position and between the grid's prices; where they are inelastic. */
  readonly order: number;
  /** Trades sum to zero and to the volume; inelastic orders at a price that every party accepted. */
  readonly trade: number;
  /** Net position = trade + grid; the community's exchange is within its limits. */
  readonly grid: number;
  /** Bills and CO2 follow from flows and prices; the community's cost follows from all of it. */
  readonly money: number;
  /** Voltages and loadings follow from net positions, and lie within their limits if these are kept. */
  readonly network: number;
  /** All of them. */
  readonly total: number;
}

/** Audits the books of all episodes. */
export function audit(records: Records, dataset: Dataset): Audit {
  const { rules: config } = records;
  const found = {
    energyBalance: 0,
    store: 0,
    stateOfCharge: 0,
    order: 0,
    trade: 0,
    grid: 0,
    money: 0,
    network: 0,
  };
  const demand: Demand = (kind, holds) => {
    if (!holds) found[kind]++;
  };
  const stores = storesOf(dataset);
  const { classes, classOf } = tariffsOf(dataset);
  const tariffs = Array.from(classOf, (each) => classes[each]);
  records.firstSlots.forEach((first, episode) => {
    const books: EpisodeBooks = { records, dataset, config, stores, tariffs, first, episode };
    auditFlows(books, demand);
    if (config.market.orders === "inelastic") auditOrders(books, demand);
    auditPrices(books, demand);
    auditMoney(books, demand);
    auditNetwork(books, demand);
    auditRefunds(books, demand);
    stores.forEach((store, s) => auditStore(books, store, s, demand));
  });
  const total = Object.values(found).reduce((sum, n) => sum + n, 0);
  return { ...found, total };
}

/** Counts a condition that does not hold. */
export type Demand = (kind: Exclude<keyof Audit, "total">, holds: boolean) => void;

/** The books of one episode. */
export interface EpisodeBooks {
  /** Books of all episodes. */
  readonly records: Records;
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** Stores of the community. */
  readonly stores: readonly Store[];
  /** Tariff of each home. */
  readonly tariffs: readonly Tariff[];
  /** First slot of the episode. */
  readonly first: number;
  /** Its number. */
  readonly episode: number;
}

function auditFlows(
  { records, dataset: { profiles }, stores, first, episode }: EpisodeBooks,
  demand: Demand,
): void {
  const { home: book, store: storeBook, community, homes, slotsPerEpisode } = records;
  const { slots, dtHours } = profiles.grid;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = first + step;
    const at = episode * slotsPerEpisode + step;
    let tradedKwh = 0, boughtKwh = 0, gridKwh = 0, flowKwh = 0;
    for (let i = 0; i < homes; i++) {
      const row = at * homes + i;
      const load = profiles.loadKw[i * slots + slot], pv = profiles.pvKw[i * slots + slot];
      const unserved = book.unservedKw[row], curtailed = book.curtailedKw[row];
      const net = book.netKwh[row], trade = book.tradedKwh[row];
      let storesKw = 0, movedKw = load + pv;
      stores.forEach(({ owner }, s) => {
        if (owner !== i) return;
        const power = storeBook.powerKw[at * stores.length + s];
        storesKw += power;
        movedKw += Math.abs(power);
      });
      demand("energyBalance", book.loadKw[row] === load && book.pvKw[row] === pv);
      demand("energyBalance", near(storesKw, book.storesKw[row], movedKw));
      demand("energyBalance", within(unserved, 0, load) && within(curtailed, 0, pv));
      const takenKw = load - unserved - pv + curtailed + storesKw;
      demand("energyBalance", near(takenKw * dtHours, net, movedKw * dtHours));
      const apartKwh = Math.abs(trade) + Math.abs(book.gridKwh[row]);
      demand("grid", near(trade + book.gridKwh[row], net, apartKwh));
      tradedKwh += trade;
      boughtKwh += Math.max(0, trade);
      gridKwh += book.gridKwh[row];
      flowKwh += movedKw * dtHours;
    }
    demand("trade", near(tradedKwh, 0, flowKwh) && community.slot[at] === slot);
    demand("trade", near(boughtKwh, community.volumeKwh[at], flowKwh));
    const rounding = homes * roundingOf(flowKwh / homes);
    demand("grid", gridKwh <= profiles.gridImportLimitKw[slot] * dtHours + rounding);
    demand("grid", -gridKwh <= profiles.gridExportLimitKw[slot] * dtHours + rounding);
  }
}

/** What limit orders demand. */
function auditOrders({ records, config, tariffs, first, episode }: EpisodeBooks, demand: Demand) {
  const { home: book, homes, slotsPerEpisode, community } = records;
  const fee = config.market.networkFeePerKwh;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const price = community.clearingPricePerKwh[episode * slotsPerEpisode + step];
    for (let i = 0; i < homes; i++) {
      const row = (episode * slotsPerEpisode + step) * homes + i;
      const net = book.netKwh[row], order = book.orderKwh[row], trade = book.tradedKwh[row];
      const limit = book.orderPricePerKwh[row];
      const lowest = tariffs[i].feedInTariffPerKwh[first + step] + fee;
      const highest = tariffs[i].importPricePerKwh[first + step] - fee;
      demand("order", within(order, Math.min(net, 0), Math.max(net, 0)));
      demand("order", order === 0 || within(limit, lowest, highest));
      demand("trade", within(trade, Math.min(order, 0), Math.max(order, 0)));
      const rounding = roundingOf(limit);
      const accepted = trade > 0 ? price <= limit + rounding : price >= limit - rounding;
      demand("trade", trade === 0 || accepted);
    }
  }
}

/** Recomputes every kg, what grid and network are owed, and what the community is charged. */
function auditMoney(books: EpisodeBooks, demand: Demand): void {
  const { records, dataset: { profiles }, config, stores, tariffs, first, episode } = books;
  const { home: book, store: storeBook, community, homes, slotsPerEpisode } = records;
  const { grid: { dtHours } } = profiles;
  const { cost: rates, market: { mechanism, orders, networkFeePerKwh } } = config;
  const curves = orders === "curves";
  const atOnePrice = mechanism === "uniform-price" || mechanism === "grid-only" || !curves;
  const charges = chargesOf(books);
  let lastKw = NaN;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = first + step;
    const at = episode * slotsPerEpisode + step;
    const price = community.clearingPricePerKwh[at];
    const carbonPrice = rates.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
    const spread = Math.min(
      ...tariffs.map(({ importPricePerKwh, feedInTariffPerKwh }) =>
        marketPrice(importPricePerKwh[slot] + carbonPrice) - marketPrice(feedInTariffPerKwh[slot])
      ),
    );
    const fee = curves
      ? Math.max(0, Math.min(marketPrice(networkFeePerKwh), spread / 2))
      : networkFeePerKwh;
    let owed = 0, billed = 0, due = 0, charged = 0, gridKwh = 0, amount = 0, moved = 0, rent = 0;
    let flowKwh = 0, trades = false;
    for (let i = 0; i < homes; i++) {
      const row = at * homes + i;
      const grid = book.gridKwh[row], trade = book.tradedKwh[row];
      const toGrid = Math.max(0, grid) * tariffs[i].importPricePerKwh[slot] +
        Math.min(0, grid) * tariffs[i].feedInTariffPerKwh[slot];
      const toNetwork = Math.abs(trade) * fee;
      const toHomes = trade === 0 ? 0 : trade * price;
      const emissions = Math.max(0, grid) * profiles.carbonKgPerKwh[slot];
      const size = Math.abs(toGrid) + Math.abs(toHomes) + toNetwork + Math.abs(book.rent[row]);
      const charge = charges.billed[step * homes + i];
      demand("money", near(charge, book.charges[row], charge));
      if (atOnePrice) {
        const bill = toGrid + toHomes + toNetwork + charge - book.rent[row];
        demand("money", near(bill, book.bill[row], size + charge));
      }
      demand("money", near(emissions, book.emissionsKg[row]));
      owed += toGrid + toNetwork + charge;
      billed += book.bill[row];
      rent += book.rent[row];
      due += book.bill[row] + rates.carbonPricePerKg * emissions +
        rates.lostLoadPricePerKwh * book.unservedKw[row] * dtHours +
        rates.curtailmentPricePerKwh * book.curtailedKw[row] * dtHours;
      charged += book.cost[row];
      gridKwh += grid;
      trades ||= trade !== 0;
      flowKwh += (book.loadKw[row] + book.pvKw[row]) * dtHours;
      moved += size + charge;
      amount += Math.abs(book.cost[row]) + size + charge;
    }
    stores.forEach((store, s) => {
      const k = at * stores.length + s;
      due += rates.wearPricePerKwh * Math.max(0, -storeBook.powerKw[k]) * dtHours +
        (store.unmetPricePerKwh ?? 0) * storeBook.unmetKwh[k];
      if (step < slotsPerEpisode - 1) return;
      const value = endValuePerKwh(books, store);
      const lost = initialEnergyKwh(store, first, config) - storeBook.endEnergyKwh[k];
      due += value * (config.endValue === "first-edition" ? Math.max(0, lost) : lost);
      amount += Math.abs(value * lost);
    });
    // Trades sum to zero but for the rounding of the flows that they are left over from.
    if (trades) moved += Math.abs(price) * flowKwh;
    const netKw = gridKwh / dtHours;
    demand("money", near(owed, billed, moved));
    demand("money", near(rent, 0, moved));
    due += charges.besides[step];
    if (step > 0) due += rates.rampPricePerKw * Math.abs(netKw - lastKw);
    demand("money", near(due, charged, amount));
    lastKw = netKw;
  }
}

/** A price as the market takes it. [currency/kWh] */
function marketPrice(price: number): number {
  return Math.round(price * 1e6) / 1e6;
}

function initialEnergyKwh(store: Store, slot: number, { initialSoc }: EnvironmentConfig): number {
  const [least, most] = [store.leastKwh, store.mostKwh].map((each) => each[slot * store.stride]);
  return store.initialKwh ?? least * (1 - initialSoc) + most * initialSoc;
}

/** What a stored kWh is worth at the end of an episode. [currency/kWh] */
function endValuePerKwh(
  { records, dataset: { profiles }, config, tariffs, first }: EpisodeBooks,
  store: Store,
): number {
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs[store.owner];
  const end = first + records.slotsPerEpisode;
  if (config.endValue === "first-edition") {
    return importPricePerKwh.subarray(first, end).reduce((a, b) => Math.max(a, b));
  }
  const lastDay = Array.from({ length: Math.round(24 / profiles.grid.dtHours) }, (_, k) => {
    return end - 1 - k;
  }).filter((slot) => slot >= first);
  const perStored = (slot: number) =>
    (importPricePerKwh[slot] + config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot]) /
    store.chargeEfficiency[slot * store.stride];
  const cheapest = lastDay.reduce((a, b) => perStored(b) <= perStored(a) ? b : a);
  const sold = feedInTariffPerKwh[cheapest] * store.dischargeEfficiency;
  return Math.max(0, perStored(cheapest), sold);
}
