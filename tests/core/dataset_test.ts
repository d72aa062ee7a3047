import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import fc from "fast-check";
import { type DatasetFormat, readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { datasetHash } from "../../lib/data/hash.ts";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import { cases } from "../helpers/cases.ts";
import { battery, inFolder, names, simple, twoHomes } from "../helpers/two_homes.ts";

for (const format of ["csv", "parquet"] as const) {
  Deno.test(`dataset: what is written as ${format} is read back bit for bit`, async () => {
    await inFolder(async (parent) => {
      const magnitude = fc.double({ min: 0, max: 1e300, noNaN: true });
      await fc.assert(
        fc.asyncProperty(
          fc.array(magnitude, { minLength: 2, maxLength: 40 }),
          async (values) => {
            const dataset = twoHomes(() => Float64Array.from(values));
            await writeDataset(dataset, join(parent, "set"), { format });
            assertEquals(await readDataset(join(parent, "set")), dataset);
          },
        ),
        { seed: 7, numRuns: cases(8, 25), examples: [[[5e-324, 0.1 + 0.2, 1 / 3, 1e21, 1e-7]]] },
      );
      assertEquals(await names(parent), ["set"]);
    });
  });
}

Deno.test("dataset: a constant grid limit may stand in community.json", async () => {
  await inFolder(async (parent) => {
    const dataset = simple();
    dataset.profiles.gridImportLimitKw.fill(Infinity);
    await writeDataset(dataset, parent + "/set");
    const path = parent + "/set/community.json";
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace("{", '{ "gridImportLimitKw": 7.5,'));
    const { profiles } = await readDataset(parent + "/set");
    assertEquals([...profiles.gridImportLimitKw], [7.5, 7.5, 7.5, 7.5]);
    assertEquals(profiles.gridExportLimitKw[0], Infinity);
  });
});

Deno.test("dataset: missing, doubled and broken files are named", async () => {
  await inFolder(async (parent) => {
    const folder = join(parent, "set");
    await assertRejects(() => readDataset(folder), Error, "community.json does not exist");
    await writeDataset(simple(), folder);
    await Deno.writeTextFile(join(folder, "profiles.parquet"), "not Parquet");
    await assertRejects(() => readDataset(folder), Error, "found both; remove one");
    await Deno.remove(join(folder, "profiles.csv"));
    await assertRejects(() => readDataset(folder), RangeError, "profiles.parquet: not a Parquet");
    await Deno.remove(join(folder, "profiles.parquet"));
    await assertRejects(() => readDataset(folder), Error, "found neither");
  });
});

Deno.test("dataset: an older data set is replaced, another folder is left as it is", async () => {
  await inFolder(async (parent) => {
    const write = (format: DatasetFormat) => writeDataset(simple(), parent + "/set", { format });
    await write("csv");
    await write("parquet");
    assertEquals(await names(parent + "/set"), ["community.json", "profiles.parquet"]);
    await Deno.writeTextFile(parent + "/set/thesis.tex", "\\end");
    await assertRejects(() => write("csv"), Error, 'holds "thesis.tex"');
    await Deno.writeTextFile(parent + "/file", "");
    await assertRejects(() => writeDataset(simple(), parent + "/file"), Error, "is a file");
    assertEquals(await names(parent), ["file", "set"]);
    assertEquals(await names(parent + "/set"), [
      "community.json",
      "profiles.parquet",
      "thesis.tex",
    ]);
  });
});

Deno.test("dataset: a write that fails leaves nothing behind", async () => {
  await inFolder(async (parent) => {
    const impossible = simple();
    impossible.profiles.loadKw[1] = -1;
    await assertRejects(() => writeDataset(impossible, parent + "/set"), RangeError, "loadKw");
    const unknown = { format: "xlsx" as DatasetFormat };
    await assertRejects(() => writeDataset(simple(), parent + "/set", unknown), Error);
    assertEquals(await names(parent), []);
  });
});

Deno.test("dataset: validation names prosumer, slot and time", () => {
  const dataset = simple();
  dataset.profiles.pvKw[6] = NaN;
  assertThrows(
    () => validateDataset(dataset),
    RangeError,
    "pvKw must be a number of at least 0, got NaN (prosumer b-2, slot 2, 2024-02-28T19:30:00-03:30)",
  );
});

Deno.test("hash: every device and every column counts, the title and the order of keys do not", async () => {
  const original = await datasetHash(simple());
  assertEquals(await datasetHash(simple()), original);
  const hashes = new Set([original]);
  const columns = Object.keys(simple().profiles).filter((name) => name !== "grid");
  for (const name of columns as Exclude<keyof Dataset["profiles"], "grid">[]) {
    const changed = simple();
    changed.profiles[name]![1] = 0.2500000001;
    hashes.add(await datasetHash(changed));
  }
  const { community, profiles } = simple();
  const [a, b] = community.prosumers;
  const smaller = [{ ...a, battery: { ...battery, capacityKwh: 6.3 } }, b];
  hashes.add(await datasetHash({ community: { ...community, prosumers: smaller }, profiles }));
  const later = { ...profiles.grid, startMs: 0 };
  hashes.add(await datasetHash({ community, profiles: { ...profiles, grid: later } }));
  assertEquals(hashes.size, columns.length + 3);

  const { battery: own, ...rest } = a;
  const reordered = {
    ...community,
    name: "Other title",
    prosumers: [{ battery: own, ...rest }, b],
  };
  assertEquals(await datasetHash({ community: reordered, profiles }), original);
});
