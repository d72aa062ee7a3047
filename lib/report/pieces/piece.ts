/**
 * A live piece of a chapter: a few numbers to drag, a computation, and the figure that answers. In a
 * notebook it is drawn once, for the numbers that stand there at first; in a published page it is
 * computed anew with every change, by the same code, in a Worker of the page.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import { fixed } from "../figures/common.ts";

/** A number to drag. */
export interface Control {
  /** Names it in {@linkcode Values}. */
  readonly name: string;
  /** What it is, for people; its unit is apart. */
  readonly label: string;
  /** Unit, behind the number. */
  readonly unit: string;
  /** Least. */
  readonly min: number;
  /** Most. */
  readonly max: number;
  /** From one to the next. */
  readonly step: number;
  /** At first. */
  readonly value: number;
}

/** Numbers of the controls by name. */
export type Values = Readonly<Record<string, number>>;

/** A live piece. What it computes is cloned from the Worker to the page, and so is plain data. */
export interface Piece<Data> {
  /** Names it in notebooks and pages. */
  readonly name: string;
  /** What to drag. */
  readonly controls: readonly Control[];
  /** Label of the button that starts a long computation; absent to compute with every change. */
  readonly start?: string;
  /** What comes of the values: again and again where it takes long, the last one being the answer. */
  compute(values: Values): AsyncIterable<Data>;
  /** The answer as a figure; its title says it in a sentence. */
  figure(data: Data, values: Values): Figure;
}

/** The numbers that stand there at first. */
export function firstValues({ controls }: Pick<Piece<unknown>, "controls">): Values {
  return Object.fromEntries(controls.map(({ name, value }) => [name, value]));
}

/** What a piece comes to at last. */
export async function answerOf<Data>(piece: Piece<Data>, values: Values): Promise<Data> {
  let last: { readonly data: Data } | null = null;
  for await (const data of piece.compute(values)) last = { data };
  if (last === null) throw new Error(`the piece ${piece.name} computed nothing`);
  return last.data;
}

/** A number in the decimals of its control, with its unit. */
export function inUnits({ step, unit }: Control, value: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return `${fixed(value, decimals)}${unit === "" ? "" : ` ${unit}`}`;
}
