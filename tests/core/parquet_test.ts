import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { parseParquet } from "../../lib/data/read_table.ts";
import { stream } from "../../lib/random.ts";
import { inFolder, simple } from "../helpers/two_homes.ts";

type Compression = "uncompressed" | "snappy" | "gzip" | "brotli" | "zstd" | "lz4";

/** The bytes of a table as Polars writes them. */
async function written(frame: pl.DataFrame, compression: Compression): Promise<Uint8Array> {
  const path = await Deno.makeTempFile({ suffix: ".parquet" });
  try {
    frame.writeParquet(path, { compression });
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(path);
  }
}

const ROWS = 3000;
const random = stream(7, "parquet");
const values: Record<string, (string | number | null)[]> = {
  numbers: Array.from({ length: ROWS }, () => random.uniform() - 0.5),
  repeated: Array.from({ length: ROWS }, () => random.below(7) / 3),
  constant: new Array(ROWS).fill(0.25),
  sparse: Array.from({ length: ROWS }, () => random.below(3) === 0 ? null : random.uniform()),
  missing: [null, ...new Array(ROWS - 1).fill(1)],
  texts: Array.from({ length: ROWS }, (_, k) => `${k} ä €`),
  names: Array.from({ length: ROWS }, () => ["cloud", "sun"][random.below(2)]),
};

for (const compression of ["uncompressed", "snappy", "gzip", "brotli", "zstd"] as const) {
  Deno.test(`parquet: what Polars writes (${compression}) is read cell by cell`, async () => {
    const { columns } = parseParquet(await written(pl.DataFrame(values), compression), "t.parquet");
    assertEquals([...columns.keys()], Object.keys(values));
    for (const [name, cells] of Object.entries(values)) {
      assertEquals(Array.from(columns.get(name)!()), cells, name);
    }
  });
}

Deno.test("parquet: whole numbers, short floats and truths are numbers", async () => {
  const frame = pl.DataFrame({ whole: [1, -2, 2 ** 40], yes: [true, false, true] }).select(
    pl.col("whole").cast(pl.Int64),
    pl.col("whole").cast(pl.Float32).alias("short"),
    pl.col("yes"),
  );
  const { columns } = parseParquet(await written(frame, "zstd"), "t.parquet");
  const cells = Object.fromEntries(
    [...columns].map(([name, cells]) => [name, Array.from(cells())]),
  );
  const expected: unknown = { whole: [1, -2, 2 ** 40], short: [1, -2, 2 ** 40], yes: [1, 0, 1] };
  assertEquals(cells as unknown, expected);
});

Deno.test("parquet: a small file that unpacks to gigabytes is refused by its name", async () => {
  const column = pl.Series("a", new Array(120_000).fill(0), pl.Float64);
  const bomb = pl.DataFrame(Array.from({ length: 1000 }, (_, k) => column.alias(`c${k}`)));
  const bytes = await written(bomb, "zstd");
  assertEquals(bytes.length < 2 ** 20, true, `${bytes.length} bytes`);
  assertThrows(
    () => parseParquet(bytes, "bomb.parquet"),
    RangeError,
    "bomb.parquet: has 120000 rows of 1000 columns, at most 100000000 cells are held",
  );
});

Deno.test("parquet: a text of megabytes in every row is refused before it is made", async () => {
  const bytes = await written(pl.DataFrame({ a: new Array(100).fill("x".repeat(5e6)) }), "zstd");
  assertEquals(bytes.length < 2 ** 20, true, `${bytes.length} bytes`);
  const { columns } = parseParquet(bytes, "long.parquet");
  assertThrows(
    () => columns.get("a")!(),
    RangeError,
    "long.parquet: not a Parquet table of texts and numbers: ",
  );
});

Deno.test("parquet: nested columns and another compression are refused in words", async () => {
  const nested = await written(pl.DataFrame({ a: [[1, 2], [3]] }), "zstd");
  assertThrows(() => parseParquet(nested, "a.parquet"), RangeError, "its columns are nested");
  const lz4 = parseParquet(await written(pl.DataFrame({ a: [0.5] }), "lz4"), "a.parquet");
  assertThrows(() => lz4.columns.get("a")!(), RangeError, "its compression is not read here");
});

Deno.test("parquet: cut anywhere, a data set is refused by the file's name", () =>
  inFolder(async (parent) => {
    await writeDataset(simple(), `${parent}/set`, { format: "parquet" });
    const path = `${parent}/set/profiles.parquet`;
    const whole = await Deno.readFile(path);
    assertEquals(await readDataset(`${parent}/set`), simple());
    for (let length = 0; length < whole.length; length += 97) {
      await Deno.writeFile(path, whole.subarray(0, length));
      await assertRejects(
        () => readDataset(`${parent}/set`),
        RangeError,
        "profiles.parquet: not a",
      );
    }
  }));
