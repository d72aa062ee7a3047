import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { parseParquet } from "../../lib/data/read_table.ts";
import {
  dataPage,
  dataPageV2,
  dictionaryPage,
  doubles,
  ENCODING,
  joined,
  levels,
  pack,
  parquetFile,
  rawInteger,
  rawList,
  run,
  TYPE,
  varint,
} from "../helpers/parquet_bytes.ts";

const HUGE = 2 ** 30;
const MOST_MS = 1000;
const both = doubles(1, 2);

/** Column `a` of a file. */
function cells(bytes: Uint8Array): (string | number | null)[] {
  return Array.from(parseParquet(bytes, "a.parquet").columns.get("a")!());
}

/** Indices of one bit each, in a pack with more groups of eight than rows need, as DuckDB writes. */
const paddedPack = joined([1], pack(32, [0b10, ...new Array(31).fill(0)]));

const honest: Readonly<Record<string, Uint8Array>> = {
  "with levels": parquetFile({
    rows: 2,
    isOptional: true,
    pages: dataPage(2, ENCODING.plain, joined(levels(run(2, 1)), both)),
  }),
  "with a dictionary and a padded pack": parquetFile({
    rows: 2,
    pages: joined(dictionaryPage(2, both), dataPage(2, ENCODING.dictionary, paddedPack)),
  }),
};
for (const [name, bytes] of Object.entries(honest)) {
  Deno.test(`hostile Parquet: an honest file ${name} is read, by Polars as well`, () => {
    assertEquals(cells(bytes), [1, 2]);
    assertEquals(pl.readParquet(Buffer.from(bytes)).getColumn("a").toArray(), [1, 2]);
  });
}

/** Files that lie, and the end of the message. */
const hostile: Readonly<Record<string, readonly [bytes: Uint8Array, message: string]>> = {
  "a run of 2^30 levels": [
    parquetFile({
      rows: 2,
      isOptional: true,
      pages: dataPage(2, ENCODING.plain, joined(levels(run(HUGE, 1)), both)),
    }),
    "a run is longer than its page",
  ],
  "a run of 10^8 levels": [
    parquetFile({
      rows: 2,
      isOptional: true,
      pages: dataPage(2, ENCODING.plain, joined(levels(run(1e8, 1)), both)),
    }),
    "a run is longer than its page",
  ],
  // As many values as the levels add up to, so that nothing else is wrong.
  "levels above the highest": [
    parquetFile({
      rows: 2,
      isOptional: true,
      pages: dataPage(2, ENCODING.plain, joined(levels(run(2, 3)), both, both, both)),
    }),
    "a number is wider than its run",
  ],
  "a page of 2^30 differences": [
    parquetFile({
      rows: 2,
      type: TYPE.int32,
      pages: dataPage(
        HUGE,
        ENCODING.deltas,
        joined(varint(128), varint(1), varint(HUGE), new Uint8Array(4000)),
      ),
    }),
    "a page has more rows than its column",
  ],
  "2^30 rows in a page without bits": [
    parquetFile({ rows: 2, pages: dataPage(HUGE, ENCODING.dictionary, [0]) }),
    "a page has more rows than its column",
  ],
  "2^30 rows in the footer": [
    parquetFile({ rows: HUGE, pages: dataPage(HUGE, ENCODING.dictionary, [0]) }),
    "a.parquet: has 1073741824 rows of 1 columns, at most 100000000 cells are held; split it",
  ],
  "packs of nothing": [
    parquetFile({
      rows: 2,
      pages: joined(
        dictionaryPage(2, both),
        dataPage(2, ENCODING.dictionary, joined([0], pack(0, []))),
      ),
    }),
    "a page is cut short",
  ],
  "2^30 groups in a pack of 0 bits": [
    parquetFile({
      rows: 2,
      pages: dataPageV2(2, ENCODING.dictionary, joined([0], pack(HUGE, []))),
    }),
    "a dictionary is cut short",
  ],
  "lists of 32 million lists": [
    parquetFile({
      rows: 2,
      pages: dataPage(2, ENCODING.plain, both),
      moreInFooter: [rawList(9, joined(...new Array(400).fill(joined([0xf9], varint(32e6)))))],
    }),
    "a list of 32000000 values where there are fewer bytes",
  ],
  "lists within lists": [
    parquetFile({
      rows: 2,
      pages: dataPage(2, ENCODING.plain, both),
      moreInFooter: [rawList(9, new Uint8Array(1e5).fill(0x19))],
    }),
    "nested deeper than 16 levels",
  ],
  "a number of a megabyte": [
    parquetFile({
      rows: 2,
      pages: dataPage(2, ENCODING.plain, both),
      moreInFooter: [rawInteger(9, joined(new Uint8Array(1e6).fill(255), [0]))],
    }),
    "a number of more than ten bytes",
  ],
  "a value behind the page": [
    parquetFile({
      rows: 2,
      pages: joined(dataPage(2, ENCODING.plain, doubles(1)), doubles(666)),
    }),
    "a page is cut short",
  ],
  // Whoever believes the length is back at the start of the same page.
  "a page of negative length": [
    parquetFile({ rows: 2, pages: dictionaryPage(0, [], -dictionaryPage(0, []).length) }),
    "a count or a place in it is no whole number",
  ],
  "a dictionary of 2^30 entries": [
    parquetFile({
      rows: 2,
      pages: joined(dictionaryPage(HUGE, both), dataPage(2, ENCODING.dictionary, [0])),
    }),
    "a page is cut short",
  ],
  "no dictionary": [
    parquetFile({ rows: 2, pages: dataPage(2, ENCODING.dictionary, joined([1], run(2, 1))) }),
    "a dictionary is cut short",
  ],
};
for (const [name, [bytes, message]] of Object.entries(hostile)) {
  Deno.test(`hostile Parquet: ${name}: refused at once in one line by the file's name`, () => {
    const start = performance.now();
    const error = assertThrows(() => cells(bytes), RangeError);
    assertLess(performance.now() - start, MOST_MS);
    assertEquals(
      error.message,
      `a.parquet: not a Parquet table of texts and numbers: ${message}`,
    );
  });
}
