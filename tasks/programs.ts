/**
 * Other programs on this machine.
 *
 * @module
 */

/**
 * Whether starting a program failed because it is not there. The launcher allows only programs that it
 * finds, so that one which is missing is refused before it is looked for.
 */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
}
