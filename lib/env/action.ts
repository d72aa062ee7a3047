/**
 * The action of an agent: three raw numbers, meant to lie in [−1, 1].
 *
 * | number | −1 | 1 |
 * | --- | --- | --- |
 * | `battery` | discharge as much as possible | charge as much as possible |
 * | `share` | offer nothing | offer the whole net position |
 * | `price` | feed-in tariff | import price |
 *
 * Numbers beyond ±1 are requests beyond what is possible, which the feasibility filter cuts; it
 * makes NaN and ±Infinity idle.
 *
 * @module
 */

/** Numbers of an action, in order. */
export const actionNames: readonly string[] = ["battery", "share", "price"];

/** Numbers per action. */
export const ACTION_SIZE = 3;

/** Finite numbers of larger magnitude are read as this, so that no request overflows. */
const LARGEST_RAW = 1e6;

/** What ±1 of the battery action stand for. */
export type BatteryActionSpan = "feasible" | "rated";

/** Copies raw actions, cutting finite numbers so large that a request would overflow. */
export function readActions(raw: Float64Array, into: Float64Array): void {
  for (let k = 0; k < raw.length; k++) {
    const number = raw[k];
    const tooLarge = Math.abs(number) > LARGEST_RAW && Number.isFinite(number);
    into[k] = tooLarge ? Math.sign(number) * LARGEST_RAW : number;
  }
}

/**
 * Requested battery power of a raw number. [kW]
 *
 * Over the `feasible` interval the map is affine, so that −1 and 1 are exactly its ends; over
 * `rated` power, −1 is the discharge and 1 the charge rating, and 0 is idle.
 */
export function batteryRequestKw(
  raw: number,
  chargeKw: number,
  dischargeKw: number,
  span: BatteryActionSpan,
): number {
  if (span === "rated") return raw > 0 ? raw * chargeKw : raw * dischargeKw;
  return ((1 + raw) * chargeKw - (1 - raw) * dischargeKw) / 2;
}

/** Raw number that requests a battery power: the inverse of {@linkcode batteryRequestKw}. */
export function rawBattery(
  powerKw: number,
  chargeKw: number,
  dischargeKw: number,
  span: BatteryActionSpan,
): number {
  if (span === "rated") {
    const ratedKw = powerKw > 0 ? chargeKw : dischargeKw;
    return ratedKw === 0 ? 0 : powerKw / ratedKw;
  }
  const width = chargeKw + dischargeKw;
  return width === 0 ? 0 : (2 * (powerKw + dischargeKw)) / width - 1;
}

/** Share of the net position that a raw number offers. */
export function offeredShare(raw: number): number {
  return (1 + raw) / 2;
}

/** Limit price of a raw number, affine between the bounds. [currency/kWh] */
export function limitPricePerKwh(raw: number, lowest: number, highest: number): number {
  return ((1 - raw) * lowest + (1 + raw) * highest) / 2;
}
