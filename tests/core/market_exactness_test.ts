import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Highs } from "highs";
import { createMarketBook, type MarketBook, SLOT_FLAGS } from "../../lib/market/market_book.ts";
import { certifyUniformPrice } from "../../lib/market/market_certificate.ts";
import { buildStoreCurves } from "../../lib/market/curves.ts";
import { cutHome, cutToMeters } from "../../lib/market/meter_limits.ts";
import { readTerms, workspaceOf } from "../../lib/market/workspace.ts";
import { clearUniformPrice } from "../../lib/market/mechanisms/uniform_price.ts";
import type { LinearProgram, LinearSolution } from "../../lib/policies/linear_program.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { cases } from "../helpers/cases.ts";
import { randomSlot, type SlotKinds } from "../helpers/random_slots.ts";
import { piecesOf } from "../../lib/market/certified_curves.ts";
import { stream } from "../../lib/random.ts";
import { feeOf, slotCost, slotProgram } from "../helpers/slot_cost.ts";

const SLOTS = cases(100, 10_000);

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

Deno.test("clearing: with limits of meters too it comes to the least cost", async () => {
  using solver = createSolver({ workers: 1 });
  const books = Array.from({ length: SLOTS }, (_, k) => randomSlot(5, k, { meterLimits: true }));
  const optima = await solver.solve(books.map((book) => slotProgram(book)));
  let bound = 0;
  books.forEach((book, k) => {
    clearUniformPrice(book);
    const least = optima[k].objective;
    const gap = Math.abs(slotCost(book) - least) / Math.max(1, Math.abs(least));
    assert(gap <= 1e-9, `slot ${k}: ${slotCost(book)} instead of ${least}`);
    for (let i = 0; i < book.homes; i++) {
      if (book.meterKwh[i] === book.meterMostKwh[i] || book.meterKwh[i] === book.meterLeastKwh[i]) {
        bound++;
      }
      assert(book.meterKwh[i] <= book.meterMostKwh[i] + 1e-12);
      assert(book.meterKwh[i] >= book.meterLeastKwh[i] - 1e-12);
    }
  });
  assert(bound > 20, `limits bind ${bound} times`);
});

Deno.test("clearing: a book of nothing but rounding has a price", () => {
  for (let k = 0; k < SLOTS; k++) {
    const book = randomSlot(9, k, { meterLimits: k % 2 === 1 });
    const dust = [1e-9, 1e-14, 1e-300][k % 3];
    const { loadKwh, sunKwh, chargeMostKwh, chargeLeastKwh, dischargeMostKwh } = book;
    for (const kwh of [loadKwh, sunKwh, chargeMostKwh, chargeLeastKwh, dischargeMostKwh]) {
      kwh.forEach((energy, i) => kwh[i] = i % 3 === 0 ? energy * dust : 0);
    }
    clearUniformPrice(book);
    assert(Number.isFinite(book.pricePerKwh[0]), `slot ${k}: ${book.pricePerKwh[0]}`);
  }
});

Deno.test("clearing: cutting curves that are cut changes no bit", () => {
  for (let k = 0; k < 2 * SLOTS; k++) {
    const book = randomSlot(5, k, { meterLimits: true });
    const workspace = workspaceOf(book);
    readTerms(book, 0, workspace);
    buildStoreCurves(book, 0, workspace.curves, workspace.terms.cap);
    cutToMeters(book, 0, workspace);
    const once = structuredClone(workspace);
    for (let i = 0; i < book.homes; i++) {
      cutHome(book, 0, i, workspace, book.meterLeastKwh[i], book.meterMostKwh[i]);
    }
    const { order: _order, ...cut } = workspace;
    const { order: _before, ...before } = once;
    assertEquals(cut, before, `slot ${k}`);
  }
});

