/**
 * What is looked at, and what was found. Nothing that is looked at is imported before it is tried: a
 * machine on which everything is broken gets a full list.
 *
 * @module
 */

/** What was found. */
export interface Finding {
  /** What was looked at. */
  readonly what: string;
  /** Whether every task needs it; what is not required serves some tasks only. */
  readonly required: boolean;
  /** Whether it is as it should be. */
  readonly ok: boolean;
  /** What it is, or what is wrong with it. */
  readonly detail: string;
  /** What to do about it; `null` if it is as it should be. */
  readonly remedy: string | null;
}

/** One thing to look at. */
export interface Check {
  /** What is looked at. */
  readonly what: string;
  /** Whether every task needs it. */
  readonly required: boolean;
  /** What to do if it is not as it should be. */
  readonly remedy: string;
  /**
   * Looks, and says what it is.
   *
   * @throws {Error} Saying what is wrong.
   */
  readonly look: () => string | Promise<string>;
}

/** Looks at one thing; whatever goes wrong with that is what was found. */
export async function examine({ what, required, remedy, look }: Check): Promise<Finding> {
  try {
    return { what, required, ok: true, detail: await look(), remedy: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const detail = message.trim().replaceAll(/\s*\n\s*/g, "; ");
    return { what, required, ok: false, detail, remedy };
  }
}
