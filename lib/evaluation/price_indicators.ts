/**
 * What a market's prices say: whether they lie strictly between those of the grid, how near they are
 * to the competitive price, and how much energy goes from store to store.
 *
 * The competitive price is the dual of the community's balance under perfect foresight
 * ({@link ../policies/optimum.ts}). Traded volume is not determined among equal values and therefore
 * no indicator.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { type Tariff, tariffsOf } from "../data/tariffs.ts";
import type { Bound } from "./bound.ts";
import type { Records } from "./records.ts";

/** Indicators of prices over all slots of all episodes. */
export interface PriceIndicators {
  /**
   * Share of the slots in which homes trade whose price lies strictly between feed-in + fee and
   * ceiling − fee; `null` where nobody trades.
   */
  readonly insideFraction: number | null;
  /** Pearson correlation with the competitive price; `null` where that is unknown or constant. */
  readonly competitiveCorrelation: number | null;
  /** Mean distance to the competitive price; `null` where that is unknown. [currency/kWh] */
  readonly competitiveDistancePerKwh: number | null;
  /** Energy charged while other stores discharge ÷ discharged energy; `null` without any. */
  readonly churnFraction: number | null;
}

/** Prices nearer to a bound than this lie at it: they are rounded to a tenth of it. [currency/kWh] */
const NEAR_PER_KWH = 1e-5;
/** Less is rounding and no trade. [kWh] */
const LEAST_TRADE_KWH = 1e-9;
/** Less in all slots together is rounding and no discharge. [kW] */
const LEAST_POWER_KW = 1e-6;

/** Indicators of the prices in a policy's books. */
export function priceIndicators(
  records: Records,
  dataset: Dataset,
  bound: Pick<Bound, "competitivePricePerKwh"> | null = null,
): PriceIndicators {
  const { community: { clearingPricePerKwh: prices, volumeKwh } } = records;
  const { classes } = tariffsOf(dataset);
  let inside = 0, traded = 0;
  prices.forEach((price, at) => {
    if (!(volumeKwh[at] > LEAST_TRADE_KWH)) return;
    traded++;
    const [low, high] = gridPrices(records, dataset, classes, at);
    if (price > low + NEAR_PER_KWH && price < high - NEAR_PER_KWH) inside++;
  });
  return {
    insideFraction: traded > 0 ? inside / traded : null,
    competitiveCorrelation: bound && correlation(prices, bound.competitivePricePerKwh),
    competitiveDistancePerKwh: bound && meanDistance(prices, bound.competitivePricePerKwh),
    churnFraction: churn(records),
  };
}

/** What a market between feed-in tariff and ceiling leaves to prices, its fees taken off. */
function gridPrices(
  { firstSlots, slotsPerEpisode, rules }: Records,
  { profiles }: Dataset,
  classes: readonly Tariff[],
  at: number,
): [low: number, high: number] {
  const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + (at % slotsPerEpisode);
  const carbon = rules.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  const feedIn = Math.min(...classes.map((each) => each.feedInTariffPerKwh[slot]));
  const ceiling = Math.max(...classes.map((each) => each.importPricePerKwh[slot])) + carbon;
  const fee = Math.max(0, Math.min(rules.market.networkFeePerKwh, (ceiling - feedIn) / 2));
  return [feedIn + fee, ceiling - fee];
}

/** Pearson correlation over the slots in which both are numbers; `null` if one never varies. */
export function correlation(a: Float64Array, b: Float64Array): number | null {
  let n = 0, meanA = 0, meanB = 0, aa = 0, bb = 0, ab = 0;
  for (let t = 0; t < a.length; t++) {
    if (!Number.isFinite(a[t]) || !Number.isFinite(b[t])) continue;
    n++;
    const fromA = a[t] - meanA, fromB = b[t] - meanB;
    meanA += fromA / n;
    meanB += fromB / n;
    aa += fromA * (a[t] - meanA);
    bb += fromB * (b[t] - meanB);
    ab += fromA * (b[t] - meanB);
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

function meanDistance(a: Float64Array, b: Float64Array): number | null {
  let n = 0, total = 0;
  for (let t = 0; t < a.length; t++) {
    if (!Number.isFinite(a[t]) || !Number.isFinite(b[t])) continue;
    n++;
    total += Math.abs(a[t] - b[t]);
  }
  return n > 0 ? total / n : null;
}

/** Where some stores charge while others discharge, the smaller of both went from store to store. */
function churn({ store: { powerKw }, stores }: Records): number | null {
  let discharged = 0, moved = 0;
  for (let from = 0; from < powerKw.length; from += stores) {
    let charging = 0, discharging = 0;
    for (let k = from; k < from + stores; k++) {
      if (powerKw[k] > 0) charging += powerKw[k];
      else discharging -= powerKw[k];
    }
    discharged += discharging;
    moved += Math.min(charging, discharging);
  }
  return discharged > LEAST_POWER_KW ? moved / discharged : null;
}
