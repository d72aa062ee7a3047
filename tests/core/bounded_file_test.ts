import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { insideFolder, readStreamWithin, readTextWithin } from "../../lib/data/bounded_file.ts";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { parseBounded, parseJson } from "../../lib/data/json.ts";
import { quoted } from "../../lib/text/shown.ts";
import { requireCsvSize } from "../../lib/data/table_size.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { requireSameShape } from "../../lib/ppo/same_shape.ts";
import { z } from "zod";
import { inFolder, simple } from "../helpers/two_homes.ts";

const options = { maxBytes: 1000, remedy: "name another" };

const strangers: Record<string, [make: (path: string) => Promise<unknown>, message: string]> = {
  "nothing": [() => Promise.resolve(), "does not exist; name another"],
  "a folder": [(path) => Deno.mkdir(path), "is a folder, not a file; name another"],
  "a link to itself": [(path) => Deno.symlink(path, path), "links to itself; name another"],
  "a link to nothing": [(path) => Deno.symlink(`${path}-gone`, path), "does not exist"],
  "a link to an endless device": [
    (path) => Deno.symlink("/dev/zero", path),
    "is a pipe or a device",
  ],
  "a pipe": [
    (path) => new Deno.Command("mkfifo", { args: [path] }).output(),
    "is a pipe or a device, not a file; name another",
  ],
  "a file that is too large": [
    (path) => Deno.writeTextFile(path, "x".repeat(1001)),
    "is larger than 1000 bytes, the most that is read of such a file, got 1001 bytes",
  ],
  "UTF-16": [(path) => Deno.writeFile(path, Uint8Array.of(0xff, 0xfe, 97, 0)), "is UTF-16; save"],
  "what is no text": [(path) => Deno.writeFile(path, Uint8Array.of(97, 0xc3)), "is not text in"],
  "a NUL": [(path) => Deno.writeFile(path, Uint8Array.of(97, 0)), "byte 2 is NUL"],
  "what is compressed": [(path) => Deno.writeFile(path, Uint8Array.of(0x1f, 0x8b)), "compressed"],
};
for (const [name, [make, message]] of Object.entries(strangers)) {
  Deno.test(`bounded file: ${name} is refused in one line`, {
    ignore: Deno.build.os === "windows",
  }, () =>
    inFolder(async (parent) => {
      await make(`${parent}/file`);
      const error = await assertRejects(() => readTextWithin(`${parent}/file`, options), Error);
      assert(error.message.includes(message), error.message);
      assert(!error.message.includes("\n"), error.message);
    }));
}

Deno.test("bounded file: a name that no file can have is cut in the message", async () => {
  const error = await assertRejects(
    () => readTextWithin("x".repeat(5000), options),
    Error,
    "cannot read x",
  );
  assert(error.message.length < 600);
});

Deno.test("bounded file: a byte order mark is no part of the text", () =>
  inFolder(async (parent) => {
    await Deno.writeTextFile(`${parent}/file`, "\ufeffa");
    assertEquals(await readTextWithin(`${parent}/file`, options), "a");
  }));

Deno.test("bounded file: a stream is cut off at the limit", async () => {
  let sent = 0;
  const endless = (async function* () {
    for (;;) yield await Promise.resolve(new Uint8Array(100).fill(97 + sent++ % 3));
  })();
  await assertRejects(() => readStreamWithin(endless, 1000, "here"), Error, "here is larger than");
  assertEquals(sent, 11);
});

Deno.test("inside folder: neither a path nor a link leads out", () =>
  inFolder(async (parent) => {
    await Deno.mkdir(`${parent}/set/below`, { recursive: true });
    await Deno.writeTextFile(`${parent}/secret`, "no");
    await Deno.writeTextFile(`${parent}/set/below/own`, "yes");
    await Deno.symlink(`${parent}/secret`, `${parent}/set/link`);
    await Deno.symlink(`${parent}`, `${parent}/set/up`);
    await Deno.symlink("below/own", `${parent}/set/within`);
    await Deno.symlink(`${parent}/set`, `${parent}/alias`);
    const set = `${parent}/set`;
    for (const name of ["../secret", "/etc/passwd", "below/../../secret", "link", "up/secret"]) {
      await assertRejects(() => insideFolder(set, name), Error, "leads out of the folder", name);
    }
    for (const name of ["below/own", "within", "missing"]) {
      assertEquals(await insideFolder(set, name), `${set}/${name}`);
      assertEquals(await insideFolder(`${parent}/alias`, name), `${parent}/alias/${name}`);
    }
  }));

