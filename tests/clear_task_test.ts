import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "./helpers/run_task.ts";
import { inFolder } from "./helpers/two_homes.ts";

const BOOK = {
  bids: [
    { id: "ann", quantityKwh: 3, pricePerKwh: 0.3 },
    { id: "__proto__", quantityKwh: 1, pricePerKwh: 0.05 },
  ],
  asks: [{ id: "bob", quantityKwh: 2, pricePerKwh: 0.1 }],
};
const CSV = `side,id,quantityKwh,pricePerKwh
bid,ann,3,0.3
bid,__proto__,1,0.05
ask,bob,2,0.1
`;

/** Runs `clear` on a file of this content. */
function clear(name: string, content: string, ...flags: string[]) {
  let result!: Awaited<ReturnType<typeof runTask>>;
  return inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/${name}`, content);
    result = await runTask("clear", [`${folder}/${name}`, ...flags]);
  }).then(() => result);
}

Deno.test("clear: --json prints price, volume, fills of every id, interval and certificate, alone", async () => {
  const { code, stdout, stderr } = await clear("book.json", JSON.stringify(BOOK), "--json");
  assertEquals([code, stderr], [0, ""]);
  const { certificate, fills, ...rest } = JSON.parse(stdout);
  assertEquals(rest, { clearingPrice: 0.3, volumeKwh: 2, clearingInterval: [0.3, 0.3] });
  assertEquals(Object.entries(fills), [["ann", 2], ["__proto__", 0], ["bob", 2]]);
  assertEquals(certificate.valid, true);
});

Deno.test("clear: CSV and JSON of the same book come to the same", async () => {
  const json = await clear("book.json", JSON.stringify(BOOK), "--json");
  const csv = await clear("book.csv", "\uFEFF" + CSV.replaceAll("\n", "\r\n"), "--json");
  assertEquals([csv.code, csv.stdout], [0, json.stdout]);
});

Deno.test("clear: several books give an array, also one and none", async () => {
  const noTrade = { bids: BOOK.bids, asks: [] };
  const { stdout } = await clear("books.json", JSON.stringify([BOOK, noTrade]), "--json");
  const [first, second] = JSON.parse(stdout);
  assertEquals(first.volumeKwh, 2);
  assertEquals([second.clearingPrice, second.clearingInterval, second.volumeKwh], [null, null, 0]);
  const one = await clear("books.json", JSON.stringify([BOOK]), "--json");
  assertEquals(JSON.parse(one.stdout).length, 1);
  assertEquals((await clear("books.json", "[]", "--json")).stdout.trim(), "[]");
  const columns = CSV.replaceAll("\n", ",x\n").replace(",x", ",book");
  assertEquals(JSON.parse((await clear("books.csv", columns, "--json")).stdout).length, 1);
});

Deno.test("clear: prints for people, and takes a price weight", async () => {
  const even = { bids: [BOOK.bids[0]], asks: [{ id: "bob", quantityKwh: 3, pricePerKwh: 0.1 }] };
  const { stdout } = await clear("book.json", JSON.stringify(even), "--price-weight", "0.25");
  assertMatch(stdout, /^price {5}0\.15/);
  assertMatch(stdout, /^ann +bid +0\.3 +3 +3$/m);
  assertStringIncludes(stdout, "certificate: valid");
});

const order = (change: object) =>
  JSON.stringify({ bids: [{ ...BOOK.bids[0], ...change }], asks: BOOK.asks });
const faults: readonly [string, string, string][] = [
  ["a.json", "{", "not valid JSON"],
  ["a.json", "", "is empty"],
  ["a.json", '{"bids": []}', "asks"],
  ["a.json", order({ quantityKwh: -1 }), "bids[0].quantityKwh"],
  ["a.json", order({ pricePerKwh: "cheap" }), "bids[0].pricePerKwh"],
  ["a.json", order({ quantity: 1 }), "quantity"],
  ["a.json", order({ id: "bob" }), 'order id "bob" comes twice'],
  ["a.csv", CSV.replace("ask", "sell"), 'row 4, column side: must be bid or ask, got "sell"'],
  ["a.csv", CSV.replace("0.05", "x"), "row 3, column pricePerKwh"],
  ["a.csv", CSV.replace(",3,", ",-3,"), "row 2, column quantityKwh: must be at least 0, got -3"],
  ["a.csv", CSV.replace("pricePerKwh", "price"), 'unknown column "price"'],
];
for (const [name, content, message] of faults) {
  Deno.test(`clear: ${name} with ${JSON.stringify(content.slice(0, 60))} is one clear line`, async () => {
    const { code, stdout, stderr } = await clear(name, content);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: [^\n]+\n$/);
    assertStringIncludes(stderr, name);
    assertStringIncludes(stderr, message);
  });
}

Deno.test("clear: a file that is missing, and no file at all, are named", async () => {
  assertStringIncludes(
    (await runTask("clear", ["no/such.json"])).stderr,
    "cannot read no/such.json",
  );
  assertStringIncludes((await runTask("clear", [])).stderr, "FILE");
});
