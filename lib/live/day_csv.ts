/**
 * What has been played of a live day, in the form of `evaluation_results.csv`.
 *
 * @module
 */

import { resultsCsv } from "../evaluation/export.ts";
import type { LiveDay } from "./live_day.ts";
import type { DayFile } from "./session.ts";

/**
 * The slots that are done.
 *
 * @throws {RangeError} If nothing has been played yet.
 */
export function dayCsv(day: LiveDay): DayFile {
  if (day.step === 0) throw new RangeError("nothing has been played yet; play a slot first");
  const body = [...resultsCsv(day.played, day.dataset)].join("");
  return { body, type: "text/csv; charset=utf-8" };
}
