import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BOOK, BOOK_CSV as CSV } from "../helpers/order_books.ts";
import { outcome, runTask, startTask } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

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
  const marked = await clear("book.json", "\uFEFF" + JSON.stringify(BOOK), "--json");
  assertEquals([marked.code, marked.stdout], [0, json.stdout]);
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
  assertMatch(stdout, /^certificate +valid +residual$/m);
  assertMatch(stdout, /^energy is conserved +holds +0 +kWh$/m);
});

Deno.test("clear: a book without trade has no price, in print as in JSON", async () => {
  const apart = JSON.stringify({ bids: [BOOK.bids[1]], asks: BOOK.asks });
  assertMatch((await clear("a.json", apart)).stdout, /^price {5}none: no trade\nvolume {4}0 kWh\n/);
  const { certificate, ...rest } = JSON.parse((await clear("a.json", apart, "--json")).stdout);
  const fills = JSON.parse('{"__proto__": 0, "bob": 0}');
  assertEquals(rest, { clearingPrice: null, volumeKwh: 0, fills, clearingInterval: null });
  assertEquals(certificate.valid, true);
});

Deno.test("clear: a CSV of nothing but its header is an empty book", async () => {
  const { code, stdout } = await clear("a.csv", CSV.split("\n")[0], "--json");
  assertEquals([code, JSON.parse(stdout).fills], [0, {}]);
});

Deno.test("clear: - reads standard input, be it JSON or CSV", async () => {
  for (const content of [JSON.stringify(BOOK), CSV]) {
    const task = startTask("clear", ["-", "--json"], "piped");
    const writer = task.stdin.getWriter();
    await writer.write(new TextEncoder().encode(content));
    await writer.close();
    const { code, stdout } = outcome(await task.output());
    assertEquals([code, JSON.parse(stdout).volumeKwh], [0, 2]);
  }
});

Deno.test("clear: prints a book of very many orders", async () => {
  const rows = Array.from({ length: 150_000 }, (_, k) => `bid,b${k},1,0.1`);
  const { code, stdout } = await clear("a.csv", [CSV.split("\n")[0], ...rows].join("\n"));
  assertEquals([code, stdout.includes("\nb149999 ")], [0, true]);
});

Deno.test("clear: a file that cannot be read, a faulty one, no file and a bad weight are named", async () => {
  const refused = async (args: string[], message: string) => {
    const { code, stdout, stderr } = await runTask("clear", args);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: [^\n]+\n$/);
    assertStringIncludes(stderr, message);
  };
  const faulty = await clear("a.csv", CSV.replace("bob", "ann"));
  assertEquals([faulty.code, faulty.stdout], [1, ""]);
  assertMatch(faulty.stderr, /^error: \S+a.csv row 4, column id: must be unique [^\n]+\n$/);
  await refused(["no/such.json"], "no/such.json does not exist");
  await refused(["tests"], "tests is a folder, not a file");
  await refused([], "missing FILE: deno task clear FILE [options]");
  await refused(
    ["a.json", "--price-weight", "1.5"],
    "--price-weight must be a number of at least 0",
  );
});
