/**
 * A community composed from a few households: every prosumer is an archetype with its load and its sun
 * scaled and its habits shifted in time,
 *
 *     load_i(t) = scale_i × load of the archetype at t + shift_i (around the end of the data),
 *     PV_i(t) = scale_i × PV of the archetype at t.
 *
 * Tariffs, carbon intensity and batteries are those of the archetypes, without their network. Scales and shifts are assumptions
 * for tests of scale, no measurements.
 *
 * @module
 */

import { stream } from "../random.ts";
import { slotsPerDay } from "../units.ts";
import { type Dataset, validateDataset } from "./profiles.ts";

const LOAD_SPREAD = 0.3;
const PV_SPREAD = 0.2;
const SHIFT_WEEKS = 2;
const SHIFT_HOURS = 1;

/**
 * Draws `prosumers` from a seed; the archetypes take turns, so that their mix stays, and more prosumers
 * leave the first ones as they were.
 *
 * @throws {RangeError} If there is no prosumer, or the archetypes are no valid data set.
 *
 * @example
 * ```ts
 * import { compose } from "./composed.ts";
 * import { synthesize } from "./synthetic.ts";
 * const archetypes = synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 1 });
 * const { community } = compose(archetypes, { seed: 1, prosumers: 9 });
 * if (community.prosumers.length !== 9) throw new Error("nine homes of four kinds");
 * ```
 */
export function compose(
  archetypes: Dataset,
  { seed, prosumers: count }: { readonly seed: number; readonly prosumers: number },
): Dataset {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`prosumers must be a whole number of at least 1, got ${count}`);
  }
  validateDataset(archetypes);
  const { community, profiles: { reactiveKvar: _reactive, ...profiles } } = archetypes;
  const { slots, dtHours } = profiles.grid;
  const random = stream(seed, "composition");
  const within = (most: number) => random.below(2 * most + 1) - most;
  const loadKw = new Float64Array(count * slots), pvKw = new Float64Array(count * slots);
  const prosumers = Array.from({ length: count }, (_, i) => {
    const a = i % community.prosumers.length;
    const loadScale = 1 + LOAD_SPREAD * (2 * random.uniform() - 1);
    const pvScale = 1 + PV_SPREAD * (2 * random.uniform() - 1);
    const shift = 7 * slotsPerDay(dtHours) * within(SHIFT_WEEKS) + within(SHIFT_HOURS / dtHours);
    for (let t = 0; t < slots; t++) {
      const lived = (t + shift % slots + slots) % slots;
      loadKw[i * slots + t] = loadScale * profiles.loadKw[a * slots + lived];
      pvKw[i * slots + t] = pvScale * profiles.pvKw[a * slots + t];
    }
    const home = community.prosumers[a];
    return { ...home, id: `home-${i + 1}`, pvCapacityKw: home.pvCapacityKw * pvScale };
  });
  const { network: _network, ...shared } = archetypes;
  return {
    ...shared,
    community: { ...community, name: `${community.name}-of-${count}`, prosumers },
    profiles: { ...profiles, loadKw, pvKw },
  };
}
