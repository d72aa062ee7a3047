/**
 * What one viewer is sent of a run: at most 30 pictures a second, each with all that is new since the
 * one before. They are pulled: a viewer that does not read is not waited for, and nothing is kept for
 * it but which slot of which day it has seen; of days that are over it is sent nothing more.
 *
 * @module
 */

import { homesAfter, homeSlots } from "./describe_day.ts";
import { pause } from "./pace.ts";
import type { Run } from "./run.ts";
import type { Frame } from "./session.ts";

/** Most pictures a second. */
export const MOST_FRAMES_PER_SECOND = 30;

const PERIOD_MS = 1000 / MOST_FRAMES_PER_SECOND;

/** A viewer's frames of a run; `home` is the index of the selected home, or `null`. */
export function framesOf(run: Run, home: number | null): ReadableStream<Frame> {
  let epoch = run.epoch, step = 0, revision = -1, dayRevision = -1, dueMs = -Infinity;
  return new ReadableStream<Frame>({
    start: () => run.join(),
    async pull(controller) {
      const wait = dueMs - performance.now();
      if (wait > 0) await pause(wait);
      await run.changedFrom(revision);
      // A timer that was a little late does not put off the next picture as well.
      dueMs = Math.max(dueMs, performance.now() - PERIOD_MS) + PERIOD_MS;
      const frame = await run.read(() => {
        const from = epoch === run.epoch ? step : 0;
        const frame = frameOf(run, home, from, dayRevision !== run.dayRevision);
        ({ epoch, revision, dayRevision, day: { step } } = run);
        return frame;
      });
      controller.enqueue(frame);
    },
    cancel: () => run.leave(),
  }, { highWaterMark: 0 });
}

function frameOf(run: Run, home: number | null, from: number, described: boolean): Frame {
  const { day, epoch } = run;
  const selected = home !== null && home < day.dataset.community.prosumers.length ? home : null;
  return {
    epoch,
    step: day.step,
    playing: run.playing,
    slotsPerSecond: run.slotsPerSecond,
    measuredSlotsPerSecond: run.measuredSlotsPerSecond,
    fault: run.fault,
    viewers: run.viewers,
    slots: day.reports.slice(from),
    homes: homesAfter(day, day.step),
    home: selected === null
      ? []
      : day.records.map((books) => homeSlots(books, day, selected, from, day.step)),
    day: described ? run.description() : null,
  };
}
