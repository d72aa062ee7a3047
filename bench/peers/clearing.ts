/**
 * Clearing order books, here and in NumPy by the same rule (`clear_books.py`). Both sides clear the
 * very same orders, and have to come to the same volume, price and fills.
 *
 * @module
 */

import { z } from "zod";
import type { OrderBook } from "../../lib/market/order_book.ts";
import { clearBook } from "../../lib/market/limit_orders.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";
import { randomBook } from "../market.ts";
import { measure } from "../measure.ts";
import { compare, type Comparison } from "./comparison.ts";
import { runScript, type Versions, versionsSchema } from "./python.ts";

/** What NumPy comes to. */
export interface NumpyClearing {
  readonly versions: Versions;
  readonly volumeKwh: number;
  readonly price: number | null;
  /** Of a clearing, in each run. [s] */
  readonly seconds: readonly number[];
  /** Of all bids, then of all asks. [kWh] */
  readonly fillsKwh: Float64Array;
}

const PRICE_WEIGHT = 0.5;
/** Orders that are cleared in a run, at least. */
const RUN_ORDERS = 100_000;
/** Sums in another order differ by this much. */
const TOLERANCE = 1e-9;

const printed = z.object({
  versions: versionsSchema,
  volumeKwh: z.number(),
  price: z.number().nullable(),
  seconds: z.array(z.number()),
});

/** Clears a random book on both sides. */
export async function compareClearing(
  python: string,
  orders: number,
  runs: number,
): Promise<{ comparison: Comparison; versions: Versions }> {
  const book = randomBook(orders, 0);
  // Small books are cleared again and again in a run.
  const rounds = Math.ceil(RUN_ORDERS / orders);
  const ours = await measure(runs, () => {
    for (let round = 0; round < rounds; round++) clearBook(book, PRICE_WEIGHT);
  });
  const theirs = await clearInNumpy(python, book, runs, rounds);
  requireAgreement(book, theirs);
  const ms = (seconds: readonly number[]) => seconds.map((s) => 1000 * s);
  const what = `clearing, ${orders.toLocaleString("en")} orders`;
  return {
    comparison: compare(what, "ms", "less", ms(ours.map((s) => s / rounds)), ms(theirs.seconds)),
    versions: theirs.versions,
  };
}

/** Clears a book of as many bids as asks in NumPy. */
export async function clearInNumpy(
  python: string,
  book: OrderBook,
  runs: number,
  rounds: number,
): Promise<NumpyClearing> {
  const { bidCount, askCount } = book;
  if (bidCount !== askCount) {
    throw new RangeError(`the book must have as many asks as bids, got ${askCount}, ${bidCount}`);
  }
  const columns = [
    book.bidPricePerKwh,
    book.bidQuantityKwh,
    book.askPricePerKwh,
    book.askQuantityKwh,
  ];
  const numbers = new Float64Array(4 * bidCount);
  columns.forEach((column, k) => numbers.set(column.subarray(0, bidCount), k * bidCount));
  const folder = await makeWorkFolder("clearing-");
  try {
    const [orders, fills] = [`${folder}/orders`, `${folder}/fills`];
    await Deno.writeFile(orders, new Uint8Array(numbers.buffer));
    const args = [orders, fills, String(runs), String(rounds)];
    const result = await runScript(python, "./clear_books.py", args, printed);
    return { ...result, fillsKwh: new Float64Array((await Deno.readFile(fills)).buffer) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Holds the two sides together.
 *
 * @throws {Error} Naming what differs.
 */
export function requireAgreement(book: OrderBook, theirs: NumpyClearing): void {
  const { bidCount, askCount, volumeKwh, clearingPrice, bidFillKwh, askFillKwh } = book;
  const near = (a: number, b: number) => Math.abs(a - b) <= TOLERANCE * Math.max(1, volumeKwh);
  const differs = (name: string, ours: number, other: number) =>
    new Error(`NumPy clears another ${name}: ${other} instead of ${ours}`);
  if (!near(volumeKwh, theirs.volumeKwh)) throw differs("volume", volumeKwh, theirs.volumeKwh);
  const price = theirs.price ?? NaN;
  if (!Object.is(clearingPrice, price) && !(Math.abs(clearingPrice - price) <= TOLERANCE)) {
    throw differs("price", clearingPrice, price);
  }
  for (let i = 0; i < bidCount + askCount; i++) {
    const fill = i < bidCount ? bidFillKwh[i] : askFillKwh[i - bidCount];
    if (!near(fill, theirs.fillsKwh[i])) throw differs(`fill ${i}`, fill, theirs.fillsKwh[i]);
  }
}
