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

import { insideFolder, LARGEST_BYTES, readBytesWithin } from "../data/bounded_file.ts";
import { sha256Hex } from "../sha256.ts";

const TIMED_FIELDS = ["seconds", "microsecondsPerDecision"];
const TIMED_TARGET = "time per decision";

/** SHA-256 of what a result file says. [hex] */
export async function fileFingerprint(folder: string, name: string): Promise<string> {
  const bytes = await readBytes(await insideFolder(folder, name));
  const text = () => new TextDecoder().decode(bytes);
  if (name.endsWith(".csv")) return await sha256Hex(timelessCsv(text()));
  if (name.endsWith(".json")) return await sha256Hex(timelessJson(text(), folder));
  return await sha256Hex(bytes);
}

/** SHA-256 of a file as it is. [hex] */
export async function wholeFileFingerprint(path: string): Promise<string> {
  return await sha256Hex(await readBytes(path));
}

/** A table without its timed columns. */
export function timelessCsv(text: string): string {
  const header = text.slice(0, text.search(/\n|$/)).split(",");
  const keep = header.map((name) => !TIMED_FIELDS.includes(name));
  if (keep.every((kept) => kept)) return text;
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

function readBytes(path: string): Promise<Uint8Array> {
  const remedy = "the results have to be made anew";
  return readBytesWithin(path, { maxBytes: LARGEST_BYTES.table, remedy });
}
