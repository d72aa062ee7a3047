/**
 * Goes on with a running episode on other data, as when the grid fails in the middle of a day.
 *
 * What has happened stays: the batteries hold what they hold, the peak so far counts, and the data
 * of the slots that are done must be the same. Agents learn of the change when it is there, by what
 * they observe from then on, and forecasts err as they did.
 *
 * @module
 */

import type { Dataset, Profiles } from "../data/profiles.ts";
import { shown } from "../text/shown.ts";
import { EnergyMarketEnv } from "./energy_market_env.ts";

/**
 * An environment in the state of `env` whose remaining slots are those of `dataset`.
 *
 * @throws {RangeError} If the data set has other households, other slots or another past.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { continueOn } from "./continue_on.ts";
 * import { EnergyMarketEnv } from "./energy_market_env.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 7, dtHours: 1 });
 * const env = new EnergyMarketEnv(dataset);
 * env.reset({ seed: 7, firstSlots: [0] });
 * env.step(new Float64Array(env.decision.numbers.length));
 * const importPricePerKwh = dataset.profiles.importPricePerKwh.slice().fill(1, 1);
 * const changed = { ...dataset, profiles: { ...dataset.profiles, importPricePerKwh } };
 * if (continueOn(env, changed).state.step !== 1) throw new Error("it goes on at the second slot");
 * ```
 */
export function continueOn(env: EnergyMarketEnv, dataset: Dataset): EnergyMarketEnv {
  requireSamePast(env, dataset);
  const next = new EnergyMarketEnv(dataset, env.config, env.communities);
  requireSameEvents(env, next);
  next.restore(env.snapshot());
  return next;
}

/** What devices have lost and needed stays as well; what they could do may be less, as where one has failed. */
function requireSameEvents({ world: before, state }: EnergyMarketEnv, { world }: EnergyMarketEnv) {
  if (before.stores.length !== world.stores.length) {
    throw new RangeError("an episode can only go on with the same devices in the same order");
  }
  before.stores.forEach((old, s) => {
    const now = world.stores[s];
    for (const name of ["drainKwh", "leastKwh"] as const) {
      for (const first of state.firstSlot) {
        for (let slot = first; slot < first + state.step; slot++) {
          const [was, is] = [old[name][slot * old.stride], now[name][slot * now.stride]];
          if (was === is) continue;
          throw new RangeError(
            `${name} of ${shown(now.name)} must stay as it was in the slots that are done, got ` +
              `${is} for ${was} in slot ${slot}`,
          );
        }
      }
    }
  });
}

function requireSamePast({ dataset: before, state }: EnergyMarketEnv, after: Dataset): void {
  const ids = (dataset: Dataset) => dataset.community.prosumers.map(({ id }) => id).join();
  if (ids(before) !== ids(after)) {
    throw new RangeError("an episode can only go on with the same households in the same order");
  }
  const { grid: oldGrid, ...oldColumns } = before.profiles;
  const { grid, ...columns } = after.profiles;
  if (JSON.stringify(oldGrid) !== JSON.stringify(grid)) {
    throw new RangeError("an episode can only go on over the same slots");
  }
  for (const name of Object.keys(columns) as (keyof Omit<Profiles, "grid">)[]) {
    const [old, now] = [oldColumns[name], columns[name]];
    if (old === now || old === undefined || now === undefined) continue;
    for (let base = 0; base < now.length; base += grid.slots) {
      for (const first of state.firstSlot) {
        for (let step = 0; step < state.step; step++) {
          const index = base + first + step;
          if (old[index] === now[index]) continue;
          throw new RangeError(
            `${name} must stay as it was in the slots that are done, got ${now[index]} for ` +
              `${old[index]} in slot ${first + step}`,
          );
        }
      }
    }
  }
}
