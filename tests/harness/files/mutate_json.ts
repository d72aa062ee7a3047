/**
 * Mutations of a JSON text that leave it JSON, mostly: another value somewhere, a field lost, twice
 * or under another name, lists without end, nesting without bottom.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { absurdJson } from "./absurd.ts";

/** A mutation of a text. */
export type TextMutation = (text: string, random: Stream) => string;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where a value stands: in a list or an object, under a key. */
interface Spot {
  readonly parent: Json[] | { [key: string]: Json };
  readonly key: string;
}

const MARK = "@@value@@";
const NAMES = ["__proto__", "constructor", "toString", "", "a".repeat(5000), "length", "\u0000"];

/** Mutations by name. */
export const jsonMutations: Readonly<Record<string, TextMutation>> = {
  "another value": (text, random) => edited(text, random, absurdJson(random)),
  "two other values": (text, random) =>
    edited(edited(text, random, absurdJson(random)), random, absurdJson(random)),
  "a field lost": (text, random) =>
    changed(text, random, ({ parent, key }) => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    }),
  "a field under another name": (text, random) => {
    const fields = [...text.matchAll(/"([^"\\]*)"\s*:/g)];
    if (fields.length === 0) return text;
    const { 0: field, index } = fields[random.below(fields.length)];
    const name = JSON.stringify(NAMES[random.below(NAMES.length)]);
    return `${text.slice(0, index)}${name}:${text.slice(index + field.length)}`;
  },
  "a field twice": (text, random) => {
    const fields = [...text.matchAll(/"[^"\\]*"\s*:/g)];
    if (fields.length === 0) return text;
    const { 0: field, index } = fields[random.below(fields.length)];
    return `${text.slice(0, index)}${field}${absurdJson(random)},${text.slice(index)}`;
  },
  "an unknown field": (text, random) =>
    changed(text, random, ({ parent }) => {
      if (!Array.isArray(parent)) parent[`extra${random.below(10)}`] = 1;
    }),
  "values swapped": (text, random) => {
    const value = JSON.parse(text) as Json;
    const [a, b] = [pick(value, random), pick(value, random)];
    if (a === null || b === null) return text;
    const [left, right] = [structuredClone(get(a)), structuredClone(get(b))];
    set(a, right);
    set(b, left);
    return JSON.stringify(value);
  },
  "a list without end": (text, random) =>
    edited(text, random, `[${"0,".repeat(200_000 + random.below(100_000))}0]`),
  "a list of the same": (text, random) =>
    changed(text, random, ({ parent }) => {
      if (Array.isArray(parent)) {
        while (parent.length < 3000) parent.push(...parent.slice(0, 100));
      }
    }),
  "nesting without bottom": (text, random) => {
    const depth = 1 + random.below(100_000);
    const [open, close] = random.below(2) === 0 ? ["[", "]"] : ['{"a":', "}"];
    return edited(text, random, open.repeat(depth) + "1" + close.repeat(depth));
  },
  "something after it": (text) => `${text}${text}`,
  "another value alone": (_, random) => absurdJson(random),
};

/** Replaces a value by a piece of text, which need not be JSON. */
function edited(text: string, random: Stream, piece: string): string {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const spot = pick(value, random);
  if (spot === null) return piece;
  set(spot, MARK);
  return JSON.stringify(value).replace(JSON.stringify(MARK), () => piece);
}

function changed(text: string, random: Stream, change: (spot: Spot) => void): string {
  const value = JSON.parse(text) as Json;
  const spot = pick(value, random);
  if (spot === null) return text;
  change(spot);
  return JSON.stringify(value);
}

/** A value somewhere, the deeper ones as likely as the others; `null` if there is none inside. */
function pick(value: Json, random: Stream): Spot | null {
  const spots: Spot[] = [];
  const visit = (parent: Json) => {
    if (typeof parent !== "object" || parent === null || spots.length > 5000) return;
    for (const key of Object.keys(parent)) {
      const spot = { parent, key };
      spots.push(spot);
      visit(get(spot));
    }
  };
  visit(value);
  return spots.length === 0 ? null : spots[random.below(spots.length)];
}

function get({ parent, key }: Spot): Json {
  return (parent as { [key: string]: Json })[key];
}

function set({ parent, key }: Spot, value: Json): void {
  (parent as { [key: string]: Json })[key] = value;
}
