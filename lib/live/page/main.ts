/**
 * The page of `deno task realtime`: listens to a run and draws it, at most 30 times a second.
 *
 * @module
 */

/// <reference lib="dom" />

import { formatMoment } from "../address.ts";
import type { Command, Frame, Opened } from "../session.ts";
import { chartsDue, drawCharts, writeChartTitles } from "./charts.ts";
import { writeClock } from "./clock.ts";
import { connect, writeChoices, writeControls } from "./controls.ts";
import { connectCrosshair, pinCrosshair } from "./crosshair.ts";
import { byId, sentence, setText } from "./dom.ts";
import { connectDrop } from "./drop_file.ts";
import { writeHome } from "./home_panel.ts";
import { writeLog } from "./log.ts";
import { completeLook, lookAhead, lookBack, lookedBackTo, remember, shownOf } from "./look_back.ts";
import { writeNumbers } from "./numbers.ts";
import { drawPictures, onSelect } from "./picture.ts";
import { alone, session } from "./session.ts";
import { writeStatus } from "./status.ts";
import { connectTimeAxis, writeTimeAxis } from "./time_axis.ts";
import { writeVerdict } from "./verdict.ts";
import { nameOf, save } from "./save_file.ts";
import { policiesOf, receive, type View } from "./view.ts";

/** Time in a picture for charts; what does not fit is drawn in the next one. [ms] */
const CHART_BUDGET_MS = 5;
/** Least time between two changes of the address while it plays. [ms] */
const ADDRESS_EVERY_MS = 1000;

let run = "";
let view: View | null = null;
let selected: number | null = null;
let frames: ReadableStreamDefaultReader<Frame> | null = null;
let drawing = false;
let fresh = false;
let drawn = 0;
let addressMs = -Infinity;

/** The moment that a page in a file was taken away at; empty for none. */
const ownMoment = document.querySelector<HTMLMetaElement>('meta[name="moment"]')?.content ?? "";

/** Opens the run that the address names and listens to it. */
async function start(): Promise<void> {
  const [navigation] = performance.getEntriesByType("navigation");
  const reload = (navigation as PerformanceNavigationTiming | undefined)?.type === "reload";
  const query = new URLSearchParams(location.search);
  let opened: Opened;
  try {
    opened = await open(reload);
  } catch (error) {
    tell(`${sentence(error)} The usual day is shown instead.`);
    opened = await session.open({ query: "", run: null, reload: false });
  }
  run = opened.run;
  writeChoices(opened.choices);
  const home = query.get("home");
  selected = home !== null && /^\d+$/.test(home) ? Number(home) : null;
  void follow();
  const speed = Number(query.get("speed"));
  if (speed >= 1 && speed <= 1000) await ask({ kind: "speed", slotsPerSecond: speed });
  // The usual day begins to move; an address shows its moment.
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (query.size === 0 && !still) await ask({ kind: "play" });
}

function open(reload: boolean): Promise<Opened> {
  const search = new URLSearchParams(location.search || ownMoment);
  return session.open({ query: search.toString(), run: search.get("run"), reload });
}

/** Listens from the start of the day on, and to the selected home, until it is called again. */
async function follow(): Promise<void> {
  frames?.cancel();
  const reader = frames = session.listen(run, selected).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const frame = read.value;
      lost(false);
      if (frame.fault !== null) tell(`The run has stopped: ${frame.fault}.`);
      view = receive(view, frame, selected);
      if (view !== null) remember(view);
      drawAnew();
    }
  } catch {
    lost(true);
    if (reader === frames) setTimeout(reopen, 2000);
  }
}

/** The run is gone, as after a restart of the server: opens the address once more. */
async function reopen(): Promise<void> {
  try {
    run = (await open(true)).run;
    view = null;
    void follow();
  } catch (error) {
    tell(sentence(error));
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
    }
    if (!drawCharts(view, shownOf(view), CHART_BUDGET_MS)) draw();
  });
}

