/**
 * What one viewer is sent: server-sent events, at most 30 a second, each with all that is new since
 * the one before. The stream is pulled: a viewer that does not read is not waited for, and nothing is
 * kept for it but the number of the slot that it has seen.
 *
 * @module
 */

import type { Frame } from "./protocol.ts";
import type { Run } from "./run.ts";
import { homeSlots, homesNow } from "./stage.ts";

/** Most pictures a second. */
export const MOST_FRAMES_PER_SECOND = 30;

const PERIOD_MS = 1000 / MOST_FRAMES_PER_SECOND;

/** After so long without news a comment shows that the connection is alive. [ms] */
const HEARTBEAT_MS = 15_000;

/** A viewer's stream of a run; `home` is the index of the selected home, or `null`. */
export function framesOf(run: Run, home: number | null): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seq = run.seq - run.day.step;
  let revision = -1, stageRevision = -1, dueMs = -Infinity;
  return new ReadableStream<Uint8Array>({
    start: () => run.join(),
    async pull(controller) {
      const wait = dueMs - performance.now();
      if (wait > 0) await sleep(wait);
      if (!await within(HEARTBEAT_MS, run.changedFrom(revision))) {
        return controller.enqueue(encoder.encode(": alive\n\n"));
      }
      // A timer that was a little late does not put off the next picture as well.
      dueMs = Math.max(dueMs, performance.now() - PERIOD_MS) + PERIOD_MS;
      const frame = await run.read(() => {
        const frame = frameOf(run, home, seq, stageRevision !== run.stageRevision);
        ({ seq, revision, stageRevision } = run);
        return frame;
      });
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(frame)}\n\n`));
    },
    cancel: () => run.leave(),
  }, { highWaterMark: 0 });
}

function frameOf(run: Run, home: number | null, after: number, withStage: boolean): Frame {
  const { day, epoch } = run;
  const slots = run.slotsAfter(after);
  const today = slots.filter((slot) => slot.epoch === epoch).length;
  const selected = home !== null && home < day.dataset.community.prosumers.length ? home : null;
  return {
    seq: run.seq,
    epoch,
    step: day.step,
    playing: run.playing,
    slotsPerSecond: run.slotsPerSecond,
    measuredSlotsPerSecond: run.measuredSlotsPerSecond,
    fault: run.fault,
    viewers: run.viewers,
    skipped: run.seq - after - slots.length,
    slots,
    homes: day.step === 0 ? [] : day.records.map((books) => homesNow(books, day, day.step)),
    home: selected === null
      ? []
      : day.records.map((books) => homeSlots(books, day, selected, day.step - today, day.step)),
    stage: withStage ? run.stage() : null,
  };
}

/** Whether something happens within `ms`. */
async function within(ms: number, event: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const inTime = await Promise.race([event.then(() => true), late.promise]);
  clearTimeout(timer);
  return inTime;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
