/**
 * All live pieces by name.
 *
 * @module
 */

import { oneOf } from "../../text/nearest.ts";
import { batteryDay } from "./battery_day.ts";
import { carsFeeder } from "./cars_feeder.ts";
import { marketBid } from "./four_homes.ts";
import type { Piece } from "./piece.ts";
import { training } from "./training.ts";

const PIECES: readonly Piece<unknown>[] = [training, batteryDay, marketBid, carsFeeder];

/**
 * The piece of this name; what it computes is for its own figure alone.
 *
 * @throws {RangeError} If there is none.
 */
export function pieceNamed(name: string): Piece<unknown> {
  oneOf("live piece", name, PIECES.map((piece) => piece.name));
  return PIECES.find((piece) => piece.name === name)!;
}
