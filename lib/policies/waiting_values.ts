/**
 * Values of energy in one store that waits for it, a car, a heat pump or an appliance, by dynamic
 * programming on what is known and thought of it, at given prices.
 *
 * With V the value of energy at the end of a slot, μ the price of what is missed below `least`, a price
 * π of the slot, wear δ and a drain d, it is worth at the slot's start
 *
 *     W(e) = max over charging y and discharging z of V(r·e − d + ηc·y − z/ηd) − π·y + (π − δ)·z.
 *
 * V is concave. Where its slope is above π/ηc, it is worth charging, as far as the slot's power goes: the
 * slopes above shift down by that, and π/ηc stands in the gap; below (π − δ)·ηd it is worth discharging,
 * and the slopes shift up. Where peaks are charged, charging has two prices, the dearer one beyond what is
 * left below the peak. Slopes are kept exactly, as steps: on a grid of cells a slot's drain, or what
 * it charges in a quarter of an hour, would be lost in rounding.
 *
 * A car that does not say when it leaves hedges: with the chance p of its habit it leaves at the end of a
 * slot, and what it needs has to be there,
 *
 *     V(e) = p·A(e) + (1 − p)·V′(e),
 *
 * where the slope of A is μ below what was required the last time, and above it what the cheapest slot
 * to come would charge a kWh for.
 *
 * @module
 */

import type { Store } from "../stores/store.ts";

/** A slot ahead, as a store meets it. */
export interface Meeting {
  /** Slot whose columns hold. */
  readonly slot: number;
  /** What a kWh at the meter costs or earns. [currency/kWh] */
  readonly pricePerKwh: number;
  /** Charging that sets no new peak of the month, at the meter. [kWh] */
  readonly belowPeakKwh: number;
  /** What a kWh beyond it costs more. [currency/kWh] */
  readonly peakPerKwh: number;
}

/** A departure that may come at any time. */
export interface Leaving {
  /** Chance that it leaves in each slot, given that it is there; in the order of the slots ahead. */
  readonly chance: ArrayLike<number>;
  /** What it will need then, as far as is known. [kWh] */
  readonly requiredKwh: number;
}

/** Slopes of a concave function: `slope[k]` from `from[k]` up to the next; the first from −∞ on. */
class Slopes {
  from = new Float64Array(256);
  slope = new Float64Array(256);
  count = 0;

  /** Where step k ends. */
  end(k: number): number {
    return k + 1 < this.count ? this.from[k + 1] : Infinity;
  }

  /** Adds a step behind those that are there; one that begins where the last did replaces it. */
  add(from: number, slope: number): void {
    while (this.count > 0 && this.from[this.count - 1] >= from) this.count--;
    if (this.count > 0 && this.slope[this.count - 1] === slope) return;
    if (this.count === this.from.length) this.#grow();
    this.from[this.count] = from;
    this.slope[this.count++] = slope;
  }

  #grow(): void {
    const double = (values: Float64Array) => {
      const room = new Float64Array(2 * values.length);
      room.set(values);
      return room;
    };
    this.from = double(this.from);
    this.slope = double(this.slope);
  }
}

/**
 * Slopes of the value of energy at the end of the first of some slots, each the mean over one of equal
 * cells from 0 to what the store can hold. [currency/kWh]
 *
 * @param ahead The slots, the present one first.
 * @param endPerKwh What a stored kWh is worth after the last.
 * @param wearPerKwh Wear. [currency/kWh discharged]
 * @param slopes Receives them.
 * @param leaving Of a car that is there and does not say when it leaves; else its slots say.
 */
export function waitingSlopes(
  store: Store,
  ahead: readonly Meeting[],
  endPerKwh: number,
  wearPerKwh: number,
  slopes: Float64Array,
  leaving: Leaving | null = null,
): Float64Array {
  let value = new Slopes(), other = new Slopes();
  const next = () => {
    [value, other] = [other, value];
    other.count = 0;
  };
  value.add(-Infinity, endPerKwh);
  let cheapest = endPerKwh;
  for (let k = ahead.length - 1; k >= 0; k--) {
    const meeting = ahead[k];
    const slot = leaving === null
      ? columnsOf(store, meeting.slot)
      : { ...columnsOf(store, meeting.slot), ...staying(store) };
    if (leaving !== null) {
      mayLeave(store, leaving.chance[k], leaving.requiredKwh, cheapest, value, other);
      next();
    }
    atEnd(slot, store.unmetPricePerKwh ?? 0, value, other);
    next();
    if (k === 0) break;
    const perStored = store.dtHours / slot.storedPerKw;
    const buy = meeting.pricePerKwh * perStored;
    const peak = {
      buy: buy + meeting.peakPerKwh * perStored,
      belowKwh: Math.min(slot.upKwh, meeting.belowPeakKwh / perStored),
    };
    const drawn = store.effectiveHours / store.dischargeEfficiency;
    const sell = (meeting.pricePerKwh - wearPerKwh) * store.dtHours / drawn;
    cheapest = Math.min(cheapest, buy);
    atStart(slot, buy, peak, Math.min(buy, sell), store.retention, value, other);
    next();
  }
  return means(value, store.nominalKwh, slopes);
}

