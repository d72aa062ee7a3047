/**
 * `deno task clear`: clears order books from a file and certifies the result.
 *
 * @module
 */

import { type Clearing, clearOrders, type Orders } from "../lib/market/auction.ts";
import { type Certificate, certify } from "../lib/market/certificate.ts";
import { LARGEST_BYTES, readStreamWithin, readTextWithin } from "../lib/data/bounded_file.ts";
import { main } from "../lib/cli/task.ts";
import { parseOrderBooks } from "../lib/market/order_books.ts";
import { table } from "../lib/cli/table.ts";

/** The properties in a certificate, in words, and what their residuals are measured in. */
const PROMISES: readonly (readonly [keyof Omit<Certificate, "valid">, string, string])[] = [
  ["volumeMaximal", "volume is maximal", "kWh"],
  ["priceInClearingSet", "price is in the clearing set", "per kWh"],
  ["budgetBalanced", "budget is balanced", "currency"],
  ["individuallyRational", "nobody trades beyond the limit", "per kWh"],
  ["energyConserving", "energy is conserved", "kWh"],
  ["marginSharedFairly", "margin is shared fairly", "of 1"],
];

/** A book with what came of it. */
interface Cleared {
  readonly orders: Orders;
  readonly clearing: Clearing;
  readonly certificate: Certificate;
}

await main({
  name: "clear",
  summary: "Clears order books from a JSON or CSV file (- is standard input) and certifies them.",
  positionals: "FILE",
  options: {
    "price-weight": {
      type: "number",
      min: 0,
      max: 1,
      default: 0.5,
      help: "where in the clearing interval the price lies, 0 to 1",
    },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run(values, [file]) {
    const { books, isList } = await parseOrderBooks(await readInput(file), file);
    const priceWeight = values["price-weight"];
    const cleared = books.map((orders): Cleared => {
      const clearing = clearOrders(orders, { priceWeight });
      return { orders, clearing, certificate: certify(orders, clearing, { priceWeight }) };
    });
    if (values.json) {
      const results = cleared.map(jsonResult);
      console.log(JSON.stringify(isList ? results : results[0], null, 2));
    } else {
      console.log(
        cleared.map((book, k) => (isList ? `Book ${k + 1}\n` : "") + report(book)).join("\n\n"),
      );
    }
    const invalid = cleared.findIndex(({ certificate }) => !certificate.valid);
    if (invalid >= 0) {
      throw new Error(`the certificate of book ${invalid + 1} is not valid; please report this`);
    }
  },
});

async function readInput(file: string): Promise<string> {
  const maxBytes = LARGEST_BYTES.orders;
  if (file === "-") return await readStreamWithin(Deno.stdin.readable, maxBytes, "standard input");
  return await readTextWithin(file, { maxBytes, remedy: "name a file, or - for standard input" });
}

function jsonResult({ clearing, certificate }: Cleared) {
  return { ...clearing, fills: Object.fromEntries(clearing.fills), certificate };
}

function report({ orders, clearing, certificate }: Cleared): string {
  const { clearingPrice, volumeKwh, fills, clearingInterval } = clearing;
  const rows = (["bids", "asks"] as const).flatMap((side) =>
    orders[side].map(({ id, quantityKwh, pricePerKwh }) => [
      id,
      side.slice(0, -1),
      pricePerKwh,
      quantityKwh,
      fills.get(id) ?? 0,
    ])
  );
  const checks = PROMISES.map(([name, promise, unit]) => {
    const { holds, residual } = certificate[name];
    return [promise, holds ? "holds" : "FAILS", residual, unit];
  });
  return [
    clearingPrice === null ? "price     none: no trade" : `price     ${clearingPrice} per kWh`,
    `volume    ${volumeKwh} kWh`,
    clearingInterval === null
      ? "interval  none"
      : `interval  ${clearingInterval[0]} to ${clearingInterval[1]} per kWh`,
    "",
    table(["order", "side", "price per kWh", "quantity kWh", "fill kWh"], rows),
    "",
    table(["certificate", certificate.valid ? "valid" : "INVALID", "residual", ""], checks),
  ].join("\n");
}
