/**
 * A community too large to hold, composed from a few households: every prosumer is an archetype with
 * its load and its sun scaled and its habits shifted in time,
 *
 *     load_i(t) = scale_i × load of the archetype at t + shift_i (around the end of the data),
 *     PV_i(t) = scale_i × PV of the archetype at t.
 *
 * Profiles are written slot by slot, so that memory grows with prosumers plus slots and not with
 * their product. Tariffs, carbon intensity and batteries are those of the archetypes. Scales and
 * shifts are assumptions for tests of scale, no measurements.
 *
 * @module
 */

import { stream } from "../random.ts";
import { slotsPerDay } from "../units.ts";
import { type LoadsBySlot, loadsBySlot } from "./loads_by_slot.ts";
import { type Dataset, validateDataset } from "./profiles.ts";

/** Prosumers composed from archetypes. */
export interface Composition {
  /** Households, tariffs and carbon intensity. */
  readonly archetypes: Dataset;
  /** Which archetype each prosumer is. `[prosumers]` */
  readonly archetype: Int32Array;
  /** Its load ÷ load of the archetype. `[prosumers]` */
  readonly loadScale: Float64Array;
  /** Its PV ÷ PV of the archetype. `[prosumers]` */
  readonly pvScale: Float64Array;
  /** How much later in the archetype's life it is. `[prosumers]` [slots] */
  readonly shiftSlots: Int32Array;
}

const LOAD_SPREAD = 0.3;
const PV_SPREAD = 0.2;
const SHIFT_WEEKS = 2;
const SHIFT_HOURS = 1;

/**
 * Draws `prosumers` from a seed; the archetypes take turns, so that their mix stays.
 *
 * @throws {RangeError} If there is no prosumer, or the archetypes are no valid data set.
 *
 * @example
 * ```ts
 * import { compose, composedDataset } from "./composed.ts";
 * import { synthesize } from "./synthetic.ts";
 * const archetypes = synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 1 });
 * const { community } = composedDataset(compose(archetypes, { seed: 1, prosumers: 9 }));
 * if (community.prosumers.length !== 9) throw new Error("nine homes of four kinds");
 * ```
 */
export function compose(
  archetypes: Dataset,
  { seed, prosumers }: { readonly seed: number; readonly prosumers: number },
): Composition {
  if (!Number.isSafeInteger(prosumers) || prosumers < 1) {
    throw new RangeError(`prosumers must be a whole number of at least 1, got ${prosumers}`);
  }
  validateDataset(archetypes);
  const random = stream(seed, "composition");
  const composition: Composition = {
    archetypes,
    archetype: new Int32Array(prosumers),
    loadScale: new Float64Array(prosumers),
    pvScale: new Float64Array(prosumers),
    shiftSlots: new Int32Array(prosumers),
  };
  const { slots, dtHours } = archetypes.profiles.grid;
  const within = (most: number) => random.below(2 * most + 1) - most;
  for (let i = 0; i < prosumers; i++) {
    composition.archetype[i] = i % archetypes.community.prosumers.length;
    composition.loadScale[i] = 1 + LOAD_SPREAD * (2 * random.uniform() - 1);
    composition.pvScale[i] = 1 + PV_SPREAD * (2 * random.uniform() - 1);
    const shift = 7 * slotsPerDay(dtHours) * within(SHIFT_WEEKS) + within(SHIFT_HOURS / dtHours);
    composition.shiftSlots[i] = shift % slots;
  }
  return composition;
}

/**
 * Writes load and PV of prosumers `from` to `to` (exclusive) in one slot. [kW]
 *
 * @param archetypeLoads Load and PV of the archetypes by slot.
 */
export function writeComposedSlot(
  composition: Composition,
  archetypeLoads: LoadsBySlot,
  slot: number,
  from: number,
  to: number,
  loadKw: Float64Array,
  pvKw: Float64Array,
): void {
  const { archetypes, archetype, loadScale, pvScale, shiftSlots } = composition;
  const { slots } = archetypes.profiles.grid;
  const count = archetypes.community.prosumers.length;
  for (let i = from; i < to; i++) {
    let lived = slot + shiftSlots[i];
    if (lived < 0) lived += slots;
    else if (lived >= slots) lived -= slots;
    loadKw[i - from] = loadScale[i] * archetypeLoads.loadKw[lived * count + archetype[i]];
    pvKw[i - from] = pvScale[i] * archetypeLoads.pvKw[slot * count + archetype[i]];
  }
}

/** The whole data set of a composition that is small enough to hold. */
export function composedDataset(composition: Composition): Dataset {
  const { archetypes, archetype, pvScale } = composition;
  const { community, profiles } = archetypes;
  const { slots } = profiles.grid;
  const count = archetype.length;
  const bySlot = loadsBySlot(profiles);
  const loadKw = new Float64Array(count * slots), pvKw = new Float64Array(count * slots);
  const load = new Float64Array(count), pv = new Float64Array(count);
  for (let t = 0; t < slots; t++) {
    writeComposedSlot(composition, bySlot, t, 0, count, load, pv);
    for (let i = 0; i < count; i++) {
      loadKw[i * slots + t] = load[i];
      pvKw[i * slots + t] = pv[i];
    }
  }
  const prosumers = Array.from(archetype, (a, i) => {
    const home = community.prosumers[a];
    return { ...home, id: `home-${i + 1}`, pvCapacityKw: home.pvCapacityKw * pvScale[i] };
  });
  return {
    ...archetypes,
    community: { ...community, name: `${community.name}-of-${count}`, prosumers },
    profiles: { ...profiles, loadKw, pvKw },
  };
}
