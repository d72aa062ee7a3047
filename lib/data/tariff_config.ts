/**
 * What homes are charged, by classes of homes: the section `environment.tariffs` of a configuration.
 *
 * A kWh from the grid costs (energy + network fee + surcharge) · (1 + VAT). A kWh between homes bears
 * the network fee less its reduction, and the community's fee, with VAT, each side half; where classes
 * have different fees or taxes, `local` says which it bears. Charges by the
 * month bear VAT too; what a home is paid for energy, by the grid or by neighbours, does not.
 *
 * @module
 */

import { z } from "zod";
import { clockOf } from "./importers/clock.ts";

/** Price of energy in a part of the day. */
export interface PriceWindow {
  /** Local start such as `"06:00"`. */
  readonly from: string;
  /** Local end such as `"22:00"`; before `from` the window goes over midnight. */
  readonly to: string;
  /** On which days. */
  readonly days: "all" | "weekdays" | "weekends";
  /** Price in it. [currency/kWh] */
  readonly pricePerKwh: number;
}

/** Price of energy from the grid, without network, surcharge and VAT. */
export type EnergyPrice =
  /** One price. */
  | { readonly kind: "flat"; readonly pricePerKwh: number }
  /** That of the first window that a slot begins in, else `pricePerKwh`. */
  | {
    readonly kind: "time-of-use";
    readonly pricePerKwh: number;
    readonly windows: readonly PriceWindow[];
  }
  /** The import price of the data set, which is then the day-ahead price, and a mark-up. */
  | { readonly kind: "dynamic"; readonly markupPerKwh: number };

/** What homes of a class are charged. */
export interface TariffClass {
  /** Energy from the grid. */
  readonly energy: EnergyPrice;
  /** Network fee. [currency/kWh] */
  readonly networkFeePerKwh: number;
  /** Taxes and levies. [currency/kWh] */
  readonly surchargePerKwh: number;
  /** Value added tax on what is charged, 0.19 for 19 %. */
  readonly vat: number;
  /** What the grid pays; `null` for nothing, `"data"` for the data set's tariff. [currency/kWh] */
  readonly feedInPerKwh: number | null | "data";
  /** Charged by the month, whatever is used. [currency/month] */
  readonly standingChargePerMonth: number;
  /**
   * Charged on the highest power of a month through the home's meter, mean over a slot; in slots of 15
   * minutes that is the highest quarter hour. [currency/kW and month]
   */
  readonly capacityChargePerKwMonth: number;
}

/** Everything that homes are charged. */
export interface TariffConfig {
  /** Classes by name. */
  readonly classes: Readonly<Record<string, TariffClass>>;
  /** Class of homes that name none. */
  readonly default: string;
  /** Class of single homes, by id; before what `community.json` says. */
  readonly homes: Readonly<Record<string, string>>;
  /** Clock of the windows, such as `Europe/Berlin`; that of the data set, which never changes, if absent. */
  readonly timeZone?: string;
  /** Energy between homes, of which both sides bear the same, whatever their classes. */
  readonly local: {
    /** Network fee before its reduction; that of the classes, where they have one, if absent. [currency/kWh] */
    readonly networkFeePerKwh?: number;
    /** Value added tax on fees between homes and on the community's charges; that of the classes, where they have one, if absent. */
    readonly vat?: number;
    /** Share of the network fee that it does not bear. */
    readonly networkFeeReduction: number;
    /** Fee for the community's operation. [currency/kWh] */
    readonly communityFeePerKwh: number;
  };
  /** What all homes cause together. */
  readonly community: {
    /** Charged on the highest power of a month through the connection. [currency/kW and month] */
    readonly capacityChargePerKwMonth: number;
  };
}

/** File of a data set folder that holds its tariffs. */
export const TARIFFS_FILE = "tariffs.json";
/** Most classes of a configuration, and most windows of a day. */
const MOST = 100;
/** In currency per kWh, kW or month: more is a mistake. */
const LARGEST = 1e6;

