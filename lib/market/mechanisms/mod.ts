/**
 * The mechanisms by name.
 *
 * @module
 */

import type { Mechanism } from "../mechanism.ts";
import { gridOnly } from "./grid_only.ts";
import { midMarketRate } from "./mid_market_rate.ts";
import { payAsBid } from "./pay_as_bid.ts";
import { sharingDynamic, sharingStatic } from "./sharing.ts";
import { uniformPrice } from "./uniform_price.ts";

/** All mechanisms, the default first. */
export const mechanisms: readonly Mechanism[] = [
  uniformPrice,
  payAsBid,
  midMarketRate,
  sharingStatic,
  sharingDynamic,
  gridOnly,
];

/**
 * The mechanism of a name.
 *
 * @throws {RangeError} If there is none; the message lists those that there are.
 *
 * @example
 * ```ts
 * import { mechanismNamed } from "./mod.ts";
 * if (mechanismNamed("uniform-price").name !== "uniform-price") throw new Error();
 * ```
 */
export function mechanismNamed(name: string): Mechanism {
  const found = mechanisms.find((mechanism) => mechanism.name === name);
  if (found !== undefined) return found;
  const names = mechanisms.map((mechanism) => mechanism.name).join(", ");
  throw new RangeError(`mechanism "${name}" does not exist; there are ${names}`);
}
