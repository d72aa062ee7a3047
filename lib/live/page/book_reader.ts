/**
 * Whose orders stand where in the order book: the steps of both curves under the pointer.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Step } from "../../report/figures/book_steps.ts";
import { BOOK_MARGINS, type BookSteps } from "./book_chart.ts";
import { decimal, html } from "./dom.ts";

let pointedAt: number | null = null;

/** Puts the chart of a book into its place, with what stands under the pointer. */
export function placeBook(place: HTMLElement, element: Element, book: BookSteps): void {
  const line = html("div", { class: "crosshair thin", "aria-hidden": "true" });
  const values = html("div", { class: "readout", "aria-hidden": "true" });
  const write = () => {
    line.hidden = values.hidden = pointedAt === null || pointedAt > 1;
    if (pointedAt === null || pointedAt > 1) return;
    const kwh = pointedAt * book.mostKwh;
    const inside = `(100% - ${BOOK_MARGINS.left + BOOK_MARGINS.right}px)`;
    const left = `calc(${BOOK_MARGINS.left}px + ${pointedAt.toFixed(4)} * ${inside})`;
    line.style.left = left;
    values.style.left = pointedAt < 0.5 ? `calc(${left} + 10px)` : "auto";
    values.style.right = pointedAt < 0.5 ? "auto" : `calc(100% - ${left} + 10px)`;
    values.replaceChildren(
      html("p", { class: "when" }, `at ${decimal(kwh, 2)} kWh`),
      ...row("var(--demand)", "buys", at(book.demand, kwh), book.anyPrice),
      ...row("var(--supply)", "sells", at(book.supply, kwh), Infinity),
    );
  };
  place.replaceChildren(element, line, values);
  place.onpointermove = ({ clientX }) => {
    const { left, width } = place.getBoundingClientRect();
    const inside = width - BOOK_MARGINS.left - BOOK_MARGINS.right;
    pointedAt = Math.max(0, (clientX - left - BOOK_MARGINS.left) / inside);
    write();
  };
  place.onpointerleave = () => {
    pointedAt = null;
    write();
  };
  write();
}

function at(steps: readonly Step[], kwh: number): Step | undefined {
  return steps.find(({ to }) => to > kwh);
}

function row(colour: string, does: string, step: Step | undefined, anyPrice: number) {
  if (step === undefined) return [];
  const { id, from, to, price } = step;
  const line = html("p"), mark = html("i");
  mark.style.background = colour;
  const text = `${id} ${does} ${decimal(to - from, 2)} kWh`;
  line.append(
    mark,
    html("span", {}, text),
    html("b", {}, price >= anyPrice ? "any price" : decimal(price, 3)),
  );
  return [line];
}
