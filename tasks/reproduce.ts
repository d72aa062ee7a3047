/**
 * `deno task reproduce`: makes the results in a folder again and compares them, file by file.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { makeFolder, writeWhole } from "../lib/disk/whole_files.ts";
import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { type Provenance, PROVENANCE_FILE, readProvenance } from "../lib/experiments/provenance.ts";
import { compareResults, differences } from "../lib/experiments/provenance/compare.ts";
import { replayCommands } from "../lib/experiments/provenance/replay.ts";
import { exists } from "../lib/experiments/run_folder.ts";
import { table } from "../lib/cli/table.ts";

await main({
  name: "reproduce",
  summary: "Makes the results in a folder again, elsewhere, and compares them file by file.",
  positionals: "DIR",
  options: {
    keep: { type: "boolean", help: "keep what was made again, and say where it is" },
  },
  async run({ keep }, [dir]) {
    const folder = dir.replace(/\/+$/, "");
    const recorded = await provenanceOf(folder);
    const parent = await makeWorkFolder("reproduce-");
    try {
      const rows = await again(folder, recorded, `${parent}/again`, `${parent}/config.json`);
      console.log(`\n${table(["file", "recorded", "again", "verdict"], rows)}`);
      const differing = rows.filter(([, , , verdict]) => verdict !== "same").length;
      if (differing > 0) {
        throw new Error(
          `${differing} of ${rows.length} files of ${folder} did not come out the same`,
        );
      }
      console.log(`\nAll ${rows.length} files came out the same; times were not compared.`);
    } finally {
      if (keep) console.log(`\nWhat was made again is in ${parent}/again/`);
      else await Deno.remove(parent, { recursive: true });
    }
  },
});

async function provenanceOf(folder: string): Promise<Provenance> {
  if (!await exists(`${folder}/${PROVENANCE_FILE}`)) {
    throw new Error(
      `${folder} has no ${PROVENANCE_FILE}, so command, seeds, data and code are not known; only ` +
        "what tasks of this version write can be made again",
    );
  }
  const recorded = await readProvenance(folder);
  if (recorded.whole) return recorded;
  const { task, arguments: given } = recorded.commands.at(-1)!;
  throw new Error(
    `${folder} is not whole: "deno task ${
      [task, ...given].join(" ")
    }" was stopped; let it end first`,
  );
}

/** An evaluation trains the models that it does not find, which would be outside of `runs/`. */
async function requireModels({ commands, inputs }: Provenance): Promise<void> {
  const models = Object.keys(inputs);
  for (const path of models) {
    if (!await exists(path)) {
      throw new Error(`${path} is gone, from which these results were made; put it back`);
    }
  }
  const ofSeeds = commands.some(({ task, arguments: given }) =>
    task === "evaluate" && given.some((argument) => argument.startsWith("--seeds"))
  );
  if (ofSeeds && models.length === 0) {
    throw new Error(
      "an evaluation of several seeds names its models under inputs, and there are none",
    );
  }
}

/** Runs the commands into `target` and answers a row per file. */
async function again(
  folder: string,
  recorded: Provenance,
  target: string,
  config: string,
): Promise<string[][]> {
  const commands = replayCommands(recorded, target, config);
  await requireModels(recorded);
  for (const difference of await differences(recorded)) console.log(`note: ${difference}`);
  await makeFolder(config.replace(/\/[^/]+$/, ""));
  await writeWhole(config, [JSON.stringify(recorded.configuration)]);
  for (const [task, ...args] of commands) {
    console.log(`\n$ deno task ${[task, ...args].join(" ")}\n`);
    const { code } = await new Deno.Command("deno", {
      args: ["task", "--quiet", task, ...args],
      cwd: new URL("..", import.meta.url),
    }).spawn().status;
    if (code !== 0) throw new Error(`deno task ${task} ended with exit code ${code}`);
  }
  return await compareResults(folder, recorded, target);
}
