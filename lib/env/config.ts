/**
 * Configuration of the environment: every rule of the game that is not in the data set.
 *
 * Prices are in the data set's currency.
 *
 * @module
 */

import { z } from "zod";
import { type ForecastConfig, forecastConfigSchema } from "../data/forecasts/config.ts";
import { type Allocation, allocations } from "../network/envelopes.ts";
import type { FeeRefund } from "../network/fee_refund.ts";
import type { Dataset } from "../data/profiles.ts";
import {
  localFeePerSide,
  type TariffConfig,
  tariffConfigSchema,
  TARIFFS_FILE,
} from "../data/tariff_config.ts";
import { mechanisms } from "../market/mechanisms/mod.ts";

/** Rules of the market. */
export interface MarketConfig {
  /** Which rule makes prices and trades, see `lib/market/mechanisms/`. */
  readonly mechanism: string;
  /**
   * What homes submit: value curves, from which the market decides price and dispatch, or the
   * classic inelastic orders, for which batteries move first and only the rest is traded.
   */
  readonly orders: "curves" | "inelastic";
  /** Paid by the buyer and by the seller on every kWh traded between homes. [currency/kWh] */
  readonly networkFeePerKwh: number;
  /** Where in an interval of clearing prices the price lies: 0 at its lower end, 1 at its upper. */
  readonly priceWeight: number;
  /** Highest price of the market; `null` for the value of lost load. [currency/kWh] */
  readonly priceCapPerKwh: number | null;
}

/** What counts as cost beside the bill. */
export interface CostConfig {
  /**
   * Price of CO2 from imported energy on top of the tariff; 0 by default where the tariff is said to hold
   * that of allowances. [currency/kg]
   */
  readonly carbonPricePerKg: number;
  /**
   * Whether the tariff already holds the price of CO2 allowances, as retail prices in the EU do; absent
   * if it is taken to hold none.
   */
  readonly tariffHoldsCarbonPrice?: boolean;
  /** Wear of stores. [currency/kWh discharged] */
  readonly wearPricePerKwh: number;
  /** Value of lost load. [currency/kWh unserved] */
  readonly lostLoadPricePerKwh: number;
  /** What unused sun costs. [currency/kWh curtailed] */
  readonly curtailmentPricePerKwh: number;
  /** Charge on the episode's highest community import. [currency/kW] */
  readonly peakPricePerKw: number;
  /** Charge on each change of community net import between slots. [currency/kW] */
  readonly rampPricePerKw: number;
}

/** How a network is kept within its limits, where the data set has one. */
export interface NetworkConfig {
  /**
   * How the network's headroom is shared among homes: alike, in proportion to what their stores could
   * use, or not at all: then nobody is held back, and what breaks a limit is only counted.
   */
  readonly envelopes: Allocation | "none";
  /**
   * What shares of the network fee are given back after clearing for trades within a branch, within a
   * feeder and beyond; absent for nothing. Price, dispatch and cost know the flat fee.
   */
  readonly feeRefund?: FeeRefund;
}

/** Every rule of the game that is not in the data set. */
export interface EnvironmentConfig {
  /** Days in an episode. */
  readonly episodeDays: number;
  /**
   * What stores hold at the start of an episode: 0 is the least they may, 1 the most. A battery that
   * states its own `initialSoc` begins with that.
   */
  readonly initialSoc: number;
  /**
   * How stored energy at the end is valued: more and less than at the start alike, at what the
   * cheapest slot of the last day would have charged, or as in the first edition, where only a
   * shortfall counts, at the episode's highest import price.
   */
  readonly endValue: "cheapest-charge" | "first-edition";
  /** How forecasts come about and err. */
  readonly forecast: ForecastConfig;
  /** Rules of the market. */
  readonly market: MarketConfig;
  /** What counts as cost beside the bill. */
  readonly cost: CostConfig;
  /** How a network is kept within its limits; absent for equal shares of its headroom. */
  readonly network?: NetworkConfig;
  /**
   * Prices and charges of homes in the place of the data set's, which has to be priced by it (
   * {@link ../data/priced.ts}); absent for those of the data set.
   */
  readonly tariffs?: TariffConfig;
}

const nonNegative = z.number().min(0);
const fraction = z.number().min(0).max(1);

/** About the price of EU emission allowances in 2024 and 2025, 60 to 80 EUR per tonne. [currency/kg] */
const ALLOWANCE_PRICE_PER_KG = 0.075;

