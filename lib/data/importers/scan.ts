/**
 * Reads the rows of a meter file into series, straight from its bytes: a year of a thousand homes has
 * 35 million readings, for which there is no time to make a text of each cell.
 *
 * @module
 */

import { commaHint } from "../../text/decimal.ts";
import { quoted } from "../../text/shown.ts";
import { cellsOf, decoded, textChunks } from "./dialect.ts";
import type { Layout, ValueColumn } from "./layout.ts";
import { SeriesIndex, type Sink } from "./series_index.ts";
import { Growing } from "./growing.ts";
import { NumberReader } from "./number_reader.ts";
import { StampReader } from "./stamps.ts";

/** Readings of one register of one home, in the order of the rows. */
export interface Series {
  /** The home as the file names it. */
  readonly home: string;
  /** Column that the readings stand in, what they measure, how they count, and in which unit. */
  readonly column: ValueColumn;
  /** Time stamps: local or, if the file states offsets, universal time. Shared by columns. [s] */
  readonly stamps: Uint32Array;
  /** Readings; NaN where there is none. [kWh or kW] */
  readonly values: Float64Array;
}

/** A meter file, read. */
export interface Scan {
  readonly series: readonly Series[];
  /** Least and largest offset that stamps state; `null` if they state none. [min] */
  readonly offsets: readonly [least: number, most: number] | null;
  /** Rows by what their status says. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Rows below the header. */
  readonly rows: number;
  /** Rows of registers that are not read, by the register. */
  readonly left: ReadonlyMap<string, number>;
}

/** Says where a reading stands, for messages. */
export interface Target {
  readonly series: number;
  readonly index: number;
}

const enum Use {
  None,
  Time,
  Home,
  Register,
  Status,
  Value,
}

/** Statuses by which a reading does not count. */
const NO_READING = /^(f|fehlt|fehlend|invalid|ung[üu]ltig|bad|missing|fehler|error)$/i;
const LINE_FEED = 10, RETURN = 13, QUOTE = 34, SPACE = 32;

/**
 * Reads a meter file.
 *
 * @throws {RangeError} Naming file, row, column and value of the first cell that is none of its kind.
 */
export async function scanMeters(path: string, layout: Layout): Promise<Scan> {
  const scanner = new Scanner(path, layout);
  for await (const chunk of textChunks(path, layout.encoding)) scanner.feed(chunk);
  return scanner.end();
}

/** Row of a reading: the file is read again, as that is only needed where it is refused. */
export async function rowOf(path: string, layout: Layout, target: Target): Promise<number> {
  const scanner = new Scanner(path, layout, target);
  for await (const chunk of textChunks(path, layout.encoding)) {
    scanner.feed(chunk);
    if (scanner.targetRow > 0) break;
  }
  return scanner.targetRow;
}

class Scanner {
  targetRow = 0;
  readonly #path: string;
  readonly #layout: Layout;
  readonly #target: Target | undefined;
  readonly #reader: StampReader;
  readonly #numbers: NumberReader;
  readonly #separator: number;
  #uses: Uint8Array = new Uint8Array(0);
  #valueAt: Int32Array = new Int32Array(0);
  #width = 0;
  #row = 0;
  #dataRows = 0;
  /** A wide table has one list of stamps. */
  readonly #stamps = new Growing(Uint32Array);
  readonly #sinks: Sink[] = [];
  readonly #index: SeriesIndex;
  readonly #statuses = new Map<string, number>();
  #least = Infinity;
  #most = -Infinity;
  #naive = 0;
  readonly #values: Float64Array;
  /** Begin and end of the cells that tell whose reading it is. */
  readonly #home = [0, 0];
  readonly #register = [0, 0];
  readonly #isLong: boolean;
  /** Row above that of the first reading. */
  readonly #firstRow: number;
  /** Begin, end and column of a cell of the row that is no number. */
  readonly #wrong = [0, 0, -1];

