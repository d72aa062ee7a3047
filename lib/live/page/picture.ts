/**
 * The community as a picture: homes around the market, each with its sun, its load, the charge of its
 * battery and what flows between it and the others, and the grid above.
 *
 * @module
 */

/// <reference lib="dom" />

import type { HomesNow } from "../session.ts";
import { byId, decimal, html, setAttributes, setText, svg, widthOf } from "./dom.ts";
import {
  clearMark,
  drawFlow,
  type Flow,
  flowLine,
  homeMark,
  type Mark,
  updateMark,
} from "./home_mark.ts";
import { feederLayout } from "./feeder_layout.ts";
import { feederLegend, type FeederMark, feederMark } from "./feeder_mark.ts";
import { HUB } from "./layout.ts";
import { writeLegend } from "./legend.ts";
import { ring } from "./ring_layout.ts";
import { streets, STREETS_FROM } from "./street_layout.ts";
import { policiesOf, type View } from "./view.ts";

interface Picture {
  readonly root: HTMLElement;
  readonly marks: readonly Mark[];
  readonly grid: Flow;
  readonly price: SVGTextElement;
  readonly volume: SVGTextElement;
  readonly gridText: SVGTextElement;
  readonly size: number;
  /** Nodes and room; `null` without a network. */
  readonly feeder: FeederMark | null;
}

/** More moving lines than this are held still. */
const MOST_MOVING = 40;

let key = "";
let pictures: Picture[] = [];
let select: (home: number) => void = () => {};

/** Says what is to happen when a home is chosen. */
export function onSelect(action: (home: number) => void): void {
  select = action;
}

/** Draws the community as it is now. */
export function drawPictures(view: View): void {
  const { day, frame } = view;
  const place = byId("pictures");
  const policies = policiesOf(day);
  const columns = innerWidth > 760 ? policies.length : 1;
  const width = Math.max(280, Math.round((widthOf(place) - 16 * (columns - 1)) / columns));
  const homes = day.homes.map(({ id, batteryKwh, devices }) =>
    `${id}${batteryKwh !== null}${devices.map(({ kind }) => kind)}`
  );
  const wanted = JSON.stringify([policies, homes, width]);
  if (wanted !== key) {
    key = wanted;
    pictures = policies.map((policy) => build(view, policy, policies.length > 1, width));
    place.replaceChildren(...pictures.map(({ root }) => root));
    writeLegend("legend-community", [
      { label: "buys from neighbours", colour: "var(--trade)", sample: "dashed" },
      { label: "sells to neighbours", colour: "var(--sale)", sample: "dashed" },
      { label: "from the grid", colour: "var(--import)", sample: "dashed" },
      { label: "to the grid", colour: "var(--export)", sample: "dashed" },
      { label: "battery", colour: "var(--battery)", sample: "line" },
      { label: "sun", colour: "var(--solar)", sample: "line" },
      { label: "load", colour: "var(--reference)", sample: "area" },
      ...(day.feeder === null ? [] : feederLegend),
    ]);
    document.body.classList.toggle("homes-many", day.homes.length > MOST_MOVING);
    document.body.classList.toggle("comparing", policies.length > 1);
  }
  pictures.forEach((picture, k) => update(picture, view, frame.homes[k], k));
}

function build(view: View, policy: string, named: boolean, width: number): Picture {
  const { homes, feeder } = view.day;
  const height = Math.round(Math.min(width, 470));
  const feederPlaces = feeder === null ? null : feederLayout(feeder, width, height);
  const layout = feederPlaces !== null
    ? feederPlaces
    : homes.length < STREETS_FROM
    ? ring(homes.length, width, height)
    : streets(homes.length, width, height);
  const { size, places, hub: centre, gridText: words } = layout;
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
  const gridLine = flowLine(layout.gridFrom, layout.gridTo, {
    stroke: "var(--line)",
    "stroke-dasharray": "8 8",
  });
  const wires = svg("path", {
    d: layout.wires,
    fill: "none",
    stroke: "var(--axis)",
    "stroke-width": 1.5,
  });
  flows.append(wires, gridLine.line, gridLine.arrow);
  const gridText = svg("text", {
    x: words.x,
    y: words.y,
    "text-anchor": words.anchor,
    "font-size": 13,
    fill: "var(--ink)",
  });
  fronts.append(pylon(layout.tower.x, layout.tower.y), gridText);
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
    hubText(centre.x, centre.y + 14, 11, "var(--quiet)", 400, `${view.day.currency}/kWh`),
    volume,
  );
  const onFeeder = feeder === null || feederPlaces === null
    ? null
    : feederMark(feeder, feederPlaces);
  // Above the lines of the homes, below the homes.
  if (onFeeder !== null) fronts.append(onFeeder.group);
  const marks = homes.map((home, i) => {
    const { x, y, joint } = places[i];
    const toJoint = Math.atan2(joint.y - y, joint.x - x);
    const edge = { x: x + size * Math.cos(toJoint), y: y + size * Math.sin(toJoint) };
    const flow = flowLine(edge, joint, {
      "stroke-dasharray": layout.wires === "" ? "8 8" : "none",
    });
    flows.append(flow.line);
    // Arrows of short lines would hide them.
    if (layout.wires === "") flows.append(flow.arrow);
    const mark = homeMark(
      i,
      home.batteryKwh !== null,
      home.pvCapacityKw > 0,
      home.devices,
      x,
      y,
      size,
      flow,
      (home) => select(home),
    );
    // Words of homes at the edges lean inwards.
    const lean = x / width < 0.3 ? -1 : x / width > 0.7 ? 1 : 0;
    setAttributes(mark.label, {
      x: (x + lean * size).toFixed(1),
      "text-anchor": ["start", "middle", "end"][lean + 1],
    });
    fronts.append(mark.group);
    return mark;
  });
  drawing.append(flows, fronts, ...marks.map(({ label }) => label));
  drawing.addEventListener("keydown", (event) => move(event, marks));
  root.append(drawing);
  return { root, marks, grid: gridLine, price, volume, gridText, size, feeder: onFeeder };
}

function update(picture: Picture, view: View, now: HomesNow | undefined, k: number): void {
  const { day, slots, selected } = view;
  const slot = slots.at(-1)?.outcomes[k];
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
    day.homes.length,
  );
  picture.feeder?.update(now?.feeder ?? null);
  picture.marks.forEach((mark, i) => {
    mark.group.classList.toggle("selected", i === selected);
    mark.label.classList.toggle("selected", i === selected);
    if (now === undefined) clearMark(mark, day.homes[i].id);
    else updateMark(mark, view, now, i, picture.size);
  });
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
