/**
 * How long `deno task train` takes from its start to the first step.
 *
 * @module
 */

import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { measure, type Row, row } from "./measure.ts";

/** Starts the task anew for each run; caches are warm after the first. */
export async function startRow(runs: number, target?: number): Promise<Row> {
  const folder = await makeWorkFolder("start-");
  try {
    let run = 0;
    const seconds = await measure(runs, async () => {
      const child = new Deno.Command("deno", {
        args: ["task", "train", "--out", `${folder}/${run++}`],
        cwd: new URL("..", import.meta.url),
        stdout: "piped",
        stderr: "null",
      }).spawn();
      await lineWith(child.stdout, "Training ");
      // What `deno task` is told it tells its child; a killed one would leave it training.
      child.kill("SIGTERM");
      await child.status;
    });
    return row("start of deno task train to the first step", seconds, "s", "less", target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function lineWith(output: ReadableStream<Uint8Array>, begin: string): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of output) {
    text += decoder.decode(part, { stream: true });
    if (text.includes(begin)) return;
  }
  throw new Error(`deno task train ended before it began to train: ${text}`);
}
