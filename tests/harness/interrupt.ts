/**
 * `deno task --cwd tests/harness interrupt`: kills tasks at random moments, stops them, fills their disk and starts them
 * twice, and looks whether what is left is whole.
 *
 * @module
 */

import { type Stream, stream } from "../../lib/random.ts";
import { main } from "../../lib/cli/task.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";
import {
  type Disturbances,
  fillDisk,
  limitFiles,
  startTwice,
  stopTask,
} from "./interrupt/disturbances.ts";
import { type Kills, killTask } from "./interrupt/kills.ts";
import { makeStage, type Stage } from "./interrupt/stage.ts";
import { makeSubjects, SUBJECTS } from "./interrupt/subjects.ts";
import { catchStop } from "../../lib/cli/stop.ts";
import { startProgress } from "../../lib/cli/progress.ts";
import { table } from "../../lib/cli/table.ts";

await main({
  name: "interrupt",
  summary:
    "Kills tasks at random moments, stops them, fills their disk and starts them twice, and\n" +
    "looks whether what is left is whole.",
  options: {
    kills: { type: "integer", min: 0, default: 50, help: "kills of each task" },
    task: {
      type: "string",
      default: "all",
      placeholder: "NAME",
      help: `one of ${SUBJECTS.join(", ")}, or all`,
    },
    seed: { type: "integer", default: 1, help: "decides the moments" },
  },
  async run({ kills, task, seed }) {
    const chosen = task === "all" ? SUBJECTS : SUBJECTS.filter((name) => name === task);
    if (chosen.length === 0) {
      throw new Error(`--task must be one of ${SUBJECTS.join(", ")} or all, got "${task}"`);
    }
    catchStop("the run in work");
    const folder = await makeWorkFolder("interrupt-");
    const faults: string[] = [];
    try {
      console.log("Making a small data set and a small model to work on …");
      const subjects = await makeSubjects(folder);
      for (const name of chosen) {
        const random = stream(seed, "interrupt", name);
        const place = `${folder}/${name}`;
        const stage = await makeStage(subjects[name], place);
        console.log(
          `\n${name}: ${stage.seconds.toFixed(1)} s undisturbed, ${stage.events} events of ` +
            "temporary files",
        );
        const killed = await killAll(stage, kills, random);
        console.log(killTable(killed));
        const few = Math.ceil(kills / 10);
        const others: [string, Disturbances][] = [
          ["stopped by Ctrl-C or termination", await stopTask(stage, few, random)],
          ["disk full", await fillDisk(stage, place, few, random)],
          ["files limited to half the size", await limitFiles(stage)],
          ["two at once", await startTwice(stage, Math.min(few, 3))],
        ];
        console.log(table(["disturbance", "as it should"], others.map(disturbanceRow)));
        faults.push(...killed.faults, ...others.flatMap(([, { faults }]) => faults));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    for (const fault of faults) console.log(fault);
    if (faults.length > 0) throw new Error(`${faults.length} faults; see above`);
    console.log("\nNothing was left half done.");
  },
});

async function killAll(stage: Stage, kills: number, random: Stream): Promise<Kills> {
  using progress = startProgress(kills, "kills");
  return await killTask(stage, kills, random, (done) => progress.update(done, stage.subject.task));
}

function killTable(killed: Kills): string {
  const { kills, writing, late, states, settled, same, takenOver } = killed;
  return table(["what", "times"], [
    ["killed", kills],
    ["of these while files were written", writing],
    ["of these too late, after the end", late],
    ["found as before", states.previous],
    ["found as a whole checkpoint on the way", states["on the way"]],
    ["found as new", states.new],
    ["found broken", states.broken],
    ["found amid being put in place, and finished by the reader", settled],
    ["gone on to the same bits", same],
    ["the killed process was named", takenOver],
  ]);
}

function disturbanceRow([what, { tried, good, skipped }]: [string, Disturbances]): string[] {
  return [what, skipped === undefined ? `${good} of ${tried}` : `not tried: ${skipped}`];
}
