/**
 * The clock: time, date and season, and where the sun stands between its rise and its setting.
 *
 * @module
 */

/// <reference lib="dom" />

import { clock } from "../../report/figures/common.ts";
import { byId, setAttributes, setText, svg } from "./dom.ts";
import type { View } from "./view.ts";

const WIDTH = 120;
const HORIZON = 34;
const NOON_HEIGHT = 26;

let dayLine: SVGPathElement | null = null;
let sun: SVGCircleElement | null = null;

/** Writes the clock. */
export function writeClock({ day, slots }: View): void {
  const last = slots.at(-1);
  const hour = last === undefined ? 0 : last.hourOfDay + day.dtHours;
  setText(byId("time"), clock(hour));
  const date = new Date(`${day.setup.day}T00:00:00Z`);
  const words = date.toLocaleDateString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  setText(byId("date"), `${words}, ${season(date.getUTCMonth())}`);
  drawSun(day.sunHours, last === undefined ? 0 : last.hourOfDay, last?.sunFraction ?? 0);
}

/** Meteorological season on the northern hemisphere. */
function season(month: number): string {
  return ["winter", "spring", "summer", "autumn"][Math.floor(((month + 1) % 12) / 3)];
}

function drawSun(hours: readonly [number, number] | null, hour: number, strength: number): void {
  const place = byId("sun");
  if (dayLine === null || sun === null) {
    dayLine = svg("path", { fill: "none", stroke: "var(--solar)", "stroke-width": 1.5 });
    sun = svg("circle", { stroke: "var(--solar)", "stroke-width": 2 });
    place.append(
      svg("path", { d: `M0 ${HORIZON}H${WIDTH}`, stroke: "var(--axis)", "stroke-width": 1 }),
      dayLine,
      sun,
    );
  }
  const x = (at: number) => (at / 24) * WIDTH;
  const height = (at: number) => {
    if (hours === null || at <= hours[0] || at >= hours[1]) return -5;
    const [rise, set] = hours;
    return NOON_HEIGHT * Math.sin((Math.PI * (at - rise)) / (set - rise));
  };
  const points = Array.from({ length: 49 }, (_, k) => k / 2)
    .filter((at) => hours !== null && at >= hours[0] && at <= hours[1])
    .map((at) => `${x(at).toFixed(1)} ${(HORIZON - Math.max(0, height(at))).toFixed(1)}`);
  setAttributes(dayLine, { d: points.length > 1 ? `M${points.join("L")}` : "" });
  setAttributes(sun, {
    cx: x(hour).toFixed(1),
    cy: (HORIZON - height(hour)).toFixed(1),
    r: 6,
    fill: "var(--solar)",
    "fill-opacity": Math.min(1, strength * 1.4).toFixed(2),
  });
}
