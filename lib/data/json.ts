/**
 * Reads JSON that someone else wrote against a schema, with errors in one line.
 *
 * @module
 */

import { shown } from "../text/shown.ts";

/** Deepest nesting of objects and lists; what the program writes has less than ten. */
const DEEPEST = 64;
/** Most values, so that a list of millions of faults is not made into millions of messages. */
const MOST_VALUES = 2_000_000;

/** What a value must be; every zod schema is one. */
export interface Schema<T> {
  /** The value, checked, or what is wrong with it. */
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

/** One thing that is wrong. */
export interface Issue {
  /** Where in the value. */
  readonly path: readonly PropertyKey[];
  /** What is wrong. */
  readonly message: string;
}

/**
 * The value in `text`, checked.
 *
 * @param text JSON.
 * @param schema What the value must be.
 * @param file Where the text comes from; begins every error message.
 * @throws {RangeError} Naming the file and the path of the field.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * import { parseJson } from "./json.ts";
 * const { days } = parseJson('{"days": 2}', z.object({ days: z.int() }), "plan.json");
 * if (days !== 2) throw new Error("expected 2 days");
 * ```
 */
export function parseJson<T>(text: string, schema: Schema<T>, file: string): T {
  return checked(parseBounded(text, file), schema, file);
}

/**
 * The value in `text`, not yet checked, but of a bounded depth and number of parts.
 *
 * @throws {RangeError} Naming the file.
 */
export function parseBounded(text: string, file: string): unknown {
  requireBounds(text, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    const [why] = (error as Error).message.split(" is not valid JSON");
    throw new RangeError(`${file}: not valid JSON: ${shown(why, 200)}`);
  }
}

/**
 * A value from outside, checked against a schema.
 *
 * @param source Where the value comes from; begins every error message.
 * @throws {RangeError} Naming the source, the path of the field and what it holds.
 */
export function checked<T>(value: unknown, schema: Schema<T>, source: string): T {
  const result = parsed(value, schema, source);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const found = path.reduce<unknown>((part, key) => Object(part)[key], value);
  const told = typeof found === "object" || message.includes("received");
  const got = told ? "" : `, got ${shown(JSON.stringify(found) ?? "nothing")}`;
  const rule = shown(
    message.replace(/^Invalid input: /, "").replace("received undefined", "but it is missing"),
    300,
  );
  throw new RangeError(`${source}: ${shown(fieldName(path), 200)}${rule}${got}`);
}

/** A library that lists every fault runs over where there are hundreds of thousands. */
function parsed<T>(value: unknown, schema: Schema<T>, source: string) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${source}: a list holds very many wrong values; is it the right file?`);
  }
}

/** Brackets and commas outside of texts say how deep and how large a value will be. */
function requireBounds(text: string, file: string): void {
  let depth = 0, values = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    else if (character === ",") values++;
    if (depth > DEEPEST) throw new RangeError(`${file}: nested deeper than ${DEEPEST} levels`);
  }
  if (values <= MOST_VALUES) return;
  throw new RangeError(
    `${file}: holds ${values} values, at most ${MOST_VALUES} are read; split it`,
  );
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** `prosumers[2].battery.capacityKwh: `; nothing for the whole value. */
function fieldName(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`)
    .join("").replace(/^\./, "");
  return joined === "" ? "" : `${joined}: `;
}
