/**
 * The fuzzer: trial after trial, each from a seed of its own, so that any can be played again alone.
 *
 * A trial is one world, one book, one battery or one impossible world; cases are counted in slots,
 * books and actions. fast-check draws what a trial needs and shrinks what fails.
 *
 * @module
 */

import fc from "fast-check";
import { stream } from "../../lib/random.ts";
import { bookCase, checkBook } from "./books.ts";
import {
  addTally,
  countCases,
  createTally,
  FailedCheck,
  ownSubjects,
  type Subjects,
  type Tally,
} from "./checks.ts";
import { checkRefusal, refusalCase } from "./refusals.ts";
import { actionCase, checkActions } from "./single_actions.ts";
import { checkWorld } from "./slots.ts";
import { anyWorld } from "./world.ts";

/** What to attack, and for how long. */
export interface FuzzOptions {
  /** Decides everything that is drawn. */
  readonly seed: number;
  /** Ends after the trial in which so many cases are reached. */
  readonly cases: number;
  /** Ends after so many trials that failed. */
  readonly failures: number;
  /** The trial to begin with. */
  readonly firstTrial?: number;
  /** The parts under attack; the library's own if absent. */
  readonly subjects?: Subjects;
  /** Told after every trial. */
  readonly onTrial?: (report: FuzzReport) => void;
}

/** A trial that failed. */
export interface Failure {
  /** Number of the trial. */
  readonly trial: number;
  /** The check that failed, or `exception`. */
  readonly kind: string;
  /** What is wrong with the shrunk case. */
  readonly message: string;
  /** The smallest case found that fails, as source text. */
  readonly shrunk: string;
  /** Cases until then. */
  readonly afterCases: number;
}

/** What came out so far. */
export interface FuzzReport {
  readonly tally: Tally;
  readonly failures: readonly Failure[];
  /** Trials done. */
  readonly trials: number;
}

/** How a trial is drawn, and how a failing one is shrunk. */
interface Parameters {
  readonly seed: number;
  readonly unbiased: boolean;
}

/** What a trial came to; `error` is `null` if all is well. */
interface Outcome {
  readonly error: unknown;
  readonly shrunk: string;
}

/** A kind of trial. */
type Target = (parameters: Parameters, subjects: Subjects, tally: () => Tally) => Outcome | null;

/** How long a failure may be shrunk. [ms] */
const SHRINK_MS = 20_000;

function target<T>(
  drawn: fc.Arbitrary<T>,
  attack: (drawn: T, subjects: Subjects, tally: Tally) => void,
): Target {
  return (parameters, subjects, tally) => {
    const property = fc.property(drawn, (value) => attack(value, subjects, tally()));
    const { failed, errorInstance, counterexample } = fc.check(property, {
      ...parameters,
      numRuns: 1,
      interruptAfterTimeLimit: SHRINK_MS,
      markInterruptAsFailure: true,
    });
    return failed ? { error: errorInstance, shrunk: fc.stringify(counterexample?.[0]) } : null;
  };
}

const world = target(anyWorld, checkWorld);
const book = target(bookCase, checkBook);
const action = target(actionCase, checkActions);
const refusal = target(refusalCase, checkRefusal);

/** Trials in turn: a world has as many cases as several dozens of the others. */
const round: readonly Target[] = [
  world,
  refusal,
  ...Array.from({ length: 40 }, () => [book, action]).flat(),
];

/** Attacks until there are enough cases or failures. */
export function fuzz(options: FuzzOptions): FuzzReport {
  const { seed, cases, failures: enough, firstTrial = 0, onTrial } = options;
  const subjects = options.subjects ?? ownSubjects;
  const total = createTally();
  const failures: Failure[] = [];
  let trials = 0;
  while (countCases(total) < cases && failures.length < enough) {
    const trial = firstTrial + trials++;
    const { tally, failure } = runTrial(seed, trial, subjects);
    addTally(total, tally);
    if (failure !== null) {
      const { kind, message, shrunk } = failure;
      failures.push({ trial, kind, message, shrunk, afterCases: countCases(total) });
    }
    onTrial?.({ tally: total, failures, trials });
  }
  return { tally: total, failures, trials };
}

function runTrial(seed: number, trial: number, subjects: Subjects) {
  const random = stream(seed, "fuzz", trial);
  // Half of the trials prefer the ends of ranges.
  const parameters = { seed: random.below(2 ** 31), unbiased: random.uniform() < 0.5 };
  const tallies: Tally[] = [];
  const failure = round[trial % round.length](parameters, subjects, () => {
    // Beyond the first, these are of smaller and smaller cases.
    tallies.push(createTally());
    return tallies[tallies.length - 1];
  });
  return { tally: tallies[0] ?? createTally(), failure: failure && { ...describe(failure.error), ...failure } };
}

function describe(error: unknown) {
  if (error instanceof FailedCheck) return { kind: error.kind, message: error.message };
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { kind: "exception", message: text };
}
