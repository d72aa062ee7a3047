/**
 * Reads JSON that someone else wrote against a schema, with errors in one line.
 *
 * @module
 */

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`${file}: not valid JSON: ${(error as Error).message}`);
  }
  return checked(value, schema, file);
}

/**
 * A value from outside, checked against a schema.
 *
 * @param source Where the value comes from; begins every error message.
 * @throws {RangeError} Naming the source, the path of the field and what it holds.
 */
export function checked<T>(value: unknown, schema: Schema<T>, source: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const found = path.reduce<unknown>((part, key) => Object(part)[key], value);
  const told = typeof found === "object" || message.includes("received");
  const got = told ? "" : `, got ${JSON.stringify(found) ?? "nothing"}`;
  throw new RangeError(
    `${source}: ${fieldName(path)}${message.replace(/^Invalid input: /, "")}${got}`,
  );
}

/** `prosumers[2].battery.capacityKwh: `; nothing for the whole value. */
function fieldName(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`)
    .join("").replace(/^\./, "");
  return joined === "" ? "" : `${joined}: `;
}
