/**
 * Green Button: an Atom feed with the readings of ESPI (NAESB REQ.21). What a value is stands in another
 * entry than the value, in a `ReadingType`: its unit, its power of ten, which way the energy flows and
 * how long an interval is. Entries are tied to each other by the addresses of their links.
 *
 * Values of the standard that are read: `uom` 72 (Wh) and 38 (W); `flowDirection` 1 (to the home) and 19
 * (from it); `accumulationBehaviour` 3 (a register) and 4 (energy of the interval). Times are universal.
 *
 * @module
 */

import { basename } from "node:path";
// saxes: a strict and fast reader of XML by events, so that a year of many meters need not be a tree.
import { SaxesParser } from "saxes";
import { quoted, shown } from "../../text/shown.ts";
import { readBytesWithin } from "../bounded_file.ts";
import { mode, reading } from "./dialect.ts";
import { ordered } from "./energy.ts";
import { Growing } from "./growing.ts";
import type { MeterFile, MeterSeries } from "./meter_file.ts";
import type { Quantity, Role } from "./names.ts";

interface Entry {
  readonly links: { readonly rel: string; readonly href: string }[];
  title: string;
  kind: string;
  readonly fields: Map<string, string>;
  readonly starts: Growing<Uint32Array>;
  readonly durations: Growing<Uint32Array>;
  readonly values: Growing<Float64Array>;
}

const KINDS = ["UsagePoint", "MeterReading", "ReadingType", "IntervalBlock", "LocalTimeParameters"];
const USED = [
  ...KINDS,
  ...["feed", "entry", "content", "title", "link", "interval", "IntervalReading", "timePeriod"],
  ...["duration", "start", "value", "accumulationBehaviour", "flowDirection", "intervalLength"],
  ...["powerOfTenMultiplier", "uom", "tzOffset", "id", "published", "updated", "commodity"],
];
const CHUNK = 1 << 20;

/**
 * Reads a Green Button file.
 *
 * @throws {RangeError} Naming the file and what in it is not understood.
 */
export async function readGreenButton(path: string): Promise<MeterFile> {
  const { entries, unused } = parseEntries(path, await readBytesWithin(path, reading));
  const ofKind = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const types = ofKind("ReadingType"), readings = ofKind("MeterReading");
  const points = ofKind("UsagePoint"), blocks = ofKind("IntervalBlock");
  if (blocks.length === 0) {
    throw new RangeError(`${path}: has no IntervalBlock; is it a Green Button file of usage?`);
  }
  const meters = new Map<string, Entry[]>();
  for (const block of blocks) {
    const key = addressOf(block, "MeterReading");
    meters.set(key, [...meters.get(key) ?? [], block]);
  }
  const series = [...meters].map(([key, own]) => {
    const reading = readings.find((entry) => addressOf(entry, "MeterReading") === key) ??
      (readings.length === 1 ? readings[0] : undefined);
    const type = typeOf(path, key, reading, types);
    const pointKey = addressOf(own[0], "UsagePoint");
    const point = points.find((entry) => addressOf(entry, "UsagePoint") === pointKey) ??
      (points.length === 1 ? points[0] : undefined);
    return seriesOf(path, homeName(path, point, pointKey, points), own, type);
  });
  const offset = ofKind("LocalTimeParameters")[0]?.fields.get("tzOffset");
  const flows = series.map(({ home, column, step }) => `${home} ${column.role}, ${step / 60} min`);
  return {
    path,
    layout: null,
    series,
    utcOffsetMinutes: offset === undefined ? null : Number(offset) / 60,
    notes: [
      `Green Button, UTC, label at the start; ${flows.slice(0, 8).join("; ")}` +
      (flows.length > 8 ? "; …" : ""),
      ...unused.length > 0 ? [`elements that are not used: ${shown(unused.join(", "), 300)}`] : [],
    ],
  };
}

function parseEntries(path: string, bytes: Uint8Array): { entries: Entry[]; unused: string[] } {
  const entries: Entry[] = [], unused = new Set<string>();
  const stack: string[] = [];
  let entry = newEntry(), text = "", start = NaN, duration = NaN;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new RangeError(`${path}: is no well-formed XML: ${shown(error.message, 200)}`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    const local = name.slice(name.indexOf(":") + 1);
    stack.push(local);
    text = "";
    if (local === "entry") entry = newEntry();
    else if (local === "link") {
      entry.links.push({ rel: String(attributes.rel ?? ""), href: String(attributes.href ?? "") });
    } else if (KINDS.includes(local)) entry.kind = local;
    else if (!USED.includes(local) && unused.size < 30) unused.add(local);
  });
  parser.on("text", (piece) => text += piece);
  parser.on("closetag", () => {
    const local = stack.pop()!, parent = stack.at(-1);
    const said = text.trim();
    text = "";
    if (local === "entry") entries.push(entry);
    else if (local === "title" && parent === "entry") entry.title = said;
    else if (parent === "timePeriod") {
      if (local === "start") start = number(path, local, said);
      else if (local === "duration") duration = number(path, local, said);
    } else if (local === "value" && parent === "IntervalReading") {
      entry.values.push(number(path, local, said));
    } else if (local === "IntervalReading") {
      if (entry.values.length === entry.starts.length) entry.values.push(NaN);
      if (Number.isNaN(start)) {
        throw new RangeError(`${path}: an IntervalReading has no start; remove it`);
      }
      entry.starts.push(start);
      entry.durations.push(Number.isNaN(duration) ? 0 : duration);
      start = duration = NaN;
    } else if (KINDS.includes(parent ?? "") && said !== "") entry.fields.set(local, said);
  });
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parser.write(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }));
  }
  parser.close();
  return { entries, unused: [...unused] };
}

