/**
 * The commands that make recorded results again, into another folder.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import { type Command, isResumption, type Provenance, PROVENANCE_FILE } from "../provenance.ts";

/** Tasks that can be run again; a file cannot name any other program. */
const TASKS = ["train", "evaluate", "benchmark", "ablation", "pareto"];

/**
 * What to run, as task and arguments.
 *
 * @param target Folder for the results.
 * @param config File in which the recorded configuration is.
 * @throws {Error} If the history cannot be played again.
 */
export function replayCommands(
  { commands }: Pick<Provenance, "commands">,
  target: string,
  config: string,
): string[][] {
  const foreign = commands.find(({ task }) => !TASKS.includes(task));
  if (foreign !== undefined) {
    throw new Error(
      `${PROVENANCE_FILE}: the task must be one of ${TASKS.join(", ")}, got ${
        quoted(foreign.task)
      }`,
    );
  }
  return straightened(commands).map(({ task, arguments: given, to }, k) => {
    if (k > 0) return [task, "--resume", target, "--timesteps", String(to)];
    return [task, ...withValue(withValue(given, "out", target, true), "config", config, false)];
  });
}

/**
 * The commands without resumptions that only went on to the same end, as stopping changes nothing.
 */
function straightened([first, ...rest]: readonly Command[]): Command[] {
  if (isResumption(first) || (first.from ?? 0) > 0) {
    throw new Error(
      `${PROVENANCE_FILE}: this training was begun by a version that kept no record; what led to timestep ` +
        `${first.from ?? 0} is not known`,
    );
  }
  const kept = [first];
  for (const command of rest) {
    const before = kept[kept.length - 1];
    if (command.to === before.to) continue;
    if (command.from! < before.to!) {
      throw new Error(
        `${PROVENANCE_FILE}: this training was stopped at timestep ${command.from} of ${before.to} and then given the ` +
          `end ${command.to}; a stop by hand cannot be made again`,
      );
    }
    kept.push(command);
  }
  return kept;
}

/** Arguments with `--name` at another value; added where it is missing only if `add`. */
function withValue(
  given: readonly string[],
  name: string,
  value: string,
  add: boolean,
): string[] {
  const others: string[] = [];
  let found = false;
  for (let k = 0; k < given.length; k++) {
    const inline = given[k].startsWith(`--${name}=`);
    if (given[k] !== `--${name}` && !inline) {
      others.push(given[k]);
      continue;
    }
    found = true;
    if (!inline) k++;
  }
  return found || add ? [...others, `--${name}`, value] : others;
}
