/**
 * Energy of a home's register by slots, from all series that have some of it: readings that no home can
 * have are left out, and what is left out is said.
 *
 * @module
 */

import { shown } from "../../text/shown.ts";
import { SlotEnergy, type SlotGrid } from "./energy.ts";
import type { MeterSeries } from "./meter_file.ts";
import { kiloPerUnit, type Role } from "./names.ts";
import { addRegister } from "./registers.ts";

/** How series become slots. */
export interface HomeRules {
  readonly grid: SlotGrid;
  /** Gaps up to this length are interpolated. [h] */
  readonly fillHours: number;
  /** What a connection carries; more is no reading. [kW] */
  readonly connectionKw: number;
  /** Offset of local time. [min] */
  readonly utcOffsetMinutes: number;
  /** Starts of slots, for messages. */
  readonly time: (slot: number) => string;
}

/** A series in which more readings than this are too large has another unit. */
const MOST_SPIKES = 0.01;
/** Rows of the same time that differ: a few are corrections, many are two registers. */
const MOST_CONTRADICTING = { count: 10, share: 0.02 };
/** A series with a larger share of energy below zero has signs that mean something. */
const MOST_BELOW_ZERO = 0.005;

/** Energy of one role of a home, from all series that have some of it. */
export async function slotsOf(
  home: string,
  role: Role,
  series: readonly MeterSeries[],
  rules: HomeRules,
): Promise<{ slots: SlotEnergy; exported: SlotEnergy | null; said: string[] }> {
  const slots = new SlotEnergy(rules.grid);
  let exported: SlotEnergy | null = null;
  const said: string[] = [];
  for (const one of series) {
    const own = series.length === 1 ? slots : new SlotEnergy(rules.grid);
    if (one.column.quantity === "register") said.push(...await addReadings(home, one, rules, own));
    else {
      const signs = signsOf(one.readings.values, role);
      if (signs === "net") {
        exported ??= new SlotEnergy(rules.grid);
        said.push(
          `${home}: readings below zero are taken as export, those above as import (column ` +
            `${shown(one.column.column)})`,
        );
      } else if (signs === "turned") {
        said.push(`${home}: generation is written below zero and taken with the other sign`);
      }
      said.push(...await addIntervals(home, one, rules, own, signs, exported));
    }
    const isOther = series.some(({ path, column }) =>
      path === one.path && column.tariff !== one.column.tariff
    );
    if (own !== slots) {
      if (isOther) addTariff(slots, own);
      else mergeInto(slots, own, home, one, series, rules);
    }
    const { repeated, contradicting } = one.readings;
    if (repeated > 0) said.push(`${home}: ${repeated} ${role} readings come twice and count once`);
    if (
      contradicting >
        Math.max(MOST_CONTRADICTING.count, MOST_CONTRADICTING.share * one.readings.moments.length)
    ) {
      throw new RangeError(
        `${one.path}, column ${
          shown(one.column.column)
        }: ${home} has ${contradicting} pairs of ${role} ` +
          "readings that contradict each other at the same time; does another column tell registers or " +
          "tariffs apart? Keep the rows of one",
      );
    }
    if (contradicting > 0) {
      said.push(
        `${home}: ${contradicting} ${role} readings contradict another of the same time; the later row ` +
          "counts",
      );
    }
  }
  return { slots, exported, said };
}

/** What signs mean: nothing, use and export in one column, or generation as something given. */
function signsOf(values: Float64Array, role: Role): "plain" | "net" | "turned" {
  let [above, below] = [0, 0];
  for (const value of values) {
    if (value > 0) above += value;
    else below -= value;
  }
  if (role === "pv" || role === "export") return below > above ? "turned" : "plain";
  return below > MOST_BELOW_ZERO * above && below > 0 ? "net" : "plain";
}

