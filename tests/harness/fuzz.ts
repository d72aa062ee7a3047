/**
 * `deno task --cwd tests/harness fuzz`: hostile actions, worlds and order books against environment, filter and auction.
 *
 * @module
 */

import { caseKinds, checkKinds, countCases } from "./fuzz/checks.ts";
import type { Failure, FuzzReport } from "./fuzz/fuzz.ts";
import { watchFuzz } from "./fuzz/watch.ts";
import { main } from "../../lib/cli/task.ts";
import { startProgress } from "../../lib/cli/progress.ts";
import { table } from "../../lib/cli/table.ts";

/** How long a trial may take, shrinking included. [ms] */
const PATIENCE_MS = 60_000;

/** What is demanded of whole trials. */
const trialChecks = {
  exception: "nothing is thrown",
  hang: `a trial ends within ${PATIENCE_MS / 1000} s`,
};

await main({
  name: "fuzz",
  summary:
    "Attacks environment, filter and auction with hostile actions in random worlds and books,\n" +
    "and checks every slot, book and action. What fails is shrunk and printed with its seed.",
  options: {
    cases: { type: "integer", min: 1, default: 100_000, help: "slots, books and actions in all" },
    seed: { type: "integer", default: 1, help: "decides everything that is drawn" },
    trial: { type: "integer", min: 0, help: "play only the trial of this number again" },
    failures: { type: "integer", min: 1, default: 5, help: "stop after so many failed trials" },
  },
  async run({ cases, seed, trial, failures }) {
    const progress = startProgress(cases, "cases");
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const report = await watchFuzz({
      seed,
      cases: trial === undefined ? cases : 1,
      failures,
      firstTrial: trial ?? 0,
      patienceMs: PATIENCE_MS,
      onNews({ tally, failures }) {
        const done = countCases(tally);
        const rate = Math.round(done / seconds());
        progress.update(done, `${rate} cases/s, ${failures.length} failures`);
      },
    }).finally(() => progress.stop());
    console.log(`\n${reportText(report, seed, seconds())}`);
    if (report.failures.length > 0) {
      throw new Error(`${report.failures.length} of ${report.trials} trials failed`);
    }
  },
});

function reportText({ tally, failures, trials }: FuzzReport, seed: number, seconds: number) {
  const cases = Object.entries(caseKinds)
    .map(([kind, what]) => [kind, tally.cases[kind as keyof typeof caseKinds], what]);
  const failed = (kind: string) => failures.filter((failure) => failure.kind === kind).length;
  const checks = Object.entries(checkKinds)
    .map((
      [kind, what],
    ) => [kind, tally.checks[kind as keyof typeof checkKinds], failed(kind), what]);
  const others = Object.entries(trialChecks)
    .map(([kind, what]) => [kind, trials, failed(kind), what]);
  const total = countCases(tally);
  return [
    table(["cases", "number", "what"], cases),
    table(["checks", "number", "failed", "what holds"], [...checks, ...others]),
    ...failures.map((failure) => failureText(failure, seed)),
    `${total} cases in ${trials} trials, seed ${seed}: ${failures.length} failed; ` +
    `${seconds.toFixed(1)} s, ${Math.round(total / seconds)} cases/s`,
  ].join("\n\n");
}

function failureText({ trial, kind, message, shrunk, afterCases }: Failure, seed: number): string {
  return [
    `Failed after ${afterCases} cases, ${kind}: ${message}`,
    `Again: deno task --cwd tests/harness fuzz --seed ${seed} --trial ${trial}`,
    `Shrunk: ${shrunk}`,
  ].join("\n");
}
