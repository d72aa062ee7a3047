/**
 * `deno task --cwd tests/harness fuzz`: hostile actions, worlds and order books against environment,
 * stores and auction.
 *
 * @module
 */

import { startProgress } from "../../lib/cli/progress.ts";
import { table } from "../../lib/cli/table.ts";
import { main } from "../../lib/cli/task.ts";
import type { Report } from "./fuzz/attack.ts";
import { caseKinds, checkKinds, countCases } from "./fuzz/checks.ts";
import { watchAttack } from "./fuzz/watch.ts";

/** How long a trial may take, shrinking included. [ms] */
const PATIENCE_MS = 60_000;

await main({
  name: "fuzz",
  summary:
    "Attacks environment, stores and auction with hostile actions in random worlds and books,\n" +
    "and checks every slot and book. What fails is shrunk and printed with its seed.",
  options: {
    cases: {
      type: "integer",
      min: 1,
      default: 100_000,
      help: "slots of communities and stores, and books, in all",
    },
    seed: { type: "integer", default: 1, help: "decides everything that is drawn" },
    trial: { type: "integer", min: 0, help: "play only the trial of this number again" },
    failures: { type: "integer", min: 1, default: 5, help: "stop after so many failed trials" },
  },
  async run({ cases, seed, trial, failures }) {
    const progress = startProgress(cases, "cases");
    const order = { seed, cases: trial === undefined ? cases : 1, failures };
    const report = await watchAttack(
      { ...order, firstTrial: trial ?? 0 },
      PATIENCE_MS,
      (soFar) => progress.update(countCases(soFar.tally), `${soFar.failures.length} failures`),
    )
      .finally(() => progress.stop());
    console.log(`\n${reportText(report, seed)}`);
    if (report.failures.length > 0) {
      throw new Error(`${report.failures.length} of ${report.trials} trials failed`);
    }
  },
});

function reportText({ tally, failures, trials }: Report, seed: number): string {
  const rows = (kinds: Record<string, string>, counts: Record<string, number>) =>
    Object.entries(kinds).map(([kind, what]) => [kind, counts[kind], what]);
  return [
    table(["cases", "number", "what"], rows(caseKinds, tally.cases)),
    table(["checks", "number", "what holds"], rows(checkKinds, tally.checks)),
    ...failures.map(({ trial, kind, message, shrunk }) =>
      `Failed, ${kind}: ${message}\n` +
      `Again: deno task --cwd tests/harness fuzz --seed ${seed} --trial ${trial}\n` +
      `Shrunk: ${shrunk}`
    ),
    `${countCases(tally)} cases in ${trials} trials, seed ${seed}: ${failures.length} failed`,
  ].join("\n\n");
}
