/**
 * Many homes: in streets on both sides of a main that comes from the market, each home above the line
 * of its street. A ring would make them dots.
 *
 * @module
 */

import { HUB, LARGEST_MARK, type Layout, type Place } from "./layout.ts";

/** From so many homes on they stand in streets. */
export const STREETS_FROM = 50;

/** Room for market and grid above the streets. [px] */
const HEAD = 2 * HUB + 18;
/** Between the main and the homes beside it. [px] */
const MAIN = 14;

/** Homes in as many streets as let them be largest. */
export function streets(count: number, width: number, height: number): Layout {
  const hub = { x: width / 2, y: HUB + 3 };
  const tower = { x: Math.max(16, hub.x - 170), y: hub.y };
  const depth = height - HEAD;
  const perSideOf = (rows: number) => Math.ceil(Math.ceil(count / rows) / 2);
  const sizeOf = (rows: number) =>
    Math.min(LARGEST_MARK, 0.44 * (width / 2 - MAIN) / perSideOf(rows), 0.36 * depth / rows);
  let rows = 1;
  for (let more = 2; more <= count; more++) if (sizeOf(more) > sizeOf(rows)) rows = more;
  const size = Math.floor(sizeOf(rows) * 10) / 10;
  const pitch = depth / rows;
  const apart = (width / 2 - MAIN) / perSideOf(rows);
  const places: Place[] = [];
  const wires = [`M${hub.x} ${hub.y + HUB}V${(HEAD + rows * pitch - 3).toFixed(1)}`];
  for (let row = 0; row < rows; row++) {
    const here = Math.ceil((count - places.length) / (rows - row));
    const line = HEAD + (row + 1) * pitch - 3;
    const perSide = Math.ceil(here / 2);
    for (let i = 0; i < here; i++) {
      const side = i < perSide ? -1 : 1;
      const along = i < perSide ? perSide - 1 - i : i - perSide;
      const x = hub.x + side * (MAIN + (along + 0.5) * apart);
      places.push({ x, y: line - pitch + size + 4, joint: { x, y: line } });
    }
    const left = hub.x - MAIN - (perSide - 0.5) * apart;
    const right = here > perSide ? hub.x + MAIN + (here - perSide - 0.5) * apart : hub.x;
    wires.push(`M${left.toFixed(1)} ${line.toFixed(1)}H${right.toFixed(1)}`);
  }
  return {
    size,
    hub,
    tower,
    gridFrom: { x: tower.x + 16, y: hub.y },
    gridTo: { x: hub.x - HUB, y: hub.y },
    gridText: { x: Math.max(tower.x, 60), y: tower.y + 36, anchor: "middle" },
    places,
    wires: wires.join(""),
  };
}
