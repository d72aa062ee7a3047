/**
 * Reads order books from JSON or CSV.
 *
 * - JSON: `{"bids": [{"id", "quantityKwh", "pricePerKwh"}, …], "asks": […]}`, or an array of these.
 * - CSV: columns `side` (`bid` or `ask`), `id`, `quantityKwh`, `pricePerKwh`, and optionally `book`,
 *   whose values divide the rows into books.
 *
 * @module
 */

import { z } from "zod";
import { parseCsv } from "../lib/data/dataset.ts";
import { parseJson } from "../lib/data/json.ts";
import { cellPlace, column, numberColumn, type Table } from "../lib/data/table.ts";
import type { Order, Orders } from "../lib/market/auction.ts";

/** Books, and whether the file is a list of books or one alone. */
export interface OrderBooks {
  readonly books: readonly Orders[];
  readonly isList: boolean;
}

const order = z.strictObject({
  id: z.string().min(1),
  quantityKwh: z.number().min(0),
  pricePerKwh: z.number(),
});
const orders = z.strictObject({ bids: z.array(order), asks: z.array(order) });

const COLUMNS = ["side", "id", "quantityKwh", "pricePerKwh", "book"];

/**
 * The order books in a text.
 *
 * @param file The file's name: decides about the format and begins every error message.
 * @throws {RangeError} Naming the file, the row or path, the field, the value and what it must be.
 */
export async function parseOrderBooks(text: string, file: string): Promise<OrderBooks> {
  const content = text.replace(/^\uFEFF/, "");
  if (content.trim() === "") {
    throw new RangeError(`${file} is empty; write order books in JSON or CSV`);
  }
  const isJson = /^\s*[[{]/.test(content) || file.endsWith(".json");
  const result = isJson ? fromJson(content, file) : fromTable(await parseCsv(content, file));
  result.books.forEach((book, k) =>
    requireUniqueIds(book, result.isList ? `${file}: book ${k + 1}` : file)
  );
  return result;
}

function fromJson(text: string, file: string): OrderBooks {
  if (text.trimStart().startsWith("[")) {
    return { books: parseJson(text, z.array(orders), file), isList: true };
  }
  return { books: [parseJson(text, orders, file)], isList: false };
}

function fromTable(table: Table): OrderBooks {
  for (const name of table.columns.keys()) {
    if (!COLUMNS.includes(name)) {
      throw new RangeError(
        `${table.file}: unknown column "${name}"; there are ${COLUMNS.join(", ")}`,
      );
    }
  }
  const sides = column(table, "side"), ids = column(table, "id");
  const quantities = numberColumn(table, "quantityKwh");
  const prices = numberColumn(table, "pricePerKwh");
  const names = table.columns.get("book");
  const books = new Map<string, { bids: Order[]; asks: Order[] }>();
  for (let row = 0; row < sides.length; row++) {
    const side = String(sides[row] ?? "").trim();
    if (side !== "bid" && side !== "ask") {
      throw new RangeError(`${cellPlace(table, "side", row)}: must be bid or ask, got "${side}"`);
    }
    const id = String(ids[row] ?? "").trim();
    if (id === "") throw new RangeError(`${cellPlace(table, "id", row)}: must not be empty`);
    if (!(quantities[row] >= 0)) {
      throw new RangeError(
        `${cellPlace(table, "quantityKwh", row)}: must be at least 0, got ${quantities[row]}`,
      );
    }
    const name = String(names?.[row] ?? "");
    const book = books.get(name) ?? { bids: [], asks: [] };
    books.set(name, book);
    book[`${side}s`].push({ id, quantityKwh: quantities[row], pricePerKwh: prices[row] });
  }
  return { books: [...books.values()], isList: names !== undefined };
}

function requireUniqueIds({ bids, asks }: Orders, place: string): void {
  const seen = new Set<string>();
  for (const { id } of [...bids, ...asks]) {
    if (seen.has(id)) {
      throw new RangeError(`${place}: order id "${id}" comes twice; give every order its own id`);
    }
    seen.add(id);
  }
}
