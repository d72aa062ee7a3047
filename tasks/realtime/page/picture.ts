/**
 * The community as a picture: homes around the market, each with its sun, its load, the charge of its
 * battery and what flows between it and the others, and the grid above.
 *
 * @module
 */

/// <reference lib="dom" />

import type { HomesNow } from "../protocol.ts";
import { byId, decimal, html, setAttributes, setText, svg, widthOf } from "./dom.ts";
import { writeLegend } from "./legend.ts";
import { policiesOf, type View } from "./view.ts";

interface Mark {
  readonly group: SVGGElement;
  readonly flow: SVGPathElement;
  readonly charge: SVGCircleElement | null;
  readonly sun: SVGCircleElement | null;
  readonly load: SVGRectElement | null;
  readonly body: SVGPathElement;
  readonly chargeLength: number;
}

interface Picture {
  readonly root: HTMLElement;
  readonly marks: readonly Mark[];
  readonly grid: SVGPathElement;
  readonly price: SVGTextElement;
  readonly volume: SVGTextElement;
  readonly gridText: SVGTextElement;
  readonly size: number;
}

const LARGEST_MARK = 30;
const SMALLEST_MARK = 6;
/** Below this radius a home is a ring without a house in it. [px] */
const DETAILED_MARK = 13;
/** Load that fills a house. [kW] */
const FULL_LOAD_KW = 4;
/** Angle on each side of the top that is kept for the grid. [rad] */
const GAP = 0.42;
const HUB = 46;
/** More moving lines than this are held still. */
const MOST_MOVING = 60;

let key = "";
let pictures: Picture[] = [];
let select: (home: number) => void = () => {};

/** Says what is to happen when a home is chosen. */
export function onSelect(action: (home: number) => void): void {
  select = action;
}

/** Draws the community as it is now. */
export function drawPictures(view: View): void {
  const { stage, frame } = view;
  const place = byId("pictures");
  const policies = policiesOf(stage);
  const columns = innerWidth > 760 ? policies.length : 1;
  const width = Math.max(280, Math.round((widthOf(place) - 16 * (columns - 1)) / columns));
  const homes = stage.homes.map(({ id, batteryKwh }) => `${id}${batteryKwh !== null}`);
  const wanted = JSON.stringify([policies, homes, width]);
  if (wanted !== key) {
    key = wanted;
    pictures = policies.map((policy) => build(view, policy, policies.length > 1, width));
    place.replaceChildren(...pictures.map(({ root }) => root));
    writeLegend("legend-community", [
      { label: "trade", colour: "var(--trade)", sample: "dashed" },
      { label: "from the grid", colour: "var(--import)", sample: "dashed" },
      { label: "to the grid", colour: "var(--export)", sample: "dashed" },
      { label: "battery", colour: "var(--battery)", sample: "line" },
      { label: "sun", colour: "var(--solar)", sample: "line" },
      { label: "load", colour: "var(--reference)", sample: "area" },
    ]);
    document.body.classList.toggle("homes-many", stage.homes.length > MOST_MOVING);
    document.body.classList.toggle("comparing", policies.length > 1);
  }
  pictures.forEach((picture, lane) => update(picture, view, frame.homes[lane], lane));
}

