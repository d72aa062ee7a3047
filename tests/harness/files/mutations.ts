/**
 * What is done to a file: any file is cut, swapped or written down otherwise; a table gets other
 * cells, rows and columns; a JSON text other values, fields lost, lists without end.
 *
 * @module
 */

import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Stream } from "../../../lib/random.ts";

/** A mutation of the bytes of a file. */
export type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Stream) => Uint8Array<ArrayBuffer>;
type TextMutation = (text: string, random: Stream) => string;

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const oneOf = <T>(random: Stream, all: readonly T[]): T => all[random.below(all.length)];

/** Values as no one would write them into a JSON text on purpose; some are no JSON. */
const VALUES: readonly string[] = [
  ...["0", "-0", "-1", "1e308", "-1e308", "1e400", "5e-324", "9007199254740993", "1e9"],
  ...["18446744073709551616", "1".repeat(400), "NaN", "Infinity", "0x10", "01", "1_000", ".5"],
  ...["null", "true", "{}", "[]", '""', '"1"', '"NaN"', '"∞"', '"\\u0000"', '"\\ud800"'],
  ...['"../../outside/secret.csv"', '"/etc/passwd"', '"__proto__"', '"a\\nb\\u001b[31mred"'],
  ...['"synthetic"', '"http://127.0.0.1:1/x"', "[null]", "[[[[]]]]", '{"__proto__": {"x": 1}}'],
  `"${"long ".repeat(5000)}"`,
];

/** Cells as no one would write them into a table on purpose. */
const CELLS: readonly string[] = [
  ...["", " ", "-", "NaN", "inf", "-inf", "null", "true", "#REF!", "0", "-0", "-1", "1e308"],
  ...["1e400", "5e-324", "9007199254740993", "1".repeat(400), "0x10", "1_000", "1,5", '"1,5"'],
  ...["+1", "١٢", " 1 ", "1e", "=1+1", '"', '"a', "a\0b", "\x1b[31m", "\ufeff1", "x".repeat(2e4)],
  ...["2025-02-30T00:00:00Z", "2025-01-01", "9999-12-31T23:59:59+99:99", "__proto__"],
  "../../outside/secret.csv",
];

const bytes: Readonly<Record<string, Mutation>> = {
  "cut": (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  "beginning lost": (bytes, random) => bytes.slice(random.below(bytes.length + 1)),
  "bytes changed": (bytes, random) => {
    const changed = bytes.slice();
    for (let left = 1 + random.below(8); left > 0; left--) {
      changed[random.below(Math.max(1, bytes.length))] = random.below(256);
    }
    return changed;
  },
  "piece twice": (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return joined(bytes.slice(0, at + random.below(200)), bytes.slice(at));
  },
  "noise inside": (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + random.below(64) }, () => random.below(256));
    return joined(bytes.slice(0, at), noise, bytes.slice(at));
  },
  "nothing but noise": (_, random) =>
    Uint8Array.from({ length: random.below(2000) }, () => random.below(256)),
  "empty": () => new Uint8Array(0),
  "blank": () => encode(" \n\t\r\n "),
  "byte order mark": (bytes) => joined(Uint8Array.of(0xef, 0xbb, 0xbf), bytes),
  "CRLF": (bytes) => encode(decode(bytes).replaceAll("\n", "\r\n")),
  "UTF-16": (bytes) => {
    const text = `\ufeff${decode(bytes)}`;
    const words = Uint16Array.from({ length: text.length }, (_, k) => text.charCodeAt(k));
    return new Uint8Array(words.buffer);
  },
  "gzip": (bytes) => new Uint8Array(gzipSync(bytes)),
  "zstd": (bytes) => new Uint8Array(zstdCompressSync(bytes)),
  "a web page": () => encode("<!doctype html><html><body>Not found</body></html>"),
  "gzip bomb": () => new Uint8Array(gzipSync(new Uint8Array(2 ** 24).fill(49))),
  "a line of megabytes": (bytes) => joined(bytes, encode("9".repeat(5 * 2 ** 20))),
  "a million blank lines": (bytes) => joined(bytes, encode("\n".repeat(1e6)), bytes),
};

