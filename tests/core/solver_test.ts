import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createProgramBuilder,
  type LinearProgram,
  type ProgramBuilder,
} from "../../lib/policies/linear_program.ts";
import { createSolver } from "../../lib/policies/solver.ts";

function program(build: (builder: ProgramBuilder) => void): LinearProgram {
  const builder = createProgramBuilder();
  build(builder);
  return {
    subject: "the plan of Monday",
    model: builder.model(),
    columnName: (column) => builder.columnLabels[column],
    rowName: (row) => builder.rowLabels[row],
  };
}

/** The least cost of `demand` from a cheap source of 2 and a dear one: x + 3y. */
const supply = (demand: number) =>
  program(({ column, row, entry }) => {
    const cheap = column("cheap", 1, 0, 2);
    const dear = column("dear", 3, 0, Infinity);
    row("demand", demand, Infinity);
    entry(cheap, 1);
    entry(dear, 1);
  });

Deno.test("solver: answers come in the order of the programs, with prices of the rows", async () => {
  using solver = createSolver({ workers: 2 });
  const solutions = await solver.solve([5, 1, 3, 2.5, 0].map(supply));
  assertEquals(solutions.map(({ objective }) => objective), [11, 1, 5, 3.5, 0]);
  assertEquals([...solutions[0].values], [2, 3]);
  assertEquals(solutions.map(({ rowDuals }) => rowDuals[0]), [3, 1, 3, 3, 0]);
});

Deno.test("solver: a start changes nothing but the way, even one that does not fit", async () => {
  using solver = createSolver({ workers: 1 });
  const [{ basis }] = await solver.solve([supply(5)]);
  const [near] = await solver.solve([{ ...supply(4), start: basis }]);
  assertEquals(near.objective, 8);
  const allBasic = { columns: Int32Array.of(1, 1), rows: Int32Array.of(1) };
  const [odd] = await solver.solve([{ ...supply(4), start: allBasic }]);
  assertEquals(odd.objective, 8);
});

Deno.test("solver: programs sent at the same time do not mix", async () => {
  using solver = createSolver({ workers: 2 });
  const demands = Array.from({ length: 40 }, (_, k) => k / 8);
  const answers = await Promise.all(demands.map((demand) => solver.solve([supply(demand)])));
  answers.forEach(([{ objective }], k) => {
    const demand = demands[k];
    assertAlmostEquals(objective, Math.min(2, demand) + 3 * Math.max(0, demand - 2), 1e-9);
  });
});

Deno.test("solver: nothing to solve starts no Worker and answers nothing", async () => {
  using solver = createSolver();
  assertEquals(await solver.solve([]), []);
});

Deno.test("solver: constraints that contradict each other are named, others are not", async () => {
  using solver = createSolver({ workers: 1 });
  const contradiction = program(({ column, row, entry }) => {
    const stored = column("stored energy", 1, 0, 4);
    const other = column("other", 1, 0, Infinity);
    row("final energy", 5, Infinity);
    entry(stored, 1);
    row("unrelated", 1, Infinity);
    entry(other, 1);
  });
  const error = await assertRejects(() => solver.solve([supply(1), contradiction]), Error);
  assertEquals(
    error.message,
    "the plan of Monday has no plan: these cannot all hold: final energy; bounds of stored energy",
  );
});

Deno.test("solver: a cost that falls without end is named", async () => {
  using solver = createSolver({ workers: 1 });
  const moneyPump = program(({ column, row, entry }) => {
    const bought = column("import", 1, 0, Infinity);
    const sold = column("export", -2, 0, Infinity);
    column("load", 1, 1, 1);
    row("balance", 0, 0);
    entry(bought, 1);
    entry(sold, -1);
  });
  const error = await assertRejects(() => solver.solve([moneyPump]), Error);
  assertEquals(
    error.message,
    "the plan of Monday has no least cost: it falls without end along import, export",
  );
});

Deno.test("solver: numbers that are none are refused, not solved", async () => {
  using solver = createSolver({ workers: 1 });
  await assertRejects(
    () => solver.solve([supply(NaN)]),
    Error,
    "the plan of Monday was not solved",
  );
  assertEquals((await solver.solve([supply(1)]))[0].objective, 1);
});

Deno.test("solver: a closed solver says so, also to those who wait", async () => {
  const solver = createSolver({ workers: 1 });
  const waiting = assertRejects(() => solver.solve([supply(1)]), Error, "the solver was closed");
  solver.close();
  await waiting;
  await assertRejects(() => solver.solve([supply(1)]), Error, "the solver is closed");
  solver.close();
});

Deno.test("solver: a Worker that dies is an error and not an endless wait", async () => {
  using solver = createSolver({ workers: 1 });
  const broken = { ...supply(1), model: { cost: "none" } } as unknown as LinearProgram;
  await assertRejects(() => solver.solve([broken]), Error);
});

Deno.test("solver: workers must be a whole number of at least 1", () => {
  for (const workers of [0, -1, 1.5, NaN]) {
    assertThrows(() => createSolver({ workers }), RangeError, `got ${workers}`);
  }
});
