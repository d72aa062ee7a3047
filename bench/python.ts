/**
 * How much of the environment's speed is left through the Python package, in one run:
 * `deno task --cwd python environments`, then `deno run -A bench/python.ts`. Both sides take turns, so
 * that other work on the machine slows them alike.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { table } from "../lib/cli/table.ts";
import { main } from "../lib/cli/task.ts";
import { pythonOf } from "../lib/programs/python_environment.ts";
import { runProgram } from "../lib/programs/program.ts";
import { testEnvironment } from "../python/environments.ts";
import { slotPlayer } from "./environment.ts";
import { machine, machineLine } from "./machine.ts";
import { median } from "./measure.ts";

const HOMES = 10;
const FOLDER = fileURLToPath(new URL("../python/", import.meta.url));

/** Communities that step together, and the share of the speed that is to be left. */
const CASES = [{ communities: 1, target: 0.1 }, { communities: 64, target: 0.5 }];

await main({
  name: "python",
  summary: "Compares the environment through the Python package with the environment alone.",
  options: { runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" } },
  async run({ runs }) {
    console.log(machineLine(machine()));
    const rows = [];
    for (const { communities, target } of CASES) {
      const here: number[] = [], there: number[] = [];
      const { agentSteps, play } = slotPlayer(HOMES, communities);
      play();
      for (let k = 0; k < runs; k++) {
        const began = performance.now();
        play();
        here.push(1000 * agentSteps / (performance.now() - began));
        there.push(await inPython(communities, agentSteps / communities / HOMES));
      }
      const share = median(there) / median(here);
      rows.push([
        `${communities} × ${HOMES} homes`,
        Math.round(median(here)),
        Math.round(median(there)),
        `${(100 * share).toFixed(0)} %`,
        `${100 * target} %`,
      ]);
    }
    console.log(table(["agent-steps/s", "alone", "in Python", "share", "to reach"], rows));
  },
});

/** Agent-steps in a second. */
async function inPython(communities: number, steps: number): Promise<number> {
  const args = ["-m", "tests.speed", String(communities), String(Math.round(steps))];
  const python = pythonOf(testEnvironment);
  const { success, stdout, stderr } = await runProgram(python, args, { cwd: FOLDER });
  if (!success) throw new Error(`python: ${stderr.trim().split("\n").at(-1)}`);
  return Number(stdout);
}
