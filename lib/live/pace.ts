/**
 * How work shares its thread with everything else: slots are played when they are due, at a speed that
 * may change at any time, and long work pauses now and then, so that the server can answer.
 *
 * @module
 */

/**
 * Most slots a second at which a run without end has the optimum of each of its days: beyond, solving
 * linear programs would take most of the time.
 */
export const FASTEST_WITH_OPTIMUM = 250;

/** Longest that slots are played before others have their turn. [ms] */
const BUSY_MS = 15;
/** Backlog beyond which no attempt is made to catch up. [ms] */
const BACKLOG_MS = 250;
/** Over how long the speed that is reached is measured. [ms] */
const MEASURE_MS = 1000;
/** Longest pause after which a change of speed shows. [ms] */
const PAUSE_MS = 100;

/** What is played. */
export interface Player {
  /** Whether to go on. */
  goesOn(): boolean;
  /** Speed that is asked for. */
  slotsPerSecond(): number;
  /** `null` while somebody watches, otherwise a promise of the next change. */
  unwatched(): Promise<void> | null;
  /** Plays one slot. */
  advance(): Promise<void>;
  /** Takes the speed that was reached, in slots a second. */
  measured(slotsPerSecond: number): void;
}

/** Plays until the player does not go on. */
export async function playAtPace(player: Player): Promise<void> {
  let due = performance.now();
  let since = due, counted = 0;
  while (player.goesOn()) {
    const change = player.unwatched();
    if (change !== null) {
      await change;
      due = performance.now();
      continue;
    }
    const start = performance.now();
    while (player.goesOn() && due <= performance.now() && performance.now() - start < BUSY_MS) {
      await player.advance();
      due += 1000 / player.slotsPerSecond();
      counted++;
    }
    const now = performance.now();
    if (now - due > BACKLOG_MS) due = now;
    if (now - since >= MEASURE_MS) {
      player.measured(1000 * counted / (now - since));
      [since, counted] = [now, 0];
    }
    await pause(Math.min(Math.max(0, due - now), PAUSE_MS));
    due = Math.min(due, performance.now() + 1000 / player.slotsPerSecond());
  }
}

/** Something to call after each part of long work: it gives way to others when that is due. */
export function givingWay(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < BUSY_MS) return;
    await pause(0);
    since = performance.now();
  };
}

/** Waits for `ms`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
