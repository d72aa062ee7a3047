/**
 * The status line, which is read out: price and state of the grid, at once when the day stands still and
 * now and then while it plays.
 *
 * @module
 */

/// <reference lib="dom" />

import { byId, decimal, setText } from "./dom.ts";
import { setterInWords } from "./price_words.ts";
import type { View } from "./view.ts";

/** Least time between two sentences. [ms] */
const EVERY_MS = 3000;

let writtenMs = -Infinity;
/** Whether it says that nothing has been played, which is wrong with the first slot. */
let saysNothing = false;

/** Writes the status of what is shown. */
export function writeStatus(view: View): void {
  const now = performance.now();
  const { day, frame, slots } = view;
  const last = slots.at(-1);
  const outdated = saysNothing && last !== undefined;
  if (frame.playing && !outdated && now - writtenMs < EVERY_MS) return;
  writtenMs = now;
  saysNothing = last === undefined;
  if (last === undefined) {
    return setText(
      byId("status"),
      `At midnight; nothing has been played yet.${frame.playing ? "" : " Press Play."}`,
    );
  }
  const [outcome] = last.outcomes;
  const price = outcome.clearingPricePerKwh;
  const orders = frame.homes[0]?.orders;
  const sentence = [
    frame.step >= day.slots ? "The day is over" : byId("time").textContent,
    price === null
      ? "no trade in the last slot"
      : `clearing price ${decimal(price, 3)} ${day.currency} per kWh`,
    ...price === null || orders === undefined ? [] : [setterInWords(orders)],
    last.importLimitKw === 0 ? "the grid is down" : gridInWords(outcome.gridKw),
    ...(outcome.unservedKwh > 1e-9 ? [`${decimal(outcome.unservedKwh, 1)} kWh not served`] : []),
  ].filter((part) => part !== "").join(", ");
  const measured = frame.measuredSlotsPerSecond;
  const slow = measured !== null && measured < 0.8 * frame.slotsPerSecond
    ? `reaches ${decimal(measured, 0)} slots a second`
    : "";
  const several = view.slotsInFrame > 1 ? `${view.slotsInFrame} slots in this picture` : "";
  const notes = [slow, several].filter((note) => note !== "").join("; ");
  setText(byId("status"), `${sentence}.${notes === "" ? "" : ` (${notes})`}`);
}

function gridInWords(gridKw: number): string {
  if (Math.abs(gridKw) < 0.05) return "nothing flows to or from the grid";
  return `the community ${gridKw < 0 ? "exports" : "imports"} ${decimal(Math.abs(gridKw), 1)} kW`;
}
