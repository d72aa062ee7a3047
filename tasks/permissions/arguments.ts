/**
 * A task's arguments as the launcher sees them: it knows no task's flags, so every value may name a
 * file, and what follows a flag may be its value.
 *
 * @module
 */

/** What a user wrote behind the name of a task. */
export interface Arguments {
  /** Every value: of flags, and what stands alone. */
  readonly values: readonly string[];
  /** What stands alone and follows no flag. */
  readonly positionals: readonly string[];
  /** The value of `--name`, the last one if it is there several times. */
  option(name: string): string | undefined;
  /** Whether `--name` is there. */
  has(name: string): boolean;
}

/** Takes the arguments of a task apart. */
export function readArguments(args: readonly string[]): Arguments {
  const values: string[] = [];
  const positionals: string[] = [];
  const options = new Map<string, string>();
  let flag: string | null = null;
  for (const arg of args) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== undefined) {
      flag = value === undefined && name !== "verbose" ? name : null;
      if (value === undefined) continue;
      values.push(value);
      options.set(name, value);
      continue;
    }
    values.push(arg);
    if (flag === null) positionals.push(arg);
    else options.set(flag, arg);
    flag = null;
  }
  const has = (name: string) => args.some((arg) => arg === `--${name}`);
  return { values, positionals, option: (name) => options.get(name), has };
}
