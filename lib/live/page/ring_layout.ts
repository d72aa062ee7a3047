/**
 * Where the homes stand: on ellipses around the market, with a gap at the top for the grid.
 *
 * @module
 */

import { HUB, LARGEST_MARK, type Layout, type Point } from "./layout.ts";

const SMALLEST_MARK = 6;
/** Angle on each side of the top that is kept for the grid. [rad] */
const GAP = 0.42;

/**
 * Homes on ellipses around the centre, with a gap at the top: as large as they fit, and on as few
 * ellipses as they need.
 */
export function ring(count: number, width: number, height: number): Layout {
  const centre = { x: width / 2, y: height / 2 + 14 };
  let size = LARGEST_MARK;
  let rings = ringsFor(size, count, width, height, centre);
  while (roomOf(rings) < count && size > SMALLEST_MARK) {
    rings = ringsFor(--size, count, width, height, centre);
  }
  const places: Point[] = [];
  rings.forEach((ring, k) => {
    const left = count - places.length;
    const last = k === rings.length - 1;
    const here = last ? left : Math.round((left * ring.room) / roomOf(rings.slice(k)));
    for (let i = 0; i < here; i++) {
      const angle = -Math.PI / 2 + GAP + ((i + 0.5) / here) * (2 * Math.PI - 2 * GAP);
      const [x, y] = [centre.x + ring.rx * Math.cos(angle), centre.y + ring.ry * Math.sin(angle)];
      places.push({ x, y });
    }
  });
  return {
    size,
    hub: centre,
    tower: { x: centre.x, y: 17 },
    gridFrom: { x: centre.x, y: 30 },
    gridTo: { x: centre.x, y: centre.y - HUB },
    gridText: { x: centre.x + 30, y: 20, anchor: "start" },
    places: places.map(({ x, y }) => {
      const toHub = Math.atan2(centre.y - y, centre.x - x);
      const joint = { x: centre.x - HUB * Math.cos(toHub), y: centre.y - HUB * Math.sin(toHub) };
      return { x, y, joint };
    }),
    wires: "",
  };
}

interface Ring {
  readonly rx: number;
  readonly ry: number;
  /** Homes that fit on it. */
  readonly room: number;
}

/** Ellipses from the outside in, until `count` homes fit or there is no more room. */
function ringsFor(
  size: number,
  count: number,
  width: number,
  height: number,
  centre: Point,
): Ring[] {
  const rings: Ring[] = [];
  while (roomOf(rings) < count) {
    const inset = size + 3 + rings.length * size * 2.4;
    const rx = Math.min(width / 2, height * 0.8) - inset;
    const ry = height - centre.y - inset;
    if (Math.min(rx, ry) < HUB + size * 1.5) break;
    const perimeter = 2 * Math.PI * Math.sqrt((rx * rx + ry * ry) / 2);
    rings.push({ rx, ry, room: Math.floor((perimeter * (1 - GAP / Math.PI)) / (size * 2.3)) });
  }
  return rings;
}

function roomOf(rings: readonly Ring[]): number {
  return rings.reduce((sum, { room }) => sum + room, 0);
}
