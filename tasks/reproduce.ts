/**
 * `deno task reproduce`: makes the results in a folder again and compares them, file by file.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { main } from "../lib/cli/task.ts";
import { table } from "../lib/cli/table.ts";
import { writeWhole } from "../lib/disk/whole_files.ts";
import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import {
  commandLines,
  compareResults,
  differences,
  replayCommands,
  reproducible,
} from "../lib/experiments/reproduction.ts";

await main({
  name: "reproduce",
  summary: "Makes the results in a folder again, elsewhere, and compares them file by file.",
  positionals: "DIR",
  options: {
    keep: { type: "boolean", help: "keep what was made again, and say where it is" },
  },
  async run({ keep }, [dir]) {
    const folder = dir.replace(/\/+$/, "");
    const recorded = await reproducible(folder);
    const parent = await makeWorkFolder("reproduce-");
    const again = `${parent}/again`, config = `${parent}/config.json`;
    try {
      const commands = replayCommands(recorded, again, config);
      for (const difference of await differences(recorded)) say(`note: ${difference}`);
      await writeWhole(config, JSON.stringify(recorded.configuration));
      for (const command of commands) await runTask(command);
      const rows = await compareResults(folder, recorded, again);
      console.log(`\n${table(["file", "recorded", "again", "verdict"], rows)}`);
      const differing = rows.filter(([, , , verdict]) => verdict !== "same").length;
      if (differing > 0) {
        throw new Error(
          `${differing} of ${rows.length} files of ${folder} did not come out the same`,
        );
      }
      say(`\nAll ${rows.length} files came out the same; times were not compared.`);
    } finally {
      if (keep) say(`\nWhat was made again is in ${again}/`);
      else await Deno.remove(parent, { recursive: true });
    }
  },
});

async function runTask([task, ...args]: readonly string[]): Promise<void> {
  console.log(`\n$ ${commandLines([[task, ...args]])}\n`);
  const { code } = await new Deno.Command("deno", {
    args: ["task", "--quiet", task, ...args],
    cwd: new URL("..", import.meta.url),
    // What it says about its results and where they are is not for here; errors and progress are.
    stdout: "null",
  }).spawn().status;
  if (code !== 0) throw new Error(`deno task ${task} ended with exit code ${code}`);
}