function newEntry(): Entry {
  return {
    links: [],
    title: "",
    kind: "",
    fields: new Map(),
    starts: new Growing(Uint32Array),
    durations: new Growing(Uint32Array),
    values: new Growing(Float64Array),
  };
}

function number(path: string, name: string, text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new RangeError(`${path}: ${name} must be a whole number, got ${quoted(text)}`);
}

/** Address of what an entry belongs to, such as `…/UsagePoint/1/MeterReading/2`. */
function addressOf({ links }: Entry, kind: string): string {
  for (const { rel, href } of links) {
    if (rel !== "self" && rel !== "up") continue;
    const match = new RegExp(`^(.*/${kind}/[^/]+)`).exec(href);
    if (match !== null) return match[1];
  }
  return "";
}

function typeOf(
  path: string,
  key: string,
  reading: Entry | undefined,
  types: readonly Entry[],
): Entry {
  if (types.length === 1) return types[0];
  const related = reading?.links.filter(({ rel }) => rel === "related").map(({ href }) => href) ??
    [];
  const found = types.find(({ links }) =>
    links.some(({ rel, href }) => rel === "self" && related.includes(href))
  );
  if (found !== undefined) return found;
  throw new RangeError(
    `${path}: no ReadingType belongs to the readings of ${
      key === "" ? "a meter" : quoted(key)
    }, so ` +
      "that their unit is not known; export the file whole",
  );
}

function homeName(
  path: string,
  point: Entry | undefined,
  key: string,
  points: readonly Entry[],
): string {
  const title = point?.title ?? "";
  const isOnly = points.filter((other) => other.title === title).length <= 1;
  if (title !== "" && isOnly) return title;
  const id = key.split("/").at(-1) ?? "";
  if (points.length > 1 || (id !== "" && point === undefined && points.length > 0)) {
    return `${title} ${id}`.trim();
  }
  const file = basename(path).replace(/\.\w+$/, "");
  return file.replace(/green[ _-]?button|espi/i, "").replace(
    /^[\d _.-]+(?=\p{L})|[ _.-]+$/gu,
    "",
  ) ||
    file;
}

function seriesOf(path: string, home: string, blocks: readonly Entry[], type: Entry): MeterSeries {
  const field = (name: string) => type.fields.get(name);
  const power = Number(field("powerOfTenMultiplier") ?? 0);
  const uom = field("uom"), flow = field("flowDirection") ?? "1";
  if (uom !== "72" && uom !== "38") {
    throw new RangeError(
      `${path}: uom of ${home} must be 72 (Wh) or 38 (W), got ${
        quoted(uom ?? "")
      }; leave meters of gas, ` +
        "water and reactive energy out",
    );
  }
  if (flow !== "1" && flow !== "19") {
    throw new RangeError(
      `${path}: flowDirection of ${home} must be 1 (to the home) or 19 (from it), got ${
        quoted(flow)
      }; ` +
        "export a meter of one direction",
    );
  }
  const quantity: Quantity = uom === "38"
    ? "power"
    : field("accumulationBehaviour") === "3"
    ? "register"
    : "energy";
  const role: Role = flow === "1" ? "import" : "export";
  const count = blocks.reduce((sum, { values }) => sum + values.length, 0);
  const moments = new Uint32Array(count), values = new Float64Array(count);
  const durations: number[] = [];
  let at = 0;
  for (const block of blocks) {
    moments.set(block.starts.whole(), at);
    block.values.whole().forEach((value, k) => values[at + k] = value * 10 ** (power - 3));
    for (const duration of block.durations.whole()) if (duration > 0) durations.push(duration);
    at += block.values.length;
  }
  const step = durations.length > 0 ? mode(durations) : Number(field("intervalLength"));
  if (!(step > 0)) {
    throw new RangeError(`${path}: neither readings nor ReadingType state how long an interval is`);
  }
  const other = durations.find((duration) => duration !== step);
  if (other !== undefined && quantity !== "register") {
    throw new RangeError(
      `${path}: intervals of ${other / 60} min where others of ${home} have ${
        step / 60
      } min; keep one ` +
        "length in a file: split it, several files may be given at once",
    );
  }
  const sorted = ordered(moments, values);
  const unit = quantity === "power" ? "kW" : "kWh";
  return {
    path,
    home,
    column: { column: "value", role, quantity, unit },
    readings: sorted,
    step,
    label: "start",
    place: (k) =>
      Promise.resolve(
        `${path}, IntervalReading of ${home} that starts at ` +
          new Date(sorted.moments[k] * 1000).toISOString(),
      ),
  };
}
