/**
 * What homes are charged for peaks and by the month, and what a kWh costs them, worked out from the
 * configuration and the books alone: code of its own, as all of the audit.
 *
 * @module
 */

import { clockOf, localOf } from "../data/importers/clock.ts";
import type { TariffClass } from "../data/tariff_config.ts";
import type { Demand, EpisodeBooks } from "./audit.ts";
import { near } from "./tolerance.ts";

/** Charges of one episode. */
export interface EpisodeCharges {
  /** In the bills. `[slots × homes]` [currency] */
  readonly billed: Float64Array;
  /** Shared equally beside the bills. `[slots]` [currency] */
  readonly besides: Float64Array;
}

/**
 * Charges of an episode. In a market of curves the community's peak is a step of the grid's ask, at a
 * price in millionths, and is billed by import, a home's own peak a step of its own curve; where
 * orders are inelastic the community's is shared equally, in bills where it is charged by the month.
 */
export function chargesOf(books: EpisodeBooks): EpisodeCharges {
  const { records, dataset: { profiles }, config, episode } = books;
  const { home: book, homes, slotsPerEpisode } = records;
  const { dtHours } = profiles.grid;
  const { cost: { peakPricePerKw }, market: { orders }, tariffs } = config;
  const billed = new Float64Array(slotsPerEpisode * homes);
  const besides = new Float64Array(slotsPerEpisode);
  const classes = tariffs === undefined ? null : classesOf(books);
  const withVat = (amount: number, vat: number) => amount + vat * amount;
  const monthly = tariffs === undefined ? 0 : withVat(
    tariffs.community.capacityChargePerKwMonth,
    tariffs.local.vat ?? tariffs.classes[tariffs.default].vat,
  );
  const marketPrice = (perKw: number) =>
    orders === "curves" ? Math.round(perKw / dtHours * 1e6) / 1e6 * dtHours : perKw;
  const months = monthsOf(books);
  const shares = sharesOfMonths(months, dtHours);
  const ownPeakKw = new Float64Array(homes);
  let peakKw = 0;
  for (let step = 0; step < slotsPerEpisode; step++) {
    const begins = step === 0 || months[step] !== months[step - 1];
    const part = shares.get(months[step])!;
    if (begins && monthly > 0) peakKw = 0;
    if (begins) ownPeakKw.fill(0);
    const first = (episode * slotsPerEpisode + step) * homes;
    classes?.forEach(({ standingChargePerMonth, capacityChargePerKwMonth, vat }, i) => {
      const at = step * homes + i;
      if (begins) billed[at] += part * withVat(standingChargePerMonth, vat);
      const risesKw = Math.max(0, book.netKwh[first + i] / dtHours - ownPeakKw[i]);
      ownPeakKw[i] += risesKw;
      billed[at] += marketPrice(part * withVat(capacityChargePerKwMonth, vat)) * risesKw;
    });
    const grid = book.gridKwh.subarray(first, first + homes);
    const netKw = grid.reduce((sum, kwh) => sum + kwh, 0) / dtHours;
    const riseKw = Math.max(0, netKw - peakKw);
    peakKw += riseKw;
    if (!(riseKw > 0)) continue;
    const cost = marketPrice(monthly > 0 ? part * monthly : peakPricePerKw) * riseKw;
    const imported = grid.reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
    grid.forEach((kwh, i) => {
      const at = step * homes + i;
      if (orders === "curves") billed[at] += cost * Math.max(0, kwh) / imported;
      else if (monthly > 0) billed[at] += cost / homes;
    });
    if (orders !== "curves" && monthly === 0) besides[step] = cost;
  }
  return { billed, besides };
}

/** Demands that every home's prices are what its class says. */
export function auditPrices(books: EpisodeBooks, demand: Demand): void {
  const { records, dataset: { profiles: { grid }, charges }, config, tariffs, first } = books;
  if (config.tariffs === undefined) return;
  demand("money", charges !== undefined);
  const { local, classes: all, default: usual } = config.tariffs;
  const { networkFeePerKwh: network = all[usual].networkFeePerKwh, vat: tax = all[usual].vat } =
    local;
  const perTrade = network - network * local.networkFeeReduction + local.communityFeePerKwh;
  demand("money", near(2 * config.market.networkFeePerKwh, perTrade + perTrade * tax));
  // A scenario raises prices above those of the contracts.
  if (charges!.isPriceChanged) return;
  const clock = config.tariffs.timeZone === undefined ? null : clockOf(config.tariffs.timeZone);
  classesOf(books).forEach((each, i) => {
    const { vat, networkFeePerKwh, surchargePerKwh, feedInPerKwh } = each;
    const before = charges!.before.classes[charges!.before.classOf[i]];
    for (let slot = first; slot < first + records.slotsPerEpisode; slot++) {
      const universal = Math.round(grid.startMs / 60_000 + slot * grid.dtHours * 60);
      const minute = clock === null
        ? universal + grid.utcOffsetMinutes
        : localOf(clock, universal * 60) / 60;
      const net = energyPrice(each, before.importPricePerKwh[slot], minute) + networkFeePerKwh +
        surchargePerKwh;
      const paid = feedInPerKwh === "data" ? before.feedInTariffPerKwh[slot] : feedInPerKwh ?? 0;
      demand("money", near(net + vat * net, tariffs[i].importPricePerKwh[slot]));
      demand("money", near(paid, tariffs[i].feedInTariffPerKwh[slot]));
    }
  });
}

/** @param minute Local minutes since Thursday, 1970-01-01. */
function energyPrice({ energy }: TariffClass, dayAhead: number, minute: number): number {
  if (energy.kind === "flat") return energy.pricePerKwh;
  if (energy.kind === "dynamic") return dayAhead + energy.markupPerKwh;
  const ofDay = ((minute % 1440) + 1440) % 1440;
  const isWeekend = [2, 3].includes(((Math.floor(minute / 1440) % 7) + 7) % 7);
  const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  for (const { from, to, days, pricePerKwh } of energy.windows) {
    if (days === "weekdays" ? isWeekend : days === "weekends" && !isWeekend) continue;
    const [begin, end] = [minutes(from), minutes(to)];
    const after = ofDay >= begin, before = ofDay < end;
    if (begin < end ? after && before : after || before) return pricePerKwh;
  }
  return energy.pricePerKwh;
}

/** What each home is charged by. */
function classesOf({ dataset: { charges }, config: { tariffs } }: EpisodeBooks): TariffClass[] {
  return charges!.classOf.map((name) => tariffs!.classes[name]);
}

/** Month of every slot, and of none in an episode that is shorter than one. */
function monthsOf({ records, dataset: { profiles: { grid } }, first }: EpisodeBooks): string[] {
  const { slotsPerEpisode } = records;
  const isShort = slotsPerEpisode * grid.dtHours / 24 < 30.4;
  return Array.from({ length: slotsPerEpisode }, (_, step) => {
    if (isShort) return "";
    const ms = grid.startMs + grid.utcOffsetMinutes * 60_000 +
      Math.round((first + step) * grid.dtHours * 60) * 60_000;
    const at = new Date(ms);
    return `${at.getUTCFullYear()} ${at.getUTCMonth()}`;
  });
}

/** What share of its month the slots of each name are. */
function sharesOfMonths(months: readonly string[], dtHours: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const month of months) counts.set(month, (counts.get(month) ?? 0) + 1);
  return new Map([...counts].map(([name, count]) => {
    const days = count * dtHours / 24;
    const [year, month] = name.split(" ").map(Number);
    const whole = name === "" ? Infinity : new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return [name, days >= whole ? 1 : Math.min(1, days / 30.4)];
  }));
}
