/**
 * Energy between the readings of a register that counts up: its difference. A register falls when the
 * meter is exchanged or its digits are full; any other fall is a fault.
 *
 * @module
 */

import type { Ordered, SlotEnergy } from "./energy.ts";

/** What happened to a register. */
export interface RegisterEvents {
  /** Readings before which the meter was exchanged. */
  readonly exchanges: readonly number[];
  /** Readings before which the digits were full. */
  readonly rollovers: readonly number[];
  /** Readings that are far from both of their neighbours, which fit together. */
  readonly absurd: readonly number[];
  /** A reading at which it ran backwards, or −1. */
  readonly backwards: number;
}

/** A new meter shows less than this share of what the old one showed. */
const MOST_OF_OLD = 0.5;

/**
 * Adds the energy between readings to slots; over more than one step it is known as a sum only. Before
 * the first reading of an exchanged meter it is not known, but for what the new one has counted.
 *
 * @param kilo kWh per unit.
 * @param step Usual time between readings. [s]
 * @param mostKw More than a connection carries, hence no energy that was taken. [kW]
 */
export function addRegister(
  { moments, values }: Ordered,
  kilo: number,
  step: number,
  mostKw: number,
  into: SlotEnergy,
): RegisterEvents {
  const exchanges: number[] = [], rollovers: number[] = [], absurd: number[] = [];
  const mostKwh = (j: number, k: number) => mostKw * (moments[k] - moments[j]) / 3600;
  const isAbsurd = (j: number, k: number) => {
    if (k + 1 >= values.length) return false;
    const across = (values[k + 1] - values[j]) * kilo;
    const away = Math.max(values[j] - values[k], values[k] - values[k + 1]) * kilo;
    return across >= 0 && across <= mostKwh(j, k + 1) && away > mostKwh(j, k + 1);
  };
  for (let k = 1, last = 0; k < moments.length; last = k++) {
    if (isAbsurd(last, k)) absurd.push(k++);
    const from = moments[last], to = moments[k];
    let energyKwh = (values[k] - values[last]) * kilo;
    if (energyKwh < 0) {
      const full = fullOf(values[last]);
      const overKwh = (values[k] + full - values[last]) * kilo;
      if (overKwh <= mostKwh(last, k) && values[last] > 0.9 * full) {
        rollovers.push(k);
        energyKwh = overKwh;
      } else if (values[k] < MOST_OF_OLD * values[last]) {
        exchanges.push(k);
        continue;
      } else return { exchanges, rollovers, absurd, backwards: k };
    } else if (energyKwh > mostKwh(last, k)) {
      // The new meter had counted elsewhere before.
      exchanges.push(k);
      continue;
    }
    if (to - from <= step) into.add(from, to, energyKwh);
    else into.blocks.push({ from, to, energyKwh });
  }
  return { exchanges, rollovers, absurd, backwards: -1 };
}

/** What a register counts to: the next power of ten. */
function fullOf(value: number): number {
  return 10 ** Math.ceil(Math.log10(Math.max(value, 1)));
}
