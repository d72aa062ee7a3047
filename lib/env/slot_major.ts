/**
 * Columns turned by 90 degrees: what all prosumers do in one slot lies together in memory, as the
 * loops over a community read it.
 *
 * @module
 */

/**
 * Values of `[prosumers × slots]` as `[slots × prosumers]`.
 *
 * @example
 * ```ts
 * import { slotMajor } from "./slot_major.ts";
 * const turned = slotMajor(Float64Array.of(1, 2, 3, 10, 20, 30), 3);
 * if (turned.join() !== "1,10,2,20,3,30") throw new Error(turned.join());
 * ```
 */
export function slotMajor(values: Float64Array, slots: number): Float64Array {
  const prosumers = values.length / slots;
  const turned = new Float64Array(values.length);
  for (let i = 0; i < prosumers; i++) {
    for (let t = 0; t < slots; t++) turned[t * prosumers + i] = values[i * slots + t];
  }
  return turned;
}