function isClock(name: string): boolean {
  try {
    return clockOf(name).name === name;
  } catch {
    return false;
  }
}

const amount = z.number().min(0).max(LARGEST);
const price = z.number().min(-LARGEST).max(LARGEST);
const clock = z.string().regex(
  /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
  'must be a time of day such as "06:00"',
);

const energy = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("flat"), pricePerKwh: price }),
  z.strictObject({
    kind: z.literal("time-of-use"),
    pricePerKwh: price,
    windows: z.array(z.strictObject({
      from: clock,
      to: clock,
      days: z.enum(["all", "weekdays", "weekends"]).default("all"),
      pricePerKwh: price,
    })).min(1).max(MOST),
  }),
  z.strictObject({ kind: z.literal("dynamic"), markupPerKwh: price.default(0) }),
]);

const tariffClass: z.ZodType<TariffClass> = z.strictObject({
  energy,
  networkFeePerKwh: amount.default(0),
  surchargePerKwh: amount.default(0),
  vat: z.number().min(0).max(1).default(0),
  feedInPerKwh: z.union(
    [amount, z.null(), z.literal("data")],
    'must be a price, null for nothing, or "data" for that of the data set',
  ).default("data"),
  standingChargePerMonth: amount.default(0),
  capacityChargePerKwMonth: amount.default(0),
});

const name = z.string().regex(/^[\w-]{1,64}$/, "must be letters, digits, _ and -");

/** Schema of a {@linkcode TariffConfig}. */
export const tariffConfigSchema: z.ZodType<TariffConfig> = z.strictObject({
  classes: z.record(name, tariffClass).refine(
    (classes) => Object.keys(classes).length > 0 && Object.keys(classes).length <= MOST,
    `must hold 1 to ${MOST} classes`,
  ),
  default: z.string(),
  homes: z.record(z.string(), z.string()).default({}),
  timeZone: z.string().refine(isClock, 'must be a time zone such as "Europe/Berlin"')
    .exactOptional(),
  local: z.strictObject({
    networkFeePerKwh: amount.exactOptional(),
    vat: z.number().min(0).max(1).exactOptional(),
    networkFeeReduction: z.number().min(0).max(1).default(0),
    communityFeePerKwh: amount.default(0),
  }).prefault({}),
  community: z.strictObject({ capacityChargePerKwMonth: amount.default(0) }).prefault({}),
}).superRefine(({ classes, default: usual, homes, local }, context) => {
  const known = Object.keys(classes);
  const require = (path: string[], named: string) => {
    if (Object.hasOwn(classes, named)) return;
    context.addIssue({ code: "custom", path, message: `must be one of ${known.join(", ")}` });
  };
  require(["default"], usual);
  for (const [home, named] of Object.entries(homes)) require(["homes", home], named);
  for (const field of ["networkFeePerKwh", "vat"] as const) {
    const values = [...new Set(known.map((each) => classes[each][field]))];
    if (values.length <= 1 || local[field] !== undefined) continue;
    context.addIssue({
      code: "custom",
      path: ["local", field],
      message: `must be stated, as both sides of a trade bear the same and classes have ${
        values.join(" and ")
      }`,
    });
  }
});

/** What energy between homes bears before the reduction, and its tax. */
export function localBase(
  { classes, default: usual, local }: TariffConfig,
): { readonly networkFeePerKwh: number; readonly vat: number } {
  const { networkFeePerKwh, vat } = classes[usual];
  return { networkFeePerKwh: local.networkFeePerKwh ?? networkFeePerKwh, vat: local.vat ?? vat };
}

/**
 * What each side of a trade between homes bears: half of the network fee less its reduction and of the
 * community's fee, with VAT. [currency/kWh]
 */
export function localFeePerSide(tariffs: TariffConfig): number {
  const { local } = tariffs;
  const { networkFeePerKwh, vat } = localBase(tariffs);
  const fee = (1 - local.networkFeeReduction) * networkFeePerKwh + local.communityFeePerKwh;
  return fee * (1 + vat) / 2;
}
