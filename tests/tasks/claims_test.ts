import { assertEquals, assertMatch } from "@std/assert";
import { audit, readPage, unattributed, unclaimed } from "../../tasks/claims/audit.ts";
import { agree, check, type Claim } from "../../tasks/claims/claim.ts";
import { codeNumbers, statedNumbers } from "../../tasks/claims/notebooks.ts";
import { numbersIn, page } from "../../tasks/claims/pages.ts";
import { PLAIN } from "../../tasks/claims/plain.ts";
import { claims } from "../../tasks/claims/registry.ts";
import { numberOf } from "../../tasks/claims/words.ts";
import { runTask } from "../helpers/run_task.ts";

const FAULTY = ["differs", "not found"];

Deno.test("claims: every number of README, docs and notebooks has a source, and what can be read holds", async () => {
  const { findings, unclaimed, numbers } = await audit(["read"]);
  const faults = findings.filter(({ verdict }) => FAULTY.includes(verdict)).map((fault) =>
    `${fault.place}: "${fault.stated}" ${fault.verdict}; ${fault.by} says "${fault.measured}"`
  );
  const sourceless = unclaimed.map(({ place, number, line }) =>
    `${place}: "${number}" has no source; register it in tasks/claims/registry/: ${line}`
  );
  assertEquals([...faults, ...sourceless], []);
  assertEquals(numbers > 500, true);
  assertEquals(findings.filter(({ verdict }) => verdict === "holds").length > 80, true);
});

/** What the claims of a page say once a text in it is replaced. */
async function after(file: string, from: string, to: string) {
  const { text } = await readPage(file);
  assertEquals(text.includes(from), true, from);
  const changed = page(file, text.replace(from, to));
  const findings = await Promise.all(
    claims.filter((claim) => claim.file === file).map((claim) => check(claim, changed, ["read"])),
  );
  return {
    faults: findings.flat().filter(({ verdict }) => FAULTY.includes(verdict)),
    sourceless: unclaimed(changed, claims, PLAIN),
  };
}

const slips: readonly [string, string, string][] = [
  ["README.md", "Costs include CO2 at 0.075", "Costs include CO2 at 0.076"],
  ["README.md", "93.6  91.0 to 95.4", "94.6  91.0 to 95.4"],
  ["README.md", "Eight notebooks", "Nine notebooks"],
  ["docs/learning.md", "Raw actions lose 18 points", "Raw actions lose 19 points"],
  ["docs/learning.md", "is missed: 1/106 on R1", "is missed: 1/160 on R1"],
  ["docs/kpis.md", "2,000 resamples", "3,000 resamples"],
  ["data/README.md", "isotropic sky, albedo 0.2 ", "isotropic sky, albedo 0.3 "],
];
for (const [file, from, to] of slips) {
  Deno.test(`claims: "${to}" in ${file} does not pass`, async () => {
    const { faults } = await after(file, from, to);
    assertEquals(faults.length, 1);
    assertEquals(faults[0].verdict, "differs");
    assertMatch(faults[0].place, new RegExp(`^${file}:\\d+$`));
  });
}

Deno.test("claims: a sentence that is gone, or has changed its words, is reported as not found", async () => {
  const { faults } = await after("README.md", "Costs include", "Costs comprise");
  assertEquals(faults.map(({ verdict }) => verdict), ["not found"]);
});

Deno.test("claims: a source that is gone is reported with its claim, and the others are still checked", async () => {
  const claim: Claim = {
    kind: "figures",
    file: "a.md",
    pattern: /takes (\d+) s/,
    by: "a.ts",
    effort: "read",
    measure: () => Promise.reject(new Error("a.ts has nothing like it")),
  };
  const [finding] = await check(claim, page("a.md", "\nIt takes 5 s.\n"), ["read"]);
  assertEquals([finding.place, finding.verdict, finding.measured], [
    "a.md:2",
    "not found",
    "a.ts has nothing like it",
  ]);
});

Deno.test("claims: a new number without a source is named with its line", async () => {
  const { sourceless } = await after("README.md", "## Start", "It is 57.3 % better.\n\n## Start");
  assertEquals(sourceless.map(({ number, line }) => [number, line]), [
    ["57.3", "It is 57.3 % better."],
  ]);
  const words = await after("README.md", "## Start", "Try eleven homes.\n\n## Start");
  assertEquals(words.sourceless.map(({ number }) => number), ["eleven"]);
});

Deno.test("claims: figures agree to the digits that are stated, times within their tolerance", () => {
  assertEquals(agree("16.58", 16.5806), true);
  assertEquals(agree("16.58", 16.586), false);
  assertEquals(agree("2,194", 2194.4), true);
  assertEquals(agree("−0.35", -0.35), true);
  assertEquals(agree("1/106", "1/106"), true);
  assertEquals(agree("eight", 8), true);
  assertEquals(agree("16", 20, 0.5), true);
  assertEquals(agree("16", 25, 0.5), false);
  assertEquals(agree("16", NaN, 0.5), false);
  assertEquals(["12", "1,090", "−3.5", "Ten", "a million"].map(numberOf), [
    12,
    1090,
    -3.5,
    10,
    1e6,
  ]);
});

Deno.test("claims: code, names and addresses hold no numbers, printed text and words do", () => {
  const text = "R1 takes 5,400 s, not `--seeds 7` ([at 1e-6](a_9.md)) for CO2, 1/500 at 17:00.\n" +
    "```sh\ndeno task train --seed 43\n```\n```text\nseed 44\n```\nSix homes, version 2.9.6.\n";
  assertEquals(
    numbersIn(page("a.md", text)).map(({ text }) => text),
    ["5,400", "1e-6", "1/500", "17:00", "44", "Six", "2.9.6"],
  );
});

Deno.test("claims: a section of a logbook names the command behind its numbers", () => {
  const logbook = page(
    "log.md",
    "# Log\n\n## A\n\n`deno task bench`: 7 ms\n\n## B 9\n\nIt took 8 ms\n",
  );
  assertEquals(unattributed(logbook).map(({ place, number }) => [place, number]), [[
    "log.md:9",
    "8",
  ]]);
});

Deno.test("claims: a number of a chapter's prose stands in its code", () => {
  const stated = statedNumbers("# 7 · Title\n\nSixty worlds, 40,000 steps and 20 %.", "a.ipynb");
  assertEquals(stated, ["Sixty", "40,000", "20"]);
  const held = codeNumbers("const n = 60; const steps = 40_000; assertEquals(share, 0.2);");
  assertEquals(stated.map((text) => held.has(numberOf(text))), [true, true, true]);
  assertEquals(held.has(61), false);
});

Deno.test("claims: every pattern has groups, and no claim stands twice", () => {
  const patterns = claims.map(({ file, pattern }) => `${file} ${pattern}`);
  assertEquals(new Set(patterns).size, patterns.length);
  const groups = ({ pattern }: Claim) => new RegExp(`${pattern.source}|`).exec("")!.length - 1;
  assertEquals(claims.filter((claim) => groups(claim) === 0).map(({ pattern }) => pattern), []);
});

Deno.test("claims: the task prints a verdict for each claim and ends well", async () => {
  const { code, stdout, stderr } = await runTask("claims", ["--all"]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^README\.md:\d+ +0\.075 +0\.075 +holds +lib\/env\/config\.ts$/m);
  assertMatch(stdout, /not measured +deno task train --seed 43$/m);
  assertMatch(
    stdout,
    /\d+ claims hold, 0 do not, \d+ were not measured .*, 0 numbers are unclaimed\n$/,
  );
});
