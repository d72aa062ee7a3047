/**
 * Fills what a series does not say, by a stated rule, and lists it:
 *
 * 1. Energy of which the sum is known (a register over missing readings) keeps that sum. It is spread
 *    evenly up to the length of 2., else like the same times of the same weekday.
 * 2. Up to `longestHours`, power goes in a straight line from the slot before to the slot after.
 * 3. Longer, it is the mean of the same time on the same weekday of the whole series, or of all days
 *    where there is none.
 *
 * @module
 */

import type { Block, SlotEnergy } from "./energy.ts";

/** What was filled. */
export interface Filled {
  /** First slot. */
  readonly slot: number;
  /** How many slots, in part or whole. */
  readonly slots: number;
  /** What they were filled with. [kWh] */
  readonly energyKwh: number;
  /** By which rule. */
  readonly rule: "interpolated" | "weekday-mean" | "register-evenly" | "register-by-weekday";
}

const SECONDS_PER_DAY = 86_400;
/** What rounding may leave of a slot. [s] */
const DUST_SECONDS = 0.5;

/**
 * Fills a series in place.
 *
 * @param localOffsetSeconds Offset of local time. [s]
 * @returns What was filled, in the order of time; `null` if nothing is known at all.
 */
export function fillGaps(
  series: SlotEnergy,
  longestHours: number,
  localOffsetSeconds: number,
): Filled[] | null {
  const { grid: { slots, slotSeconds }, knownSeconds, energyKwh, blocks } = series;
  const isKnown = (slot: number) => knownSeconds[slot] >= slotSeconds - DUST_SECONDS;
  if (blocks.length === 0 && knownSeconds.every((_, slot) => isKnown(slot))) return [];
  const typical = new TypicalWeek(series, localOffsetSeconds);
  if (typical.isEmpty && blocks.length === 0) return null;
  const filled = blocks.flatMap((block) =>
    spread(series, block, block.to - block.from > longestHours * 3600 ? typical : null) ?? []
  );
  for (let slot = 0; slot < slots; slot++) {
    if (isKnown(slot)) continue;
    let end = slot + 1;
    while (end < slots && !isKnown(end)) end++;
    const power = (at: number) => energyKwh[at] / slotSeconds;
    const isShort = (end - slot) * slotSeconds <= longestHours * 3600;
    const before = slot > 0 ? power(slot - 1) : end < slots ? power(end) : NaN;
    const after = end < slots ? power(end) : before;
    const isLine = isShort && !Number.isNaN(before);
    let sum = 0;
    for (let at = slot; at < end; at++) {
      const line = before + (after - before) * (at - slot + 1) / (end - slot + 1);
      const added = (isLine ? line : typical.power(at)) * (slotSeconds - knownSeconds[at]);
      energyKwh[at] += added;
      sum += added;
    }
    const rule = isLine ? "interpolated" : "weekday-mean";
    filled.push({ slot, slots: end - slot, energyKwh: sum, rule });
    slot = end;
  }
  return filled.sort((a, b) => a.slot - b.slot);
}

/** Spreads energy over what is not known of its slots. */
function spread(series: SlotEnergy, block: Block, typical: TypicalWeek | null): Filled | null {
  const { grid: { startSeconds, slotSeconds, slots }, knownSeconds, energyKwh } = series;
  const first = Math.max(0, Math.floor((block.from - startSeconds) / slotSeconds));
  const last = Math.min(slots, Math.ceil((block.to - startSeconds) / slotSeconds)) - 1;
  if (last < first) return null;
  const seconds = (slot: number) => {
    const begin = startSeconds + slot * slotSeconds;
    return Math.min(block.to, begin + slotSeconds) - Math.max(block.from, begin);
  };
  const weights = Array.from(
    { length: last - first + 1 },
    (_, k) => seconds(first + k) * (typical?.power(first + k) ?? 1),
  );
  let sum = weights.reduce((all, weight) => all + weight, 0);
  const isFlat = !(sum > 0);
  if (isFlat) sum = weights.reduce((all, _, k) => all + seconds(first + k), 0);
  // What of the block lies outside of the grid stays outside.
  const inside = (Math.min(block.to, startSeconds + slots * slotSeconds) -
    Math.max(block.from, startSeconds)) / (block.to - block.from);
  for (let slot = first; slot <= last; slot++) {
    const weight = isFlat ? seconds(slot) : weights[slot - first];
    energyKwh[slot] += block.energyKwh * inside * weight / sum;
    knownSeconds[slot] += seconds(slot);
  }
  return {
    slot: first,
    slots: last - first + 1,
    energyKwh: block.energyKwh * inside,
    rule: typical === null || isFlat ? "register-evenly" : "register-by-weekday",
  };
}

/** Mean power by weekday and time of day, of what is wholly known. */
class TypicalWeek {
  readonly isEmpty: boolean;
  /** Of all that is known. */
  readonly #mean: number;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #perDay: number;
  readonly #placeOf: (slot: number) => number;

  constructor({ grid, knownSeconds, energyKwh }: SlotEnergy, localOffsetSeconds: number) {
    const { startSeconds, slotSeconds, slots } = grid;
    this.#perDay = SECONDS_PER_DAY / slotSeconds;
    this.#sums = new Float64Array(7 * this.#perDay);
    this.#counts = new Uint32Array(7 * this.#perDay);
    const perWeek = 7 * this.#perDay;
    const first = Math.floor((startSeconds + localOffsetSeconds) / slotSeconds);
    this.#placeOf = (slot) => (first + slot) % perWeek;
    let known = 0;
    for (let slot = 0; slot < slots; slot++) {
      if (knownSeconds[slot] < slotSeconds - DUST_SECONDS) continue;
      const place = this.#placeOf(slot);
      this.#sums[place] += energyKwh[slot] / slotSeconds;
      this.#counts[place]++;
      known++;
    }
    this.isEmpty = known === 0;
    const sum = this.#sums.reduce((all, value) => all + value, 0);
    this.#mean = known > 0 ? sum / known : 0;
  }

  /** kWh per second that is usual at the time of a slot. */
  power(slot: number): number {
    const place = this.#placeOf(slot);
    if (this.#counts[place] > 0) return this.#sums[place] / this.#counts[place];
    let [sum, count] = [0, 0];
    for (let at = place % this.#perDay; at < this.#sums.length; at += this.#perDay) {
      sum += this.#sums[at];
      count += this.#counts[at];
    }
    // Without even the time of day, the mean of all.
    return count > 0 ? sum / count : this.#mean;
  }
}
