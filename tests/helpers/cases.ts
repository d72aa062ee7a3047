/** How much is tried: so much on every change, and so much where `.ci/run` takes its time. */

const isLong = Deno.env.get("LONG") !== undefined;

/** A number of cases, slots or runs: `quick`, or `long` under `LONG=1`. */
export function cases(quick: number, long: number): number {
  return isLong ? long : quick;
}
