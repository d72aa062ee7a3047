/**
 * What one can do: choose, play, intervene and take away.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { befallsHome, type InterventionKind } from "../../data/interventions.ts";
import { clock } from "../../report/figures/common.ts";
import {
  type Choices,
  type Command,
  type DayDescription,
  homesAsked,
  type Setup,
} from "../session.ts";
import { byId, fillSelect, html, setText } from "./dom.ts";
import { incidentInWords } from "./log.ts";
import type { View } from "./view.ts";

/** What the controls ask for. */
export interface Actions {
  /** Gives a command to the run. */
  command(command: Command): void;
  /** Selects a home, or none. */
  select(home: number | null): void;
  /** Looks so many slots back or ahead. */
  look(by: number): void;
  /** Shows the latest slot again. */
  now(): void;
  /** A link to what is shown, as it is now. */
  link(): string;
  /** Saves a file of what is played. */
  take(file: string): void;
  /** Whether charts can be saved as pictures; the day as CSV always can. */
  readonly takesPictures: boolean;
}

const NONE = "";
const FIGURES = { market_prices: "Prices", grid_flow: "Grid", battery_soc: "Batteries" };
const PAGES = {
  "week.html": "The week as a page",
  "day.html": "The day as a page that plays by itself",
  "data.json": "The data as JSON, to drop onto a page",
};
const FASTEST = 3;

let shown: View | null = null;
let setupKey = "";

/** Connects the controls; until a run is shown, nothing can be asked of it. */
export function connect(given: Actions): void {
  const actions = { ...given, command: (wish: Command) => shown && given.command(wish) };
  byId("play").addEventListener("click", () => toggle(actions));
  byId("step").addEventListener("click", () => actions.command({ kind: "step" }));
  byId("restart").addEventListener("click", () => restart(actions));
  const speed = byId<HTMLInputElement>("speed");
  speed.addEventListener("input", () => {
    const slotsPerSecond = Math.max(1, Math.round(10 ** Number(speed.value)));
    writeSpeed(slotsPerSecond);
    actions.command({ kind: "speed", slotsPerSecond });
  });
  const form = byId<HTMLFormElement>("setup");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    if (form.reportValidity()) actions.command({ kind: "setup", setup: readSetup() });
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-intervene]")) {
    button.addEventListener("click", () => {
      const kind = button.dataset.intervene as InterventionKind;
      const of = kind === "battery-failure" ? "failing" : "driving";
      const prosumer = byId<HTMLSelectElement>(of).value;
      actions.command({
        kind: "intervene",
        intervention: befallsHome(kind) ? { kind, prosumer } : { kind },
      });
    });
  }
  const home = byId<HTMLSelectElement>("home");
  home.addEventListener("change", () => {
    actions.select(home.value === NONE ? null : Number(home.value));
  });
  byId("home-close").addEventListener("click", () => actions.select(null));
  byId("sheet").addEventListener("click", () => openSheet(!isSheetOpen()));
  byId("share").addEventListener("click", async () => {
    await navigator.clipboard.writeText(actions.link());
    setText(byId("share"), "Link copied");
    setTimeout(() => setText(byId("share"), "Copy a link to this moment"), 2000);
  });
  writeFiles(actions);
  document.addEventListener("keydown", (event) => key(event, actions, speed));
}

/** Writes lists of choices. */
export function writeChoices({ datasets, policies, scenarios, hint }: Choices): void {
  fillSelect(byId<HTMLSelectElement>("data"), datasets);
  fillSelect(byId<HTMLSelectElement>("policy"), policies);
  fillSelect(byId<HTMLSelectElement>("compare"), [{ name: NONE, label: "nothing" }, ...policies]);
  fillSelect(byId<HTMLSelectElement>("scenario"), scenarios);
  byId("hint").hidden = hint === null;
  setText(byId("hint"), hint ?? "");
}

/** Brings the controls up to date. */
export function writeControls(view: View): void {
  const { frame, day } = view;
  shown = view;
  setText(byId("play"), frame.playing ? "Pause" : "Play");
  document.body.classList.toggle("playing", frame.playing);
  const speed = byId<HTMLInputElement>("speed");
  if (document.activeElement !== speed) {
    speed.value = String(Math.min(FASTEST, Math.log10(frame.slotsPerSecond)));
    writeSpeed(frame.slotsPerSecond);
  }
  const over = frame.step >= day.slots;
  byId<HTMLButtonElement>("step").disabled = over;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-intervene]")) {
    const kind = button.dataset.intervene!;
    const isThere = !befallsHome(kind) ||
      day.homes.some(kind === "battery-failure" ? hasBattery : hasCar);
    button.disabled = over || !isThere;
  }
  const wanted = JSON.stringify([day.setup, day.epoch, day.incidents, view.selected]);
  if (wanted === setupKey) return;
  setupKey = wanted;
  writeSetup(day);
  writeHomes(day, view.selected);
  byId("incidents").replaceChildren(
    ...day.incidents.map((incident) =>
      html("li", {}, `${clock(incident.step * day.dtHours)} ${incidentInWords(incident)}`)
    ),
  );
}

