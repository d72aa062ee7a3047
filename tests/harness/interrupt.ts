/**
 * `deno task --cwd tests/harness interrupt`: kills tasks at random moments, stops them, fills their
 * disk and starts them twice, and looks whether what is left is whole and can go on to the same bits.
 *
 * @module
 */

import { table } from "../../lib/cli/table.ts";
import { main } from "../../lib/cli/task.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";
import { stream } from "../../lib/random.ts";
import { disturbances } from "./interrupt/disturbances.ts";
import { makeStage, putBack, STATES } from "./interrupt/stage.ts";
import { makeSubjects, SUBJECTS } from "./interrupt/subjects.ts";

await main({
  name: "interrupt",
  summary:
    "Kills tasks at random moments, stops them, fills their disk and starts them twice, and\n" +
    "looks whether what is left is whole.",
  options: {
    kills: { type: "integer", min: 1, default: 50, help: "kills of each task" },
    task: { type: "string", default: "all", help: `one of ${SUBJECTS.join(", ")}, or all` },
    only: { type: "string", help: "disturbances whose name has this in it" },
    seed: { type: "integer", default: 1, help: "decides the moments" },
  },
  async run({ kills, task, only, seed }) {
    const chosen = task === "all" ? SUBJECTS : SUBJECTS.filter((name) => name === task);
    if (chosen.length === 0) {
      throw new Error(`--task must be one of ${SUBJECTS.join(", ")} or all, got "${task}"`);
    }
    const folder = await makeWorkFolder("interrupt-");
    const faults: string[] = [];
    try {
      const subjects = await makeSubjects(folder);
      for (const name of chosen) {
        const random = stream(seed, "interrupt", name);
        const stage = await makeStage(subjects[name], `${folder}/${name}`);
        console.log(`\n${name}: ${stage.seconds.toFixed(1)} s undisturbed`);
        const rows = [];
        for (
          const { what, times, once } of disturbances.filter(({ what }) =>
            what.includes(only ?? "")
          )
        ) {
          const found = Object.fromEntries(STATES.map((state) => [state, 0]));
          let good = 0, skipped = "";
          for (let k = 0; k < times(kills) && skipped === ""; k++) {
            await putBack(stage, stage.out);
            const outcome = await once(stage, random);
            if (typeof outcome === "string") {
              skipped = outcome;
              continue;
            }
            found[outcome.state]++;
            if (outcome.faults.length === 0) good++;
            faults.push(...outcome.faults.map((fault) => `${name}, ${what} ${k + 1}: ${fault}`));
          }
          rows.push([what, skipped || `${good} of ${times(kills)}`, ...Object.values(found)]);
        }
        console.log(table(["disturbance", "as it should", ...STATES], rows));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    for (const fault of faults) console.log(fault);
    if (faults.length > 0) throw new Error(`${faults.length} faults; see above`);
    console.log("\nNothing was left half done.");
  },
});