async function addIntervals(
  home: string,
  { readings, column, step, label, place }: MeterSeries,
  { connectionKw, time, grid }: HomeRules,
  into: SlotEnergy,
  signs: "plain" | "net" | "turned",
  exported: SlotEnergy | null,
): Promise<string[]> {
  const { moments, values } = readings;
  const hours = step / 3600;
  const perValue = kiloPerUnit[column.unit] * (column.quantity === "power" ? hours : 1) *
    (signs === "turned" ? -1 : 1);
  const shift = label === "end" ? -step : 0;
  const mostKwh = connectionKw * hours;
  const spikes: number[] = [], negatives: number[] = [];
  for (let k = 0; k < moments.length; k++) {
    const energyKwh = values[k] * perValue, from = moments[k] + shift;
    if (Math.abs(energyKwh) > mostKwh) spikes.push(k);
    // What panels take at night is judged later, against what is installed.
    else if (energyKwh < 0 && signs !== "net" && column.role !== "pv") negatives.push(k);
    else {
      into.add(from, from + step, exported === null ? energyKwh : Math.max(0, energyKwh));
      exported?.add(from, from + step, Math.max(0, -energyKwh));
    }
  }
  if (spikes.length > MOST_SPIKES * moments.length && spikes.length > 2) {
    const first = spikes[0];
    throw new RangeError(
      `${await place(first)}: ${values[first]} ${column.unit} and ${
        spikes.length - 1
      } more are above ` +
        `the ${connectionKw} kW that a connection carries; say the unit (--unit W or Wh) or the size ` +
        "(--connection-kw)",
    );
  }
  const list = (at: readonly number[]) =>
    at.slice(0, 3).map((k) =>
      `${Number(values[k].toPrecision(6))} ${column.unit} at ` +
      time(Math.floor((moments[k] + shift - grid.startSeconds) / grid.slotSeconds))
    ).join(", ") + (at.length > 3 ? ", …" : "");
  return [
    ...spikes.length > 0
      ? [
        `${home}: ${spikes.length} ${column.role} readings above ${connectionKw} kW are left out and ` +
        `filled: ${list(spikes)}`,
      ]
      : [],
    ...negatives.length > 0
      ? [
        `${home}: ${negatives.length} ${column.role} readings below zero are left out and filled: ` +
        list(negatives),
      ]
      : [],
  ];
}

async function addReadings(
  home: string,
  { readings, column, step, place }: MeterSeries,
  rules: HomeRules,
  into: SlotEnergy,
): Promise<string[]> {
  const { exchanges, rollovers, absurd, backwards } = addRegister(
    readings,
    kiloPerUnit[column.unit],
    step,
    rules.connectionKw,
    into,
  );
  const { values } = readings;
  if (backwards >= 0) {
    throw new RangeError(
      `${await place(backwards)}: the meter of ${home} runs backwards, from ${
        values[backwards - 1]
      } to ` +
        `${values[backwards]}; give import and export as two registers, or correct the reading`,
    );
  }
  if (exchanges.length > 10 && exchanges.length > MOST_SPIKES * values.length) {
    throw new RangeError(
      `${await place(exchanges[0])}: the register jumps ${exchanges.length} times, first from ` +
        `${values[exchanges[0] - 1]} to ${
          values[exchanges[0]]
        }; is this a register (--quantity energy), ` +
        "and is the unit right (--unit)?",
    );
  }
  const at = (k: readonly number[]) =>
    k.slice(0, 3).map((each) => `${values[each - 1]} to ${values[each]}`).join(", ");
  const said = (what: string, k: readonly number[]) =>
    k.length > 0 ? [`${home}: ${what} (${at(k)} ${column.unit})`] : [];
  return [
    ...said("its meter was exchanged, and the interval of that is filled", exchanges),
    ...said("its meter went on from zero, all digits being full", rollovers),
    ...said("readings that do not fit between their neighbours are left out", absurd),
  ];
}

/** Adds what the meter counted at another tariff: in a slot one of them holds, or both have a part. */
function addTariff(slots: SlotEnergy, own: SlotEnergy): void {
  own.energyKwh.forEach((energyKwh, slot) => {
    slots.energyKwh[slot] += energyKwh;
    slots.knownSeconds[slot] = Math.max(slots.knownSeconds[slot], own.knownSeconds[slot]);
  });
}

/** Adds what another file has of the same register; twice the same is fine, two versions are not. */
function mergeInto(
  slots: SlotEnergy,
  own: SlotEnergy,
  home: string,
  { path, column: { role, column } }: MeterSeries,
  series: readonly MeterSeries[],
  { grid, time }: HomeRules,
): void {
  slots.blocks.push(...own.blocks);
  const isSameFile = series.some((other) => other.path === path && other.column.column !== column);
  const from = isSameFile ? "columns" : "files";
  for (let slot = 0; slot < grid.slots; slot++) {
    const known = slots.knownSeconds[slot], other = own.knownSeconds[slot];
    if (other === 0) continue;
    if (known + other <= grid.slotSeconds + 0.5) {
      slots.energyKwh[slot] += own.energyKwh[slot];
      slots.knownSeconds[slot] += other;
      continue;
    }
    const difference = Math.abs(slots.energyKwh[slot] - own.energyKwh[slot]);
    if (difference <= 0.01 + 0.05 * slots.energyKwh[slot]) continue;
    throw new RangeError(
      `${path}: ${home}: two ${from} have its ${role} at ${time(slot)}, ${
        rounded(slots.energyKwh[slot])
      } and ` +
        `${rounded(own.energyKwh[slot])} kWh; leave one of them out`,
    );
  }
}

/** A number for messages. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** First and last moment of readings. [s] */
export function spanOf(
  { readings: { moments }, column, step, label }: MeterSeries,
): [number, number] {
  if (column.quantity === "register") return [moments[0], moments.at(-1)!];
  const shift = label === "end" ? step : 0;
  return [moments[0] - shift, moments.at(-1)! + step - shift];
}
