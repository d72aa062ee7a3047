/**
 * Homes on the feeder that they are on: a bus bar behind the transformer, a row for each cable from it,
 * and along the cable its nodes in the order in which the current meets them, homes above and below.
 *
 * @module
 */

import type { FeederDescription } from "../feeder_now.ts";
import { HUB, LARGEST_MARK, type Layout, type Place, type Point } from "./layout.ts";

/** A layout, and where the nodes of the feeder are. */
export interface FeederLayout extends Layout {
  readonly nodes: readonly Point[];
}

/** Between a cable and the homes at it. [px] */
const LEG = 15;
/** Between rows, for their homes' names. [px] */
const BETWEEN = 8;

/** Homes along the cables of their feeder. */
export function feederLayout(
  { parent, nodeOf }: FeederDescription,
  width: number,
  height: number,
): FeederLayout {
  const hub = { x: HUB + 4, y: height / 2 + 8 };
  const bar = 2 * HUB + 20;
  const rows = rowsOf(parent, nodeOf);
  const pitch = (height - 6) / rows.length;
  const columns = Math.max(...rows.map(({ homes }) => Math.ceil(homes.length / 2)), 1);
  const apart = (width - bar - 8) / columns;
  const fits = Math.min(LARGEST_MARK, 0.45 * apart, (pitch - 2 * LEG - BETWEEN) / 4);
  const size = Math.max(3, Math.floor(fits * 10) / 10);
  const places: Place[] = new Array(nodeOf.length);
  const nodes: Point[] = parent.map(() => ({ x: bar, y: hub.y }));
  const middle = (row: number) => 3 + (row + 0.5) * pitch;
  const wires = [`M${hub.x + HUB} ${hub.y}H${bar}`];
  if (rows.length > 1) {
    wires.push(`M${bar} ${middle(0).toFixed(1)}V${middle(rows.length - 1).toFixed(1)}`);
  }
  rows.forEach(({ homes, members }, row) => {
    const y = middle(row);
    homes.forEach((home, k) => {
      const x = bar + (Math.floor(k / 2) + 0.5) * apart;
      const side = k % 2 === 0 ? -1 : 1;
      places[home] = { x, y: y + side * (LEG + size), joint: { x, y } };
    });
    // A node is where its first home is, or the first of what it feeds; service lines end at their home.
    const firstOf = new Map<number, number>();
    for (const home of homes) {
      for (let at = nodeOf[home]; at > 0; at = parent[at]) {
        if (!firstOf.has(at)) firstOf.set(at, home);
      }
    }
    for (const node of members) {
      const home = firstOf.get(node);
      const place = home === undefined ? undefined : places[home];
      const isService = home !== undefined && nodeOf[home] === node && parent[node] > 0 &&
        !parent.includes(node);
      nodes[node] = place === undefined
        // A dead end is where the cable is that feeds it.
        ? { x: nodes[parent[node]].x, y }
        : isService
        ? { x: place.x, y: y + Math.sign(place.y - y) * LEG * 0.7 }
        : { x: place.x, y };
    }
    const last = Math.max(bar, ...homes.map((home) => places[home].x));
    wires.push(`M${bar} ${y.toFixed(1)}H${last.toFixed(1)}`);
  });
  return {
    size,
    hub,
    tower: { x: hub.x, y: 17 },
    gridFrom: { x: hub.x, y: 32 },
    gridTo: { x: hub.x, y: hub.y - HUB },
    gridText: { x: hub.x - HUB, y: hub.y + HUB + 20, anchor: "start" },
    places,
    wires: wires.join(""),
    nodes,
  };
}

interface Row {
  /** Homes in the order in which the current meets them. */
  readonly homes: readonly number[];
  /** Nodes of the row. */
  readonly members: readonly number[];
}

/** A row for each cable from the first node that feeds homes, and one for homes at the first node itself. */
function rowsOf(parent: readonly number[], nodeOf: readonly number[]): Row[] {
  const children = parent.map((): number[] => []);
  parent.forEach((above, node) => above >= 0 && children[above].push(node));
  const homesAt = parent.map((): number[] => []);
  nodeOf.forEach((node, home) => homesAt[node].push(home));
  const rowFrom = (first: number): Row => {
    const homes: number[] = [], members: number[] = [], left = [first];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      members.push(node);
      homes.push(...homesAt[node]);
      // Service lines before the cable that goes on.
      const next = children[node].toSorted((a, b) => children[b].length - children[a].length);
      left.push(...next);
    }
    return { homes, members };
  };
  const rows = children[0].map(rowFrom).filter(({ homes }) => homes.length > 0);
  return homesAt[0].length > 0 ? [{ homes: homesAt[0], members: [] }, ...rows] : rows;
}
