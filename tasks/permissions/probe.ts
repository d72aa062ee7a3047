/**
 * Runs in the sandbox of a task in its place and tries what no task needs; prints as JSON which of it
 * Deno refused.
 *
 *     probe.ts {"outside": file, "project": folder, "address": url}
 *
 * @module
 */

import { join } from "node:path";

/** What is tried. */
export interface ProbeTarget {
  /** A file outside of the project. */
  readonly outside: string;
  /** The folder of the project. */
  readonly project: string;
  /** The address of a server that answers. */
  readonly address: string;
}

/** What came of each attempt. */
export type ProbeOutcome = Readonly<Record<string, "refused" | "ALLOWED">>;

if (import.meta.main) {
  console.log(JSON.stringify(await probe(JSON.parse(Deno.args[0]))));
}

async function probe({ outside, project, address }: ProbeTarget): Promise<ProbeOutcome> {
  const attempts: Readonly<Record<string, () => unknown>> = {
    "read a file outside": () => Deno.openSync(outside).close(),
    "list the folder around the project": () => Array.from(Deno.readDirSync(join(project, ".."))),
    "read its version history": () => Deno.readTextFileSync(join(project, ".git")),
    "write a file outside": () => writeAndRemove(join(project, "..", ".permissions-probe")),
    "change its own code": () =>
      Deno.openSync(join(project, "lib/mod.ts"), { write: true }).close(),
    "read the variable HOME": () => Deno.env.get("HOME"),
    "list all variables": () => Deno.env.toObject(),
    "ask how busy the machine is": () => Deno.loadavg(),
    "load a native library": () => Deno.dlopen(outside, {}),
    "start a program": () => new Deno.Command(join(project, "README.md")).outputSync(),
    "reach a server": async () => await (await fetch(address)).text(),
    "listen at a port": () => Deno.listen({ hostname: "127.0.0.1", port: 4 }).close(),
  };
  const outcome: Record<string, "refused" | "ALLOWED"> = {};
  for (const [name, attempt] of Object.entries(attempts)) outcome[name] = await tried(attempt);
  return outcome;
}

/** Any failure but a refusal means that Deno would have let it through. */
async function tried(attempt: () => unknown): Promise<"refused" | "ALLOWED"> {
  try {
    await attempt();
    return "ALLOWED";
  } catch (error) {
    return error instanceof Deno.errors.NotCapable ? "refused" : "ALLOWED";
  }
}

function writeAndRemove(path: string): void {
  Deno.writeTextFileSync(path, "");
  Deno.removeSync(path);
}
