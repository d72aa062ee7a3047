import { assert, assertEquals } from "@std/assert";
import { clearUniformPrice } from "../../lib/market/mechanisms/uniform_price.ts";
import type { LinearProgram, LinearSolution } from "../../lib/policies/linear_program.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { randomSlot } from "../helpers/random_slots.ts";
import { slotCost, slotProgram } from "../helpers/slot_cost.ts";

/** Slots; `MARKET_SLOTS=10000 deno test …` takes half a minute. */
const SLOTS = Number(Deno.env.get("MARKET_SLOTS") ?? 400);

Deno.test("clearing: random slots come to the least cost of the one-slot program", async () => {
  using solver = createSolver({ workers: 1 });
  let worst = 0;
  for (let from = 0; from < SLOTS; from += 500) {
    const books = Array.from(
      { length: Math.min(500, SLOTS - from) },
      (_, k) => randomSlot(1, from + k, { caps: true }),
    );
    const optima = await solver.solve(books.map((book) => slotProgram(book)));
    books.forEach((book, k) => {
      clearUniformPrice(book);
      const least = optima[k].objective;
      const gap = Math.abs(slotCost(book) - least) / Math.max(1, Math.abs(least));
      assert(gap <= 1e-9, `slot ${from + k}: ${slotCost(book)} instead of ${least}`);
      worst = Math.max(worst, gap);
    });
  }
  if (SLOTS > 400) console.log(`largest relative gap over ${SLOTS} slots: ${worst}`);
});

Deno.test("clearing: where import costs less than export earns, each home does the cheaper alone", async () => {
  using solver = createSolver({ workers: 1 });
  const books = Array.from({ length: SLOTS / 2 }, (_, k) => randomSlot(2, k, { inverted: true }))
    .filter((book) => book.ceilingPerKwh[0] < book.feedInPerKwh[0]);
  for (const book of books) {
    book.importLimitKwh[0] = book.exportLimitKwh[0] = Infinity;
    book.gridStepFromKwh.fill(Infinity);
  }
  const modes = [{ exports: false, trade: false }, { imports: false, trade: false }];
  const programs = modes.map((mode) => books.map((book) => slotProgram(book, mode)));
  const optima = [await solver.solve(programs[0]), await solver.solve(programs[1])];
  books.forEach((book, b) => {
    const costs = [0, 1].map((mode) => costByHome(programs[mode][b], optima[mode][b]));
    const least = costs[0].reduce((sum, cost, i) => sum + Math.min(cost, costs[1][i]), 0);
    clearUniformPrice(book);
    assert(Math.abs(slotCost(book) - least) <= 1e-9 * Math.max(1, Math.abs(least)), `slot ${b}`);
    assertEquals([...book.tradedKwh], new Array(book.homes).fill(0));
  });
});

/** What each home pays in a solved program. */
function costByHome({ model, columnName }: LinearProgram, { values }: LinearSolution): number[] {
  const costs: number[] = [];
  values.forEach((value, column) => {
    const home = Number(columnName(column).split(" ")[1]);
    if (Number.isInteger(home)) costs[home] = (costs[home] ?? 0) + model.cost[column] * value;
  });
  return costs;
}
