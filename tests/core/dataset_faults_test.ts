import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { readDataset, writeDataset } from "../../lib/data/dataset.ts";
import { inFolder, simple } from "../helpers/two_homes.ts";

/** Writes the simple data set, edits one of its files and expects `message` from reading it. */
async function expectFault(
  edit: (text: string) => string,
  message: string,
  file = "profiles.csv",
): Promise<void> {
  await inFolder(async (parent) => {
    await writeDataset(simple(), parent + "/set");
    const path = join(parent, "set", file);
    const before = await Deno.readTextFile(path);
    const after = edit(before);
    assertNotEquals(after, before);
    await Deno.writeTextFile(path, after);
    const error = await assertRejects(() => readDataset(parent + "/set"), Error, message);
    assertEquals(error.message.includes(file), true, error.message);
    assertEquals(error.message.includes("\n"), false, error.message);
  });
}

/** Replaces the text of row `row`, the header being row 1. */
const row = (number: number, replace: (cells: string[]) => string[] | null) => (text: string) =>
  text.split("\n").flatMap((line, index) => {
    if (index + 1 !== number) return [line];
    const cells = replace(line.split(","));
    return cells === null ? [] : [cells.join(",")];
  }).join("\n");

const cell = (number: number, column: number, value: string) =>
  row(number, (cells) => cells.with(column, value));

const badProfiles: Record<string, [edit: (text: string) => string, message: string]> = {
  "an empty file": [() => "", "the file is empty"],
  "a row that is too long": [row(3, (cells) => [...cells, "1"]), "row 3 has 10 cells"],
  "a cell that is empty": [
    cell(3, 5, ""),
    "profiles.csv row 3, column a.loadKw: must be a number with a decimal point, got an empty cell",
  ],
  "a cell that is text": [cell(4, 6, "sunny"), "row 4, column a.pvKw: must be a number with a"],
  "an infinite load": [cell(4, 5, "Infinity"), 'a decimal point, got "Infinity"'],
  "a hexadecimal number": [
    cell(4, 5, "0x10"),
    'row 4, column a.loadKw: must be a number with a decimal point, got "0x10"',
  ],
  "a decimal comma": [
    cell(4, 5, '"0,5"'),
    'must be a number with a decimal point, got "0,5": write 0.5',
  ],
  "decimal commas without quotes": [
    cell(4, 5, "0,5"),
    "row 4 has 10 cells, the header has 9; write numbers with a decimal point",
  ],
  "semicolons between columns": [
    (text) => text.replaceAll(",", ";").replaceAll(".", ","),
    "columns are separated by semicolons; separate them by commas, and write numbers with a decimal",
  ],
  "tabs between columns": [(text) => text.replaceAll(",", "\t"), "columns are separated by tabs"],
  "a day that does not exist": [
    cell(3, 0, "2024-02-30T19:00:00-03:30"),
    'row 3, column timestamp: timestamp names a moment that does not exist: "2024-02-30T19:00:00',
  ],
  "a negative load": [
    cell(5, 7, "-0.5"),
    "loadKw must be a number of at least 0, got -0.5 (",
  ],
  "negative PV": [cell(2, 8, "-1"), "row 2, column b-2.pvKw)"],
  "a negative limit": [cell(2, 4, "-1"), "gridImportLimitKw must be a number of at least 0"],
  "a column that is missing": [
    (text) => text.split("\n").map((line) => line.split(",").slice(0, -1).join(",")).join("\n"),
    "column b-2.pvKw is missing",
  ],
  "a column that is unknown": [
    (text) => text.replace("a.loadKw", "a.loadkW"),
    'unknown column "a.loadkW"; did you mean a.loadKw?',
  ],
  "a column that comes twice": [
    (text) => text.replace("a.pvKw", "a.loadKw"),
    'column "a.loadKw" comes twice',
  ],
  "a single timestamp without offset": [
    cell(3, 0, "2024-02-28T19:00:00"),
    "row 3, column timestamp: timestamp must be ISO 8601 with offset",
  ],
  "a timestamp that comes twice": [
    row(4, (cells) => cells.with(0, "2024-02-28T19:00:00-03:30")),
    "row 4, column timestamp: the timestamp comes twice",
  ],
  "a timestamp that goes back": [
    cell(4, 0, "2024-02-28T18:00:00-03:30"),
    "row 4, column timestamp: the timestamp goes back",
  ],
  "a gap": [row(4, () => null), "row 4, column timestamp: a gap of 1 slot;"],
  "unequal steps": [
    cell(4, 0, "2024-02-28T19:20:00-03:30"),
    "slots of 20 min follow slots of 0.5 h; write all in one length",
  ],
  "clocks put forward without a change of offset": [
    cell(4, 0, "2024-02-28T20:30:00-03:30"),
    "if this is daylight saving, write all timestamps with one fixed offset",
  ],
  "slots of another length": [
    (text) =>
      text.replace("T19:00", "T18:40").replace("T19:30", "T18:50").replace("T20:00", "T19:00"),
    "slots must be 60, 30, 15 or 5 min long, got 10 min",
  ],
  "a single slot": [(text) => text.split("\n").slice(0, 2).join("\n"), "at least two slots"],
};

for (const [name, [edit, message]] of Object.entries(badProfiles)) {
  Deno.test(`dataset: ${name} is refused with its place`, () => expectFault(edit, message));
}

const badCommunities: Record<string, [from: string, to: string, message: string]> = {
  "broken JSON": ['"name":', '"name"', "not valid JSON"],
  "text for a number": [
    '"pvCapacityKw": 0',
    '"pvCapacityKw": "none"',
    "prosumers[1].pvCapacityKw: expected number, received string",
  ],
  "an unknown field": [
    '"socMin"',
    '"stateOfChargeMin"',
    "prosumers[0].battery.socMin: expected number",
  ],
  "a battery of less than nothing": [
    '"capacityKwh": 6.4',
    '"capacityKwh": -1',
    "battery.capacityKwh must be positive, got -1 (prosumer a)",
  ],
  "an id that comes twice": ['"b-2"', '"a"', 'prosumer id must be unique, got "a" twice'],
  "a limit in both files": [
    '"currency"',
    '"gridImportLimitKw": 5, "currency"',
    "gridImportLimitKw is also in community.json",
  ],
};

for (const [name, [from, to, message]] of Object.entries(badCommunities)) {
  const file = name === "a limit in both files" ? "profiles.csv" : "community.json";
  Deno.test(`dataset: a community with ${name} is refused with its field`, async () => {
    await inFolder(async (parent) => {
      await writeDataset(simple(), parent + "/set");
      const path = join(parent, "set", "community.json");
      await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace(from, to));
      const error = await assertRejects(() => readDataset(parent + "/set"), Error, message);
      assertEquals(error.message.includes(join("set", file)), true, error.message);
    });
  });
}

Deno.test("dataset: zero prosumers are refused", async () => {
  await inFolder(async (parent) => {
    await writeDataset(simple(), parent + "/set");
    await Deno.writeTextFile(
      parent + "/set/community.json",
      '{"name": "none", "currency": "EUR", "prosumers": []}',
    );
    await assertRejects(() => readDataset(parent + "/set"), RangeError, "at least one prosumer");
  });
});
