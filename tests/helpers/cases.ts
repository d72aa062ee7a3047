/** How much is tried: so much on every change, and so much where `.ci/run` takes its time. */

const isLong = Deno.env.get("LONG") !== undefined;

/** A number of cases, slots or runs, or a list of them: `quick`, or `long` under `LONG=1`. */
export function cases<T>(quick: T, long: T): T {
  return isLong ? long : quick;
}

/** A test that is there under `LONG=1` alone. */
export function longTest(name: string, fn: () => void | Promise<void>, ignore = false): void {
  if (isLong) Deno.test({ name, fn, ignore });
}
