/**
 * `deno task doctor`: whether this machine has what the tasks need; for what is missing, one line with
 * the remedy. It imports nothing from packages, not even by way of `cli.ts`, so that it has something
 * to say where none of them can be loaded.
 *
 * @module
 */

import process from "node:process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, styleText } from "node:util";
import { examine, type Finding } from "./doctor/finding.ts";
import { libraryChecks } from "./doctor/libraries.ts";
import { machineChecks } from "./doctor/machine.ts";
import { programChecks } from "./doctor/programs.ts";
import { projectChecks } from "./doctor/project.ts";
import { sandboxCheck } from "./doctor/sandbox.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const HELP = `Looks whether this machine has what the tasks need, with a remedy for what is missing.

Usage: deno task doctor [options]

  --json  print the result as JSON and nothing else
  --help  show this text

Ends with exit code 1 if something is missing that every task needs.`;

const json = readFlags();
const checks = [
  ...machineChecks(join(ROOT, "lib")),
  ...projectChecks(ROOT),
  sandboxCheck(),
  ...libraryChecks(),
  ...programChecks(),
];
const findings: Finding[] = [];
for (const check of checks) {
  const finding = await examine(check);
  findings.push(finding);
  if (!json) console.log(line(finding));
}
const missing = findings.filter(({ required, ok }) => required && !ok);
const verdict = missing.length === 0
  ? "Everything that is required is there."
  : `${missing.length} of ${checks.length} are missing: mend them, then look again.`;
console.log(json ? JSON.stringify(findings, null, 2) : `\n${verdict}`);
if (missing.length > 0) Deno.exit(1);

/** Whether JSON is asked for; shows the help and ends if that is asked for, or on anything else. */
function readFlags(): boolean {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (!values.help) return values.json ?? false;
    console.log(HELP);
    Deno.exit(0);
  } catch (error) {
    const [message] = (error as Error).message.split(/[.\n]/);
    console.error(`error: ${message}; "deno task doctor --help" shows what there is`);
    Deno.exit(1);
  }
}

function line({ what, required, ok, detail, remedy }: Finding): string {
  const [mark, color] = ok
    ? ["✓", "green"] as const
    : required
    ? ["✗", "red"] as const
    : ["–", "yellow"] as const;
  const name = required ? what : `${what} (optional)`;
  return `${styleText(color, mark, { stream: process.stdout })} ${name}: ${detail}` +
    (remedy === null ? "" : `; ${remedy}`);
}
