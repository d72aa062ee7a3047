/**
 * The flags and arguments of a task.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { didYouMean } from "../text/nearest.ts";
import { decimal } from "../text/decimal.ts";
import { quoted, shown } from "../text/shown.ts";
import { helpHint, usageLine } from "./help.ts";
import type { Option, Task, Values } from "./task_spec.ts";

/** Reads flags and positional arguments of `task` from `args`. */
export function parse<const S extends Record<string, Option>>(
  task: Task<S>,
  args: readonly string[],
): { values: Values<S>; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(task.options).map((
        [name, { type }],
      ) => [name, { type: type === "boolean" ? type : "string" as const }]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | number | boolean> = {};
  for (const [name, option] of Object.entries(task.options)) {
    if (option.default !== undefined) values[name] = option.default;
    else if (option.type === "boolean") values[name] = false;
  }
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(task.options, name)) {
      const known = [...Object.keys(task.options), "help", "verbose"].map((flag) => `--${flag}`);
      throw new Error(
        `unknown option ${shown(rawName)}${didYouMean(`--${name}`, known) || ";"} ${
          helpHint(task)
        }`,
      );
    }
    // The next flag is not a value, unless it is written as one: --out=--odd.
    const given = inlineValue || !value?.startsWith("--") ? value : undefined;
    values[name] = optionValue(name, task.options[name], given);
  }
  checkPositionals(task, positionals);
  return { values: values as Values<S>, positionals };
}

function checkPositionals(task: Task<Record<string, Option>>, given: readonly string[]): void {
  const words = (task.positionals ?? "").split(/\s+/).filter((word) => word !== "");
  const missing = words.slice(given.length).filter((word) => !word.startsWith("["));
  if (missing.length > 0) {
    throw new Error(`missing ${missing.join(" and ")}: ${usageLine(task)}`);
  }
  const repeats = /\.\.\.\]?$/.test(words.at(-1) ?? "");
  if (given.length > words.length && !repeats) {
    throw new Error(`unexpected argument ${quoted(given[words.length])}; ${helpHint(task)}`);
  }
}

function optionValue(name: string, option: Option, text: string | undefined) {
  if (option.type === "boolean") {
    if (text !== undefined) throw new Error(`--${name} takes no value, got ${quoted(text)}`);
    return true;
  }
  if (text === undefined || text === "") {
    throw new Error(`--${name} needs a value: --${name} ${option.placeholder ?? option.type}`);
  }
  if (option.type === "string") return text;
  const number = decimal(text);
  const { min = -Infinity, max = Infinity } = option;
  const isWhole = option.type === "integer";
  const isKind = isWhole ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (!isKind || number < min || number > max) {
    const bounds = [
      option.min === undefined ? [] : `at least ${min}`,
      option.max === undefined ? [] : `at most ${max}`,
    ].flat().join(" and ");
    const kind = isWhole ? "a whole number" : "a number";
    throw new Error(`--${name} must be ${kind}${bounds && ` of ${bounds}`}, got ${quoted(text)}`);
  }
  return number;
}
