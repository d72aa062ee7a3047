/**
 * Puts the probe into the sandbox of a task.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { ProbeOutcome, ProbeTarget } from "./probe.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PROBE = fileURLToPath(import.meta.resolve("./probe.ts"));

/** What the probe could do under these flags. */
export async function attack(flags: readonly string[]): Promise<ProbeOutcome> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("reached"),
  );
  const target: ProbeTarget = {
    outside: Deno.execPath(),
    project: PROJECT,
    address: `http://127.0.0.1:${server.addr.port}/`,
  };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, PROBE, JSON.stringify(target)],
    env: { DENO_NO_PROMPT: "1" },
    stdout: "piped",
    stderr: "piped",
    cwd: PROJECT,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`the probe did not run under ${flags.join(" ")}: ${text(stderr)}`);
  return JSON.parse(text(stdout));
}

/** What the probe was let do. */
export function allowed(outcome: ProbeOutcome): string[] {
  return Object.entries(outcome).filter(([, what]) => what === "ALLOWED").map(([name]) => name);
}