Deno.test("clearing: where import costs less than export earns, each home does the cheaper alone", async () => {
  using solver = createSolver({ workers: 1 });
  const books = Array.from({ length: SLOTS / 2 }, (_, k) => randomSlot(2, k, { inverted: true }))
    .filter((book) => book.ceilingPerKwh[0] < book.feedInPerKwh[0]);
  for (const book of books) {
    book.importLimitKwh[0] = book.exportLimitKwh[0] = Infinity;
    book.gridStepPerKwh.fill(0);
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

Deno.test("clearing: with tariffs of each home it is exact but where a home could sell on imports", async () => {
  await requireExactness({ ownTariffs: true, homes: 5 });
});

Deno.test("clearing: where homes pay for peaks of their own it is as exact, and the peak counts", async () => {
  await requireExactness({ ownTariffs: true, homeSteps: true, homes: 5 });
  let shaved = 0;
  for (let k = 0; k < 200; k++) {
    const book = randomSlot(3, k, { ownTariffs: true, homeSteps: true });
    clearUniformPrice(book);
    const peaks = [...book.meterKwh].map((kwh, i) => Math.max(0, kwh - book.rowStepFromKwh[i]));
    peaks.forEach((kwh, i) =>
      assertAlmostEquals(
        book.stepPayment[i],
        kwh * Math.round(1e6 * book.rowStepPerKwh[i]) / 1e6,
        1e-9,
      )
    );
    book.rowStepPerKwh.fill(0);
    clearUniformPrice(book);
    const without = [...book.meterKwh].map((kwh, i) => Math.max(0, kwh - book.rowStepFromKwh[i]));
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    if (sum(peaks) < sum(without) - 1e-6) shaved++;
  }
  assert(shaved > 20, `${shaved} slots with lower peaks`);
});

async function requireExactness(kinds: SlotKinds): Promise<void> {
  const { default: load } = await import("highs");
  const solver = await (load as unknown as typeof load.default)();
  let worst = 0;
  let flagged = 0;
  let worstFlagged = 0;
  for (let k = 0; k < SLOTS / 8; k++) {
    const book = randomSlot(3, k, kinds);
    clearUniformPrice(book);
    const least = solveEitherWay(solver, book);
    const gap = (slotCost(book) - least) / Math.max(1, Math.abs(least));
    assert(gap >= -1e-7, `slot ${k}: ${slotCost(book)} is less than the least, ${least}`);
    if (book.slotFlags[0] & SLOT_FLAGS.notConvex) {
      flagged++;
      worstFlagged = Math.max(worstFlagged, gap);
    } else {
      assert(gap <= 1e-7, `slot ${k}: ${slotCost(book)} instead of ${least}`);
      worst = Math.max(worst, gap);
    }
  }
  if (SLOTS > 400) {
    console.log(`largest relative gap ${worst}; ${flagged} not convex, there ${worstFlagged}`);
  }
}

/** Least cost of a slot in which no meter takes and gives at once. */
function solveEitherWay(solver: Highs, book: MarketBook): number {
  const { model } = slotProgram(book, { eitherWay: true });
  const numCols = model.cost.length;
  const numRows = model.rowLower.length;
  const data = {
    numCols,
    numRows,
    colCost: model.cost,
    colLower: model.lower,
    colUpper: model.upper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    integrality: Int32Array.from({ length: numCols }, (_, column) => column < book.homes ? 1 : 0),
    matrix: {
      format: "csr" as const,
      numRows,
      numCols,
      starts: model.rowStarts,
      indices: model.entryColumns,
      values: model.entryValues,
    },
  };
  return solver.withModel(data, (program) => {
    program.options.set({
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      mip_feasibility_tolerance: 1e-9,
      mip_rel_gap: 0,
      mip_abs_gap: 1e-9,
    });
    program.run();
    return program.getObjectiveValue();
  });
}

/** What each home pays in a solved program. */
function costByHome({ model, columnName }: LinearProgram, { values }: LinearSolution): number[] {
  const costs: number[] = [];
  values.forEach((value, column) => {
    const home = Number(columnName(column).split(" ")[1]);
    if (Number.isInteger(home)) costs[home] = (costs[home] ?? 0) + model.cost[column] * value;
  });
  return costs;
}

Deno.test("clearing: where all have one tariff, tariffs of each home change no price and no cost", () => {
  let others = 0;
  for (let k = 0; k < 500; k++) {
    const one = randomSlot(4, k);
    const book = createMarketBook({ ...one, owners: [...one.owner], ownTariffs: true });
    for (const [name, column] of Object.entries(one)) {
      const copy = book[name as keyof MarketBook];
      if (ArrayBuffer.isView(column)) (copy as Float64Array).set(column as Float64Array);
    }
    book.rowCeilingPerKwh.fill(one.ceilingPerKwh[0]);
    book.rowFeedInPerKwh.fill(one.feedInPerKwh[0]);
    clearUniformPrice(one);
    clearUniformPrice(book);
    assertAlmostEquals(slotCost(book), slotCost(one), 1e-9);
    assert(certifyUniformPrice(book, 0).valid, `slot ${k}`);
    if (Math.abs(book.pricePerKwh[0] - one.pricePerKwh[0]) > 1e-6) others++;
  }
  // Where an interval of prices qualifies, a connection that is just used up leaves two of them.
  assert(others <= 25, `${others} prices differ`);
});

Deno.test("clearing: small books of whole kWh come to the best of all outcomes that there are", () => {
  for (let k = 0; k < 300; k++) {
    const random = stream(5, "units", k);
    const book = createMarketBook({ homes: 3, owners: [0, 1, 2].slice(0, 1 + random.below(3)) });
    const price = (most: number) => random.below(most + 1) / 20;
    book.ceilingPerKwh[0] = 0.2 + price(4);
    book.feedInPerKwh[0] = price(4);
    book.networkFeePerKwh[0] = price(2);
    book.lostLoadPerKwh[0] = 1;
    book.importLimitKwh[0] = random.below(2) === 0 ? random.below(4) : Infinity;
    book.exportLimitKwh[0] = random.below(2) === 0 ? random.below(4) : Infinity;
    for (let i = 0; i < 3; i++) {
      book.loadKwh[i] = random.below(3);
      book.sunKwh[i] = random.below(3);
    }
    for (let s = 0; s < book.stores; s++) {
      // Two pieces of 1 kWh each way.
      book.energyKwh[s] = 2;
      book.chargeMostKwh[s] = book.dischargeMostKwh[s] = 2;
      book.stepCount[s] = 4;
      const top = price(10);
      for (let j = 0; j < 4; j++) {
        book.stepFromKwh[s * book.steps + j] = j;
        book.stepValuePerKwh[s * book.steps + j] = top - j * price(2) / 2;
      }
    }
    clearUniformPrice(book);
    assertAlmostEquals(slotCost(book), bestOfAll(book), 1e-9, `book ${k}`);
  }
});

/** Least cost over all outcomes in which each home's load, sun and pieces are whole kWh. */
function bestOfAll(book: MarketBook): number {
  const byHome = Array.from({ length: book.homes }, (_, i) => {
    const least = new Map<number, number>();
    const keep = (net: number, cost: number) =>
      least.set(net, Math.min(cost, least.get(net) ?? Infinity));
    for (let served = 0; served <= book.loadKwh[i]; served++) {
      for (let used = 0; used <= book.sunKwh[i]; used++) {
        const shed = book.lostLoadPerKwh[0] * (book.loadKwh[i] - served);
        if (book.firstStore[i] === book.firstStore[i + 1]) keep(served - used, shed);
        else {
          const { charge, discharge } = piecesOf(book, book.firstStore[i]);
          const unit = (pieces: readonly { pricePerKwh: number; kwh: number }[]) =>
            pieces.flatMap(({ pricePerKwh, kwh }) => new Array(Math.round(kwh)).fill(pricePerKwh));
          const [bids, asks] = [unit(charge), unit(discharge)];
          for (let x = -asks.length; x <= bids.length; x++) {
            const worth = x > 0
              ? -bids.slice(0, x).reduce((a, b) => a + b, 0)
              : asks.slice(0, -x).reduce((a, b) => a + b, 0);
            keep(served - used + x, shed + worth);
          }
        }
      }
    }
    return [...least];
  });
  const fee = feeOf(book);
  let best = Infinity;
  for (const [a, costA] of byHome[0]) {
    for (const [b, costB] of byHome[1]) {
      for (const [c, costC] of byHome[2]) {
        const net = a + b + c;
        if (net > book.importLimitKwh[0] || -net > book.exportLimitKwh[0]) continue;
        const taken = [a, b, c].reduce((sum, q) => sum + Math.max(0, q), 0);
        const traded = Math.min(taken, taken - net);
        const grid = book.ceilingPerKwh[0] * (taken - traded) -
          book.feedInPerKwh[0] * (taken - net - traded);
        best = Math.min(best, costA + costB + costC + grid + 2 * fee * traded);
      }
    }
  }
  return best;
}
