/**
 * One process per job: a job cannot block the worker, and ends where it is cancelled.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { startDeno } from "../cli/start_deno.ts";
import { moduleBeside } from "../module_beside.ts";
import { shown } from "../text/shown.ts";
import type { JobOrder, JobOutcome } from "./job.ts";
// A package holds what is imported.
import type { JobMessage } from "./job_main.ts";

/** Longest that is kept of what a job says. [characters] */
const LONGEST = 300;

/** A job at work. */
export interface JobProcess {
  /** What came of it; throws an error in one line if nothing did. */
  readonly outcome: Promise<JobOutcome>;
  /** What it said last, such as how far it is. */
  note(): string;
  /** Whether it has ended by itself. */
  hasEnded(): boolean;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a job. */
export function startJob(order: JobOrder): JobProcess {
  const child = startDeno({
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--frozen", "--node-modules-dir=none"],
      `--config=${fileURLToPath(new URL("../../deno.json", import.meta.url))}`,
      "-P=results",
      fileURLToPath(moduleBeside("./job_main.ts", import.meta.url)),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  let note = "", hasEnded = false;
  child.status.then(() => hasEnded = true);
  const heard = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      const line = text.split("\n").findLast((line) => line.trim() !== "");
      if (line !== undefined) note = shown(line.replace(/^[█░\s]+/, ""), LONGEST);
    }
  })();
  return {
    outcome: (async () => {
      const [, output, , { code, signal }] = await Promise.all([
        send(child.stdin, JSON.stringify(order) + "\n"),
        new Response(child.stdout).text(),
        heard,
        child.status,
      ]);
      const message: JobMessage | null = output.endsWith("\n") ? JSON.parse(output) : null;
      if (message !== null && "outcome" in message) return message.outcome;
      throw new Error(
        message?.fault ??
          `the process of the job ended with ${signal ?? `code ${code}`}${note && `: ${note}`}`,
      );
    })(),
    note: () => note,
    hasEnded: () => hasEnded,
    kill() {
      try {
        child.kill("SIGKILL");
      } catch { /* it has ended */ }
    },
  };
}

/** The pipe stays open: its end is the end of the job. A process that has ended takes nothing more. */
async function send(stdin: WritableStream<Uint8Array>, order: string): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode(order)).catch(() => {});
  writer.releaseLock();
}
