/**
 * `learning_curve.csv` as training writes it, together with every checkpoint, and cut back to the
 * checkpoint when training goes on from there.
 *
 * @module
 */

import { LEARNING_CURVE_COLUMNS } from "../lib/evaluation/learning_curve.ts";

/** Name of the file in the folder of a training. */
export const CURVE_FILE = "learning_curve.csv";

/** Values of a row by column; `null` is an empty cell, and other fields are left out. */
export type LearningCurveRow = Readonly<Record<string, unknown>>;

/** The rows of one training. */
export class LearningCurve {
  readonly #lines: string[];
  /** Seconds that the rows before a resumption took. [s] */
  readonly secondsBefore: number;

  /** A curve that begins with these rows. */
  constructor(lines: readonly string[] = []) {
    this.#lines = [...lines];
    const seconds = Object.keys(LEARNING_CURVE_COLUMNS).indexOf("seconds");
    this.secondsBefore = lines.length === 0
      ? 0
      : Number(lines[lines.length - 1].split(",")[seconds]);
  }

  /** The curve in the file up to `timesteps`, the end of the checkpoint. */
  static async resume(path: string, timesteps: number): Promise<LearningCurve> {
    const [, ...lines] = (await Deno.readTextFile(path)).trimEnd().split("\n");
    return new LearningCurve(lines.filter((line) => parseInt(line) <= timesteps));
  }

  /** Adds a row. */
  add(row: LearningCurveRow): void {
    this.#lines.push(Object.keys(LEARNING_CURVE_COLUMNS).map((name) => row[name] ?? "").join(","));
  }

  /** The file's text. */
  text(): string {
    const header = Object.keys(LEARNING_CURVE_COLUMNS).join(",");
    return [header, ...this.#lines, ""].join("\n");
  }
}
