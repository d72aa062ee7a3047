/**
 * A pool of Workers that solve linear programs side by side.
 *
 * Answers depend neither on the number of Workers nor on what was solved before. A program without
 * an optimum is an error that says which of its constraints is to blame.
 *
 * @module
 */

import { announceFetch, loadPackage } from "../packages.ts";
import type { LinearProgram, LinearSolution } from "./linear_program.ts";
import { solutionOf, type SolveOutcome } from "./solver_outcome.ts";
import type { SolveReply, SolveRequest } from "./solver_worker.ts";
import { moduleBeside } from "../module_beside.ts";

/** Solves linear programs; `using` or {@linkcode Solver.close} ends its Workers. */
export interface Solver extends Disposable {
  /**
   * Solves programs side by side and answers in their order.
   *
   * @throws {Error} If a program has no optimum, a Worker fails or the solver is closed.
   */
  solve(programs: readonly LinearProgram[]): Promise<LinearSolution[]>;
  /**
   * The same with a limit of time for each program; `null` for those that ran out of it.
   *
   * @param secondsAtMost The limit. [s]
   * @throws {Error} As above.
   */
  solveWithin(
    programs: readonly LinearProgram[],
    secondsAtMost: number,
  ): Promise<(LinearSolution | null)[]>;
  /** Ends the Workers; what they are still at fails. */
  close(): void;
}

/** Options of {@linkcode createSolver}. */
export interface SolverOptions {
  /** Number of Workers; as many programs are solved at a time. */
  readonly workers?: number;
}

/**
 * A solver whose Workers start when they are first needed.
 *
 * @throws {RangeError} If `workers` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { createProgramBuilder } from "./linear_program.ts";
 * import { createSolver } from "./solver.ts";
 * const builder = createProgramBuilder();
 * const x = builder.column("x", 2, 0, Infinity);
 * builder.row("at least three", 3, Infinity);
 * builder.entry(x, 1);
 * const program = {
 *   subject: "the example",
 *   model: builder.model(),
 *   columnName: (column: number) => builder.columnLabels[column],
 *   rowName: (row: number) => builder.rowLabels[row],
 * };
 * using solver = createSolver({ workers: 1 });
 * const [{ objective }] = await solver.solve([program]);
 * if (objective !== 6) throw new Error(`twice three is 6, got ${objective}`);
 * ```
 */
export function createSolver({ workers = 2 }: SolverOptions = {}): Solver {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers must be a whole number of at least 1, got ${workers}`);
  }
  const pool: (SolverWorker | undefined)[] = new Array(workers).fill(undefined);
  let closed = false;
  const close = () => {
    closed = true;
    for (const worker of pool) worker?.end("the solver was closed");
  };
  const solver: Solver = {
    async solve(programs) {
      return (await solver.solveWithin(programs, Infinity)).map((solution) => solution!);
    },
    async solveWithin(programs, secondsAtMost) {
      if (closed) throw new Error("the solver is closed; create another one");
      if (pool.every((worker) => worker === undefined)) await announceFetch("highs");
      // It may have been closed meanwhile, and a Worker started now would never end.
      if (closed) throw new Error("the solver was closed");
      const shares = Array.from(
        { length: Math.min(workers, programs.length) },
        (_, k) => programs.filter((_, index) => index % workers === k),
      );
      const answers = await Promise.all(
        shares.map((share, k) => (pool[k] ??= startWorker()).solve(share, secondsAtMost)),
      );
      return programs.map((program, index) =>
        solutionOf(program, answers[index % workers][Math.floor(index / workers)])
      );
    },
    close,
    [Symbol.dispose]: close,
  };
  return solver;
}

/** Fetches the solver where it is not there yet, for who will need it only after long work. */
export async function fetchSolver(): Promise<void> {
  await loadPackage("highs");
}

interface SolverWorker {
  solve(
    programs: readonly LinearProgram[],
    secondsAtMost: number,
  ): Promise<readonly SolveOutcome[]>;
  end(reason: string): void;
}

function startWorker(): SolverWorker {
  const worker = new Worker(moduleBeside("./solver_worker.ts", import.meta.url), {
    type: "module",
  });
  const waiting = new Map<number, PromiseWithResolvers<readonly SolveOutcome[]>>();
  let requests = 0;
  let ended: string | null = null;
  const end = (reason: string) => {
    worker.terminate();
    ended = reason;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  worker.onmessage = ({ data: { id, outcomes } }: MessageEvent<SolveReply>) => {
    waiting.get(id)?.resolve(outcomes);
    waiting.delete(id);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(`the solver's Worker died: ${event.message}`);
  };
  return {
    solve(programs, secondsAtMost) {
      if (ended !== null) return Promise.reject(new Error(ended));
      const id = requests++;
      const answer = Promise.withResolvers<readonly SolveOutcome[]>();
      waiting.set(id, answer);
      const tasks = programs.map(({ model, start }) =>
        start === undefined ? { model } : { model, start }
      );
      worker.postMessage({ id, tasks, secondsAtMost } satisfies SolveRequest);
      return answer.promise;
    },
    end,
  };
}