/** What a slot does to a store. */
interface SlotOfStore {
  readonly leastKwh: number;
  readonly mostKwh: number;
  readonly drainKwh: number;
  /** Stored by a kW of charging. [kWh] */
  readonly storedPerKw: number;
  /** Stored by charging at full power. [kWh] */
  readonly upKwh: number;
  /** Drawn by discharging at full power. [kWh] */
  readonly downKwh: number;
}

function columnsOf(store: Store, slot: number): SlotOfStore {
  const at = slot * store.stride;
  const storedPerKw = store.effectiveHours * store.chargeEfficiency[at];
  return {
    leastKwh: store.leastKwh[at],
    mostKwh: store.mostKwh[at],
    drainKwh: store.drainKwh[at],
    storedPerKw,
    upKwh: storedPerKw * store.chargeKw[at],
    downKwh: store.effectiveHours / store.dischargeEfficiency * store.dischargeKw[at],
  };
}

/** Of a car that has not left yet. */
function staying(store: Store): Partial<SlotOfStore> {
  const storedPerKw = store.effectiveHours * store.chargeEfficiency[0];
  return {
    leastKwh: 0,
    drainKwh: 0,
    upKwh: storedPerKw * store.ratedChargeKw,
    downKwh: store.effectiveHours / store.dischargeEfficiency * store.ratedDischargeKw,
  };
}

/** Mixes the value of a car that stays with that of one that leaves. */
function mayLeave(
  { unmetPricePerKwh, nominalKwh }: Store,
  chance: number,
  requiredKwh: number,
  awayPerKwh: number,
  before: Slopes,
  into: Slopes,
): void {
  const { from, slope, count } = before;
  const away = Math.max(0, awayPerKwh), missed = Math.max(away, unmetPricePerKwh ?? 0);
  for (let k = 0; k < count; k++) {
    const end = before.end(k);
    const part = (low: number, high: number, left: number) => {
      if (from[k] < high && end > low) {
        into.add(Math.max(from[k], low), chance * left + (1 - chance) * slope[k]);
      }
    };
    part(-Infinity, requiredKwh, missed);
    part(requiredKwh, nominalKwh, away);
    part(Math.max(requiredKwh, nominalKwh), Infinity, 0);
  }
}

/** At the end of a slot: what lacks is supplied, and what does not fit is worth nothing. */
function atEnd(
  { leastKwh, mostKwh }: SlotOfStore,
  missed: number,
  before: Slopes,
  into: Slopes,
): void {
  const { from, slope, count } = before;
  // Less than nothing cannot be: what lacks there is missed in any case.
  let first = 0;
  while (before.end(first) <= 0) first++;
  into.add(-Infinity, Math.max(missed, slope[first]));
  for (let k = first; k < count; k++) {
    const start = Math.max(0, from[k]), end = before.end(k);
    if (start < leastKwh) into.add(start, Math.max(missed, slope[k]));
    if (end > leastKwh && start < mostKwh) into.add(Math.max(start, leastKwh), slope[k]);
    if (end > mostKwh) into.add(Math.max(start, mostKwh), Math.min(0, slope[k]));
  }
}

/** Before the slot: after the best charging or discharging at its price. */
function atStart(
  { mostKwh, drainKwh, upKwh, downKwh }: SlotOfStore,
  buy: number,
  /** Price beyond the peak, and how much is stored below it. */
  peak: { readonly buy: number; readonly belowKwh: number },
  sell: number,
  retention: number,
  { from, slope, count }: Slopes,
  into: Slopes,
): void {
  const add = (kwh: number, perKwh: number) =>
    into.add((kwh + drainKwh) / retention, retention * perKwh);
  let k = 0;
  if (peak.belowKwh < upKwh) {
    for (; from[k] < mostKwh && slope[k] > peak.buy; k++) add(from[k] - upKwh, slope[k]);
    add(from[k] - upKwh, peak.buy);
  }
  for (; from[k] < mostKwh && slope[k] > buy; k++) add(from[k] - peak.belowKwh, slope[k]);
  add(from[k] - peak.belowKwh, buy);
  for (; from[k] < mostKwh && slope[k] > sell; k++) add(from[k], slope[k]);
  add(from[k], sell);
  for (; k < count; k++) add(from[k] + downKwh, slope[k]);
}

/** Means over equal cells from 0 to `capacityKwh`. */
function means(value: Slopes, capacityKwh: number, cells: Float64Array): Float64Array {
  const width = capacityKwh / cells.length;
  cells.fill(0);
  for (let j = 0, k = 0; j < cells.length; j++) {
    const end = (j + 1) * width;
    for (let at = j * width; at < end;) {
      while (value.end(k) <= at) k++;
      const next = Math.min(end, value.end(k));
      cells[j] += value.slope[k] * (next - at) / width;
      at = next;
    }
  }
  return cells;
}
