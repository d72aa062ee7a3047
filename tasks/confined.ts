/**
 * Starts a task with the narrowest permissions that work: those that `tasks/permissions/needs.ts` says
 * it needs, and those for what the arguments name.
 *
 *     deno run --allow-read --allow-run --allow-env=PATH tasks/confined.ts train --data mine
 *
 * Nothing here reads more than where things are, and nothing is started but that one task.
 *
 * @module
 */

import { type ConfinedTask, confinedTasks } from "./permissions/needs.ts";
import { sandboxFlags, taskModule } from "./permissions/sandbox.ts";
import "./permissions/tied.ts";

const [name, ...args] = Deno.args;
if (!confinedTasks.includes(name as ConfinedTask)) {
  console.error(
    `error: no task "${name}" starts confined; there are: ${confinedTasks.join(", ")}`,
  );
  Deno.exit(1);
}
const tied = new URL("permissions/tied.ts", import.meta.url).href;
const child = new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    `--preload=${tied}`,
    ...flags(),
    taskModule(name),
    ...args,
  ],
  stdin: "inherit",
  stdout: "inherit",
  stderr: "inherit",
}).spawn();

// At a terminal, Ctrl-C reaches the task directly; passed on as well, it would count twice.
const atTerminal = [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
pass("SIGINT", !atTerminal);
if (Deno.build.os !== "windows") pass("SIGTERM", true);

const { code } = await child.status;
Deno.exit(code);

function flags(): string[] {
  try {
    return sandboxFlags(name as ConfinedTask, args);
  } catch (error) {
    console.error(`error: ${(error as Error).message}; "deno task doctor" says what is missing`);
    Deno.exit(1);
  }
}

function pass(signal: Deno.Signal, on: boolean): void {
  Deno.addSignalListener(signal, () => {
    try {
      if (on) child.kill(signal);
    } catch { /* it has ended meanwhile */ }
  });
}
