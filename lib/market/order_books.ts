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
import { parseCsv } from "../data/read_table.ts";
import { parseJson } from "../data/json.ts";
import { quoted } from "../text/shown.ts";
import { cellPlace, column, numberColumn, type Table } from "../data/columns.ts";
import { type Order, ORDER_LIMIT, type Orders } from "./auction.ts";

/** Books, and whether the file is a list of books or one alone. */
export interface OrderBooks {
  readonly books: readonly Orders[];
  readonly isList: boolean;
}

const LIMIT = ORDER_LIMIT.toExponential();
const QUANTITY_RULE = `must be a number from 0 to ${LIMIT}`;
const PRICE_RULE = `must be a number from -${LIMIT} to ${LIMIT}`;
const UNIQUE_RULE = "must be unique in its book, bids and asks together";

const orderSchema = strictly({
  id: z.string("must be a text").min(1, "must not be empty"),
  quantityKwh: z.number(QUANTITY_RULE).min(0, QUANTITY_RULE).max(ORDER_LIMIT, QUANTITY_RULE),
  pricePerKwh: z.number(PRICE_RULE).min(-ORDER_LIMIT, PRICE_RULE).max(ORDER_LIMIT, PRICE_RULE),
});

const bookSchema = strictly({
  bids: z.array(orderSchema, "must be a list of orders"),
  asks: z.array(orderSchema, "must be a list of orders"),
}).superRefine(({ bids, asks }, context) => {
  const seen = new Set<string>();
  for (const [side, orders] of [["bids", bids], ["asks", asks]] as const) {
    for (const [k, { id }] of orders.entries()) {
      const path = [side, k, "id"];
      if (seen.has(id)) context.addIssue({ code: "custom", path, message: UNIQUE_RULE });
      seen.add(id);
    }
  }
});

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
  const isJson = file.endsWith(".json") || (!file.endsWith(".csv") && /^\s*[[{]/.test(content));
  return isJson ? fromJson(content, file) : fromTable(await parseCsv(content, file));
}

function fromJson(text: string, file: string): OrderBooks {
  if (text.trimStart().startsWith("[")) {
    return { books: parseJson(text, z.array(bookSchema), file), isList: true };
  }
  return { books: [parseJson(text, bookSchema, file)], isList: false };
}

function fromTable(table: Table): OrderBooks {
  refuseUnknownColumns(table);
  const sides = column(table, "side");
  const ids = column(table, "id");
  const quantities = numberColumn(table, "quantityKwh");
  const prices = numberColumn(table, "pricePerKwh");
  const names = table.columns.get("book")?.();
  const books = new Map<string, { bids: Order[]; asks: Order[]; seen: Set<string> }>();
  if (names === undefined) books.set("", { bids: [], asks: [], seen: new Set() });
  for (let row = 0; row < ids.length; row++) {
    const require = (holds: boolean, name: string, rule: string) => {
      if (holds) return;
      const got = quoted(String(column(table, name)[row] ?? ""));
      throw new RangeError(`${cellPlace(table, name, row)}: ${rule}, got ${got}`);
    };
    const [side, id, name] = [sides, ids, names].map((cells) => String(cells?.[row] ?? "").trim());
    const [quantityKwh, pricePerKwh] = [quantities[row], prices[row]];
    const book = books.get(name) ?? { bids: [], asks: [], seen: new Set() };
    require(side === "bid" || side === "ask", "side", "must be bid or ask");
    require(id !== "", "id", "must not be empty");
    require(!book.seen.has(id), "id", UNIQUE_RULE);
    require(quantityKwh >= 0 && quantityKwh <= ORDER_LIMIT, "quantityKwh", QUANTITY_RULE);
    require(Math.abs(pricePerKwh) <= ORDER_LIMIT, "pricePerKwh", PRICE_RULE);
    book.seen.add(id);
    book[side === "bid" ? "bids" : "asks"].push({ id, quantityKwh, pricePerKwh });
    books.set(name, book);
  }
  return {
    books: [...books.values()].map(({ bids, asks }) => ({ bids, asks })),
    isList: names !== undefined,
  };
}

function refuseUnknownColumns({ file, columns }: Table): void {
  const known = ["side", "id", "quantityKwh", "pricePerKwh", "book"];
  const unknown = [...columns.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `${file}: unknown column ${quoted(unknown)}; there are ${known.join(", ")}`,
    );
  }
}

/** An object with these fields and no others. */
function strictly<Shape extends z.ZodRawShape>(shape: Shape) {
  const fields = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown field "${issue.keys}"; there are ${fields}`
        : `must be an object with ${fields}`,
  });
}
