/**
 * Mutations of a CSV table: other cells, rows and columns that are lost, twice, too long or too many.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { absurdCell } from "./absurd.ts";
import type { TextMutation } from "./mutate_json.ts";

/** Mutations by name. */
export const csvMutations: Readonly<Record<string, TextMutation>> = {
  "another cell": (text, random) => withCells(text, random, 1),
  "several other cells": (text, random) => withCells(text, random, 2 + random.below(20)),
  "another column": (text, random) => {
    const cell = absurdCell(random);
    return eachRow(text, random, (cells, column, row) => row > 0 && (cells[column] = cell));
  },
  "a column lost": (text, random) =>
    eachRow(text, random, (cells, column) => cells.splice(column, 1)),
  "a column twice": (text, random) =>
    eachRow(text, random, (cells, column) => cells.push(cells[column])),
  "a column under another name": (text, random) => {
    const cell = absurdCell(random);
    return eachRow(text, random, (cells, column, row) => row === 0 && (cells[column] = cell));
  },
  "columns swapped": (text, random) =>
    eachRow(text, random, (cells, column) => cells.push(...cells.splice(column, 1))),
  "a million columns": (text) => {
    const [header, ...rows] = text.split("\n");
    return [header + ",c".repeat(1e6), ...rows].join("\n");
  },
  "as many columns as are read": (text) => {
    const [header, ...rows] = text.split("\n");
    const more = Array.from({ length: 40_000 }, (_, k) => `,c${k}`).join("");
    return [header + more, ...rows].join("\n");
  },
  "a row lost": (text, random) => {
    const rows = text.split("\n");
    return rows.toSpliced(random.below(rows.length), 1 + random.below(3)).join("\n");
  },
  "a row twice": (text, random) => {
    const rows = text.split("\n");
    const row = random.below(rows.length);
    return rows.toSpliced(row, 0, rows[row]).join("\n");
  },
  "rows shuffled": (text, random) => {
    const rows = text.split("\n");
    const [a, b] = [random.below(rows.length), random.below(rows.length)];
    return rows.with(a, rows[b]).with(b, rows[a]).join("\n");
  },
  "a row too long": (text, random) => {
    const rows = text.split("\n");
    const row = random.below(rows.length);
    return rows.with(row, `${rows[row]},1,2`).join("\n");
  },
  "a row too short": (text, random) => {
    const rows = text.split("\n");
    const row = random.below(rows.length);
    return rows.with(row, rows[row].split(",").slice(0, -1).join(",")).join("\n");
  },
  "only the header": (text) => text.split("\n")[0],
  "no header": (text) => text.slice(text.indexOf("\n") + 1),
  "semicolons": (text) => text.replaceAll(",", ";"),
  "quotes everywhere": (text) => text.replaceAll(/[^,\n]+/g, '"$&"'),
  "rows without end": (text) => {
    const rows = text.trimEnd().split("\n");
    return [...rows, ...new Array(20_000).fill(rows.at(-1))].join("\n");
  },
};

function withCells(text: string, random: Stream, count: number): string {
  const rows = text.split("\n").map((row) => row.split(","));
  for (let left = count; left > 0; left--) {
    const row = rows[random.below(rows.length)];
    row[random.below(row.length)] = absurdCell(random);
  }
  return rows.map((cells) => cells.join(",")).join("\n");
}

function eachRow(
  text: string,
  random: Stream,
  change: (cells: string[], column: number, row: number) => unknown,
): string {
  const rows = text.split("\n").map((row) => row.split(","));
  const column = random.below(rows[0].length);
  rows.forEach((cells, row) => {
    if (cells.length > column) change(cells, column, row);
  });
  return rows.map((cells) => cells.join(",")).join("\n");
}
