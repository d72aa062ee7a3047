/**
 * What a chapter says of its own run, held to it: the published run has to be as the text says, and
 * whoever changes something gets a result and is told where it differs.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { shown } from "../text/shown.ts";
import { show } from "./show.ts";

/** In a kernel with this variable in its environment a chapter has to be as published. */
export const PUBLISHED_RUN = "P2P_PUBLISHED_RUN";

/** Longest note of a difference. */
const LONGEST = 160;

/**
 * Looks whether the run is as the text around it says. Where it is not, the run is stopped if it is to
 * be published, and otherwise goes on with a note.
 *
 * @throws {Error} What `check` throws, in a run that is to be published.
 */
export async function pinned(check: () => void | Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (Deno.env.has(PUBLISHED_RUN)) throw error;
    await show(differenceNote(error));
  }
}

/** What is said of a run that is not as the text says. */
export function differenceNote(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const line = shown(stripVTControlCharacters(reason).replaceAll(/\s+/g, " ").trim(), LONGEST)
    .replaceAll("`", "'");
  return "_Otherwise than in the published run, of which the text speaks:_ " +
    (line === "" ? "something that it says does not hold." : `\`${line}\``);
}
