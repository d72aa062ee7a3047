/**
 * Judges mutants: which are noticed by a test, which survive, and which of these are harmless.
 *
 * @module
 */

import type { Area } from "./areas.ts";
import { type FaultKey, type Mutant, textOf } from "./mutants.ts";
import type { Outcome, Workshop } from "./workshop.ts";

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /**
   * `argued`: it survived, and an argument says why that is right. `refuted`: an argument says that
   * no test can notice, and one did.
   */
  readonly kind: "killed" | "argued" | "survived" | "refuted";
  /** The test that noticed, or that the time was up; empty for a survivor. */
  readonly by: string;
}

/** Time that a mutant gets, as a multiple of what the tests take without a fault. */
const PATIENCE = 5;
/** Least time that a mutant gets. [ms] */
const LEAST_PATIENCE = 20_000;

/**
 * Runs the tests of an area over each of its mutants, in as many workshops at once as there are;
 * `report` gets the verdicts as they are found.
 *
 * @throws {Error} If the tests fail without any fault.
 */
export async function judge(
  area: Area,
  mutants: readonly Mutant[],
  argued: readonly FaultKey[],
  workshops: readonly Workshop[],
  report: (verdict: Verdict) => void,
): Promise<void> {
  const start = performance.now();
  const untouched = await workshops[0].test(area.tests, 600_000);
  if (untouched.kind !== "passed") {
    const what = untouched.kind === "failed" ? `"${untouched.test}" fails` : "they take too long";
    throw new Error(`the tests must pass before there is a mutant: ${what}`);
  }
  const timeoutMs = Math.max(LEAST_PATIENCE, PATIENCE * (performance.now() - start));
  const harmless = new Set(argued.map(textOf));
  let next = 0;
  await Promise.all(workshops.map(async (workshop) => {
    while (next < mutants.length) {
      const mutant = mutants[next++];
      report(verdictOf(mutant, await workshop.test(area.tests, timeoutMs, mutant), harmless));
    }
  }));
}

function verdictOf(mutant: Mutant, outcome: Outcome, harmless: ReadonlySet<string>): Verdict {
  const isArgued = harmless.has(textOf(mutant));
  switch (outcome.kind) {
    case "failed":
      return { mutant, kind: isArgued ? "refuted" : "killed", by: outcome.test };
    case "timed out":
      return { mutant, kind: "killed", by: "time" };
    case "passed":
      return { mutant, kind: isArgued ? "argued" : "survived", by: "" };
  }
}

/** The mutants that arguments speak of and that are not there: the code has changed. */
export function staleArguments(
  argued: readonly FaultKey[],
  mutants: readonly FaultKey[],
): FaultKey[] {
  const there = new Set(mutants.map(textOf));
  return argued.filter((key) => !there.has(textOf(key)));
}
