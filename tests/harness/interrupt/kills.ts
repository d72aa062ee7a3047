/**
 * A task killed at random moments: every second one at any time of the run, the others while files
 * are written.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { endIfAsked } from "../../../lib/cli/stop.ts";
import { goOn, putBack, type Stage, startWatched, type State, stateOf } from "./stage.ts";

/** What became of all kills of a task. */
export interface Kills {
  /** How many of them. */
  readonly kills: number;
  /** Those that came while files were written. */
  readonly writing: number;
  /** Those that came too late, after the end of the task. */
  readonly late: number;
  /** What was found, by state. */
  readonly states: Readonly<Record<State, number>>;
  /** Folders whose files were in the middle of being put in place; readers finish that. */
  readonly settled: number;
  /** Times that going on ended with the same bits as a run without interruption. */
  readonly same: number;
  /** Times that what goes on named the process that was killed. */
  readonly takenOver: number;
  /** What went wrong, a line each. */
  readonly faults: readonly string[];
}

/**
 * Kills a task again and again.
 *
 * @param onKill Told after every kill how many there were.
 */
export async function killTask(
  stage: Stage,
  kills: number,
  random: Stream,
  onKill: (done: number) => void,
): Promise<Kills> {
  const states: Record<State, number> = { "previous": 0, "on the way": 0, "new": 0, "broken": 0 };
  const faults: string[] = [];
  let writing = 0, late = 0, settled = 0, same = 0, takenOver = 0;
  for (let k = 0; k < kills; k++) {
    await endIfAsked("the same command begins again");
    await putBack(stage, stage.out);
    const isWriting = k % 2 === 1;
    const { pid, code } = isWriting
      ? await killAmidWriting(stage, random)
      : await killAt(stage, 1000 * stage.seconds * random.uniform());
    if (code === 0) late++;
    else if (isWriting) writing++;
    const found = await stateOf(stage, stage.out);
    states[found.state]++;
    if (found.settled) settled++;
    const after = await goOn(stage, stage.out);
    if (after.faults.length === 0) same++;
    if (after.ending.stderr.includes(`taking over from process ${pid} `)) takenOver++;
    const where = `${stage.subject.task}, kill ${k + 1}`;
    faults.push(...[...found.faults, ...after.faults].map((fault) => `${where}: ${fault}`));
    onKill(k + 1);
  }
  return { kills, writing, late, states, settled, same, takenOver, faults };
}

interface Killed {
  readonly pid: number;
  readonly code: number;
}

async function killAt(stage: Stage, ms: number): Promise<Killed> {
  const { started, events } = startWatched(stage);
  const timer = setTimeout(() => started.kill("SIGKILL"), ms);
  const { code } = await started.ending;
  clearTimeout(timer);
  await events();
  return { pid: started.pid, code };
}

async function killAmidWriting(stage: Stage, random: Stream): Promise<Killed> {
  const last = 1 + random.below(stage.events);
  const { started, events } = startWatched(stage, (count, task) => {
    if (count === last) task.kill("SIGKILL");
  });
  const { code } = await started.ending;
  await events();
  return { pid: started.pid, code };
}
