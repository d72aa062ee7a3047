/**
 * The page of `deno task realtime`: listens to a run and draws it, at most 30 times a second.
 *
 * @module
 */

/// <reference lib="dom" />

import { formatMoment } from "../address.ts";
import type { Command } from "../protocol.ts";
import { chartsDue, drawCharts, pictureNote, writeChartTitles } from "./charts.ts";
import { writeClock } from "./clock.ts";
import { command, listen, open, type Stream } from "./connection.ts";
import { connect, writeChoices, writeControls } from "./controls.ts";
import { byId, decimal, setText } from "./dom.ts";
import { writeHome } from "./home_panel.ts";
import { writeLog } from "./log.ts";
import { writeNumbers } from "./numbers.ts";
import { drawPictures, onSelect } from "./picture.ts";
import { policiesOf, receive, type View } from "./view.ts";

/** Time in a picture for charts; what does not fit is drawn in the next one. [ms] */
const CHART_BUDGET_MS = 5;
/** Least time between two changes of the address while it plays. [ms] */
const ADDRESS_EVERY_MS = 1000;
/** Least time between two sentences of the status line. [ms] */
const STATUS_EVERY_MS = 3000;

let run = "";
let view: View | null = null;
let selected: number | null = null;
let stream: Stream | null = null;
let drawing = false;
let fresh = false;
let drawn = 0;
let addressMs = -Infinity, statusMs = -Infinity;

/** Opens the run that the address names and listens to it. */
async function start(): Promise<void> {
  const [navigation] = performance.getEntriesByType("navigation");
  const reload = (navigation as PerformanceNavigationTiming | undefined)?.type === "reload";
  const query = new URLSearchParams(location.search);
  let opened;
  try {
    opened = await open(location.search, reload);
  } catch (error) {
    tell(`${(error as Error).message}. The usual day is shown instead.`);
    opened = await open("", false);
  }
  run = opened.run;
  writeChoices(opened.choices);
  const home = query.get("home");
  selected = home !== null && /^\d+$/.test(home) ? Number(home) : null;
  follow();
  const speed = Number(query.get("speed"));
  if (speed >= 1 && speed <= 1000) await ask({ kind: "speed", slotsPerSecond: speed });
}

/** Listens from the start of the day on, and to the selected home. */
function follow(): void {
  stream?.close();
  stream = listen(run, selected, {
    frame(frame) {
      lost(false);
      if (frame.fault !== null) tell(`The run has stopped: ${frame.fault}.`);
      view = receive(view, frame, selected);
      fresh = true;
      draw();
    },
    lost(forGood) {
      lost(true);
      if (forGood) setTimeout(reopen, 2000);
    },
  });
}

/** The run is gone, as after a restart of the server: opens the address once more. */
async function reopen(): Promise<void> {
  try {
    run = (await open(location.search, true)).run;
    view = null;
    follow();
  } catch (error) {
    tell(`${(error as Error).message}.`);
    setTimeout(reopen, 5000);
  }
}

/** Asks for a picture; charts that did not fit into the last one come in the next. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (view === null) return;
    if (fresh) {
      fresh = false;
      writeAll(view);
      chartsDue();
      drawn++;
      document.body.dataset.drawn = String(drawn);
      document.body.dataset.received = String(view.received);
      document.body.dataset.missed = String(view.missed);
    }
    if (!drawCharts(view, CHART_BUDGET_MS)) draw();
  });
}

function writeAll(view: View): void {
  const { stage, frame } = view;
  document.body.classList.remove("waiting");
  const policies = policiesOf(stage).join(" and ");
  const homes = stage.homes.length;
  const watching = frame.viewers > 1 ? `, ${frame.viewers} pages watch` : "";
  setText(
    byId("subject"),
    `${policies}, ${homes} home${
      homes === 1 ? "" : "s"
    }, scenario ${stage.setup.scenario}${watching}`,
  );
  writeClock(view);
  writeControls(view);
  drawPictures(view);
  writeNumbers(view);
  writeChartTitles(view);
  writeHome(view);
  writeLog(view);
  writeAddress(view);
  writeStatus(view);
}

/** The address says what is shown, so that it can be shown again. */
function writeAddress({ stage, frame }: View): void {
  const now = performance.now();
  if (frame.playing && now - addressMs < ADDRESS_EVERY_MS) return;
  const { setup, incidents } = stage;
  const moment = formatMoment({ setup, step: frame.step, incidents });
  const home = selected === null ? "" : `&home=${selected}`;
  const query = `?${moment}&speed=${frame.slotsPerSecond}${home}&run=${run}`;
  if (query === location.search) return;
  addressMs = now;
  history.replaceState(null, "", query);
}

/** Reads out price and state of the grid: at once when it stops, now and then while it plays. */
function writeStatus(view: View): void {
  const now = performance.now();
  const { stage, frame, slots } = view;
  if (frame.playing && now - statusMs < STATUS_EVERY_MS) return;
  statusMs = now;
  const last = slots.at(-1);
  if (last === undefined) {
    return setText(byId("status"), "At midnight; nothing has been played yet. Press Play.");
  }
  const [lane] = last.lanes;
  const price = lane.clearingPricePerKwh;
  const over = frame.step >= stage.slots;
  const sentence = [
    over ? "The day is over" : byId("time").textContent,
    price === null
      ? "no trade in the last slot"
      : `clearing price ${decimal(price, 3)} ${stage.currency} per kWh`,
    last.importLimitKw === 0
      ? "the grid is down"
      : `the community ${lane.gridKw < 0 ? "exports" : "imports"} ` +
        `${decimal(Math.abs(lane.gridKw), 1)} kW`,
    ...(lane.unservedKwh > 1e-9 ? [`${decimal(lane.unservedKwh, 1)} kWh not served`] : []),
  ].join(", ");
  const measured = frame.measuredSlotsPerSecond;
  const slow = measured !== null && measured < 0.8 * frame.slotsPerSecond
    ? `reaches ${decimal(measured, 0)} slots a second`
    : "";
  const notes = [slow, pictureNote(view)].filter((note) => note !== "").join("; ");
  setText(byId("status"), `${sentence}.${notes === "" ? "" : ` (${notes})`}`);
}

async function ask(wish: Command): Promise<void> {
  try {
    await command(run, wish);
    tell("");
  } catch (error) {
    tell(`${(error as Error).message}.`);
  }
}

function lost(isLost: boolean): void {
  if (isLost) tell("The connection is lost; trying again.");
  else if (byId("alert").textContent?.startsWith("The connection")) tell("");
}

function tell(message: string): void {
  setText(byId("alert"), message);
  byId("alert").hidden = message === "";
}

function select(home: number | null): void {
  selected = home;
  follow();
}

/** The address of this moment without the run that it was seen in: it plays the moment anew. */
function link(): string {
  const query = new URLSearchParams(location.search);
  query.delete("run");
  return `${location.origin}/?${query.toString().replaceAll("%2C", ",").replaceAll("%40", "@")}`;
}

connect({ command: (wish) => void ask(wish), select, link });
onSelect((home) => select(home === selected ? null : home));
addEventListener("resized", () => {
  fresh = true;
  draw();
});
addEventListener("charts-seen", draw);
await start();
