/**
 * `deno task notebooks`: executes the chapters and fails where one does not do what it should.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CHAPTER_SECONDS, chapterName, chapterPaths, checkCells, execute } from "./chapters.ts";
import { main } from "../lib/cli/task.ts";
import { prepareEnvironment } from "./jupyter_environment.ts";
import { catchStop } from "../lib/cli/stop.ts";

/** A notebook with one fault of each kind: if it passes, passing means nothing. */
const CANARY = fileURLToPath(new URL("../tests/fixtures/canary.ipynb", import.meta.url));
const CANARY_FAULTS = ["failed: ", "printed to stderr: ", "lost output: "];

await main({
  name: "notebooks",
  summary: "Type-checks and executes every chapter in a fresh kernel; any fault fails.",
  options: {
    only: { type: "string", placeholder: "05", help: "the chapters whose name begins so" },
  },
  async run({ only }) {
    catchStop("the program in work");
    const paths = await chapterPaths(only);
    await prepareEnvironment();
    await checkCells(paths);
    await requireCanaryFails();
    let faulty = 0;
    for (const path of paths) {
      const { seconds, faults } = await execute(path, CHAPTER_SECONDS);
      const verdict = faults.length === 0 ? "ok" : "FAILED";
      console.log(
        `${chapterName(path).padEnd(24)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}`,
      );
      for (const fault of faults) console.log(`  ${fault}`);
      if (faults.length > 0) faulty++;
    }
    console.log(`\nnotebooks: ${paths.length - faulty} passed, ${faulty} failed`);
    if (faulty > 0) throw new Error("not every chapter does what it should; see above");
    console.log("Publish them as reports: deno task report");
  },
});

async function requireCanaryFails(): Promise<void> {
  const { faults } = await execute(CANARY, CHAPTER_SECONDS);
  for (const kind of CANARY_FAULTS) {
    if (!faults.some((fault) => fault.includes(kind))) {
      throw new Error(`the canary notebook must show "${kind}", but it does not: checks are blind`);
    }
  }
}