const csv: Readonly<Record<string, TextMutation>> = {
  "other cells": (text, random) => {
    const rows = text.split("\n").map((row) => row.split(","));
    for (let left = oneOf(random, [1, 1, 2 + random.below(20)]); left > 0; left--) {
      const row = oneOf(random, rows);
      row[random.below(row.length)] = oneOf(random, CELLS);
    }
    return rows.map((cells) => cells.join(",")).join("\n");
  },
  "another column": (text, random) => {
    const cell = oneOf(random, CELLS);
    return eachRow(text, random, (cells, column, row) => row > 0 && (cells[column] = cell));
  },
  "a column under another name": (text, random) => {
    const cell = oneOf(random, CELLS);
    return eachRow(text, random, (cells, column, row) => row === 0 && (cells[column] = cell));
  },
  "a column lost": (text, random) =>
    eachRow(text, random, (cells, column) => cells.splice(column, 1)),
  "a column twice": (text, random) =>
    eachRow(text, random, (cells, column) => cells.push(cells[column])),
  "columns swapped": (text, random) =>
    eachRow(text, random, (cells, column) => cells.push(...cells.splice(column, 1))),
  "rows lost": (text, random) =>
    eachLine(text, random, (rows, at) => rows.splice(at, 1 + random.below(3))),
  "a row twice": (text, random) =>
    eachLine(text, random, (rows, at) => rows.splice(at, 0, rows[at])),
  "a row too long": (text, random) => eachLine(text, random, (rows, at) => rows[at] += ",1,2"),
  "a row too short": (text, random) =>
    eachLine(text, random, (rows, at) => rows[at] = rows[at].replace(/,[^,]*$/, "")),
  "only the header": (text) => text.split("\n")[0],
  "no header": (text) => text.slice(text.indexOf("\n") + 1),
  "semicolons": (text) => text.replaceAll(",", ";"),
  "quotes everywhere": (text) => text.replaceAll(/[^,\n]+/g, '"$&"'),
  "a million columns": (text) => text.replace("\n", () => ",c".repeat(1e6) + "\n"),
  "rows without end": (text) => text + `${text.trimEnd().split("\n").at(-1)}\n`.repeat(20_000),
};

const json: Readonly<Record<string, TextMutation>> = {
  "another value": (text, random) => edited(text, random, oneOf(random, VALUES)),
  "two other values": (text, random) =>
    edited(edited(text, random, oneOf(random, VALUES)), random, oneOf(random, VALUES)),
  "a field lost": (text, random) =>
    changed(text, random, (parent, key) => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    }),
  "a field under another name": (text, random) => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "",
      "a".repeat(5000),
      "length",
      "\u0000",
    ];
    return atField(text, random, () => `${JSON.stringify(oneOf(random, names))}:`);
  },
  "a field twice": (text, random) =>
    atField(text, random, (field) => `${field}${oneOf(random, VALUES)},${field}`),
  "an unknown field": (text, random) =>
    changed(text, random, (parent) => Array.isArray(parent) || ((parent as Json).extra = 1)),
  "a list without end": (text, random) => edited(text, random, `[${"0,".repeat(2e5)}0]`),
  "a list of the same": (text, random) =>
    changed(text, random, (parent) => {
      if (!Array.isArray(parent)) return;
      while (parent.length < 3000) parent.push(...parent.slice(0, 100));
    }),
  "nesting without bottom": (text, random) => {
    const depth = 1 + random.below(1e5);
    const [open, close] = oneOf(random, [["[", "]"], ['{"a":', "}"]]);
    return edited(text, random, open.repeat(depth) + "1" + close.repeat(depth));
  },
  "something after it": (text) => `${text}${text}`,
};

/** Those that make megabytes, which come up a tenth as often. */
const LARGE = /bomb|million|megabytes|without end/;

/** Draws a mutation for a file of some syntax. */
export function drawMutation(
  syntax: "json" | "csv" | "binary",
  random: Stream,
): { readonly name: string; readonly mutate: Mutation } {
  const texts = syntax === "binary" || random.below(10) > 5 ? null : syntax === "csv" ? csv : json;
  const name = oneOf(random, Object.keys(texts ?? bytes));
  if (LARGE.test(name) && random.below(10) > 0) return drawMutation(syntax, random);
  const mutate: Mutation = texts === null
    ? bytes[name]
    : (original, random) => encode(texts[name](decode(original), random));
  return { name, mutate };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function eachLine(
  text: string,
  random: Stream,
  change: (rows: string[], at: number) => unknown,
): string {
  const rows = text.split("\n");
  change(rows, random.below(rows.length));
  return rows.join("\n");
}

function eachRow(
  text: string,
  random: Stream,
  change: (cells: string[], column: number, row: number) => unknown,
): string {
  const rows = text.split("\n").map((row) => row.split(","));
  const column = random.below(rows[0].length);
  rows.forEach((cells, row) => cells.length > column && change(cells, column, row));
  return rows.map((cells) => cells.join(",")).join("\n");
}

type Json = Record<string, unknown>;
type Parent = unknown[] & Json;

/** Changes a JSON text at a value somewhere, the deeper ones as likely as the others. */
function changed(
  text: string,
  random: Stream,
  change: (parent: Parent, key: string) => unknown,
): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const spots: [Parent, string][] = [];
  const visit = (parent: unknown) => {
    if (typeof parent !== "object" || parent === null || spots.length > 5000) return;
    for (const key of Object.keys(parent)) {
      spots.push([parent as Parent, key]);
      visit((parent as Parent)[key]);
    }
  };
  visit(value);
  if (spots.length > 0) change(...oneOf(random, spots));
  return JSON.stringify(value);
}

/** Replaces a value by a piece of text, which need not be JSON. */
function edited(text: string, random: Stream, piece: string): string {
  const mark = "@@value@@";
  return changed(text, random, (parent, key) => parent[key as "length"] = mark as never)
    .replace(JSON.stringify(mark), () => piece);
}

function atField(text: string, random: Stream, write: (field: string) => string): string {
  const fields = [...text.matchAll(/"[^"\\]*"\s*:/g)];
  if (fields.length === 0) return text;
  const { 0: field, index } = oneOf(random, fields);
  return text.slice(0, index) + write(field) + text.slice(index + field.length);
}
