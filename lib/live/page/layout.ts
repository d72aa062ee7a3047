/**
 * Where things stand in the picture of a community: homes, market, grid, and the lines between them.
 *
 * @module
 */

/** A point of the picture. [px] */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a home stands, and where its line ends. */
export interface Place extends Point {
  readonly joint: Point;
}

/** Where everything stands. */
export interface Layout {
  /** Radius of a home. [px] */
  readonly size: number;
  /** Middle of the market. */
  readonly hub: Point;
  /** The grid: middle of its tower, where its line begins and ends, and where its words stand. */
  readonly tower: Point;
  readonly gridFrom: Point;
  readonly gridTo: Point;
  readonly gridText: Point & { readonly anchor: "start" | "middle" };
  readonly places: readonly Place[];
  /** Lines that several homes share, as a path; empty for none. */
  readonly wires: string;
}

/** Radius of the market in the middle. [px] */
export const HUB = 46;

/** Radius of a home where there is room. [px] */
export const LARGEST_MARK = 30;
