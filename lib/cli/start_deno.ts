/**
 * Starts Deno once more, for what is better done in a process of its own.
 *
 * @module
 */

/**
 * A process of Deno.
 *
 * @throws {Error} If none may be started; the caller says what to do.
 */
export function startDeno(options: Deno.CommandOptions): Deno.ChildProcess {
  let refusal: unknown;
  // The name alone is what a task is allowed to run; a test or a notebook may run this very program.
  for (const program of [Deno.execPath(), "deno"]) {
    try {
      return new Deno.Command(program, options).spawn();
    } catch (error) {
      refusal = error;
      const { NotCapable, NotFound } = Deno.errors;
      if (!(error instanceof NotCapable || error instanceof NotFound)) throw error;
    }
  }
  throw refusal;
}