/** Schema of an {@linkcode EnvironmentConfig}; parsing fills in the reference set-up. */
export const environmentConfigSchema: z.ZodType<EnvironmentConfig> = z.strictObject({
  episodeDays: z.int().min(1).max(3660).default(7),
  initialSoc: fraction.default(0.5),
  endValue: z.enum(["cheapest-charge", "first-edition"]).default("cheapest-charge"),
  forecast: forecastConfigSchema,
  market: z.strictObject({
    mechanism: z.enum(mechanisms.map(({ name }) => name)).default(mechanisms[0].name),
    orders: z.enum(["curves", "inelastic"]).default("curves"),
    networkFeePerKwh: nonNegative.default(0),
    priceWeight: fraction.default(0.5),
    priceCapPerKwh: z.number().nullable().default(null),
  }).prefault({}),
  cost: z.strictObject({
    carbonPricePerKg: nonNegative.exactOptional(),
    tariffHoldsCarbonPrice: z.boolean().exactOptional(),
    wearPricePerKwh: nonNegative.default(0.01),
    // Households in the EU: about 1.5 to 23 EUR/kWh (CEPA for ACER, 2018).
    lostLoadPricePerKwh: nonNegative.default(10),
    curtailmentPricePerKwh: nonNegative.default(0),
    peakPricePerKw: nonNegative.default(0),
    rampPricePerKw: nonNegative.default(0),
  }).transform(withCarbonPrice).prefault({}),
  network: z.strictObject({
    envelopes: z.enum([...allocations, "none"]).default("equal"),
    feeRefund: z.strictObject({
      sameBranch: fraction,
      sameFeeder: fraction,
      beyond: fraction.default(0),
    }).exactOptional(),
  }).exactOptional(),
  tariffs: tariffConfigSchema.exactOptional(),
}).transform(withLocalFee);

/** What is not said of the price of CO2: that of allowances, unless the tariff holds it. */
function withCarbonPrice(
  { carbonPricePerKg, ...cost }: Omit<CostConfig, "carbonPricePerKg"> & {
    readonly carbonPricePerKg?: number;
  },
): CostConfig {
  const unsaid = cost.tariffHoldsCarbonPrice ? 0 : ALLOWANCE_PRICE_PER_KG;
  return { carbonPricePerKg: carbonPricePerKg ?? unsaid, ...cost };
}

/** The fee that trades bear follows from tariffs, where there are any. */
function withLocalFee(config: EnvironmentConfig, context: z.RefinementCtx): EnvironmentConfig {
  const { tariffs, market, cost } = config;
  if (tariffs === undefined) return config;
  const networkFeePerKwh = localFeePerSide(tariffs);
  if (market.networkFeePerKwh !== 0 && market.networkFeePerKwh !== networkFeePerKwh) {
    context.addIssue({
      code: "custom",
      path: ["market", "networkFeePerKwh"],
      message: `must be left out beside tariffs, from which ${networkFeePerKwh} follows`,
    });
  }
  if (cost.peakPricePerKw > 0 && tariffs.community.capacityChargePerKwMonth > 0) {
    context.addIssue({
      code: "custom",
      path: ["cost", "peakPricePerKw"],
      message: "must be 0 beside tariffs.community.capacityChargePerKwMonth: both charge one peak",
    });
  }
  return { ...config, market: { ...market, networkFeePerKwh } };
}

/**
 * Rules at the tariffs that a data set is priced by, where the rules have none of their own.
 *
 * @throws {RangeError} If a rule contradicts them.
 */
export function atOwnTariffs(
  config: EnvironmentConfig,
  { charges }: Pick<Dataset, "charges">,
): EnvironmentConfig {
  if (config.tariffs !== undefined || charges === undefined) return config;
  const { tariffs } = charges;
  const networkFeePerKwh = localFeePerSide(tariffs);
  const { market, cost } = config;
  if (market.networkFeePerKwh !== 0 && market.networkFeePerKwh !== networkFeePerKwh) {
    throw new RangeError(
      `market.networkFeePerKwh must be left out beside the data set's ${TARIFFS_FILE}, from which ` +
        `${networkFeePerKwh} follows, got ${market.networkFeePerKwh}; write local.communityFeePerKwh ` +
        "into that file, or environment.tariffs into the configuration",
    );
  }
  if (cost.peakPricePerKw > 0 && tariffs.community.capacityChargePerKwMonth > 0) {
    throw new RangeError(
      `cost.peakPricePerKw must be 0 beside community.capacityChargePerKwMonth of the data set's ` +
        `${TARIFFS_FILE}: both charge one peak; got ${cost.peakPricePerKw}`,
    );
  }
  return { ...config, tariffs, market: { ...market, networkFeePerKwh } };
}

/** The reference set-up. */
export const defaultEnvironmentConfig: EnvironmentConfig = environmentConfigSchema.parse({});
