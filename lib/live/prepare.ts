/**
 * From what is asked for to a day that is ready for its first slot.
 *
 * @module
 */

import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { LiveDay } from "./live_day.ts";
import { localTime, parseDay, slotsPerDay, timestamp } from "../units.ts";
import type { Setup, Sources } from "./session.ts";

/**
 * A set-up made complete, and its day ready for the first slot.
 *
 * @param afterSlot Called after every slot that is played on it.
 */
export async function prepare(
  asked: Setup,
  sources: Sources,
  afterSlot: () => Promise<void>,
): Promise<{ setup: Setup; day: LiveDay }> {
  const dataset = await sources.dataset(asked);
  const firstSlot = firstSlotOf(dataset, asked.day);
  const setup = {
    ...asked,
    day: timestamp(dataset.profiles.grid, firstSlot).slice(0, 10),
    compare: asked.compare === asked.policy ? null : asked.compare,
  };
  const names = [setup.policy, ...setup.compare === null ? [] : [setup.compare]];
  const { config, ...players } = await sources.players(names, setup.seed);
  const day = await LiveDay.begin({
    dataset: priced(dataset, config.tariffs),
    firstSlot,
    seed: setup.seed,
    ...players,
    // Whatever episodes a model was trained in, what is watched is a day.
    config: { ...config, episodeDays: 1 },
    afterSlot,
  });
  return { setup, day };
}

/** First slot of a local day; of the day in the middle of the data set where none is named. */
function firstSlotOf(dataset: Dataset, day: string): number {
  const { grid } = dataset.profiles;
  const perDay = slotsPerDay(grid.dtHours);
  const first = firstMidnight(dataset);
  const days = Math.floor((grid.slots - first) / perDay);
  if (days < 1) throw new RangeError("the data set has no whole day from midnight to midnight");
  if (day === "") return first + Math.floor(days / 2) * perDay;
  const firstDay = timestamp(grid, first).slice(0, 10);
  const index = (parseDay(day) - parseDay(firstDay)) / 86_400_000;
  if (!(index >= 0 && index < days)) {
    const lastDay = timestamp(grid, first + (days - 1) * perDay).slice(0, 10);
    throw new RangeError(`day must be from ${firstDay} to ${lastDay}, got ${day}`);
  }
  return first + index * perDay;
}

/** The first slot that begins a local day. */
export function firstMidnight({ profiles: { grid } }: Dataset): number {
  let slot = 0;
  while (slot < grid.slots && localTime(grid, slot).hourOfDay !== 0) slot++;
  return slot;
}
