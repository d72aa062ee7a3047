/**
 * The fuzzer: trial after trial, each from a seed of its own, so that any can be played again alone.
 *
 * A trial is one world, one book, one battery or one impossible world; cases are counted in slots,
 * books and actions. fast-check draws what a trial needs and shrinks what fails.
 *
 * @module
 */

import fc from "fast-check";
import { stream } from "../../../lib/random.ts";
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
  /** How long a failure may be shrunk; 20 s if absent. [ms] */
  readonly shrinkMs?: number;
  /** The trial to begin with. */
  readonly firstTrial?: number;
  /** The parts under attack; the library's own if absent. */
  readonly subjects?: Subjects;
  /** Told before every trial its number and what came out so far. */
  readonly onTrial?: (trial: number, report: FuzzReport) => void;
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
  /** How long a failure may be shrunk. [ms] */
  readonly interruptAfterTimeLimit: number;
}

/** What a failing trial came to. */
interface Outcome {
  readonly error: unknown;
  readonly shrunk: string;
}

/** A kind of trial. */
interface Target {
  /** What it comes to; `null` if all is well. Every attempt asks for a tally of its own. */
  run(parameters: Parameters, subjects: Subjects, tally: () => Tally): Outcome | null;
  /** What would be attacked, as source text. */
  draw(parameters: Parameters): string;
}

function target<T>(
  drawn: fc.Arbitrary<T>,
  attack: (drawn: T, subjects: Subjects, tally: Tally) => void,
): Target {
  const attempt = (parameters: Parameters, each: (drawn: T) => void) => {
    const { failed, errorInstance, counterexample } = fc.check(fc.property(drawn, each), {
      ...parameters,
      numRuns: 1,
      markInterruptAsFailure: true,
    });
    return failed ? { error: errorInstance, shrunk: fc.stringify(counterexample?.[0]) } : null;
  };
  return {
    run: (parameters, subjects, tally) =>
      attempt(parameters, (value) => attack(value, subjects, tally())),
    draw(parameters) {
      let text = "";
      attempt(parameters, (value) => void (text = fc.stringify(value)));
      return text;
    },
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

/** How long a failure may be shrunk where nothing else is said. [ms] */
const SHRINK_MS = 20_000;

/** Attacks until there are enough cases or failures. */
export function fuzz(options: FuzzOptions): FuzzReport {
  const { seed, cases, failures: enough, firstTrial = 0, shrinkMs = SHRINK_MS, onTrial } = options;
  const subjects = options.subjects ?? ownSubjects;
  const total = createTally();
  const failures: Failure[] = [];
  let trials = 0;
  while (countCases(total) < cases && failures.length < enough) {
    const trial = firstTrial + trials;
    onTrial?.(trial, { tally: total, failures, trials });
    const { tally, failure } = runTrial(seed, trial, subjects, shrinkMs);
    addTally(total, tally);
    if (failure !== null) {
      const { kind, message, shrunk } = failure;
      failures.push({ trial, kind, message, shrunk, afterCases: countCases(total) });
    }
    trials++;
  }
  return { tally: total, failures, trials };
}

/** What trial number `trial` attacks, as source text. */
export function drawTrial(seed: number, trial: number): string {
  return round[trial % round.length].draw(parametersOf(seed, trial, SHRINK_MS));
}

function runTrial(seed: number, trial: number, subjects: Subjects, shrinkMs: number) {
  const parameters = parametersOf(seed, trial, shrinkMs);
  const tallies: Tally[] = [];
  const failure = round[trial % round.length].run(parameters, subjects, () => {
    // Beyond the first, these are of smaller and smaller cases.
    tallies.push(createTally());
    return tallies[tallies.length - 1];
  });
  return { tally: tallies[0], failure: failure && { ...describe(failure.error), ...failure } };
}

function parametersOf(seed: number, trial: number, shrinkMs: number): Parameters {
  const random = stream(seed, "fuzz", trial);
  // Half of the trials prefer the ends of ranges.
  return {
    seed: random.below(2 ** 31),
    unbiased: random.uniform() < 0.5,
    interruptAfterTimeLimit: shrinkMs,
  };
}

function describe(error: unknown) {
  if (error instanceof FailedCheck) return { kind: error.kind, message: error.message };
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { kind: "exception", message: text };
}
