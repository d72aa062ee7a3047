/**
 * Panels at night: an inverter takes a few watts, which meters book as negative generation. That is
 * load, and counts as such.
 *
 * @module
 */

import type { Prosumer } from "./community.ts";

/** More than this share of the installed power is no standby, but a wrong sign. */
const MOST_STANDBY = 0.01;

/**
 * Moves standby from `pvKw` to `loadKw`, both `[prosumers × slots]`; what is too much for it stays, to be
 * refused.
 *
 * @returns A note for each home whose panels do so.
 *
 * @example
 * ```ts
 * import { countStandbyAsLoad } from "./standby.ts";
 * const loadKw = Float64Array.of(0.2, 0.2), pvKw = Float64Array.of(-0.002, 1.5);
 * countStandbyAsLoad([{ id: "a", pvCapacityKw: 4, battery: null }], loadKw, pvKw);
 * if (loadKw[0] !== 0.202 || pvKw[0] !== 0) throw new Error("2 W more load and no sun");
 * ```
 */
export function countStandbyAsLoad(
  prosumers: readonly Prosumer[],
  loadKw: Float64Array,
  pvKw: Float64Array,
): string[] {
  const slots = pvKw.length / prosumers.length;
  return prosumers.flatMap(({ id, pvCapacityKw }, i) => {
    let [count, mostKw] = [0, 0];
    for (let at = i * slots; at < (i + 1) * slots; at++) {
      const takenKw = -pvKw[at];
      if (!(takenKw > 0 && takenKw <= MOST_STANDBY * pvCapacityKw)) continue;
      loadKw[at] += takenKw;
      pvKw[at] = 0;
      count++;
      mostKw = Math.max(mostKw, takenKw);
    }
    if (count === 0) return [];
    return [
      `${id}: in ${count} of ${slots} slots its panels take up to ${
        Number(mostKw.toPrecision(3))
      } ` +
      "kW, which counts as load",
    ];
  });
}
