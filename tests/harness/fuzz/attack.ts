/**
 * Trial after trial, each from a seed of its own, so that any can be played again alone. A trial is
 * one world, book, store or impossible world; cases are counted in slots and books.
 * fast-check draws what a trial needs and shrinks what fails.
 *
 * @module
 */

import fc from "fast-check";
import { stream } from "../../../lib/random.ts";
import { bookCase, checkBook } from "./books.ts";
import { countCases, createTally, FailedCheck, ownSubjects } from "./checks.ts";
import type { Subjects, Tally } from "./checks.ts";
import { checkRefusal, refusalCase } from "./refusals.ts";
import { hostileWorld } from "./hostile.ts";
import { checkWorld } from "./slots.ts";
import { checkStore, storeCase } from "./stores.ts";

/** What to attack, and for how long. */
export interface AttackOptions {
  /** Decides everything that is drawn. */
  readonly seed: number;
  /** Ends after the trial in which so many cases are reached. */
  readonly cases: number;
  /** Ends after so many trials that failed. */
  readonly failures: number;
  /** How long a failure may be shrunk; 20 s if absent. [ms] */
  readonly shrinkMs?: number;
  /** The trial to begin with. */
  readonly firstTrial?: number;
  /** The parts under attack; the library's own if absent. */
  readonly subjects?: Subjects;
  /** Told before every trial its number and what came out so far. */
  readonly onTrial?: (trial: number, report: Report) => void;
}

/** A trial that failed. */
export interface Failure {
  readonly trial: number;
  /** The check that failed, or `exception`. */
  readonly kind: string;
  /** What is wrong with the shrunk case. */
  readonly message: string;
  /** The smallest case found that fails, as source text. */
  readonly shrunk: string;
}

/** What came out so far. */
export interface Report {
  readonly tally: Tally;
  readonly failures: readonly Failure[];
  readonly trials: number;
}

type Target = (
  parameters: fc.Parameters<[unknown]>,
  subjects: Subjects,
  total: Tally,
) => Promise<{ error: unknown; shrunk: string } | null>;

/** A kind of trial: every attempt counts in a tally of its own, and the first of them counts. */
function target<T>(
  drawn: fc.Arbitrary<T>,
  attack: (drawn: T, subjects: Subjects, tally: Tally) => void | Promise<void>,
): Target {
  return async (parameters, subjects, total) => {
    let tally = total;
    const property = fc.asyncProperty(drawn, async (value) => {
      const own = tally;
      tally = createTally();
      await attack(value, subjects, own);
    });
    const { failed, errorInstance: error, counterexample } = await fc.check(property, {
      ...parameters as fc.Parameters<[T]>,
      numRuns: 1,
      markInterruptAsFailure: true,
    });
    return failed ? { error, shrunk: fc.stringify(counterexample?.[0]) } : null;
  };
}

/** Trials in turn: a world has as many cases as several dozens of the others. */
const round: readonly Target[] = [
  target(hostileWorld, checkWorld),
  target(refusalCase, checkRefusal),
  ...Array.from(
    { length: 40 },
    () => [target(bookCase, checkBook), target(storeCase, checkStore)],
  ).flat(),
];

/** Attacks until there are enough cases or failures. */
export async function attack(options: AttackOptions): Promise<Report> {
  const { seed, cases, failures: enough, firstTrial = 0, shrinkMs = 20_000, onTrial } = options;
  const tally = createTally();
  const failures: Failure[] = [];
  let trials = 0;
  for (; countCases(tally) < cases && failures.length < enough; trials++) {
    const trial = firstTrial + trials;
    onTrial?.(trial, { tally, failures, trials });
    const random = stream(seed, "fuzz", trial);
    // Half of the trials prefer the ends of ranges.
    const [drawn, unbiased] = [random.below(2 ** 31), random.uniform() < 0.5];
    const parameters = { seed: drawn, unbiased, interruptAfterTimeLimit: shrinkMs };
    const found = await round[trial % round.length](
      parameters,
      options.subjects ?? ownSubjects,
      tally,
    );
    if (found !== null) failures.push({ trial, ...describe(found.error), shrunk: found.shrunk });
  }
  return { tally, failures, trials };
}

function describe(error: unknown): { kind: string; message: string } {
  if (error instanceof FailedCheck) return { kind: error.kind, message: error.message };
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { kind: "exception", message: text };
}
