/**
 * How fast a day is there to be watched, and played while it is: what the page of `deno task realtime`
 * waits for.
 *
 * @module
 */

import { Engine } from "../lib/live/engine.ts";
import { MachineSources } from "../lib/live/machine_sources.ts";
import { measure, type Row, row } from "./measure.ts";

/** Homes of the first measurement, and of the second. */
const OPENED = 200, PLAYED = 50;
/** What is asked for in the second one. [slots/s] */
const ASKED = 1000;
/** Slots of its day. */
const SLOTS = 24;
/** How long is watched. [s] */
const WATCHED_S = 2;

/** From an address to its first frame, and slots a second while 30 frames a second are taken. */
export async function liveRows(runs: number): Promise<Row[]> {
  return [await openRow(runs), ...await playRows(runs)];
}

async function openRow(runs: number): Promise<Row> {
  const sources = new MachineSources({});
  let opened = 0;
  const engine = new Engine(sources, () => `run-${++opened}`, noFiles);
  try {
    // What was made for one community is not there for the next.
    const seconds = await measure(runs, async () => {
      const query = `?prosumers=${OPENED - opened % 2}&day=2025-06-21&policy=self-consumption`;
      const { run } = await engine.open({ query, run: null, reload: false });
      const frames = engine.listen(run, null).getReader();
      await frames.read();
      await frames.cancel();
    }, 1);
    return row(`address of ${OPENED} homes to the first frame`, seconds, "s", "less", 1.5);
  } finally {
    await engine.close();
    sources.close();
  }
}

async function playRows(runs: number): Promise<Row[]> {
  const sources = new MachineSources({});
  const engine = new Engine(sources, () => "run", noFiles);
  const slotsPerSecond: number[] = [], framesPerSecond: number[] = [];
  try {
    const query = `?prosumers=${PLAYED}&day=2025-06-21&policy=self-consumption&end=next-day`;
    const { run } = await engine.open({ query, run: null, reload: false });
    await engine.command(run, { kind: "speed", slotsPerSecond: ASKED });
    const reader = engine.listen(run, null).getReader();
    await engine.command(run, { kind: "play" });
    for (let k = -1; k < runs; k++) {
      const began = performance.now(), first = (await reader.read()).value!;
      let frames = 0, last = first;
      while (performance.now() - began < 1000 * WATCHED_S) {
        last = (await reader.read()).value!;
        frames++;
      }
      if (k < 0) continue;
      const seconds = (performance.now() - began) / 1000;
      const slots = (last.epoch - first.epoch) * SLOTS + last.step - first.step;
      slotsPerSecond.push(slots / seconds);
      framesPerSecond.push(frames / seconds);
    }
    await reader.cancel();
  } finally {
    await engine.close();
    sources.close();
  }
  return [
    row(`slots shown of ${PLAYED} homes, of ${ASKED} asked for`, slotsPerSecond, "slots/s", "more"),
    row("frames sent meanwhile", framesPerSecond, "frames/s", "more"),
  ];
}

function noFiles(): Promise<never> {
  throw new Error("nothing is taken away here");
}
