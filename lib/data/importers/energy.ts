/**
 * Energy of a series by the slots of a grid, with how much of each slot is known: readings are intervals
 * of energy, and an interval counts in each slot by the share of it that lies there. Energy in is
 * energy out.
 *
 * Energy whose distribution is not known, as where readings of a register are missing, is kept apart
 * with its interval.
 *
 * @module
 */

import { mode } from "./dialect.ts";

/** Slots in universal time. */
export interface SlotGrid {
  /** Start of the first slot. [s] */
  readonly startSeconds: number;
  /** Length of a slot. [s] */
  readonly slotSeconds: number;
  /** How many. */
  readonly slots: number;
}

/** Energy of which only the sum is known. */
export interface Block {
  /** [s] */
  readonly from: number;
  /** [s] */
  readonly to: number;
  /** [kWh] */
  readonly energyKwh: number;
}

/** Energy by slots. */
export class SlotEnergy {
  readonly grid: SlotGrid;
  /** What is known of a slot. [kWh] */
  readonly energyKwh: Float64Array;
  /** For how long it is known. [s] */
  readonly knownSeconds: Float64Array;
  /** What is known as a sum only. */
  readonly blocks: Block[] = [];

  /** With nothing known. */
  constructor(grid: SlotGrid) {
    this.grid = grid;
    this.energyKwh = new Float64Array(grid.slots);
    this.knownSeconds = new Float64Array(grid.slots);
  }

  /** Adds an interval; what lies outside of the grid is left out. */
  add(from: number, to: number, energyKwh: number): void {
    const { startSeconds, slotSeconds, slots } = this.grid;
    const begin = (from - startSeconds) / slotSeconds, end = (to - startSeconds) / slotSeconds;
    let slot = Math.max(0, Math.floor(begin));
    if (end <= slot + 1 && begin >= slot && slot < slots) {
      this.energyKwh[slot] += energyKwh;
      this.knownSeconds[slot] += to - from;
      return;
    }
    for (; slot < Math.min(slots, end); slot++) {
      const share = (Math.min(end, slot + 1) - Math.max(begin, slot)) / (end - begin);
      this.energyKwh[slot] += share * energyKwh;
      this.knownSeconds[slot] += share * (to - from);
    }
  }
}

/** Readings in the order of time, each once. */
export interface Ordered {
  /** Universal time as the stamps have it. [s] */
  readonly moments: Uint32Array;
  readonly values: Float64Array;
  /** Index of each reading in its series. */
  readonly indexOf: (k: number) => number;
  /** Rows that said the same again. */
  readonly repeated: number;
  /** Rows that said something else of the same moment: the last of them holds. */
  readonly contradicting: number;
}

/** Sorts readings by time, drops what is empty, and counts what comes twice. */
export function ordered(moments: Uint32Array, values: Float64Array): Ordered {
  const count = moments.length;
  let isClean = true;
  for (let k = 0; k < count && isClean; k++) {
    if ((k > 0 && moments[k] <= moments[k - 1]) || Number.isNaN(values[k])) isClean = false;
  }
  const noRepeats = { repeated: 0, contradicting: 0 };
  if (isClean) return { moments, values, indexOf: (k) => k, ...noRepeats };
  const order = Uint32Array.from({ length: count }, (_, k) => k)
    .filter((k) => !Number.isNaN(values[k]));
  order.sort((a, b) => moments[a] - moments[b] || a - b);
  const kept = new Uint32Array(order.length);
  let length = 0, repeated = 0, contradicting = 0;
  for (const k of order) {
    const last = kept[length - 1];
    if (length > 0 && moments[last] === moments[k]) {
      if (values[last] === values[k]) repeated++;
      else contradicting++;
      kept[length - 1] = k;
    } else kept[length++] = k;
  }
  const index = kept.subarray(0, length);
  return {
    moments: Uint32Array.from(index, (k) => moments[k]),
    values: Float64Array.from(index, (k) => values[k]),
    indexOf: (k) => index[k],
    repeated,
    contradicting,
  };
}

/** Time between two readings, as it mostly is; NaN where there are fewer than two. [s] */
export function stepOf(moments: Uint32Array): number {
  const steps = [];
  for (let k = 1; k < Math.min(moments.length, 20_000); k++) {
    if (moments[k] !== moments[k - 1]) steps.push(Math.abs(moments[k] - moments[k - 1]));
  }
  return mode(steps);
}

/** Readings in a row at another distance that make two resolutions of what would be one with gaps. */
const RUN = 8;

/** The first reading from which on the distance is another one, or −1. */
export function changedStep(moments: Uint32Array, step: number): number {
  let run = 0;
  for (let k = 1; k < moments.length; k++) {
    const distance = moments[k] - moments[k - 1];
    if (distance < step && distance > 0) return k;
    const isSame = k > 1 && distance !== step && distance === moments[k - 1] - moments[k - 2];
    run = isSame ? run + 1 : 0;
    if (run >= RUN) return k - run;
  }
  return -1;
}
