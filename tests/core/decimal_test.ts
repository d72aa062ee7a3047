import { assertEquals } from "@std/assert";
import { decimal } from "../../lib/text/decimal.ts";
import { parseCsv } from "../../lib/data/read_table.ts";
import { numberColumn } from "../../lib/data/columns.ts";
import { stream } from "../../lib/random.ts";

Deno.test("decimal: decimal numbers in any notation, with the bits that the text says", () => {
  const texts = ["0", "-0.5", "+1", "1.", ".25", "1e5", "1E-3", " 7\t", "007", "1e-400"];
  assertEquals(texts.map(decimal), [0, -0.5, 1, 1, 0.25, 1e5, 1e-3, 7, 7, 0]);
});

Deno.test("decimal: what only a programming language takes for a number is none", () => {
  const texts = ["0x10", "0b11", "0o7", "1_000", "", " ", "NaN", "Infinity", "inf", "-", ".", "1e"];
  for (const text of [...texts, "1,5", "1 000", "1e999", "१", "½", "1n", "--1"]) {
    assertEquals(decimal(text), NaN, text);
  }
});

Deno.test("decimal: numbers come out of a CSV table as they went in, bit for bit", async () => {
  const random = stream(3, "decimals");
  const numbers = Float64Array.from({ length: 2000 }, (_, k) => {
    return (random.uniform() - 0.5) * 10 ** (k % 40 - 20);
  });
  const table = await parseCsv("a\n" + [...numbers].join("\n"), "a.csv");
  assertEquals(numberColumn(table, "a"), numbers);
});
