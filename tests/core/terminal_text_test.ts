import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { progressLine } from "../../lib/cli/progress.ts";
import { barOf, markdownTable, NONE, percent, table } from "../../lib/cli/table.ts";
import { summaryTable } from "../../lib/experiments/result_tables.ts";
import type { Kpis } from "../../lib/evaluation/kpis.ts";
import { cellWidth, cutToCells, padded, wrapped } from "../../lib/text/width.ts";

const widest = (text: string) => Math.max(...text.split("\n").map(cellWidth));

Deno.test("terminal text: wide characters take two cells, combining marks none", () => {
  assertEquals([cellWidth("abc"), cellWidth("東京"), cellWidth("e\u0301"), cellWidth("👩‍🚀")], [
    3,
    4,
    1,
    2,
  ]);
  assertEquals([cutToCells("東京東京", 5), cutToCells("東京", 4), padded("東", 3)], [
    "東京…",
    "東京",
    "東 ",
  ]);
});

Deno.test("terminal text: paragraphs hang, columns hang at the last one, commands stay whole", () => {
  assertEquals(wrapped("error: one two three", 14, 7), "error: one two\n       three");
  assertEquals(
    wrapped("  --out  a folder of mine", 16),
    "  --out  a\n         folder\n         of mine",
  );
  assertEquals(
    wrapped("go on with deno task train --resume x, later", 32),
    "go on with\ndeno task train --resume x,\nlater",
  );
  assertEquals(wrapped("a\nb", 10), "a\nb");
});

Deno.test("terminal text: no line of words is wider than the terminal", () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) =>
    /^[\p{L}\p{N}]+$/u.test(text)
  );
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 40, max: 120 }),
      (words, cells) => {
        const text = wrapped(words.join(" "), cells, 7);
        assert(widest(text) <= cells, text);
        assertEquals(text.split(/\s+/), words.join(" ").split(/\s+/));
      },
    ),
  );
});

const names = fc.string({ unit: "grapheme", maxLength: 60 });
Deno.test("terminal text: no table is wider than the terminal, whatever it shows", () => {
  const rows = fc.integer({ min: 1, max: 16 }).chain((columns) =>
    fc.array(
      fc.array(fc.oneof(names, fc.integer(), fc.constant(NONE)), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: 1, maxLength: 6 },
    )
  );
  fc.assert(fc.property(rows, fc.integer({ min: 40, max: 120 }), (rows, width) => {
    const text = table(rows[0].map((_, k) => `column ${k}`), rows, { width });
    assert(widest(text) <= width, text);
    for (const row of rows) {
      for (const cell of row) {
        if (typeof cell === "number") assert(text.includes(String(cell)), text);
      }
    }
  }));
});

Deno.test("terminal text: a table too wide for one comes in several, each with its first column", () => {
  const header = ["policy", ...Array.from({ length: 8 }, (_, k) => `indicator ${k}`)];
  const text = table(header, [["learned", ...Array(8).fill(1)]], { width: 50 });
  const blocks = text.split("\n\n");
  assertEquals(blocks.length, 3);
  for (const block of blocks) assert(/^policy .*\n-+.*\nlearned /.test(block), block);
});

Deno.test("terminal text: names in a table are cut first, and cannot break it", () => {
  const text = table(["home", "kWh"], [["a\n\u001b[31m" + "b".repeat(60), 1], ["c", 12.5]], {
    width: 40,
  });
  assertEquals(text.split("\n").length, 4);
  assertEquals(text.split("\n")[2], "a\\n\\u001b[31m" + "b".repeat(20) + "…     1");
  assertEquals(markdownTable(["x"], [["a|b <i>"]]).split("\n")[2], "| a\\|b \\<i\\> |");
});

Deno.test("terminal text: a share is ten cells and a figure, and a ratio of nothing a dash", () => {
  assertEquals(barOf(0.946), "■■■■■■■■■·  94.6");
  assertEquals(barOf(0.09), "■·········   9.0");
  assertEquals(barOf(0.999), "■■■■■■■■■·  99.9");
  assertEquals(barOf(1), "■■■■■■■■■■ 100.0");
  assertEquals(barOf(-0.2), "·········· -20.0");
  assertEquals([barOf(null), percent(null), percent(-0.0001)], ["–", "–", "0.0"]);
});

Deno.test("terminal text: a progress line fits and says no time that is not known", () => {
  const reached = {
    done: 0,
    total: 100_000,
    unit: "timesteps",
    note: "starting",
    leftSeconds: null,
  };
  assertEquals(progressLine(reached, 80), `${"░".repeat(24)} 0 % of 100000 timesteps | starting`);
  const later = {
    ...reached,
    done: 50_000,
    note: "2000 steps/s, mean episode cost 12.34",
    leftSeconds: 25,
  };
  for (const cells of [40, 60, 80, 120]) assert(cellWidth(progressLine(later, cells)) < cells);
  assert(
    progressLine(later, 120).endsWith(
      "50 % of 100000 timesteps, 25 s left | 2000 steps/s, mean episode cost 12.34",
    ),
  );
  assert(progressLine({ ...later, leftSeconds: 5000 }, 120).includes("1 h 23 min left"));
});

Deno.test("terminal text: results are sorted by cost and fit 80 cells, with `wide` all of them", () => {
  const row = (policy: string, costPerDay: number, captured: number | null) => ({
    ...{
      policy,
      costPerDay,
      captured,
      savingFraction: captured,
      prosumersWorseOff: 0,
      residualViolations: 0,
    },
    ...{ physicalEmissionsKgPerDay: 1, importKwhPerDay: 1, tradedKwhPerDay: 1, selfSufficiency: 1 },
    ...{
      meanPeakKw: 1,
      unservedKwhPerDay: 0,
      worstProsumer: "house-1",
      worstProsumerCostChangePerDay: -0.001,
    },
    microsecondsPerDecision: 1,
    ...{
      insideFraction: null,
      competitiveCorrelation: null,
      competitiveDistancePerKwh: null,
      churnFraction: null,
    },
  } as unknown as Kpis);
  const summary = [
    row("grid-only", 30, 0),
    row("zero-intelligence", 28, null),
    row("optimum-no-trade", 20, 1),
  ];
  const text = summaryTable(summary, { currency: "CHF" });
  assertEquals(text.split("\n").map((line) => line.split(/ +/)[0]), [
    "policy",
    "-".repeat(17),
    "optimum-no-trade",
    "zero-intelligence",
    "grid-only",
  ]);
  assertEquals(
    text.split("\n")[0],
    "policy             cost CHF/d  saving %  captured %        peak kW  worse off",
  );
  const unsound = summary.map((row) => ({ ...row, residualViolations: 3 }));
  assertMatch(summaryTable(unsound, { currency: "CHF" }), /violations/);
  assert(widest(text) <= 80, text);
  assertEquals(text.split("\n")[3].includes("–"), true);
  assert(summaryTable(summary, { currency: "CHF", wide: true }).includes("worst home"));
});

Deno.test("terminal text: sentences in a table are broken between words, not cut", () => {
  const rows = [["captured by the learned agents of this community", "at least 90 %", "no"]];
  assertEquals(table(["what", "target", "met"], rows, { width: 40 }).split("\n").slice(2), [
    "captured by the       at least 90 %  no",
    "learned agents of",
    "this community",
  ]);
});
