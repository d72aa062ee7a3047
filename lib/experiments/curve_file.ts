/**
 * `learning_curve.csv` as training writes it, together with every checkpoint, and cut back to the
 * checkpoint when training goes on from there.
 *
 * @module
 */

import { LEARNING_CURVE_COLUMNS } from "../evaluation/learning_curve.ts";
import { LARGEST_BYTES, readTextWithin } from "../data/bounded_file.ts";
import { type Cell, csvLine } from "../text/csv.ts";
import { quoted } from "../text/shown.ts";

/** Name of the file in the folder of a training. */
export const CURVE_FILE = "learning_curve.csv";

/** Values of a row by column; `null` is an empty cell, and other fields are left out. */
export type LearningCurveRow = Readonly<Record<string, unknown>>;

const COLUMNS = Object.keys(LEARNING_CURVE_COLUMNS);
const HEADER = csvLine(COLUMNS).trimEnd();

/** The rows of one training. */
export class LearningCurve {
  readonly #lines: string[];
  /** Seconds that the rows before a resumption took. [s] */
  readonly secondsBefore: number;

  /** A curve that begins with these rows. */
  constructor(lines: readonly string[] = []) {
    this.#lines = [...lines];
    const seconds = COLUMNS.indexOf("seconds");
    this.secondsBefore = lines.length === 0
      ? 0
      : Number(lines[lines.length - 1].split(",")[seconds]);
  }

  /** The curve in the file up to `timesteps`, the end of the checkpoint. */
  static async resume(path: string, timesteps: number): Promise<LearningCurve> {
    const options = { maxBytes: LARGEST_BYTES.orders, remedy: "the folder of a run holds one" };
    const [header, ...lines] = (await readTextWithin(path, options)).trimEnd().split(/\r?\n/);
    if (header !== HEADER) throw new RangeError(`${path}: the first row must be ${HEADER}`);
    lines.forEach((line, row) => requireNumbers(line, `${path} row ${row + 2}`));
    return new LearningCurve(lines.filter((line) => parseInt(line) <= timesteps));
  }

  /** Slots of one community played up to its last row. */
  get timesteps(): number {
    return parseInt(this.#lines.at(-1) ?? "0");
  }

  /** Adds a row. */
  add(row: LearningCurveRow): void {
    this.#lines.push(csvLine(COLUMNS.map((name) => (row[name] ?? null) as Cell)).trimEnd());
  }

  /** The file's text. */
  text(): string {
    return [HEADER, ...this.#lines, ""].join("\n");
  }
}

function requireNumbers(line: string, place: string): void {
  const kinds = Object.values(LEARNING_CURVE_COLUMNS);
  const cells = line.split(",");
  const isRow = cells.length === kinds.length &&
    cells.every((cell, k) =>
      kinds[k] === "text"
        ? /^[A-Z]{3}$/.test(cell)
        : cell === ""
        ? kinds[k] === "number or empty"
        : Number.isFinite(Number(cell))
    );
  if (!isRow) {
    throw new RangeError(
      `${place}: must be ${kinds.length - 1} numbers and a currency, got ${quoted(line)}`,
    );
  }
}
