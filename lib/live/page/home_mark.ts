/**
 * A home in the picture: a house with its load in it, its sun above, and the charge of its battery as
 * a ring around it.
 *
 * @module
 */

/// <reference lib="dom" />

import type { HomeDevice, HomesNow } from "../session.ts";
import { type DeviceMark, deviceMark, updateDeviceMark } from "./device_mark.ts";
import { stateInWords } from "./device_words.ts";
import { decimal, setAttributes, setText, svg } from "./dom.ts";
import { LARGEST_MARK } from "./layout.ts";
import type { View } from "./view.ts";

/** Below this radius a home is a ring without a house in it. [px] */
export const DETAILED_MARK = 13;

/** Load that fills a house. [kW] */
const FULL_LOAD_KW = 4;

/** The parts of a home that change. */
export interface Mark {
  readonly group: SVGGElement;
  readonly flow: Flow;
  /** Name and trade, shown while the home is pointed at or in focus. */
  readonly label: SVGTextElement;
  readonly charge: SVGCircleElement | null;
  readonly sun: SVGCircleElement | null;
  readonly load: SVGRectElement | null;
  readonly body: SVGPathElement;
  readonly chargeLength: number;
  /** What is drawn of each device; empty where homes are too small. */
  readonly devices: readonly DeviceMark[];
}

/** A line along which energy flows, and the arrow on it that says which way. */
export interface Flow {
  readonly line: SVGPathElement;
  readonly arrow: SVGPathElement;
  /** Where the arrow is, and the direction of the line. [px], [°] */
  readonly at: { readonly x: number; readonly y: number; readonly degrees: number };
}

/** A line from one point to another. */
export function flowLine(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  attributes: Record<string, string | number>,
): Flow {
  return {
    line: svg("path", { class: "flow", d: `M${from.x} ${from.y}L${to.x} ${to.y}`, ...attributes }),
    arrow: svg("path", { d: "M-4 -4.5L5 0L-4 4.5Z" }),
    at: {
      x: (from.x + to.x) / 2,
      y: (from.y + to.y) / 2,
      degrees: Math.atan2(to.y - from.y, to.x - from.x) * 180 / Math.PI,
    },
  };
}

/** Draws a home; {@linkcode Mark} holds what changes. */
export function homeMark(
  i: number,
  battery: boolean,
  panels: boolean,
  devices: readonly HomeDevice[],
  x: number,
  y: number,
  size: number,
  flow: Flow,
  select: (home: number) => void,
): Mark {
  const group = svg("g", {
    class: "home-mark",
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    role: "button",
    tabindex: i === 0 ? 0 : -1,
    "data-home": i,
  });
  const ring = size * 0.86;
  const chargeLength = 2 * Math.PI * ring;
  const width = Math.max(2.5, size * 0.16);
  group.append(svg("circle", { class: "halo", r: size + 1 }));
  group.append(svg("circle", { r: size, fill: "var(--panel)" }));
  let charge: SVGCircleElement | null = null;
  if (battery) {
    const arc = { r: ring, fill: "none", "stroke-width": width };
    charge = svg("circle", { ...arc, stroke: "var(--battery)", transform: "rotate(-90)" });
    group.append(svg("circle", { ...arc, stroke: "var(--line)" }), charge);
  } else {
    group.append(svg("circle", {
      r: ring,
      fill: "none",
      stroke: "var(--line)",
      "stroke-width": 1,
      "stroke-dasharray": "2 3",
    }));
  }
  const detailed = size >= DETAILED_MARK;
  const u = size / 30;
  let load: SVGRectElement | null = null;
  if (detailed) {
    load = svg("rect", { x: -10 * u, width: 20 * u, fill: "var(--reference)" });
    group.append(load);
  }
  const body = svg("path", {
    d: detailed
      ? `M${-12 * u} ${1 * u}L0 ${-10 * u}L${12 * u} ${1 * u}M${-10 * u} ${0}V${13 * u}` +
        `H${10 * u}V0`
      : `M0 ${-size * 0.4}A${size * 0.4} ${size * 0.4} 0 1 1 -0.01 ${-size * 0.4}Z`,
    fill: detailed ? "none" : "var(--reference)",
    stroke: "var(--ink)",
    "stroke-width": detailed ? Math.max(1.2, 1.6 * u) : 0,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
  });
  group.append(body);
  let sun: SVGCircleElement | null = null;
  if (panels) {
    sun = svg("circle", {
      cx: detailed ? 8 * u : 0,
      cy: detailed ? -12 * u : 0,
      r: 0,
      fill: "var(--solar)",
    });
    group.append(sun);
  }
  const deviceMarks = detailed ? devices.map(({ kind }, k) => deviceMark(kind, k, u)) : [];
  group.append(...deviceMarks.map((mark) => mark.group));
  const label = svg("text", { class: "home-label", x, y: y + size + 15, "text-anchor": "middle" });
  for (const [event, shown] of [["pointerenter", true], ["pointerleave", false]] as const) {
    group.addEventListener(event, () => label.classList.toggle("pointed", shown));
  }
  group.addEventListener("focus", () => label.classList.add("focused"));
  group.addEventListener("blur", () => label.classList.remove("focused"));
  group.addEventListener("click", () => select(i));
  return { group, flow, label, charge, sun, load, body, chargeLength, devices: deviceMarks };
}