function build(view: View, policy: string, named: boolean, width: number): Picture {
  const { homes } = view.stage;
  const height = Math.round(Math.min(width, 470));
  const centre = { x: width / 2, y: height / 2 + 14 };
  const { size, places } = arrange(homes.length, width, height, centre);
  const root = html("div", { class: "picture" });
  if (named) {
    const title = html("h3", {}, "");
    title.append(html("span"), policy);
    root.append(title);
  }
  const drawing = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "group",
    "aria-label": `Homes under ${policy}; arrow keys go from home to home`,
  });
  const flows = svg("g"), fronts = svg("g");
  const gridLine = svg("path", {
    class: "flow",
    d: `M${centre.x} ${centre.y - HUB}V30`,
    stroke: "var(--line)",
    "stroke-dasharray": "8 8",
  });
  flows.append(gridLine);
  const gridText = svg("text", {
    x: centre.x + 30,
    y: 20,
    "font-size": 13,
    fill: "var(--ink)",
  });
  fronts.append(pylon(centre.x, 17), gridText);
  const price = hubText(centre.x, centre.y - 2, 19, "var(--ink)", 650);
  const volume = hubText(centre.x, centre.y + 30, 12, "var(--quiet)", 400);
  fronts.append(
    svg("circle", {
      cx: centre.x,
      cy: centre.y,
      r: HUB,
      fill: "var(--panel)",
      stroke: "var(--trade)",
      "stroke-width": 2,
    }),
    price,
    hubText(centre.x, centre.y + 14, 11, "var(--quiet)", 400, `${view.stage.currency}/kWh`),
    volume,
  );
  const marks = homes.map((home, i) => {
    const { x, y } = places[i];
    const toHub = Math.atan2(centre.y - y, centre.x - x);
    const flow = svg("path", {
      class: "flow",
      d: `M${x + size * Math.cos(toHub)} ${y + size * Math.sin(toHub)}` +
        `L${centre.x - HUB * Math.cos(toHub)} ${centre.y - HUB * Math.sin(toHub)}`,
      "stroke-dasharray": size < DETAILED_MARK ? "none" : "8 8",
      "stroke-opacity": size < DETAILED_MARK ? 0.45 : 1,
    });
    flows.append(flow);
    const mark = homeMark(i, home.batteryKwh !== null, home.pvCapacityKw > 0, x, y, size, flow);
    fronts.append(mark.group);
    return mark;
  });
  drawing.append(flows, fronts);
  drawing.addEventListener("keydown", (event) => move(event, marks));
  root.append(drawing);
  return { root, marks, grid: gridLine, price, volume, gridText, size };
}

/**
 * Homes on ellipses around the centre, with a gap at the top: as large as they fit, and on as few
 * ellipses as they need.
 */
