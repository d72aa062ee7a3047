/**
 * Notable events of a day: what an operator would want to be told, once when it begins.
 *
 * | event | begins when |
 * | --- | --- |
 * | `scarcity` | load is not served |
 * | `curtailment` | sun is not used |
 * | `price-spike` | the import price is at least 1.5 times the day's median, or the clearing price at least 1.5 times the one before |
 * | `outage` | the grid connection carries nothing |
 * | `limit` | import or export reaches a limit that is not an outage |
 * | `batteries-empty`, `batteries-full` | the mean battery is below 2 %, above 98 % |
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import type { SlotConditions, SlotOutcome } from "./slot_report.ts";

/** Kind of a notable event. */
export type NotableKind =
  | "scarcity"
  | "curtailment"
  | "price-spike"
  | "outage"
  | "limit"
  | "batteries-empty"
  | "batteries-full";

/** Something worth telling. */
export interface NotableEvent {
  /** What it is. */
  readonly kind: NotableKind;
  /** One clause in words, with its figure. */
  readonly text: string;
}

/** One slot: its conditions and what a policy made of it. */
export type ReportedSlot = SlotConditions & SlotOutcome;

const SPIKE = 1.5;
const NEARLY = 0.02;

/**
 * What begins in a slot.
 *
 * @param slot The slot.
 * @param before The one before; absent at the start of the day, when everything is new.
 * @param medianPricePerKwh Median import price of the day. [currency/kWh]
 *
 * @example
 * ```ts
 * import { notableEvents, type ReportedSlot } from "./notable.ts";
 * const quiet = { unservedKwh: 0, curtailedKwh: 0, importPricePerKwh: 0.3, socFraction: null };
 * const calm = { ...quiet, importLimitKw: null, exportLimitKw: null } as ReportedSlot;
 * const short = { ...calm, unservedKwh: 2 };
 * const [event] = notableEvents(short, calm, 0.3);
 * if (event.text !== "scarcity: 2.00 kWh of load not served") throw new Error(event.text);
 * ```
 */
export function notableEvents(
  slot: ReportedSlot,
  before: ReportedSlot | undefined,
  medianPricePerKwh: number,
): NotableEvent[] {
  const begun = conditions.filter(({ holds }) =>
    holds(slot, medianPricePerKwh) && !(before && holds(before, medianPricePerKwh))
  );
  const events = begun.map(({ kind, text }) => ({ kind, text: text(slot) }));
  const [price, earlier] = [slot.clearingPricePerKwh ?? 0, before?.clearingPricePerKwh ?? 0];
  if (earlier > 0 && price >= SPIKE * earlier) {
    const text = `price spike: clearing price up from ${earlier.toFixed(3)} to ${price.toFixed(3)}`;
    events.push({ kind: "price-spike", text });
  }
  return events;
}

interface Condition {
  readonly kind: NotableKind;
  readonly holds: (slot: ReportedSlot, medianPricePerKwh: number) => boolean;
  readonly text: (slot: ReportedSlot) => string;
}

const conditions: readonly Condition[] = [
  {
    kind: "outage",
    holds: ({ importLimitKw }) => importLimitKw === 0,
    text: () => "outage: the grid connection carries nothing",
  },
  {
    kind: "scarcity",
    holds: ({ unservedKwh }) => unservedKwh > DUST_KWH,
    text: ({ unservedKwh }) => `scarcity: ${unservedKwh.toFixed(2)} kWh of load not served`,
  },
  {
    kind: "curtailment",
    holds: ({ curtailedKwh }) => curtailedKwh > DUST_KWH,
    text: ({ curtailedKwh }) => `curtailment: ${curtailedKwh.toFixed(2)} kWh of sun not used`,
  },
  {
    kind: "price-spike",
    holds: ({ importPricePerKwh }, median) => median > 0 && importPricePerKwh >= SPIKE * median,
    text: ({ importPricePerKwh }) => `price spike: import price at ${importPricePerKwh.toFixed(3)}`,
  },
  {
    kind: "limit",
    holds: ({ gridKw, importLimitKw, exportLimitKw }) =>
      reaches(gridKw, importLimitKw) || reaches(-gridKw, exportLimitKw),
    text: ({ gridKw }) =>
      `grid limit reached: ${gridKw > 0 ? "importing" : "exporting"} ${
        Math.abs(gridKw).toFixed(1)
      } kW`,
  },
  {
    kind: "batteries-empty",
    holds: ({ socFraction }) => socFraction !== null && socFraction <= NEARLY,
    text: () => "batteries are empty",
  },
  {
    kind: "batteries-full",
    holds: ({ socFraction }) => socFraction !== null && socFraction >= 1 - NEARLY,
    text: () => "batteries are full",
  },
];

function reaches(powerKw: number, limitKw: number | null): boolean {
  return limitKw !== null && limitKw > 0 && powerKw >= limitKw * (1 - 1e-9);
}
