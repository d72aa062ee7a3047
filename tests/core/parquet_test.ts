import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { parseParquet } from "../../lib/data/read_table.ts";
import { column, numberColumn } from "../../lib/data/columns.ts";
import { parseTimeColumn } from "../../lib/data/time_column.ts";
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

for (const compression of ["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"] as const) {
  Deno.test(`parquet: what Polars writes (${compression}) is read cell by cell`, async () => {
    const bytes = await written(pl.DataFrame(values), compression);
    const { columns } = await parseParquet(bytes, "t.parquet");
    assertEquals([...columns.keys()], Object.keys(values));
    for (const [name, cells] of Object.entries(values)) {
      assertEquals(Array.from(columns.get(name)!()), cells, name);
    }
  });
}

Deno.test("parquet: whole numbers and short floats are numbers, to the bit", async () => {
  const frame = pl.DataFrame({ n: [1, -2, 2 ** 40, 0.1] }).select(
    pl.col("n"),
    pl.col("n").cast(pl.Int64).alias("whole"),
    pl.col("n").cast(pl.Float32).alias("short"),
  );
  const table = await parseParquet(await written(frame, "zstd"), "t.parquet");
  assertEquals([...numberColumn(table, "n")], [1, -2, 2 ** 40, 0.1]);
  assertEquals([...numberColumn(table, "whole")], [1, -2, 2 ** 40, 0]);
  assertEquals([...numberColumn(table, "short")], [1, -2, 2 ** 40, Math.fround(0.1)]);
});

const HOUR_MS = 3_600_000;
/** 2025-03-30T00:00Z, an hour before clocks in Berlin are put forward, and three hours after it. */
const TIMES = Array.from({ length: 4 }, (_, k) => Date.UTC(2025, 2, 30) + k * HOUR_MS);

for (const unit of ["ms", "us", "ns"] as const) {
  for (const [zone, first] of [["", "+00:00"], ["UTC", "+00:00"], ["Europe/Berlin", "+01:00"]]) {
    Deno.test(`parquet: a Datetime column in ${unit} ${zone} is read as time stamps`, async () => {
      const type = zone === "" ? pl.Datetime(unit) : pl.Datetime(unit, zone);
      const perMs = { ms: 1, us: 1e3, ns: 1e6 }[unit];
      const frame = pl.DataFrame({ t: TIMES.map((ms) => ms * perMs) })
        .select(pl.col("t").cast(pl.Int64).cast(type));
      const table = await parseParquet(await written(frame, "zstd"), "t.parquet");
      const notes: string[] = [];
      const grid = parseTimeColumn(column(table, "t"), String, notes);
      assertEquals(notes.length, zone === "" ? 1 : 0);
      const utcOffsetMinutes = first === "+01:00" ? 60 : 0;
      assertEquals(grid, { startMs: TIMES[0], utcOffsetMinutes, dtHours: 1, slots: 4 });
    });
  }
}

Deno.test("parquet: a column of any other type is refused by its name and its type", async () => {
  const frame = pl.DataFrame({ yes: [true, false], text: ["1", "2"], list: [[1], [2]], n: [1, 2] })
    .select(
      pl.col("yes"),
      pl.col("text"),
      pl.col("list"),
      pl.col("n").cast(pl.Decimal(10, 2)).alias("decimal"),
      pl.col("n").cast(pl.Int64).cast(pl.Datetime("ms")).alias("time"),
      pl.col("n"),
    );
  const table = await parseParquet(await written(frame, "zstd"), "t.parquet");
  const types = {
    yes: "Bool",
    text: "String",
    list: "List(",
    decimal: "Decimal(",
    time: "Datetime(ms",
  };
  for (const [name, type] of Object.entries(types)) {
    const message = `t.parquet: column ${name} is of the type ${type}`;
    assertThrows(() => numberColumn(table, name), RangeError, message);
  }
  assertThrows(
    () => column(table, "n"),
    RangeError,
    "t.parquet: column n is of the type Float64; write it as text or time stamps",
  );
});

/** What the process does in the place of reading, and what is told of it. */
const ends: Readonly<Record<string, string>> = {
  "a segmentation fault": "Deno.kill(Deno.pid, 'SIGSEGV')",
  "an abort": "Deno.kill(Deno.pid, 'SIGABRT')",
  "a kill for want of memory": "Deno.kill(Deno.pid, 'SIGKILL')",
  "a panic in the middle of the answer":
    "Deno.stdout.writeSync(new Uint8Array(1e5)); Deno.exit(101)",
  "an end before the answer": "Deno.exit(0)",
};
for (const [name, code] of Object.entries(ends)) {
  Deno.test(`parquet: ${name} of the library ends in one line`, async () => {
    const bytes = await written(pl.DataFrame({ a: new Array(50_000).fill("text") }), "zstd");
    const { Command } = Deno;
    Deno.Command = class extends Command {
      constructor(program: string | URL, options?: Deno.CommandOptions) {
        super(program, { ...options, args: ["eval", code] });
      }
    };
    try {
      const error = await assertRejects(() => parseParquet(bytes, "t.parquet"), RangeError);
      assertEquals(
        error.message,
        "t.parquet: not a Parquet table: the library that reads it fails; write it again",
      );
    } finally {
      Deno.Command = Command;
    }
  });
}

Deno.test("parquet: what takes too much memory or time ends in one line", async () => {
  const column = pl.Series("a", new Array(100_000).fill(0), pl.Float64);
  const wide = pl.DataFrame(Array.from({ length: 500 }, (_, k) => column.alias(`c${k}`)));
  const bytes = await written(wide, "zstd");
  assertEquals(bytes.length < 2 ** 20, true, `${bytes.length} bytes`);
  await assertRejects(
    () => parseParquet(bytes, "wide.parquet", { memoryBytes: 2 ** 28 }),
    RangeError,
    "wide.parquet: not a Parquet table: reading it takes more than 256 MiB of memory",
  );
  await assertRejects(
    () => parseParquet(bytes, "wide.parquet", { seconds: 0 }),
    RangeError,
    "wide.parquet: not a Parquet table: reading it takes longer than 0 s",
  );
});

Deno.test("parquet: more cells than a table may have are refused by the file's name", async () => {
  const column = pl.Series("a", new Array(120_000).fill(false), pl.Bool);
  const large = pl.DataFrame(Array.from({ length: 1000 }, (_, k) => column.alias(`c${k}`)));
  await assertRejects(
    async () => parseParquet(await written(large, "zstd"), "large.parquet"),
    RangeError,
    "large.parquet: has 120000 rows of 1000 columns, at most 100000000 cells are held",
  );
});

Deno.test("parquet: cut anywhere, a data set is refused by the file's name", () =>
  inFolder(async (parent) => {
    await writeDataset(simple(), `${parent}/set`, { format: "parquet" });
    const path = `${parent}/set/profiles.parquet`;
    const whole = await Deno.readFile(path);
    assertEquals(await readDataset(`${parent}/set`), simple());
    for (const share of [0, 0.001, 0.3, 0.7, 0.999]) {
      await Deno.writeFile(path, whole.subarray(0, Math.floor(share * whole.length)));
      await assertRejects(
        () => readDataset(`${parent}/set`),
        RangeError,
        "profiles.parquet: not a Parquet table: ",
      );
    }
  }));
