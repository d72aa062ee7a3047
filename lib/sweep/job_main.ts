/**
 * The process of one job: an order comes as a line of JSON on standard input, and what came of it
 * goes out as one on standard output. Standard error says how far it is.
 *
 * Standard input stays open as long as the worker lives: where it ends, so does the job. Signals to
 * the whole group, as a terminal or Slurm sends them, are left to the worker.
 *
 * @module
 */

import { type JobOrder, type JobOutcome, runJob } from "./job.ts";

/** What a job's process says at its end. */
export type JobMessage = { readonly outcome: JobOutcome } | { readonly fault: string };

if (import.meta.main) await main();

async function main(): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (signal === "SIGINT" || Deno.build.os !== "windows") {
      Deno.addSignalListener(signal, () => {});
    }
  }
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  let order = "";
  while (!order.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) Deno.exit(1);
    order += value;
  }
  lines.read().finally(() => Deno.exit(1));
  const message = await outcomeOf(JSON.parse(order));
  await new Blob([JSON.stringify(message) + "\n"]).stream()
    .pipeTo(Deno.stdout.writable, { preventClose: true });
  Deno.exit("fault" in message ? 1 : 0);
}

async function outcomeOf(order: JobOrder): Promise<JobMessage> {
  try {
    return { outcome: await runJob(order) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
