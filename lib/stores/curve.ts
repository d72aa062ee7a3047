/**
 * Piecewise-linear curves.
 *
 * @module
 */

import type { Curve } from "../data/community.ts";

/**
 * Value of a curve at `x`: linear between its points, constant beyond its ends.
 *
 * @example
 * ```ts
 * import { interpolate } from "./curve.ts";
 * if (interpolate([[0, 1], [0.8, 1], [1, 0.2]], 0.9) !== 0.6) throw new Error("halfway down");
 * ```
 */
export function interpolate(curve: Curve, x: number): number {
  if (x <= curve[0][0]) return curve[0][1];
  for (let k = 1; k < curve.length; k++) {
    const [x1, y1] = curve[k];
    if (x > x1) continue;
    const [x0, y0] = curve[k - 1];
    return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
  }
  return curve[curve.length - 1][1];
}
