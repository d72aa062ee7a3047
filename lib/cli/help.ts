/**
 * The text of `--help`.
 *
 * @module
 */

import { cellWidth, padded, TIED, wrapped } from "../text/width.ts";
import type { Option, Task } from "./task_spec.ts";
import { widthOf } from "./terminal.ts";

/** A flag that is longer has a line of its own. [cells] */
const FLAG_CELLS = 26;

/** The text of `--help`, in lines of so many cells at most. */
export function usage(
  task: Task<Record<string, Option>>,
  cells: number = widthOf("stdout"),
): string {
  const rows = Object.entries(task.options).map(([name, option]): [string, string] => {
    const value = option.type === "boolean" ? "" : ` ${option.placeholder ?? option.type}`;
    const fallback = option.default === undefined || option.type === "boolean"
      ? ""
      : ` (default${TIED}${option.default})`;
    return [`--${name}${value}`, option.help + fallback];
  });
  rows.push(["--verbose", "show the stack trace of an error"], ["--help", "show this text"]);
  const widths = rows.map(([flag]) => cellWidth(flag)).filter((width) => width <= FLAG_CELLS);
  const column = Math.max(...widths);
  const indent = column + 4;
  const line = ([flag, help]: [string, string]) => {
    const begin = cellWidth(flag) <= column
      ? `  ${padded(flag, column)}  `
      : `  ${flag}\n${" ".repeat(indent)}`;
    return wrapped(begin + help, cells, indent);
  };
  return [
    wrapped(task.summary, cells),
    "",
    wrapped(`Usage: ${usageLine(task)}`, cells, "Usage: ".length),
    "",
    ...rows.map(line),
  ].join("\n");
}

/** How a task is called. */
export function usageLine({ name, positionals }: Task<Record<string, Option>>): string {
  return ["deno task", name, positionals ?? "", "[options]"].filter(Boolean).join(" ");
}

/** Where the flags of a task are listed. */
export function helpHint({ name }: Task<Record<string, Option>>): string {
  return `"deno task ${name} --help" shows what there is`;
}
