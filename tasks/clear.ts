/**
 * `deno task clear`: clears order books from a file and certifies the result.
 *
 * @module
 */

import { type Clearing, clearOrders, type Orders } from "../lib/market/auction.ts";
import { type Certificate, certify, type Check } from "../lib/market/certificate.ts";
import { main } from "./cli.ts";
import { parseOrderBooks } from "./order_books.ts";
import { table } from "./table.ts";

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
      default: 0.5,
      help: "where in the clearing interval the price lies, 0 to 1",
    },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run(values, [file]) {
    if (file === undefined) throw new Error("clear needs a file: deno task clear FILE");
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
  if (file === "-") return await new Response(Deno.stdin.readable).text();
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function jsonResult({ clearing, certificate }: Cleared) {
  const { clearingPrice, volumeKwh, fills, clearingInterval } = clearing;
  // Own properties, so that no id is mistaken for a member of every object.
  const byId = Object.create(null) as Record<string, number>;
  for (const [id, kwh] of fills) {
    Object.defineProperty(byId, id, { value: kwh, enumerable: true, configurable: true });
  }
  return { clearingPrice, volumeKwh, fills: byId, clearingInterval, certificate };
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
  const { valid, ...checks } = certificate;
  return [
    clearingPrice === null ? "price     none: no trade" : `price     ${clearingPrice}`,
    `volume    ${volumeKwh} kWh`,
    clearingInterval === null
      ? "interval  none"
      : `interval  ${clearingInterval[0]} to ${clearingInterval[1]}`,
    "",
    table(["order", "side", "price per kWh", "quantity kWh", "fill kWh"], rows),
    "",
    `certificate: ${valid ? "valid" : "NOT VALID"}`,
    ...Object.entries(checks).map(([name, { holds, residual }]: [string, Check]) =>
      `  ${holds ? "holds" : "FAILS"}  ${name} (residual ${residual})`
    ),
  ].join("\n");
}
