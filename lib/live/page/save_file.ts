/**
 * Files that are taken away, under names for people.
 *
 * @module
 */

/// <reference lib="dom" />

import type { DayFile } from "../session.ts";
import { html, sentence } from "./dom.ts";
import { policiesOf, type View } from "./view.ts";

/** How long a browser may take to begin to save. [ms] */
const KEPT_MS = 10_000;

/** What a file of the day that is shown is called. */
export function nameOf({ day }: View, file: string): string {
  const names = policiesOf(day).map((name) => name.replaceAll(/[^\w-]+/g, "-"));
  return `${day.setup.day}-${names.join("-and-")}-${file}`;
}

/** Saves a file once it is there; `tell` says what went wrong. */
export async function save(
  file: Promise<DayFile>,
  name: string,
  tell: (message: string) => void,
): Promise<void> {
  try {
    const { body, type } = await file;
    const address = URL.createObjectURL(new Blob([body], { type }));
    html("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
  } catch (error) {
    tell(sentence(error));
  }
}
