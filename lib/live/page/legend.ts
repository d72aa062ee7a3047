/**
 * Legends: what colours and dashes mean.
 *
 * @module
 */

/// <reference lib="dom" />

import { DASHES, type LiveLegend } from "./chart.ts";
import { html, svg } from "./dom.ts";

/** Writes a legend into the element with this id, if the page has it. */
export function writeLegend(id: string, entries: readonly LiveLegend[]): void {
  const place = document.getElementById(id);
  if (place === null) return;
  const key = JSON.stringify(entries);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...entries.map(({ label, colour, sample }) => {
    const entry = html("span");
    const mark = svg("svg", { viewBox: "0 0 20 10", "aria-hidden": "true" });
    mark.append(
      sample === "area"
        ? svg("rect", { width: 20, height: 10, fill: colour, "fill-opacity": 0.4 })
        : svg("path", {
          d: "M0 5h20",
          stroke: colour,
          "stroke-width": 2.5,
          "stroke-dasharray": DASHES[sample],
        }),
    );
    entry.append(mark, label);
    return entry;
  }));
}
