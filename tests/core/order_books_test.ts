import { assertEquals, assertRejects } from "@std/assert";
import { parseOrderBooks } from "../../lib/market/order_books.ts";
import { BOOK, BOOK_CSV as CSV } from "../helpers/order_books.ts";

const order = (change: object) =>
  JSON.stringify({ bids: [{ ...BOOK.bids[0], ...change }], asks: BOOK.asks });
const faults: readonly [fault: string, file: string, content: string, message: string][] = [
  [
    "a price beyond all bounds",
    "a.json",
    order({ pricePerKwh: 1e16 }),
    "from -1e+15 to 1e+15, got",
  ],
  ["no JSON", "a.json", "{", "a.json: not valid JSON: "],
  ["nothing", "a.json", " \n", "a.json is empty; write order books in JSON or CSV"],
  ["no book", "a.json", "5", "a.json: must be an object with bids, asks, got 5"],
  ["no asks", "a.json", '{"bids": []}', "asks: must be a list of orders, got nothing"],
  [
    "no price",
    "a.json",
    order({ pricePerKwh: undefined }),
    "bids[0].pricePerKwh: must be a number",
  ],
  [
    "a negative quantity",
    "a.json",
    order({ quantityKwh: -1 }),
    "bids[0].quantityKwh: must be a number from 0 to 1e+15, got -1",
  ],
  [
    "an infinite price",
    "a.json",
    order({}).replace("0.3", "1e999"),
    "bids[0].pricePerKwh: must be",
  ],
  [
    "a price in words",
    "a.json",
    order({ pricePerKwh: "low" }),
    "bids[0].pricePerKwh: must be a num",
  ],
  ["a number as id", "a.json", order({ id: 7 }), "bids[0].id: must be a text, got 7"],
  [
    "an unknown field",
    "a.json",
    order({ quantity: 1 }),
    'bids[0]: unknown field "quantity"; there are id, quantityKwh, pricePerKwh',
  ],
  ["an id twice", "a.json", order({ id: "bob" }), "asks[0].id: must be unique in its book"],
  [
    "a fault in a list",
    "a.json",
    `[${order({})}, ${order({ id: "" })}]`,
    "[1].bids[0].id: must not",
  ],
  [
    "an unknown side",
    "a.csv",
    CSV.replace("ask", "sell"),
    "row 4, column side: must be bid or ask",
  ],
  [
    "a word as price",
    "a.csv",
    CSV.replace("0.05", "x"),
    "row 3, column pricePerKwh: must be a num",
  ],
  ["a negative cell", "a.csv", CSV.replace(",3,", ",-3,"), "row 2, column quantityKwh: must be a"],
  [
    "a hexadecimal cell",
    "a.csv",
    CSV.replace("0.05", "0x10"),
    "pricePerKwh: must be a number with a",
  ],
  [
    "semicolons and decimal commas",
    "a.csv",
    CSV.replaceAll(",", ";").replaceAll(".", ","),
    "a.csv: columns are separated by semicolons; separate them by commas, and write numbers with a",
  ],
  ["an infinite cell", "a.csv", CSV.replace("0.05", "1e999"), "row 3, column pricePerKwh: must be"],
  [
    "an empty cell",
    "a.csv",
    CSV.replace("0.05", ""),
    "row 3, column pricePerKwh: must be a number",
  ],
  ["a cell too many", "a.csv", CSV.replace("0.05", "1,2"), "row 3 has 5 cells, the header has 4"],
  ["no id", "a.csv", CSV.replace("ann", ""), "row 2, column id: must not be empty"],
  ["a row twice", "a.csv", CSV.replace("bob", "ann"), "row 4, column id: must be unique in its"],
  ["no column id", "a.csv", CSV.replace("id,", "book,"), "column id is missing; add it"],
  [
    "an unknown column",
    "a.csv",
    CSV.replace("pricePerKwh", "price"),
    'unknown column "price"; there are side, id, quantityKwh, pricePerKwh, book',
  ],
];
for (const [fault, file, content, message] of faults) {
  Deno.test(`order books: ${file} with ${fault} is refused in one line that says so`, async () => {
    const error = await assertRejects(() => parseOrderBooks(content, file), RangeError, message);
    assertEquals([error.message.includes(file), error.message.includes("\n")], [true, false]);
  });
}