function arrange(count: number, width: number, height: number, centre: { x: number; y: number }) {
  let size = LARGEST_MARK;
  let rings = ringsFor(size, count, width, height, centre);
  while (roomOf(rings) < count && size > SMALLEST_MARK) {
    rings = ringsFor(--size, count, width, height, centre);
  }
  const places: { x: number; y: number }[] = [];
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
  return { size, places };
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
  centre: { x: number; y: number },
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

function homeMark(
  i: number,
  battery: boolean,
  panels: boolean,
  x: number,
  y: number,
  size: number,
  flow: SVGPathElement,
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
  group.addEventListener("click", () => select(i));
  return { group, flow, charge, sun, load, body, chargeLength };
}

function update(picture: Picture, view: View, now: HomesNow | undefined, lane: number): void {
  const { stage, slots, selected } = view;
  const slot = slots.at(-1)?.lanes[lane];
  const price = slot?.clearingPricePerKwh ?? null;
  setText(picture.price, price === null ? "–" : decimal(price, 3));
  setText(picture.volume, slot === undefined ? "" : `${decimal(slot.volumeKwh, 1)} kWh`);
  const gridKw = slot?.gridKw ?? 0;
  const limit = slots.at(-1)?.importLimitKw;
  setText(
    picture.gridText,
    slot === undefined
      ? "grid"
      : limit === 0
      ? "no grid"
      : `${gridKw < 0 ? "exports" : "imports"} ${decimal(Math.abs(gridKw), 1)} kW`,
  );
  drawFlow(
    picture.grid,
    gridKw,
    gridKw > 0 ? "var(--import)" : "var(--export)",
    stage.homes.length,
    // The grid's line begins at the market: import comes the other way.
    gridKw > 0 ? "out" : "in",
  );
  stage.homes.forEach((home, i) => {
    const mark = picture.marks[i];
    mark.group.classList.toggle("selected", i === selected);
    if (now === undefined) {
      setAttributes(mark.flow, { "stroke-width": 0 });
      if (mark.charge !== null) setAttributes(mark.charge, dashes(0, mark.chargeLength));
      setAttributes(mark.group, { "aria-label": home.id });
      return;
    }
    const traded = now.tradedKwh[i], grid = now.gridKwh[i];
    const net = (traded + grid) / stage.dtHours;
    const mostly = Math.abs(traded) >= Math.abs(grid) && traded !== 0
      ? "var(--trade)"
      : grid > 0
      ? "var(--import)"
      : "var(--export)";
    // Where there are many homes, their lines are thinner as well.
    const crowd = (LARGEST_MARK / picture.size) ** 2;
    drawFlow(mark.flow, net, mostly, crowd, net > 0 ? "out" : "in");
    if (mark.charge !== null) {
      setAttributes(mark.charge, {
        ...dashes(now.socFraction[i], mark.chargeLength),
        stroke: home.failed ? "var(--alarm)" : "var(--battery)",
      });
    }
    const short = now.unservedKw[i] > 1e-6;
    const colour = short ? "var(--alarm)" : "var(--ink)";
    const { size } = picture;
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
    // Nobody can read out every home in every picture: while it plays, only the one in focus.
    if (!view.frame.playing || mark.group === document.activeElement) {
      setAttributes(mark.group, { "aria-label": inWords(view, now, i) });
    }
  });
}

function inWords({ stage }: View, now: HomesNow, i: number): string {
  const { id, batteryKwh, failed } = stage.homes[i];
  const kwh = now.tradedKwh[i];
  const parts = [
    `${id}: load ${decimal(now.loadKw[i], 1)} kW`,
    `sun ${decimal(now.pvKw[i], 1)} kW`,
    ...(batteryKwh === null
      ? []
      : [`battery ${Math.round(100 * now.socFraction[i])} %${failed ? ", failed" : ""}`]),
    ...(kwh === 0 ? [] : [`${kwh > 0 ? "buys" : "sells"} ${decimal(Math.abs(kwh), 2)} kWh`]),
    ...(now.unservedKw[i] > 1e-6 ? [`${decimal(now.unservedKw[i], 1)} kW not served`] : []),
  ];
  return parts.join(", ");
}

function drawFlow(
  line: SVGPathElement,
  powerKw: number,
  colour: string,
  homes: number,
  direction: "in" | "out",
): void {
  const size = Math.abs(powerKw) < 0.005
    ? 0
    : Math.min(9, 1 + 2.4 * Math.sqrt(Math.abs(powerKw) / homes));
  setAttributes(line, {
    "stroke-width": size.toFixed(2),
    stroke: colour,
    class: size === 0 ? "flow" : `flow ${direction}`,
  });
}

function dashes(share: number, length: number) {
  return { "stroke-dasharray": `${(share * length).toFixed(2)} ${length.toFixed(2)}` };
}

function hubText(x: number, y: number, size: number, fill: string, weight: number, text = "") {
  return svg("text", {
    x,
    y,
    "text-anchor": "middle",
    "font-size": size,
    "font-weight": weight,
    fill,
  }, text);
}

/** A transmission tower. */
function pylon(x: number, y: number): SVGPathElement {
  return svg("path", {
    d: `M${x - 9} ${y + 15}L${x - 3} ${y - 13}H${x + 3}L${x + 9} ${y + 15}` +
      `M${x - 12} ${y - 6}H${x + 12}M${x - 10} ${y + 1}H${x + 10}` +
      `M${x - 7} ${y + 6}L${x + 5} ${y}M${x + 7} ${y + 6}L${x - 5} ${y}`,
    fill: "none",
    stroke: "var(--ink)",
    "stroke-width": 1.6,
    "stroke-linecap": "round",
  });
}

/** Arrow keys go from home to home, enter and space select. */
function move(event: KeyboardEvent, marks: readonly Mark[]): void {
  const at = marks.findIndex(({ group }) => group === document.activeElement);
  if (at < 0) return;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (by !== undefined) {
    const next = marks[(at + by + marks.length) % marks.length].group;
    marks[at].group.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  } else if (event.key === "Enter" || event.key === " ") select(at);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
