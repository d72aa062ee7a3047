import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { byHour } from "../../lib/evaluation/by_hour.ts";
import { readLearningCurve } from "../../lib/evaluation/learning_curve.ts";
import { readResults } from "../../lib/evaluation/results.ts";
import { learningCurveText, resultsText } from "../helpers/result_files.ts";

const text = resultsText({
  policies: ["grid-only", "learned"],
  days: 2,
  dtHours: 0.5,
  prosumers: 4,
});

async function withFile<T>(content: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, content);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

/** A table as text with one cell changed; `row` counts from 1 for the header. */
function withCell(table: string, row: number, column: string, cell: string): string {
  const lines = table.split("\n").map((line) => line.split(","));
  lines[row - 1][lines[0].indexOf(column)] = cell;
  return lines.map((line) => line.join(",")).join("\n");
}

Deno.test("results: prosumers are summed up to the community, slot by slot", async () => {
  const results = await withFile(text, readResults);
  assertEquals(results.policies, ["grid-only", "learned"]);
  assertEquals(results.days, ["2025-06-01", "2025-06-02"]);
  assertEquals(results.dtHours, 0.5);
  assertEquals(results.slots.length, 2 * 2 * 48);
  const rows = text.split("\n").slice(1, -1).map((line) => line.split(","));
  const names = text.split("\n")[0].split(",");
  const noon = rows.filter((row) =>
    row[0] === "learned" && row[names.indexOf("timestamp")].startsWith("2025-06-02T12:30")
  );
  const sum = (name: string, of = (x: number) => x) =>
    noon.reduce((total, row) => total + of(Number(row[names.indexOf(name)])), 0);
  const slot = results.slots.find(({ policy, day, hourOfDay }) =>
    policy === "learned" && day === "2025-06-02" && hourOfDay === 12.5
  )!;
  assertEquals(noon.length, 4);
  assertAlmostEquals(slot.gridKw, sum("gridKwh") / 0.5, 1e-12);
  assertAlmostEquals(slot.volumeKwh, sum("tradedKwh", Math.abs) / 2, 1e-12);
  assertAlmostEquals(slot.cost, sum("cost"), 1e-12);
  // Two of the four have a battery.
  assertAlmostEquals(slot.socFraction!, sum("socFraction") / 2, 1e-12);
  assertEquals(slot.clearingPricePerKwh, Number(noon[0][names.indexOf("clearingPricePerKwh")]));
});

Deno.test("results: what has no value is null, not zero", async () => {
  const results = await withFile(
    resultsText({
      policies: ["grid-only"],
      days: 1,
      dtHours: 1,
      prosumers: 2,
      batteries: false,
    }),
    readResults,
  );
  assertEquals(new Set(results.slots.map(({ socFraction }) => socFraction)), new Set([null]));
  assertEquals(new Set(results.slots.map((slot) => slot.clearingPricePerKwh)), new Set([null]));
});

const faults: readonly [string, string, string][] = [
  ["a column is missing", text.replace("gridKwh", "grid"), 'column "gridKwh" is missing'],
  [
    "a number is garbled",
    withCell(text, 7, "gridKwh", "1.5x"),
    'row 7, column gridKwh: must be a number, got "1.5x"',
  ],
  ["a number is missing", withCell(text, 3, "cost", ""), "row 3, column cost: must be a number"],
  ["a number is not finite", withCell(text, 4, "loadKw", "NaN"), "row 4, column loadKw"],
  [
    "an optional number is garbled",
    withCell(text, 5, "socFraction", "half"),
    "row 5, column socFraction: must be a number or empty",
  ],
  [
    "a day does not exist",
    text.replaceAll(/\d{4}-\d{2}-\d{2}T/g, "2025-02-30T"),
    "column timestamp: must be an ISO 8601 time with offset",
  ],
  ["a time is garbled", withCell(text, 9, "timestamp", "noon"), "row 9, column timestamp"],
  ["the last row is cut off", text.slice(0, -30), "row 769, column"],
  ["the last rows are missing", text.split("\n").slice(0, -5).join("\n"), "the file is cut short"],
  ["there are no rows", text.split("\n")[0] + "\n", "there are no rows"],
  ["it is empty", "", "the file is empty"],
  [
    "slots are as long as no other part supports",
    text.replaceAll(/T(\d\d):30/g, "T$1:20"),
    "slots must be 60, 30, 15 or 5 min long",
  ],
];
for (const [what, content, message] of faults) {
  Deno.test(`results: a file is refused in one line when ${what}`, async () => {
    await withFile(content, async (path) => {
      const error = await assertRejects(() => readResults(path), RangeError, message);
      assertEquals(error.message.split("\n").length, 1);
      assertEquals(error.message.includes(path), true);
      assertEquals(error.message.endsWith('write it again with "deno task evaluate"'), true);
    });
  });
}

Deno.test("results: a missing file is named with the remedy", async () => {
  await assertRejects(() => readResults("no/such.csv"), Error, "no/such.csv does not exist");
});

Deno.test("learning curve: costs are read with gaps where nothing was measured", async () => {
  const points = await withFile(learningCurveText(4), readLearningCurve);
  assertEquals(points.map(({ timesteps }) => timesteps), [2048, 4096, 6144, 8192]);
  assertEquals(points.map(({ validationCost }) => validationCost === null), [
    true,
    true,
    true,
    false,
  ]);
  assertAlmostEquals(points[0].meanEpisodeCost!, 20, 1e-12);
});

Deno.test("learning curve: a last row that was cut off is refused", async () => {
  await withFile(learningCurveText(4).slice(0, -8), async (path) => {
    await assertRejects(() => readLearningCurve(path), RangeError, "row 5, column currency");
  });
});

Deno.test("by hour: quartiles interpolate, and days without a value do not count", () => {
  const values = [4, null, 1, 3, 2];
  const slots = values.map((cost) => ({ hourOfDay: 6, cost }));
  const [six, seven] = byHour([{ hourOfDay: 7, cost: null }, ...slots], ({ cost }) => cost);
  // R: quantile(c(4, 1, 3, 2)) is 1.75, 2.5, 3.25.
  assertEquals(six, {
    hourOfDay: 6,
    count: 4,
    days: 5,
    mean: 2.5,
    lowerQuartile: 1.75,
    median: 2.5,
    upperQuartile: 3.25,
  });
  assertEquals([seven.hourOfDay, seven.count, seven.days, seven.median], [7, 0, 1, NaN]);
});
