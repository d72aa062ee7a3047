/**
 * Fingerprints of result files, without what differs from run to run: how long something took, and
 * where the files are.
 *
 * Left out are the columns (CSV) and fields (JSON) `seconds` and `microsecondsPerDecision`, and the
 * target on the time per decision. In JSON, paths inside the folder of the results count from there.
 * All other bytes count.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  insideFolder,
  LARGEST_BYTES,
  lineChunks,
  readBytesWithin,
  readTextWithin,
} from "../data/bounded_file.ts";
import { sha256Hex } from "../sha256.ts";

const TIMED_FIELDS = ["seconds", "microsecondsPerDecision"];
const TIMED_TARGET = "time per decision";

const READING = { maxBytes: LARGEST_BYTES.table, remedy: "the results have to be made anew" };

/** SHA-256 of what a result file says. [hex] */
export async function fileFingerprint(folder: string, name: string): Promise<string> {
  const path = await insideFolder(folder, name);
  if (name.endsWith(".csv")) return await csvFingerprint(path);
  if (!name.endsWith(".json")) return await wholeFileFingerprint(path);
  return await sha256Hex(timelessJson(await readTextWithin(path, READING), folder));
}

/** SHA-256 of a file as it is. [hex] */
export async function wholeFileFingerprint(path: string): Promise<string> {
  return await sha256Hex(await readBytesWithin(path, READING));
}

/** Tables may be larger than memory should be; those with timed columns are small. */
async function csvFingerprint(path: string): Promise<string> {
  const hash = createHash("sha256");
  let isFirst = true;
  for await (const lines of lineChunks(path, READING)) {
    if (isFirst && hasTimedColumns(headerOf(new TextDecoder().decode(lines)))) {
      return await sha256Hex(timelessCsv(await readTextWithin(path, READING)));
    }
    isFirst = false;
    hash.update(lines);
  }
  return hash.digest("hex");
}

const headerOf = (text: string) => text.slice(0, text.search(/\n|$/)).split(",");

const hasTimedColumns = (header: readonly string[]) =>
  header.some((name) => TIMED_FIELDS.includes(name));

/** A table without its timed columns. */
export function timelessCsv(text: string): string {
  const header = headerOf(text);
  if (!hasTimedColumns(header)) return text;
  const keep = header.map((name) => !TIMED_FIELDS.includes(name));
  return text.split("\n").map((line) => {
    const cells = line.match(/(?:"(?:[^"]|"")*"|[^,])*(?:,|$)/g) ?? [];
    return cells.map((cell) => cell.replace(/,$/, "")).filter((_, k) => keep[k] ?? false).join(",");
  }).join("\n");
}

/** A document without timed fields, and with paths counted from `folder`. */
export function timelessJson(text: string, folder: string): string {
  const isTimed = (value: unknown) =>
    typeof value === "object" && value !== null && "what" in value &&
    String(value.what).startsWith(TIMED_TARGET);
  const value = JSON.parse(text, (key, value) => {
    if (TIMED_FIELDS.includes(key)) return undefined;
    if (Array.isArray(value)) return value.filter((member) => !isTimed(member));
    const isInside = typeof value === "string" && value.startsWith(`${folder}/`);
    return isInside ? `.${value.slice(folder.length)}` : value;
  });
  return JSON.stringify(value);
}
