import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { synthesize } from "../../lib/mod.ts";
import type { LadderRow } from "../../lib/evaluation/ladder.ts";
import { learningCurve } from "../../lib/report/figures/learning_curve.ts";
import { ladderVerdict } from "../../lib/report/ladder_verdict.ts";
import { differenceNote, pinned, PUBLISHED_RUN } from "../../lib/report/pinned.ts";
import { runVerdict } from "../../lib/report/run_verdict.ts";

const row = (policy: string, captured: number, costPerDay: number) =>
  ({
    policy,
    captured,
    capturedLow: captured - 0.01,
    capturedHigh: captured + 0.01,
    costPerDay,
    prosumersWorseOff: 0,
    residualViolations: 0,
  }) as LadderRow;
const rows = [
  row("grid-only", 0, 20),
  row("self-consumption", 0.6, 14),
  row("mpc", 0.97, 10.3),
  row("learned", 0.9, 11),
  row("optimum", 1, 10),
];
const comparison = (low: number, high: number) => ({
  policy: "learned",
  other: "mpc",
  difference: { estimate: (low + high) / 2, low, high },
  different: false,
  probabilityOfImprovement: { estimate: 0.5, low: 0, high: 1 },
});

Deno.test("ladder verdict: it says who is better, who is worse, and what is not certain", () => {
  const behind = ladderVerdict({ rows, comparison: comparison(-0.08, -0.06) });
  assertStringIncludes(behind, "capture 90.0 % of what is possible");
  assertStringIncludes(behind, "Better: mpc (97.0 %).");
  assertStringIncludes(behind, "Worse: self-consumption (60.0 %).");
  assertStringIncludes(behind, "7.0 points behind mpc");
  const open = ladderVerdict({ rows, comparison: comparison(-0.01, 0.02) });
  assertStringIncludes(open, "no difference is certain: the interval is −1.0 to +2.0 points");
});

const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
const kpis = (policy: string, costPerDay: number) => ({ policy, costPerDay });
const results = (agents: number, bills: readonly number[], ladder: readonly LadderRow[]) =>
  ({
    ladder: { rows: ladder },
    bills: bills.map((costChangePerDay, k) => ({ prosumer: `house-0${k + 1}`, costChangePerDay })),
    scenarios: [{
      scenario: "outage",
      episodes: 3,
      summary: [kpis("learned", agents), kpis("grid-only", 12)],
    }],
    episodes: 4,
  }) as unknown as Parameters<typeof runVerdict>[1];

Deno.test("run verdict: captured and euros a year first, and every loss stands in red", () => {
  const html = runVerdict(dataset, results(13, [-1, 0.5], rows));
  assertStringIncludes(html, "90.0 % captured");
  // Nine euros a day for two homes, 1643 for each in a year, of ten that could be saved.
  assertStringIncludes(html, "1,643 EUR a year");
  assertStringIncludes(html, "of 1,825 that could be saved");
  const red = html.slice(html.indexOf('class="loses"'));
  for (const loss of ["Cheaper without training: mpc.", "for house-02.", "other worlds: outage."]) {
    assertStringIncludes(red, loss);
  }
  const best = rows.filter(({ policy }) => policy !== "mpc");
  const won = runVerdict(dataset, results(11, [-1, -0.5], best));
  assertEquals(won.includes("loses"), false);
  assertStringIncludes(won, "Nowhere do they lose");
});

Deno.test("pinned: a check that fails stops a run to be published, and elsewhere is a note", async () => {
  const wrong = () => {
    throw new Error("\u001b[31mValues are\nnot equal\u001b[0m");
  };
  await pinned(() => {});
  Deno.env.set(PUBLISHED_RUN, "1");
  await assertRejects(() => pinned(wrong), Error, "not equal");
  Deno.env.delete(PUBLISHED_RUN);
  // Only a kernel can show the note.
  await assertRejects(() => pinned(wrong), Error, "deno task jupyter");
  const note = differenceNote(new Error("\u001b[31mValues are\nnot `equal`\u001b[0m"));
  assertStringIncludes(note, "Otherwise than in the published run");
  assertStringIncludes(note, "`Values are not 'equal'`");
});

Deno.test("learning curve: it is smoothed, and other policies are levels beside it", () => {
  const points = Array.from({ length: 100 }, (_, k) => ({
    timesteps: 100 * (k + 1),
    meanEpisodeCost: 10 + (k % 2),
    validationCost: null,
    currency: "EUR",
  }));
  const levels = [{ policy: "mpc", cost: 9 }, { policy: "optimum", cost: 8 }];
  const { legend } = learningCurve(points, levels);
  const labels = legend.map(({ label }) => label);
  for (const label of ["training days, smoothed", "mpc", "optimum"]) assert(labels.includes(label));
  assert(labels.some((label) => label.includes("neighbouring updates")));
});
