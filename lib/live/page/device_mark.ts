/**
 * A car, a heat pump or an appliance beside its house: a sign in a ring that shows how full it is. The
 * sign is coloured while it charges, and faint while it is away or its time has not come.
 *
 * @module
 */

/// <reference lib="dom" />

import type { DeviceSlot } from "../session.ts";
import { setAttributes, svg } from "./dom.ts";

/** The parts that change. */
export interface DeviceMark {
  readonly group: SVGGElement;
  readonly ring: SVGCircleElement;
  readonly sign: SVGPathElement;
  readonly length: number;
}

/** Signs within 10 by 10, around the middle. */
const SIGNS: Readonly<Record<string, string>> = {
  "car":
    "M-5 2V-0.5L-3.5 -1L-2 -3.5H2L3.5 -1L5 -0.5V2H3.5A1.2 1.2 0 0 1 1.1 2H-1.1A1.2 1.2 0 0 1 -3.5 2Z",
  "heat-pump": "M-4.5 -4.5H4.5V4.5H-4.5ZM0 -3A3 3 0 1 0 0.01 -3ZM0 0L0 -3M0 0L2.6 1.5M0 0L-2.6 1.5",
  "appliance": "M-4 -4.5H4V4.5H-4ZM0 -1.5A2.5 2.5 0 1 0 0.01 -1.5Z",
};
const OTHER = "M-3 -3H3V3H-3Z";

/** Where devices are around a house: below it on both sides, then above. */
const PLACES = [[17, 18], [-17, 18], [-19, -12], [21, -1]] as const;

/** Draws device number `k` of a home whose unit is `u`. */
export function deviceMark(kind: string, k: number, u: number): DeviceMark {
  const [x, y] = PLACES[k % PLACES.length];
  const radius = 9.5 * u, width = Math.max(1.2, 1.8 * u);
  const group = svg("g", {
    class: `device device-${kind}`,
    transform: `translate(${(x * u).toFixed(1)} ${(y * u).toFixed(1)})`,
  });
  const arc = { r: radius, "stroke-width": width };
  const ring = svg("circle", {
    ...arc,
    fill: "none",
    stroke: "var(--battery)",
    transform: "rotate(-90)",
  });
  const sign = svg("path", {
    d: SIGNS[kind] ?? OTHER,
    transform: `scale(${(1.1 * u).toFixed(2)})`,
    fill: "none",
    stroke: "var(--ink)",
    "stroke-width": 1.1,
    "stroke-linejoin": "round",
  });
  group.append(svg("circle", { ...arc, fill: "var(--panel)", stroke: "var(--line)" }), ring, sign);
  const mark = { group, ring, sign, length: 2 * Math.PI * radius };
  updateDeviceMark(mark, undefined);
  return mark;
}

/** Shows what it does now; nothing is known of it before the first slot. */
export function updateDeviceMark(
  { group, ring, sign, length }: DeviceMark,
  now: DeviceSlot | undefined,
): void {
  const charges = now !== undefined && now.powerKw > 0.005;
  setAttributes(ring, {
    "stroke-dasharray": `${((now?.share ?? 0) * length).toFixed(2)} ${length.toFixed(2)}`,
  });
  setAttributes(sign, {
    stroke: !charges
      ? "var(--ink)"
      : now.reason === "sun"
      ? "var(--solar)"
      : now.reason === "neighbours"
      ? "var(--trade)"
      : now.reason === "price"
      ? "var(--import)"
      : "var(--battery)",
  });
  setAttributes(group, { opacity: now === undefined || now.isThere ? 1 : 0.35 });
}
