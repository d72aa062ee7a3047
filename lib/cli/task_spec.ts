/**
 * What a task is: its name, what it takes, and what it does with it.
 *
 * @module
 */

/** One `--flag`. */
export interface Option {
  /** What the value is; a number is checked to be finite. */
  readonly type: "string" | "number" | "integer" | "boolean";
  /** One line for `--help`. */
  readonly help: string;
  /** Stands for the value in `--help`; the type's name if absent. */
  readonly placeholder?: string;
  /** Shown in `--help`; the task reads it from here as well. */
  readonly default?: string | number;
  /** Least number that is accepted. */
  readonly min?: number;
  /** Largest number that is accepted. */
  readonly max?: number;
}

type Value<O extends Option> = O["type"] extends "string" ? string
  : O["type"] extends "boolean" ? boolean
  : number;

/** The parsed flags: switches and flags with a default always have a value. */
export type Values<S extends Record<string, Option>> = {
  readonly [K in keyof S]:
    | Value<S[K]>
    | (S[K] extends { type: "boolean" } | { default: string | number } ? never : undefined);
};

/** A task: what it is called, what it takes and what it does. */
export interface Task<S extends Record<string, Option>> {
  /** Name after `deno task`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /**
   * Positional arguments as shown in the usage line, such as `FROM [DIR]` or `COMMAND [ARG...]`:
   * those in brackets may be left out, the last may come again where it ends in `...`. Absent for
   * none.
   */
  readonly positionals?: string;
  readonly options: S;
  /**
   * Does the work; an error that it throws is shown in one line and ends with exit code 1,
   * `Stopped` with the code of {@link ./stop.ts}.
   */
  run(values: Values<S>, positionals: readonly string[]): Promise<void> | void;
}
