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

/** Time that a mutant gets for a test file, as a multiple of what it takes without a fault. */
const PATIENCE = 5;
/** Least time that a mutant gets for a test file. [ms] */
const LEAST_PATIENCE = 20_000;
/** Most time that a test file gets without a fault. [ms] */
const MOST_PATIENCE = 600_000;

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
  const timeouts = await timeUntouched(area, workshops[0]);
  const harmless = new Set(argued.map(textOf));
  let next = 0;
  await Promise.all(workshops.map(async (workshop) => {
    while (next < mutants.length) {
      const mutant = mutants[next++];
      report(verdictOf(mutant, await outcomeOf(mutant, timeouts, workshop), harmless));
    }
  }));
}

/** How long each test file of an area may take, from how long it takes without a fault. [ms] */
async function timeUntouched(area: Area, workshop: Workshop): Promise<Map<string, number>> {
  const timeouts = new Map<string, number>();
  for (const file of area.tests) {
    const start = performance.now();
    const untouched = await workshop.test(file, MOST_PATIENCE);
    if (untouched.kind !== "passed") {
      const what = untouched.kind === "failed" ? `"${untouched.test}" fails` : `${file} hangs`;
      throw new Error(`the tests must pass before there is a mutant: ${what}`);
    }
    const patience = PATIENCE * (performance.now() - start);
    timeouts.set(file, Math.max(LEAST_PATIENCE, patience));
  }
  return timeouts;
}

/** Runs test files one by one until a test fails. */
async function outcomeOf(
  mutant: Mutant,
  timeouts: ReadonlyMap<string, number>,
  workshop: Workshop,
): Promise<Outcome> {
  for (const [file, timeoutMs] of timeouts) {
    const outcome = await workshop.test(file, timeoutMs, mutant);
    if (outcome.kind !== "passed") return outcome;
  }
  return { kind: "passed" };
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