function writeSetup({ setup, firstDay, lastDay }: DayDescription): void {
  byId<HTMLSelectElement>("data").value = setup.data;
  byId<HTMLSelectElement>("policy").value = setup.policy;
  byId<HTMLSelectElement>("compare").value = setup.compare ?? NONE;
  byId<HTMLSelectElement>("scenario").value = setup.scenario;
  byId<HTMLSelectElement>("at-end").value = setup.atEnd;
  byId<HTMLInputElement>("seed").value = String(setup.seed);
  const prosumers = byId<HTMLInputElement>("prosumers");
  prosumers.disabled = setup.prosumers === null;
  prosumers.value = setup.prosumers === null ? "" : String(setup.prosumers);
  for (const [id, field] of DEVICES) {
    const count = byId<HTMLInputElement>(id);
    count.disabled = setup.prosumers === null;
    count.value = setup.prosumers === null ? "" : String(setup[field] ?? 0);
  }
  const day = byId<HTMLInputElement>("day");
  day.min = firstDay;
  day.max = lastDay;
  day.value = setup.day;
}

function writeHomes({ homes }: DayDescription, selected: number | null): void {
  const home = byId<HTMLSelectElement>("home");
  fillSelect(home, [
    { name: NONE, label: "no home" },
    ...homes.map(({ id }, i) => ({ name: String(i), label: id })),
  ]);
  home.value = selected === null ? NONE : String(selected);
  fillSelect(
    byId<HTMLSelectElement>("failing"),
    homes.filter(hasBattery).map(({ id }) => ({ name: id, label: id })),
  );
  fillSelect(
    byId<HTMLSelectElement>("driving"),
    homes.filter(hasCar).map(({ id }) => ({ name: id, label: id })),
  );
  byId("cars-befallen").hidden = !homes.some(hasCar);
}

/** Fields of the form that say how many homes have what. */
const DEVICES = [
  ["cars", "cars"],
  ["heat-pumps", "heatPumps"],
  ["appliances", "appliances"],
] as const;

type Home = DayDescription["homes"][number];

const hasBattery = ({ batteryKwh, failed }: Home) => batteryKwh !== null && !failed;
const hasCar = ({ cars }: Home) => cars > 0;

function writeFiles({ take, takesPictures }: Actions): void {
  byId("csv").addEventListener("click", () => take("day.csv"));
  if (!takesPictures) return;
  for (const [file, label] of Object.entries(PAGES)) {
    const button = html("button", { type: "button" }, label);
    button.addEventListener("click", () => take(file));
    byId("csv").after(button);
  }
  byId("figures").replaceChildren(
    ...Object.entries(FIGURES).flatMap(([name, label]) => [
      html("span", {}, label),
      ...["png", "svg"].map((kind) => {
        const title = `${label} as ${kind.toUpperCase()}`;
        const button = html("button", { type: "button", "aria-label": title }, kind.toUpperCase());
        button.addEventListener("click", () => take(`${name}.${kind}`));
        return button;
      }),
    ]),
  );
}

function readSetup(): Setup {
  const text = (id: string) => byId<HTMLInputElement | HTMLSelectElement>(id).value;
  const data = text("data");
  const known = shown?.day.setup;
  return {
    data,
    ...(data === "synthetic" && {
      // What there is no field for stays as it is.
      ...(known?.data === data && homesAsked(known)),
      ...Object.fromEntries(DEVICES.map(([id, field]) => [field, Number(text(id) || 0)])),
    }),
    prosumers: data === "synthetic" ? Number(text("prosumers") || 10) : null,
    // Another data set has other days: the server chooses one.
    day: known?.data === data ? text("day") : "",
    scenario: text("scenario"),
    policy: text("policy"),
    compare: text("compare") === NONE ? null : text("compare"),
    seed: Number(text("seed")),
    atEnd: text("at-end") as Setup["atEnd"],
  };
}

function toggle(actions: Actions): void {
  actions.command({ kind: shown?.frame.playing ? "pause" : "play" });
}

function restart(actions: Actions): void {
  actions.command({ kind: "restart", seed: Number(byId<HTMLInputElement>("seed").value) });
}

const isSheetOpen = () => document.body.classList.contains("sheet-open");

/** On a narrow screen what can be changed is a sheet at the bottom. */
function openSheet(open: boolean): void {
  document.body.classList.toggle("sheet-open", open);
  byId("sheet").setAttribute("aria-expanded", String(open));
  setText(byId("sheet"), open ? "Close" : "Change");
  if (open) byId("side").querySelector<HTMLElement>("button, select")?.focus();
}

function writeSpeed(slotsPerSecond: number): void {
  setText(byId("speed-value"), `${slotsPerSecond} slots/s`);
  byId("speed").setAttribute("aria-valuetext", `${slotsPerSecond} slots a second`);
}

function key(event: KeyboardEvent, actions: Actions, speed: HTMLInputElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
  const onButton = /^(BUTTON|A|SUMMARY)$/.test(target.tagName) ||
    target.closest("[role=button]") !== null;
  const faster = (by: number) => {
    speed.value = String(Number(speed.value) + by);
    speed.dispatchEvent(new Event("input"));
  };
  switch (event.key) {
    case " ":
      if (onButton) return;
      toggle(actions);
      break;
    case "s":
      actions.command({ kind: "step" });
      break;
    case "r":
      restart(actions);
      break;
    case "ArrowLeft":
    case "ArrowRight":
      actions.look(event.key === "ArrowLeft" ? -1 : 1);
      break;
    case "Escape":
      if (isSheetOpen()) openSheet(false);
      else actions.now();
      break;
    case "+":
    case "-":
      faster(event.key === "+" ? 0.25 : -0.25);
      break;
    default:
      return;
  }
  event.preventDefault();
}
