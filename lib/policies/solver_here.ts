/**
 * A solver in the thread that asks, where no Worker can be started and there are no files: in a page.
 *
 * @module
 */

import type { Solver } from "./solver.ts";
import { solutionOf } from "./solver_outcome.ts";
import { loadHighs, solveProgram } from "./solver_program.ts";

/**
 * A solver of a binary of HiGHS, which is compiled when it is first needed. Its answers are those of
 * {@linkcode createSolver}.
 */
export function createSolverHere(binary: BufferSource): Solver {
  let loading: ReturnType<typeof loadHighs> | null = null;
  let closed = false;
  const close = () => void (closed = true);
  const solver: Solver = {
    async solve(programs) {
      return (await solver.solveWithin(programs, Infinity)).map((solution) => solution!);
    },
    async solveWithin(programs, secondsAtMost) {
      if (closed) throw new Error("the solver is closed; create another one");
      const highs = await (loading ??= WebAssembly.compile(binary).then(loadHighs));
      return programs.map((program) =>
        solutionOf(program, solveProgram(highs, program.model, program.start, secondsAtMost))
      );
    },
    close,
    [Symbol.dispose]: close,
  };
  return solver;
}
