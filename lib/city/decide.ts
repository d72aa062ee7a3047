/**
 * What the rule-based policies of a city look at: the features of {@link ../env/observation.ts} that
 * are measured or published, for a few prosumers at a time. The others, forecasts of load and PV and
 * the community's, are NaN, so that a policy that needed them could not go unnoticed.
 *
 * @module
 */

import { ACTION_SIZE } from "../env/action.ts";
import { featureIndex, OBSERVATION_SIZE } from "../env/observation.ts";
import { type Published, publishedNames } from "../env/published.ts";
import type { SlotContext } from "../env/slot.ts";
import type { Act } from "../policies/policy.ts";

/** Prosumers that decide at a time; their observations stay in the cache. */
const GROUP = 64;

const CHARGE_LIMIT = featureIndex("chargeLimitKw");
const DISCHARGE_LIMIT = featureIndex("dischargeLimitKw");
const RATED_CHARGE = featureIndex("ratedChargeKw");
const RATED_DISCHARGE = featureIndex("ratedDischargeKw");
const LOAD = featureIndex("loadKw");
const PV = featureIndex("pvKw");
const NET_LOAD = featureIndex("netLoadKw");

/** Lets a policy decide for all prosumers of a shard, whose loads are those of slot 0. */
export type Decide = (published: Published, from: number) => void;

/** Prepares decisions that go into the actions of `context`. */
export function createDecide(context: SlotContext, act: Act): Decide {
  const { batteries, state, loads: { loadKw, pvKw }, actions } = context;
  const observation = new Float64Array(GROUP * OBSERVATION_SIZE).fill(NaN);
  const groups: Float64Array[] = [];
  for (let first = 0; first < batteries.length; first += GROUP) {
    const end = Math.min(first + GROUP, batteries.length);
    groups.push(actions.subarray(first * ACTION_SIZE, end * ACTION_SIZE));
  }

  function look(first: number, count: number): void {
    for (let k = 0; k < count; k++) {
      const i = first + k;
      const at = k * OBSERVATION_SIZE;
      const battery = batteries[i];
      observation[at + RATED_CHARGE] = battery === null ? 0 : battery.maxChargeKw;
      observation[at + RATED_DISCHARGE] = battery === null ? 0 : battery.maxDischargeKw;
      observation[at + CHARGE_LIMIT] = state.chargeLimitKw[i];
      observation[at + DISCHARGE_LIMIT] = state.dischargeLimitKw[i];
      observation[at + LOAD] = loadKw[i];
      observation[at + PV] = pvKw[i];
      observation[at + NET_LOAD] = loadKw[i] - pvKw[i];
    }
  }

  return ({ table }, from) => {
    const features = table.subarray(from, from + publishedNames.length);
    for (let k = 0; k < GROUP; k++) observation.set(features, k * OBSERVATION_SIZE);
    groups.forEach((group, index) => {
      look(index * GROUP, group.length / ACTION_SIZE);
      act(observation, group);
    });
  };
}
