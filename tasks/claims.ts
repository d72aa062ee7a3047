/**
 * `deno task claims`: checks every number that README, docs and notebooks state.
 *
 * @module
 */

import { audit } from "./claims/audit.ts";
import type { Effort } from "./claims/claim.ts";
import { main } from "../lib/cli/task.ts";
import { table } from "../lib/cli/table.ts";

await main({
  name: "claims",
  summary: "Checks every number that README, docs and notebooks state against its source.",
  options: {
    long: { type: "boolean", help: "make trainings and evaluations again as well (minutes)" },
    timings: { type: "boolean", help: "measure times as well; wants a quiet machine" },
    all: { type: "boolean", help: "show what holds, too" },
    json: { type: "boolean", help: "print everything as JSON and nothing else" },
  },
  async run({ long, timings, all, json }) {
    const efforts: Effort[] = ["read"];
    if (long) efforts.push("long");
    if (timings) efforts.push("timing");
    const result = await audit(efforts, json ? undefined : (by) => console.error(`running ${by}…`));
    const { findings, unclaimed, numbers } = result;
    const faults = findings.filter(({ verdict }) =>
      verdict === "differs" || verdict === "not found"
    );
    if (json) console.log(JSON.stringify(result, null, 2));
    else {
      const shown = all ? findings : faults;
      if (shown.length > 0) {
        console.log(
          table(
            ["claim", "stated", "measured", "verdict", "by"],
            shown.map(({ place, stated, measured, verdict, by }) => [
              place,
              shortened(stated),
              verdict === "not found" ? measured : shortened(measured),
              verdict,
              by,
            ]),
          ) + "\n",
        );
      }
      if (unclaimed.length > 0) {
        console.log(
          table(
            ["unclaimed", "number", "line"],
            unclaimed.map(({ place, number, line }) => [place, number, line]),
          ) + "\n",
        );
      }
      const count = (verdict: string) =>
        findings.filter((finding) => finding.verdict === verdict).length;
      console.log(
        `${numbers} numbers on all pages; ${
          count("holds")
        } claims hold, ${faults.length} do not, ` +
          `${count("not measured")} were not measured (--long, --timings), ` +
          `${unclaimed.length} numbers are unclaimed`,
      );
    }
    if (faults.length + unclaimed.length > 0) {
      throw new Error(
        "numbers without a source, or against it: correct the page from the command named under " +
          '"by"; register a new number in tasks/claims/registry/, or in tasks/claims/plain.ts ' +
          "with the reason why it is not measured",
      );
    }
  },
});

function shortened(text: string): string {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}
