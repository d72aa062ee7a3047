/**
 * What is drawn of the feeder beside homes and wires: its nodes in the colour of their voltage, and
 * around each home how much it may take (right) and give (left) in the slot.
 *
 * @module
 */

/// <reference lib="dom" />

import type { FeederDescription, FeederNow } from "../feeder_now.ts";
import { decimal, setAttributes, setText, svg } from "./dom.ts";
import type { FeederLayout } from "./feeder_layout.ts";
import type { LiveLegend } from "./chart.ts";

/** Room that fills its half of the circle. [kW] */
const FULL_ROOM_KW = 15;

/** The parts that change. */
export interface FeederMark {
  /** Goes below the homes. */
  readonly group: SVGGElement;
  /** Draws the feeder as it is now. */
  update(now: FeederNow | null): void;
}

/** What the legend says of a feeder. */
export const feederLegend: readonly LiveLegend[] = [
  { label: "low voltage", colour: "var(--import)", sample: "area" },
  { label: "high voltage", colour: "var(--export)", sample: "area" },
  { label: "room to take, right, and to give, left", colour: "var(--quiet)", sample: "line" },
];

/** Draws nodes and room. */
export function feederMark(
  { nodes, band }: FeederDescription,
  layout: FeederLayout,
): FeederMark {
  const group = svg("g", { class: "feeder" });
  const dots = layout.nodes.map(({ x, y }) =>
    svg("circle", {
      class: "feeder-node",
      cx: x.toFixed(1),
      cy: y.toFixed(1),
      r: layout.size > 12 ? 3.5 : 2.2,
      stroke: "var(--axis)",
      "stroke-width": 0.8,
      fill: "var(--panel)",
    })
  );
  const titles = dots.map((dot) => {
    const title = svg("title");
    dot.append(title);
    return title;
  });
  const radius = layout.size + 3.5;
  const rooms = layout.places.map(({ x, y }) =>
    (["import", "export"] as const).map((colour, side) => {
      // Half a circle from the top, clockwise to take, the other way to give.
      const sweep = side === 0 ? 1 : 0;
      return svg("path", {
        class: `room room-${colour}`,
        d: `M${x.toFixed(1)} ${(y - radius).toFixed(1)}` +
          `A${radius} ${radius} 0 0 ${sweep} ${x.toFixed(1)} ${(y + radius).toFixed(1)}`,
        fill: "none",
        stroke: `var(--${colour})`,
        "stroke-width": 2,
        opacity: 0.55,
        pathLength: 1,
        "stroke-dasharray": "0 1",
      });
    })
  );
  const words = svg("text", {
    class: "feeder-words",
    x: layout.gridText.x,
    y: layout.gridText.y + 17,
    "font-size": 12,
    fill: "var(--quiet)",
  });
  const transformer = svg("text", {
    x: layout.gridText.x,
    y: layout.gridText.y + 33,
    "font-size": 12,
    fill: "var(--quiet)",
  });
  group.append(...rooms.flat(), ...dots, words, transformer);
  return {
    group,
    update(now) {
      if (now === null) return;
      now.voltagePu.forEach((voltage, k) => {
        setAttributes(dots[k], { fill: voltageColour(voltage, band) });
        setText(titles[k], `${nodes[k]}: ${decimal(voltage, 3)} pu`);
      });
      rooms.forEach((halves, i) =>
        halves.forEach((half, side) => {
          const kw = (side === 0 ? now.mostKw : now.mostGivenKw)?.[i] ?? 0;
          const share = Math.min(1, kw / FULL_ROOM_KW);
          setAttributes(half, { "stroke-dasharray": `${share.toFixed(3)} 1` });
        })
      );
      const low = Math.min(...now.voltagePu), high = Math.max(...now.voltagePu);
      setText(words, `${decimal(low, 3)} – ${decimal(high, 3)} pu`);
      setText(transformer, `transformer ${Math.round(100 * now.transformerLoading)} %`);
    },
  };
}

/** Paler the nearer to the nominal voltage; in alarm beyond the band. */
function voltageColour(voltage: number, { leastPu, mostPu }: FeederDescription["band"]): string {
  if (voltage < leastPu || voltage > mostPu) return "var(--alarm)";
  const share = voltage < 1 ? (1 - voltage) / (1 - leastPu) : (voltage - 1) / (mostPu - 1);
  const colour = voltage < 1 ? "var(--import)" : "var(--export)";
  return `color-mix(in oklab, ${colour} ${
    Math.round(100 * Math.sqrt(Math.min(1, share)))
  }%, var(--panel))`;
}
