/**
 * What has been played of a live day, in the form of `evaluation_results.csv`.
 *
 * @module
 */

import { resultsCsv } from "../evaluation/export.ts";
import type { Records } from "../evaluation/records.ts";
import { namesForPeople } from "./policy_names.ts";
import type { LiveDay } from "./live_day.ts";
import type { DayFile } from "./session.ts";

/** The books of the slots that are done, under the names that people know. */
export function playedForPeople({ played }: LiveDay): Records[] {
  const names = namesForPeople(played.map(({ policy }) => policy));
  return played.map((records, k) => ({ ...records, policy: names[k] }));
}

/**
 * The slots that are done.
 *
 * @throws {RangeError} If nothing has been played yet.
 */
export function dayCsv(day: LiveDay): DayFile {
  if (day.step === 0) throw new RangeError("nothing has been played yet; play a slot first");
  const body = [...resultsCsv(playedForPeople(day), day.dataset)].join("");
  return { body, type: "text/csv; charset=utf-8" };
}
