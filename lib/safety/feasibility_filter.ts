/**
 * The feasibility filter turns any requested action into one that physics and the market allow.
 *
 * It is deterministic, stateless, total (what is not finite becomes idle and is flagged) and
 * idempotent bit for bit. In order:
 *
 * 1. battery power is clamped to what the battery can do in this slot;
 * 2. the order is clamped to the net position that results: a buyer buys at most its deficit, a
 *    seller sells at most its surplus, nobody trades on the other side;
 * 3. the price is clamped to what the grid would charge and pay.
 *
 * The battery limits come from {@link ../physics/battery.ts}, so that nothing is clipped later.
 *
 * @module
 */

/** What a prosumer asks for. */
export interface Action {
  /** Battery power, charging > 0. [kW] */
  readonly batteryKw: number;
  /** Order: buys > 0, sells < 0. [kWh] */
  readonly orderKwh: number;
  /** Limit price of the order. [currency/kWh] */
  readonly pricePerKwh: number;
}

/** What is possible for a prosumer in a slot. */
export interface FeasibleSet {
  /** Battery's limit in charging, ≥ 0. [kW] */
  readonly chargeLimitKw: number;
  /** Battery's limit in discharging, as a magnitude ≥ 0. [kW] */
  readonly dischargeLimitKw: number;
  /** Load minus PV. [kW] */
  readonly netLoadKw: number;
  /** Length of the slot. [h] */
  readonly dtHours: number;
  /** Least price of an order. [currency/kWh] */
  readonly lowestPricePerKwh: number;
  /** Largest price of an order. [currency/kWh] */
  readonly highestPricePerKwh: number;
}

/** Why an action was changed; reasons add up as bits. */
export const Reason = {
  /** A requested number was NaN or infinite. */
  notFinite: 1,
  /** The battery cannot charge or discharge as requested. */
  battery: 2,
  /** The order is on the wrong side, or larger than the net position. */
  order: 4,
  /** The price lies outside what the grid charges and pays. */
  price: 8,
  /** The community's grid connection does not carry the sum of the requests. */
  communityLimit: 16,
} as const;

/** A feasible action and what was changed to make it so. */
export interface FilterResult {
  /** The action that will be carried out. */
  readonly action: Action;
  /** Sum of {@linkcode Reason} bits; 0 if the request was feasible. */
  readonly reasons: number;
  /** Distance of the battery energy from the request, always finite; 0 where that was not. [kWh] */
  readonly batteryChangeKwh: number;
}

/**
 * Makes a requested action feasible.
 *
 * @example
 * ```ts
 * import { feasibilityFilter, Reason } from "./feasibility_filter.ts";
 * const { action, reasons } = feasibilityFilter(
 *   { batteryKw: 9, orderKwh: -4, pricePerKwh: 0.5 },
 *   {
 *     chargeLimitKw: 2,
 *     dischargeLimitKw: 3,
 *     netLoadKw: -5,
 *     dtHours: 1,
 *     lowestPricePerKwh: 0.08,
 *     highestPricePerKwh: 0.3,
 *   },
 * );
 * // 5 kW of surplus charge the battery with 2 kW; 3 kWh are left to sell, at no more than 0.3.
 * if (action.orderKwh !== -3 || action.pricePerKwh !== 0.3) throw new Error("not feasible");
 * if (reasons !== Reason.battery + Reason.order + Reason.price) throw new Error("not reported");
 * ```
 */
export function feasibilityFilter(requested: Action, set: FeasibleSet): FilterResult {
  const { lowestPricePerKwh, highestPricePerKwh, dtHours } = set;
  const batteryKw = feasibleBatteryKw(
    requested.batteryKw,
    set.chargeLimitKw,
    set.dischargeLimitKw,
  );
  const orderKwh = mayOrder(requested.pricePerKwh, lowestPricePerKwh, highestPricePerKwh)
    ? feasibleOrderKwh(requested.orderKwh, (set.netLoadKw + batteryKw) * dtHours)
    : 0;
  const pricePerKwh = feasiblePricePerKwh(
    requested.pricePerKwh,
    lowestPricePerKwh,
    highestPricePerKwh,
  );
  return {
    action: { batteryKw, orderKwh, pricePerKwh },
    reasons: reasonOf(requested.batteryKw, batteryKw, Reason.battery) |
      reasonOf(requested.orderKwh, orderKwh, Reason.order) |
      reasonOf(requested.pricePerKwh, pricePerKwh, Reason.price),
    batteryChangeKwh: Number.isFinite(requested.batteryKw)
      ? Math.min(Math.abs(requested.batteryKw - batteryKw) * dtHours, Number.MAX_VALUE)
      : 0,
  };
}

/** Battery power within its limits; idle if the request is not finite. [kW] */
export function feasibleBatteryKw(
  requestKw: number,
  chargeLimitKw: number,
  dischargeLimitKw: number,
): number {
  return clampOr(requestKw, -dischargeLimitKw, chargeLimitKw, 0);
}

/** Order on the side and within the size of the net position; none if not finite. [kWh] */
export function feasibleOrderKwh(requestKwh: number, netKwh: number): number {
  return netKwh > 0 ? clampOr(requestKwh, 0, netKwh, 0) : clampOr(requestKwh, netKwh, 0, 0);
}

/** Price within its bounds; the lower bound if the request is not finite. [currency/kWh] */
export function feasiblePricePerKwh(
  requestPerKwh: number,
  lowestPerKwh: number,
  highestPerKwh: number,
): number {
  return clampOr(requestPerKwh, lowestPerKwh, Math.max(lowestPerKwh, highestPerKwh), lowestPerKwh);
}

/** Whether an order can be placed: its price is a number, and there is one that helps both sides. */
export function mayOrder(
  requestPerKwh: number,
  lowestPerKwh: number,
  highestPerKwh: number,
): boolean {
  return Number.isFinite(requestPerKwh) && lowestPerKwh <= highestPerKwh;
}

/** `reason` if a number was changed, {@linkcode Reason} `notFinite` if it was none, or else 0. */
export function reasonOf(requested: number, feasible: number, reason: number): number {
  if (requested === feasible) return 0;
  return Number.isFinite(requested) ? reason : Reason.notFinite;
}

function clampOr(value: number, least: number, most: number, fallback: number): number {
  if (!Number.isFinite(value)) return fallback;
  return value < least ? least : value > most ? most : value;
}