function drawAnew(): void {
  fresh = true;
  draw();
}

/** Everything as it is, or as it was where one looks back; the time axis and charts show the whole day. */
function writeAll(latest: View): void {
  const view = shownOf(latest);
  const { day, frame } = view;
  document.body.classList.remove("waiting");
  const policies = policiesOf(day).join(" and ");
  const homes = day.homes.length;
  const watching = frame.viewers > 1 ? `, ${frame.viewers} pages watch` : "";
  const scenario = day.setup.scenario === "none" ? "" : `, scenario ${day.setup.scenario}`;
  setText(
    byId("subject"),
    `${policies}, ${homes} home${homes === 1 ? "" : "s"}${scenario}${watching}`,
  );
  byId("subject").title = [day.setup.policy, day.setup.compare ?? ""].join(" ").trim();
  writeClock(view);
  writeControls(latest);
  writeTimeAxis(latest);
  pinCrosshair(lookedBackTo(), day.dtHours);
  drawPictures(view);
  writeNumbers(view);
  writeVerdict(view);
  writeChartTitles(view);
  writeHome(view);
  writeLog(latest);
  writeAddress(view);
  writeStatus(view);
}

/** The address says what is shown, so that it can be shown again. */
function writeAddress({ day, frame }: View): void {
  const now = performance.now();
  if (frame.playing && now - addressMs < ADDRESS_EVERY_MS) return;
  const { setup, incidents } = day;
  const before = incidents.filter(({ step }) => step <= frame.step);
  const moment = formatMoment({ setup, step: frame.step, incidents: before });
  const home = selected === null ? "" : `&home=${selected}`;
  const query = `?${moment}&speed=${frame.slotsPerSecond}${home}&run=${run}`;
  if (query === location.search) return;
  addressMs = now;
  history.replaceState(null, "", query);
}

/** Shows the day after so many slots; who looks back stops it. */
function look(step: number): void {
  if (view === null) return;
  if (view.frame.playing) void ask({ kind: "pause" });
  lookBack(view, step);
  drawAnew();
  completeLook((step) => session.look(run, step), drawAnew).catch((error) => {
    tell(sentence(error));
  });
}

function lookNow(): void {
  lookAhead();
  drawAnew();
}

async function ask(wish: Command): Promise<void> {
  // What is done is done to the day as it is.
  if (wish.kind !== "speed" && wish.kind !== "pause") lookNow();
  try {
    await session.command(run, wish);
    tell("");
  } catch (error) {
    tell(sentence(error));
  }
}

/** Plays with a file that was dropped onto the page. */
async function offer(file: string, text: string): Promise<void> {
  try {
    const { choices, setup } = await session.offer(file, text);
    writeChoices(choices);
    if (view !== null) await ask({ kind: "setup", setup: { ...view.day.setup, ...setup } });
  } catch (error) {
    tell(sentence(error));
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
  void follow();
}

/** The address of this moment without the run that it was seen in: it plays the moment anew. */
function link(): string {
  const query = new URLSearchParams(location.search);
  query.delete("run");
  const moment = query.toString().replaceAll("%2C", ",").replaceAll("%40", "@");
  return `${location.href.split("?")[0]}?${moment}`;
}

connect({
  command: (wish) => void ask(wish),
  select,
  look: (by) => view && look((lookedBackTo() ?? view.frame.step) + by),
  now: lookNow,
  link,
  take: (file) => view && void save(session.takeAway(run, file), nameOf(view, file), tell),
  takesPictures: !alone,
});
onSelect((home) => select(home === selected ? null : home));
connectTimeAxis({ look, now: lookNow });
connectCrosshair(look);
connectDrop((file, text) => void offer(file, text), tell);
addEventListener("resized", drawAnew);
addEventListener("charts-seen", draw);
// Who has tried something needs no tips.
addEventListener("click", () => byId("tips").hidden = true, { once: true });
await start().catch((error) => tell(sentence(error)));
