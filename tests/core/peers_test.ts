import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { randomBook } from "../../bench/market.ts";
import { citylearnFiles, TINY_BATTERY } from "../../bench/peers/citylearn_files.ts";
import { clearInNumpy, requireAgreement } from "../../bench/peers/clearing.ts";
import { compare } from "../../bench/peers/comparison.ts";
import { importCityLearn } from "../../lib/data/citylearn.ts";
import { parseCsv } from "../../lib/data/read_table.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { clearBook } from "../../lib/market/limit_orders.ts";

const peers = new URL("../../bench/peers/", import.meta.url);

/** A Python with NumPy: that of the comparison, or the machine's. */
async function numpyPython(): Promise<string | undefined> {
  const own = fileURLToPath(new URL(".venv/bin/python", peers));
  for (const python of [own, "python3"]) {
    try {
      const command = new Deno.Command(python, { args: ["-c", "import numpy"], stderr: "null" });
      if ((await command.output()).success) return python;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

const python = await numpyPython();

for (const [what, digits] of [["other prices", 17], ["a few prices", 2]] as const) {
  Deno.test({
    name: `peers: NumPy clears books of ${what} to the same volume, price and fills`,
    ignore: python === undefined,
    fn: async () => {
      for (const orders of [2, 10, 1_000]) {
        const book = randomBook(orders, 3);
        for (const prices of [book.bidPricePerKwh, book.askPricePerKwh]) {
          prices.forEach((price, i) => prices[i] = Number(price.toFixed(digits)));
        }
        clearBook(book, 0.5);
        const theirs = await clearInNumpy(python!, book, 3, 2);
        requireAgreement(book, theirs);
        assertEquals(theirs.seconds.length, 3);
      }
    },
  });
}

Deno.test("peers: another price, volume or fill is not taken for the same", () => {
  const book = randomBook(100, 0);
  clearBook(book, 0.5);
  const same = {
    versions: {},
    seconds: [],
    volumeKwh: book.volumeKwh,
    price: book.clearingPrice,
    fillsKwh: Float64Array.of(...book.bidFillKwh, ...book.askFillKwh),
  };
  requireAgreement(book, same);
  const message = (change: Partial<typeof same>) => {
    try {
      requireAgreement(book, { ...same, ...change });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assertStringIncludes(message({ volumeKwh: book.volumeKwh + 1e-3 }), "another volume");
  assertStringIncludes(message({ price: book.clearingPrice + 1e-6 }), "another price");
  const fillsKwh = same.fillsKwh.with(99, same.fillsKwh[99] + 1e-3);
  assertStringIncludes(message({ fillsKwh }), "another fill 99");
});

Deno.test("peers: a ratio is above 1 where this side is faster, whatever the unit", () => {
  assertEquals(compare("time", "ms", "less", [1, 2, 3], [4, 4, 4]).ratio, 2);
  assertEquals(compare("rate", "1/s", "more", [8, 8, 8], [4, 4, 4]).ratio, 2);
});

Deno.test("peers: homes written for CityLearn are the same when they are read", async () => {
  const dataset = synthesize({ seed: 1, prosumers: 5, days: 40, dtHours: 1 });
  const files = citylearnFiles(dataset);
  const text = (name: string) => Promise.resolve(files.get(name)!);
  const table = async (name: string) => await parseCsv(await text(name), name);
  const start = "2025-01-01T00:00:00+01:00";
  const options = { feedInTariffPerKwh: 0, name: "again", start };
  const again = await importCityLearn({ text, table }, options);
  // Without a start, the calendar has to fit some year.
  const { start: _start, ...unknown } = options;
  assertEquals((await importCityLearn({ text, table }, unknown)).profiles.grid.slots, 960);
  assertEquals(again.profiles.grid, dataset.profiles.grid);
  assertEquals(again.profiles.loadKw, dataset.profiles.loadKw);
  assertEquals(again.profiles.importPricePerKwh, dataset.profiles.importPricePerKwh);
  assertEquals(again.profiles.carbonKgPerKwh, dataset.profiles.carbonKgPerKwh);
  again.profiles.pvKw.forEach((kw, i) => assertAlmostEquals(kw, dataset.profiles.pvKw[i], 1e-12));
  dataset.community.prosumers.forEach(({ id, pvCapacityKw, battery }, i) => {
    const found = again.community.prosumers[i];
    assertEquals([found.id, found.pvCapacityKw], [id, pvCapacityKw]);
    for (const [name, value] of Object.entries(battery ?? TINY_BATTERY)) {
      const other = found.battery![name as keyof typeof TINY_BATTERY];
      assertAlmostEquals(other as number, value as number, 1e-12, `${id} ${name}`);
    }
  });
});

Deno.test("peers: the lock holds every package that is asked for, in its version", async () => {
  const lines = async (file: string) =>
    (await Deno.readTextFile(new URL(file, peers))).split("\n").filter((line) => /^\w/.test(line));
  const locked = (await lines("requirements.lock.txt")).map((line) => line.split(";")[0]);
  for (const line of locked) assert(/^[\w.-]+==[\w.]+$/.test(line), line);
  for (const line of await lines("requirements.txt")) assert(locked.includes(line), line);
});