  constructor(path: string, layout: Layout, target?: Target) {
    this.#path = path;
    // What comes in two bytes a letter is read as UTF-8.
    this.#layout = layout.encoding.startsWith("utf-16") ? { ...layout, encoding: "utf-8" } : layout;
    this.#target = target;
    this.#reader = new StampReader(layout.dateOrder);
    this.#numbers = new NumberReader(layout.decimal, layout.encoding);
    this.#firstRow = layout.headerRow + (layout.hasUnitRow === true ? 1 : 0);
    this.#separator = layout.separator.charCodeAt(0);
    this.#values = new Float64Array(layout.values.length);
    this.#index = new SeriesIndex(path, this.#layout, this.#sinks);
    this.#isLong = layout.homeColumn !== null || layout.registerColumn !== null;
    if (!this.#isLong) {
      for (const column of layout.values) {
        const values = new Growing(Float64Array);
        this.#sinks.push({ home: column.home ?? "", column, stamps: this.#stamps, values });
      }
    }
  }

  feed(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length;) {
      let end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) end = bytes.length;
      let last = end;
      while (last > start && bytes[last - 1] === RETURN) last--;
      this.#row++;
      if (this.#row === this.#layout.headerRow) this.#readHeader(bytes.subarray(start, last));
      else if (this.#row > this.#firstRow && last > start) {
        this.#readRow(bytes, start, last);
      }
      start = end + 1;
    }
  }

  end(): Scan {
    const naive = this.#naive > 0;
    if (this.#dataRows === 0) throw new RangeError(`${this.#path}: has no rows below its header`);
    const stamps = this.#isLong ? null : this.#stamps.whole();
    return {
      series: this.#sinks.map(({ home, column, stamps: own, values }) => ({
        home,
        column,
        stamps: stamps ?? own.whole(),
        values: values.whole(),
      })),
      offsets: naive ? null : [this.#least, this.#most],
      statuses: this.#statuses,
      rows: this.#dataRows,
      left: this.#index.left,
    };
  }

  #readHeader(bytes: Uint8Array): void {
    const { time, homeColumn, registerColumn, statusColumn, values, encoding, separator } =
      this.#layout;
    const header = cellsOf(
      this.#path,
      [decoded(bytes, encoding).replace(/^\ufeff/, "")],
      separator,
      this.#row,
    )[0];
    this.#width = header.length;
    this.#uses = Uint8Array.from(header, (name) => {
      if (time.includes(name)) return Use.Time;
      if (name === homeColumn) return Use.Home;
      if (name === registerColumn) return Use.Register;
      if (name === statusColumn) return Use.Status;
      return values.some(({ column }) => column === name) ? Use.Value : Use.None;
    });
    this.#valueAt = Int32Array.from(
      header,
      (name) => values.findIndex(({ column }) => column === name),
    );
  }

  #readRow(bytes: Uint8Array, start: number, last: number): void {
    const separator = this.#separator, uses = this.#uses, width = this.#width, wrong = this.#wrong;
    wrong[2] = -1;
    let column = 0, local = 0, offset = NaN, hasDate = false, isInvalid = false;
    for (let at = start; at <= last;) {
      let end = at;
      if (bytes[at] === QUOTE) {
        end = closing(bytes, at, last);
        while (end < last && bytes[end] !== separator) end++;
      } else while (end < last && bytes[end] !== separator) end++;
      if (column < width) {
        switch (uses[column]) {
          case Use.Time: {
            const reader = this.#reader;
            if (!reader.read(bytes, at, end)) {
              this.#refuseCell(bytes, at, end, column, "a time stamp");
            }
            if (reader.hasDate) hasDate = true;
            local += reader.localSeconds;
            if (!Number.isNaN(reader.offsetMinutes)) offset = reader.offsetMinutes;
            break;
          }
          case Use.Home:
            this.#home[0] = at;
            this.#home[1] = end;
            break;
          case Use.Register:
            this.#register[0] = at;
            this.#register[1] = end;
            break;
          case Use.Status:
            isInvalid = this.#countStatus(bytes, at, end);
            break;
          case Use.Value: {
            const value = this.#numbers.read(bytes, at, end);
            // Rows of registers that are not read may hold anything.
            if (value === null && wrong[2] < 0) [wrong[0], wrong[1], wrong[2]] = [at, end, column];
            this.#values[this.#valueAt[column]] = value ?? NaN;
          }
        }
      }
      column++;
      at = end + 1;
    }
    // A separator at the end of a row makes no cell.
    if (column !== width && !(column === width + 1 && bytes[last - 1] === separator)) {
      if (this.#isBlank(bytes, start, last)) return;
      throw new RangeError(
        `${this.#path} row ${this.#row}: has ${column} cells, the header has ${width}; is this ` +
          "another table, or a number with a separator in it? Keep one table in a file",
      );
    }
    if (!hasDate) {
      throw this.#fault("has a time of day without a date; write the date into each row");
    }
    this.#dataRows++;
    this.#place(bytes, local, offset, isInvalid);
  }

  /** Puts the readings of a row where they belong. */
  #place(bytes: Uint8Array, local: number, offset: number, isInvalid: boolean): void {
    let moment = local;
    if (Number.isNaN(offset)) this.#naive++;
    else {
      this.#least = Math.min(this.#least, offset);
      this.#most = Math.max(this.#most, offset);
      moment = local - offset * 60;
    }
    if (this.#naive > 0 && this.#least !== Infinity) {
      throw this.#fault(
        "some stamps state an offset from UTC and some do not; write all of them in one way",
      );
    }
    const sinks = this.#isLong
      ? this.#index.sinksOf(bytes, this.#home, this.#register, this.#row)
      : this.#sinks;
    const wrong = this.#wrong;
    if (wrong[2] >= 0 && sinks.length > 0) {
      this.#refuseCell(bytes, wrong[0], wrong[1], wrong[2], "a number");
    }
    if (!this.#isLong) this.#stamps.push(moment);
    for (let k = 0; k < sinks.length; k++) {
      if (this.#isLong) sinks[k].stamps.push(moment);
      sinks[k].values.push(isInvalid ? NaN : this.#values[k] * 1);
      if (this.#target !== undefined) this.#lookForTarget(sinks[k]);
    }
  }

  #lookForTarget(sink: Sink): void {
    const { series, index } = this.#target!;
    if (this.#sinks[series] === sink && sink.values.length === index + 1) {
      this.targetRow = this.#row;
    }
  }

  #countStatus(bytes: Uint8Array, start: number, end: number): boolean {
    const text = decoded(bytes.subarray(start, end), this.#layout.encoding).replaceAll('"', "")
      .trim();
    if (this.#statuses.size < 20 || this.#statuses.has(text)) {
      this.#statuses.set(text, (this.#statuses.get(text) ?? 0) + 1);
    }
    return NO_READING.test(text);
  }

  #isBlank(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      if (bytes[at] !== SPACE && bytes[at] !== this.#separator && bytes[at] !== 9) return false;
    }
    return true;
  }

  #refuseCell(bytes: Uint8Array, start: number, end: number, column: number, what: string): never {
    const text = decoded(bytes.subarray(start, end), this.#layout.encoding).trim()
      .replace(/^"(.*)"$/, "$1");
    const names = [...this.#layout.time, ...this.#layout.values.map(({ column }) => column)];
    const name = this.#uses[column] === Use.Value
      ? this.#layout.values[this.#valueAt[column]].column
      : names[0];
    const mark = this.#layout.decimal === "," ? "comma" : "point";
    const remedy = what === "a number"
      ? `with a decimal ${mark}, got ${quoted(text)}${
        commaHint(text)
      }; correct it, leave it empty, or ` +
        "say --decimal"
      : `of the form of the others, got ${quoted(text)}; correct or remove the row`;
    throw new RangeError(
      `${this.#path} row ${this.#row}, column ${name}: must be ${what} ${remedy}`,
    );
  }

  #fault(text: string): RangeError {
    return new RangeError(`${this.#path} row ${this.#row}: ${text}`);
  }
}

/** Behind the closing quote of a cell. */
function closing(bytes: Uint8Array, at: number, last: number): number {
  for (let k = at + 1; k < last; k++) {
    if (bytes[k] !== QUOTE) continue;
    if (bytes[k + 1] === QUOTE && k + 1 < last) k++;
    else return k + 1;
  }
  return last;
}
