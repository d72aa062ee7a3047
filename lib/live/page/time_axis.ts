/**
 * The day as a bar that is a control: how far it is played, when the sun shone, what befell it, and a
 * handle that looks back.
 *
 * @module
 */

/// <reference lib="dom" />

import { HOURS_PER_DAY } from "../../units.ts";
import { clock } from "../../report/figures/common.ts";
import { bandsOf } from "./bands.ts";
import { byId, setAttributes, setText, svg } from "./dom.ts";
import { lookedBackTo } from "./look_back.ts";
import type { View } from "./view.ts";

/** Height of what is drawn. */
const HEIGHT = 10;

let key = "";

/** What the handle asks for. */
export interface TimeActions {
  /** Shows the day after so many slots. */
  look(step: number): void;
  /** Shows the latest slot. */
  now(): void;
}

/** Connects handle and button. */
export function connectTimeAxis({ look, now }: TimeActions): void {
  const handle = byId<HTMLInputElement>("timeline");
  handle.addEventListener("input", () => look(Number(handle.value)));
  byId("now").addEventListener("click", now);
}

/** Brings the bar up to date; `view` is the day as far as it is played. */
export function writeTimeAxis(view: View): void {
  const { day, frame, slots } = view;
  const past = lookedBackTo();
  const handle = byId<HTMLInputElement>("timeline");
  const shown = past ?? frame.step;
  setAttributes(handle, {
    max: day.slots,
    "aria-valuetext": `${clock(shown * day.dtHours)} of ${clock(frame.step * day.dtHours)} played`,
  });
  if (handle.value !== String(shown)) handle.value = String(shown);
  byId("progress").style.transform = `scaleX(${(frame.step / day.slots).toFixed(4)})`;
  const button = byId("now");
  button.hidden = past === null;
  document.body.classList.toggle("looking-back", past !== null);
  if (past !== null) setText(button, `Back to ${clock(frame.step * day.dtHours)}`);
  const wanted = JSON.stringify([day.setup.day, frame.epoch, frame.step, day.incidents]);
  if (wanted === key) return;
  key = wanted;
  const x = (hour: number) => ((100 * hour) / HOURS_PER_DAY).toFixed(3);
  const strip = (from: number, to: number, colour: string, opacity: number, title = "") => {
    const rect = svg("rect", {
      x: x(from),
      width: x(Math.max(0.15, to - from)),
      height: HEIGHT,
      fill: colour,
      "fill-opacity": opacity.toFixed(3),
    });
    if (title !== "") rect.append(svg("title", {}, title));
    return rect;
  };
  byId("timeline-bands").replaceChildren(
    ...slots.map(({ hourOfDay, sunFraction }) =>
      strip(
        hourOfDay,
        hourOfDay + day.dtHours,
        "var(--solar)",
        Math.min(1, 1.2 * (sunFraction ?? 0)),
      )
    ),
    ...bandsOf(view).map(({ from, to, colour, opacity, label }) =>
      strip(from, to, colour, label === "" ? opacity : 0.55, label)
    ),
  );
}