Deno.test("dataset: a file that is a link to somewhere else is refused", () =>
  inFolder(async (parent) => {
    await writeDataset(simple(), `${parent}/set`);
    await Deno.rename(`${parent}/set/profiles.csv`, `${parent}/elsewhere.csv`);
    await Deno.symlink(`${parent}/elsewhere.csv`, `${parent}/set/profiles.csv`);
    await assertRejects(() => readDataset(`${parent}/set`), Error, "profiles.csv leads out of the");
  }));

Deno.test("json: depth and number of values are bounded, whatever texts hold", () => {
  const deep = "[".repeat(1e6) + "]".repeat(1e6);
  assertThrows(() => parseBounded(deep, "a.json"), RangeError, "a.json: nested deeper than 64");
  const long = `[${"0,".repeat(2_000_001)}0]`;
  assertThrows(() => parseBounded(long, "a.json"), RangeError, "holds 2000002 values, at most");
  const text = JSON.stringify({ a: "[".repeat(1000), b: '\\"' + "{,".repeat(1000) + "\\" });
  assertEquals(parseBounded(text, "a.json"), JSON.parse(text));
});

Deno.test("json: hundreds of thousands of faults are one line that names the file", () => {
  const text = `[[${"{},".repeat(300_000)}{}]]`;
  const schema = z.array(z.array(z.strictObject({ id: z.string() })));
  const error = assertThrows(() => parseJson(text, schema, "a.json"), RangeError, "a.json: ");
  assert((error as Error).message.length < 200, (error as Error).message);
});

Deno.test("json: a field that is missing is called so, and a long value is cut", () => {
  const schema = z.object({ id: z.string().max(3, "must be short") });
  assertThrows(
    () => parseJson("{}", schema, "a.json"),
    RangeError,
    "id: expected string, but it is missing",
  );
  const long = JSON.stringify({ id: "\u001b[31m" + "x".repeat(1e5) });
  const error = assertThrows(() => parseJson(long, schema, "a.json"), RangeError, "must be short");
  assert((error as Error).message.length < 200);
});

Deno.test("shown: what would steer a terminal or begin a line is escaped", () => {
  assertEquals(quoted("a\nb\r\u001b[2J\u202e"), '"a\\nb\\u000d\\u001b[2J\\u202e"');
  assertEquals(quoted("x".repeat(81)), `"${"x".repeat(80)}…"`);
});

Deno.test("csv: cells are counted with those that short rows leave out", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const wide = ",".repeat(49_999) + "\n";
  requireCsvSize(bytes(wide + "1\n".repeat(1999)), "a.csv");
  assertThrows(
    () => requireCsvSize(bytes(wide + "1\n".repeat(2000)), "a.csv"),
    RangeError,
    "a.csv: has 2001 rows of 50000 columns, at most 100000000 cells",
  );
  assertThrows(() => requireCsvSize(bytes("," + wide), "a.csv"), RangeError, "50001 columns");
  assertThrows(
    () => requireCsvSize(bytes("a\n" + "9".repeat(5e6)), "a.csv"),
    RangeError,
    "row 2 is",
  );
});

for (
  const [field, value] of [
    ["hiddenSizes", [1e9]],
    ["hiddenSizes", new Array(17).fill(1)],
    ["rolloutSteps", 1e9],
    ["epochs", 1e9],
  ] as const
) {
  Deno.test(`config: ${field} ${value} is more than a training can hold`, () => {
    assertThrows(() => parseExperiment({ ppo: { [field]: value } }, "c.json"), RangeError, field);
  });
}

Deno.test("same shape: what is missing, too much or of another kind is named", () => {
  const own = { step: 1, soc: new Float64Array(2), random: { c: 1 } };
  requireSameShape({ step: 2, soc: Float64Array.of(1, 2), random: { c: 3 } }, own, "state");
  const wrong: [unknown, string][] = [
    [null, "state must be an object with random, soc, step"],
    [{ ...own, more: 1 }, "state must be an object"],
    [{ ...own, step: "1" }, "state.step must be a number"],
    [{ ...own, step: NaN }, "state.step must be a number"],
    [{ ...own, soc: new Float64Array(3) }, "state.soc must be 2 numbers"],
    [{ ...own, soc: new Float32Array(2) }, "state.soc must be 2 numbers"],
    [{ ...own, random: {} }, "state.random must be an object with c"],
  ];
  for (const [saved, message] of wrong) {
    assertThrows(() => requireSameShape(saved, own, "state"), RangeError, message);
  }
});
