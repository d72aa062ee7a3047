/**
 * A case of the fuzzer: a valid set of files of which one is mutated, or is no file at all. Which one
 * and how follow from the seed and the number of the case.
 *
 * @module
 */

import { type Stream, stream } from "../../../lib/random.ts";
import { bytesMutations } from "./mutate_bytes.ts";
import { csvMutations } from "./mutate_csv.ts";
import { jsonMutations, type TextMutation } from "./mutate_json.ts";

/** Files by name; folders by `/`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** How a file may be written down. */
export type Syntax = "json" | "csv" | "binary";

const LARGE = [
  ...["gzip bomb", "a line of megabytes", "a million blank lines"],
  ...["a list without end", "a million columns", "as many columns as are read", "rows without end"],
];

/** What stands where a file was expected, prepared beside the cases ({@link ./place.ts}). */
export const STRANGERS = [
  "folder",
  "link to itself",
  "link to nothing",
  "link to outside",
  "link to /dev/zero",
  "link to /dev/null",
  "pipe",
] as const;

/** A case. */
export interface Case {
  /** What was done, in words. */
  readonly mutation: string;
  /** The files, one of them mutated. */
  readonly files: Files;
  /** What stands in the place of the mutated file, if it is no file. */
  readonly stranger: typeof STRANGERS[number] | null;
}

/**
 * The case of a number.
 *
 * @param kind Name of the kind of file.
 * @param target Which of the files is mutated.
 * @param seal Repairs what says that a file is whole, such as a checksum; half of the cases use it.
 */
export function makeCase(
  { kind, seed, number }: { kind: string; seed: number; number: number },
  files: Files,
  target: string,
  syntax: Syntax,
  seal: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<Case> {
  const random = stream(seed, "hostile files", kind, number);
  return mutated(random, files, target, syntax, seal);
}

async function mutated(
  random: Stream,
  files: Files,
  target: string,
  syntax: Syntax,
  seal: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<Case> {
  if (random.below(25) === 0) {
    const stranger = STRANGERS[random.below(STRANGERS.length)];
    return { mutation: stranger, files, stranger };
  }
  const original = files.get(target)!;
  const textual: Readonly<Record<string, TextMutation>> = syntax === "json"
    ? jsonMutations
    : syntax === "csv"
    ? csvMutations
    : {};
  const isText = syntax !== "binary" && random.below(10) < 6;
  const name = nameOf(Object.keys(isText ? textual : bytesMutations), random);
  const bytes = isText
    ? new TextEncoder().encode(textual[name](new TextDecoder().decode(original), random))
    : bytesMutations[name](original, random);
  const sealed = random.below(2) === 0 ? bytes : await seal(bytes);
  return {
    mutation: name,
    files: new Map([...files, [target, sealed]]),
    stranger: null,
  };
}

/** One of the mutations; those that make megabytes come up a tenth as often. */
function nameOf(names: readonly string[], random: Stream): string {
  const name = names[random.below(names.length)];
  return LARGE.includes(name) && random.below(10) > 0 ? nameOf(names, random) : name;
}
