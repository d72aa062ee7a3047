/**
 * The charts of the page. They are drawn anew when there is news, as many as fit into a picture, the
 * one that has waited longest first, so that a slow machine draws each less often and none never.
 *
 * @module
 */

/// <reference lib="dom" />

import { type ChartSize, drawChart, type LiveChart } from "./chart.ts";
import {
  batteriesLive,
  carbonLive,
  gridLive,
  homeLive,
  interventionsLive,
  moneyLive,
  pricesLive,
} from "./day_charts.ts";
import { bookLive } from "./book_chart.ts";
import { placeBook } from "./book_reader.ts";
import { placeChart } from "./crosshair.ts";
import { byId, decimal, html, setText, widthOf } from "./dom.ts";
import { setterInWords } from "./price_words.ts";
import { writeLegend } from "./legend.ts";
import { policiesOf, type View } from "./view.ts";

/** How a chart is made; `null` where there is nothing to draw. */
type Maker = (view: View, size: ChartSize) => LiveChart | null;

interface Slot {
  readonly name: string;
  readonly make: Maker;
  /** What it says while there is nothing to draw. */
  readonly empty: string;
  /** Whether there is news that it does not show yet. */
  due: boolean;
  visible: boolean;
}

const HEIGHT = 196;
const TALL = 236;

const orderBook: Maker = ({ frame, slots, day }, size) => {
  const slot = slots.at(-1), homes = frame.homes[0];
  if (slot === undefined || homes === undefined) return null;
  const { bids, asks } = homes.orders;
  if (bids.length === 0 && asks.length === 0) return null;
  return bookLive(homes.orders, slot, day.currency, size);
};

const batteries: Maker = (view, size) =>
  view.day.homes.some(({ batteryKwh }) => batteryKwh !== null) ? batteriesLive(view, size) : null;

const home: Maker = (view, size) => view.home[0] === undefined ? null : homeLive(view, size);

const slots: readonly Slot[] = [
  ["book", orderBook, "No orders in this slot."],
  ["prices", pricesLive, ""],
  ["grid", gridLive, ""],
  ["batteries", batteries, "No home has a battery."],
  ["money", moneyLive, ""],
  ["carbon", carbonLive, ""],
  ["filter", interventionsLive, ""],
  ["home", home, ""],
].map(([name, make, empty]) => ({
  name: name as string,
  make: make as Maker,
  empty: empty as string,
  due: false,
  visible: true,
}));

let queue: Slot[] = [...slots];
let watcher: IntersectionObserver | null = null;

/** Notes that there is news for every chart. */
export function chartsDue(): void {
  watcher ??= watch();
  for (const slot of slots) slot.due = true;
}

/**
 * Draws charts for `budgetMs`, at least one; whether all are drawn. Those out of sight are drawn once
 * it stands still. The order book is that of what is `shown`, the others are of the day as it is.
 */
export function drawCharts(view: View, shown: View, budgetMs: number): boolean {
  const end = performance.now() + budgetMs;
  const wanted = ({ due, visible }: Slot) => due && (visible || !view.frame.playing);
  for (const slot of queue.filter(wanted)) {
    draw(slot, slot.name === "book" ? shown : view);
    slot.due = false;
    queue = [...queue.filter((other) => other !== slot), slot];
    if (performance.now() >= end) break;
  }
  return !slots.some(wanted);
}

function draw(slot: Slot, view: View): void {
  const place = document.getElementById(`chart-${slot.name}`);
  if (place === null) return;
  const width = widthOf(place);
  if (width === 0) return;
  const height = slot.name === "book" || slot.name === "prices" ? TALL : HEIGHT;
  const chart = slot.make(view, { width, height });
  if (chart === null) {
    place.replaceChildren(html("p", { class: "empty" }, slot.empty));
    writeLegend(`legend-${slot.name}`, []);
    return;
  }
  const drawn = drawChart(chart);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", description(slot.name, chart, view));
  if (chart.book === undefined) placeChart(place, drawn, chart);
  else placeBook(place, drawn, chart.book);
  writeLegend(`legend-${slot.name}`, chart.legend);
}

function description(name: string, { legend }: LiveChart, { slots }: View): string {
  const title = document.getElementById(`h-${name}`)?.textContent ?? name;
  return `${title}: ${legend.map(({ label }) => label).join(", ")}; ${slots.length} slots so far`;
}

/** Charts out of sight wait until they are looked at. */
function watch(): IntersectionObserver {
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const slot = slots.find(({ name }) => target.id === `chart-${name}`);
      if (slot !== undefined) slot.visible = isIntersecting;
    }
    dispatchEvent(new Event("charts-seen"));
  }, { rootMargin: "200px" });
  for (const { name } of slots) {
    const place = document.getElementById(`chart-${name}`);
    if (place !== null) observer.observe(place);
  }
  return observer;
}

/** Says where the price comes from, whose order book and whose import and export are drawn, where two policies are compared. */
export function writeChartTitles({ day, frame, slots }: View): void {
  const orders = frame.homes[0]?.orders, price = slots.at(-1)?.outcomes[0].clearingPricePerKwh;
  const words = orders === undefined ? "" : setterInWords(orders);
  setText(
    byId("price-words"),
    words === "" || price == null ? "" : `${decimal(price, 3)} ${day.currency}/kWh, ${words}`,
  );
  const [first, second] = policiesOf(day);
  setText(byId("h-book"), second === undefined ? "Order book" : `Order book of ${first}`);
}