/** A home of which nothing is known yet. */
export function clearMark(mark: Mark, id: string): void {
  drawFlow(mark.flow, 0, "none", 1);
  setText(mark.label, id);
  if (mark.charge !== null) setAttributes(mark.charge, dashes(0, mark.chargeLength));
  setAttributes(mark.group, { "aria-label": id });
}

/** Draws home `i` as it is now. */
export function updateMark(mark: Mark, view: View, now: HomesNow, i: number, size: number): void {
  const { day } = view;
  const home = day.homes[i];
  const traded = now.tradedKwh[i], grid = now.gridKwh[i];
  const net = (traded + grid) / day.dtHours;
  const mostly = Math.abs(traded) >= Math.abs(grid) && traded !== 0
    ? traded > 0 ? "var(--trade)" : "var(--sale)"
    : grid > 0
    ? "var(--import)"
    : "var(--export)";
  // Where there are many homes, their lines are thinner as well.
  const crowd = (LARGEST_MARK / size) ** 2;
  // Lines go from homes to the market.
  drawFlow(mark.flow, -net, mostly, crowd);
  setText(mark.label, `${home.id}${tradeInWords(traded / day.dtHours, grid / day.dtHours)}`);
  if (mark.charge !== null) {
    setAttributes(mark.charge, {
      ...dashes(now.socFraction[i], mark.chargeLength),
      stroke: home.failed ? "var(--alarm)" : "var(--battery)",
    });
  }
  const short = now.unservedKw[i] > 1e-6;
  const colour = short ? "var(--alarm)" : "var(--ink)";
  if (mark.load !== null) {
    const share = Math.min(1, (now.loadKw[i] - now.unservedKw[i]) / FULL_LOAD_KW);
    const full = (13 / 30) * size;
    setAttributes(mark.load, { y: full * (1 - share), height: full * share });
    setAttributes(mark.body, { stroke: colour });
  } else setAttributes(mark.body, { fill: short ? "var(--alarm)" : "var(--reference)" });
  if (mark.sun !== null) {
    const share = home.pvCapacityKw > 0 ? Math.min(1, now.pvKw[i] / home.pvCapacityKw) : 0;
    setAttributes(mark.sun, {
      r: (Math.sqrt(share) * size * (mark.load === null ? 0.42 : 0.27)).toFixed(2),
    });
  }
  mark.devices.forEach((each, k) => updateDeviceMark(each, now.devices[i]?.[k]));
  // Nobody can read out every home in every picture: while it plays, only the one in focus.
  if (!view.frame.playing || mark.group === document.activeElement) {
    setAttributes(mark.group, { "aria-label": inWords(view, now, i) });
  }
}

function inWords({ day }: View, now: HomesNow, i: number): string {
  const { id, batteryKwh, failed, devices } = day.homes[i];
  const kwh = now.tradedKwh[i];
  const parts = [
    `${id}: load ${decimal(now.loadKw[i], 1)} kW`,
    `sun ${decimal(now.pvKw[i], 1)} kW`,
    ...(batteryKwh === null
      ? []
      : [`battery ${Math.round(100 * now.socFraction[i])} %${failed ? ", failed" : ""}`]),
    ...devices.flatMap(({ kind }, k) => {
      const state = now.devices[i]?.[k];
      return state === undefined ? [] : [`${kind} ${stateInWords(kind, state)}`];
    }),
    ...(kwh === 0 ? [] : [`${kwh > 0 ? "buys" : "sells"} ${decimal(Math.abs(kwh), 2)} kWh`]),
    ...(now.unservedKw[i] > 1e-6 ? [`${decimal(now.unservedKw[i], 1)} kW not served`] : []),
  ];
  return parts.join(", ");
}

function tradeInWords(tradedKw: number, gridKw: number): string {
  const parts = [
    ...(Math.abs(tradedKw) < 0.05
      ? []
      : [`${tradedKw > 0 ? "buys" : "sells"} ${decimal(Math.abs(tradedKw), 1)} kW`]),
    ...(Math.abs(gridKw) < 0.05
      ? []
      : [`${gridKw > 0 ? "from" : "to"} the grid ${decimal(Math.abs(gridKw), 1)} kW`]),
  ];
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** Draws what flows along a line, against it if below 0: as thick as it is much, and moving its way. */
export function drawFlow(
  { line, arrow, at }: Flow,
  powerKw: number,
  colour: string,
  homes: number,
): void {
  const size = Math.abs(powerKw) < 0.005
    ? 0
    : Math.min(9, 1 + 2.4 * Math.sqrt(Math.abs(powerKw) / homes));
  setAttributes(line, {
    "stroke-width": size.toFixed(2),
    stroke: colour,
    class: size === 0 ? "flow" : `flow ${powerKw > 0 ? "in" : "out"}`,
  });
  const degrees = at.degrees + (powerKw > 0 ? 0 : 180);
  const scale = size === 0 ? 0 : Math.max(0.75, size / 4);
  setAttributes(arrow, {
    fill: colour,
    transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)}) rotate(${degrees.toFixed(1)}) ` +
      `scale(${scale.toFixed(2)})`,
  });
}

function dashes(share: number, length: number) {
  return { "stroke-dasharray": `${(share * length).toFixed(2)} ${length.toFixed(2)}` };
}
