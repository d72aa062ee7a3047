/**
 * One line through all charts of the day, with the values that they have there. It follows the pointer,
 * and stands where one looks back to; a press looks back to where it is.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { HOURS_PER_DAY } from "../../units.ts";
import { clock } from "../../report/figures/common.ts";
import { DAY_MARGINS, type LiveChart, valueIn } from "./chart.ts";
import { byId, decimal, html } from "./dom.ts";

/** A chart of the day in its place. */
interface Drawn {
  readonly chart: LiveChart;
  readonly line: HTMLElement;
  readonly values: HTMLElement;
}

const drawn = new Map<HTMLElement, Drawn>();
/** Slot that is pointed at, from 0. */
let pointed: number | null = null;
/** Slot that is looked back to, from 0. */
let pinned: number | null = null;
let dtHours = 1;

/** Lets the charts of the day be pointed at; `look` is told after how many slots to show the day. */
export function connectCrosshair(look: (step: number) => void): void {
  const charts = byId("charts");
  const slotAt = ({ target, clientX }: PointerEvent): number | null => {
    const place = target instanceof Element ? target.closest<HTMLElement>(".plot") : null;
    if (place === null || !drawn.has(place)) return null;
    const { left, width } = place.getBoundingClientRect();
    const inside = width - DAY_MARGINS.left - DAY_MARGINS.right;
    const hour = HOURS_PER_DAY * (clientX - left - DAY_MARGINS.left) / inside;
    const last = Math.round(HOURS_PER_DAY / dtHours) - 1;
    return Math.max(0, Math.min(last, Math.floor(hour / dtHours)));
  };
  let scrubs = false;
  charts.addEventListener("pointerdown", (event) => {
    const slot = event.button === 0 ? slotAt(event) : null;
    scrubs = slot !== null;
    if (slot !== null) look(slot + 1);
  });
  charts.addEventListener("pointermove", (event) => {
    const slot = slotAt(event);
    if (scrubs && slot !== null && slot !== pointed) look(slot + 1);
    if (slot === pointed) return;
    pointed = slot;
    writeAll();
  });
  const end = () => {
    scrubs = false;
    if (pointed === null) return;
    pointed = null;
    writeAll();
  };
  charts.addEventListener("pointerleave", end);
  charts.addEventListener("pointercancel", end);
  addEventListener("pointerup", () => scrubs = false);
}

/** Says where the line stands while nobody points: after so many slots, or nowhere. */
export function pinCrosshair(step: number | null, slotHours: number): void {
  const slot = step === null || step === 0 ? null : step - 1;
  if (slot === pinned && slotHours === dtHours) return;
  [pinned, dtHours] = [slot, slotHours];
  writeAll();
}

/** Puts a chart into its place, with the line over it if it is one of the day. */
export function placeChart(place: HTMLElement, element: Element, chart: LiveChart): void {
  if (chart.read === undefined) {
    drawn.delete(place);
    return place.replaceChildren(element);
  }
  const known = drawn.get(place);
  const line = known?.line ?? html("div", { class: "crosshair", "aria-hidden": "true" });
  const values = known?.values ?? html("div", { class: "readout", "aria-hidden": "true" });
  const now = { chart, line, values };
  drawn.set(place, now);
  place.replaceChildren(element, line, values);
  write(now);
}

function writeAll(): void {
  for (const each of drawn.values()) write(each);
}

function write({ chart: { read = [], decimals = 2 }, line, values }: Drawn): void {
  const slot = pointed ?? pinned;
  line.hidden = values.hidden = slot === null;
  if (slot === null) return;
  const [from, to] = [slot * dtHours, (slot + 1) * dtHours];
  const at = (from + to) / 2 / HOURS_PER_DAY;
  const inside = `(100% - ${DAY_MARGINS.left + DAY_MARGINS.right}px)`;
  const left = `calc(${DAY_MARGINS.left}px + ${at.toFixed(4)} * ${inside})`;
  line.style.left = left;
  line.style.width = `calc(${(dtHours / HOURS_PER_DAY).toFixed(4)} * ${inside})`;
  values.style.left = at < 0.5 ? `calc(${left} + 10px)` : "auto";
  values.style.right = at < 0.5 ? "auto" : `calc(100% - ${left} + 10px)`;
  const rows = read.flatMap((series) => {
    const value = valueIn(series, from, to);
    if (value === null) return [];
    const row = html("p"), mark = html("i");
    mark.style.background = series.colour;
    row.append(mark, html("span", {}, series.label), html("b", {}, decimal(value, decimals)));
    return [row];
  });
  values.replaceChildren(html("p", { class: "when" }, `${clock(from)}–${clock(to)}`), ...rows);
}
