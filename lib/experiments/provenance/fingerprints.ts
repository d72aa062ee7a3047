/**
 * Fingerprints of result files, without what differs from run to run: how long something took, and
 * where the files are.
 *
 * Left out are the columns (CSV) and fields (JSON) `seconds` and `microsecondsPerDecision`, the column
 * `µs/decision` and the spaces of Markdown, and the target on the time per decision wherever it is
 * stated. In JSON, paths inside the folder of the results count from there. All other bytes count.
 *
 * @module
 */

import { insideFolder, LARGEST_BYTES, readBytesWithin } from "../../data/bounded_file.ts";
import { sha256Hex } from "../../sha256.ts";

const TIMED_FIELDS = ["seconds", "microsecondsPerDecision"];
const TIMED_COLUMN = "µs/decision";
const TIMED_ROW = "time per decision";

/** SHA-256 of what a result file says. [hex] */
export async function fileFingerprint(folder: string, name: string): Promise<string> {
  const bytes = await readBytes(await insideFolder(folder, name));
  const ending = name.split(".").at(-1);
  const text = () => new TextDecoder().decode(bytes);
  switch (ending) {
    case "csv":
      return await sha256Hex(timelessCsv(text()));
    case "json":
      return await sha256Hex(timelessJson(text(), folder));
    case "md":
      return await sha256Hex(timelessMarkdown(text()));
    default:
      return await sha256Hex(bytes);
  }
}

/** SHA-256 of a file as it is. [hex] */
export async function wholeFileFingerprint(path: string): Promise<string> {
  return await sha256Hex(await readBytes(path));
}

/** A table without its timed columns. */
export function timelessCsv(text: string): string {
  const end = text.indexOf("\n");
  const header = text.slice(0, end < 0 ? undefined : end).split(",");
  const keep = header.map((name) => !TIMED_FIELDS.includes(name));
  if (keep.every((kept) => kept)) return text;
  return text.split("\n")
    .map((line) => line.split(",").filter((_, k) => keep[k] ?? true).join(","))
    .join("\n");
}

/** A document without timed fields, and with paths counted from `folder`. */
export function timelessJson(text: string, folder: string): string {
  const isTimed = (value: unknown) =>
    typeof value === "object" && value !== null && "what" in value &&
    String(value.what).startsWith(TIMED_ROW);
  const value = JSON.parse(text, (key, value) => {
    if (TIMED_FIELDS.includes(key)) return undefined;
    if (Array.isArray(value)) return value.filter((member) => !isTimed(member));
    const isInside = typeof value === "string" && value.startsWith(`${folder}/`);
    return isInside ? `.${value.slice(folder.length)}` : value;
  });
  return JSON.stringify(value);
}

/** Markdown without the timed column and row of its tables, and with single spaces. */
export function timelessMarkdown(text: string): string {
  let timed = -1;
  const lines = text.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) {
      timed = -1;
      return [line];
    }
    const cells = line.split("|").map((cell) => cell.trim().replace(/^-{3,}$/, "---"));
    if (timed < 0) timed = cells.indexOf(TIMED_COLUMN);
    if (cells[1]?.startsWith(TIMED_ROW)) return [];
    return [cells.filter((_, k) => timed < 0 || k !== timed).join("|")];
  });
  return lines.join("\n").replaceAll(/\s+/g, " ").trim();
}

function readBytes(path: string): Promise<Uint8Array> {
  const remedy = "the results have to be made anew";
  return readBytesWithin(path, { maxBytes: LARGEST_BYTES.table, remedy });
}
