/**
 * What a thread of a city does in a slot, with the shards of prosumers that are its own.
 *
 * @module
 */

import type { Composition } from "../data/composed.ts";
import { loadsBySlot } from "../data/loads_by_slot.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { createPublished } from "../env/published.ts";
import { slotBatteries } from "../env/state.ts";
import { actByRule } from "../policies/rule_based.ts";
import { type CityMemory, shardCount } from "./city_memory.ts";
import { type CityShard, createCityShard } from "./city_shard.ts";

/** What every thread starts from. */
export interface CitySetup {
  readonly composition: Composition;
  readonly config: EnvironmentConfig;
  /** Name of the rule-based policy. */
  readonly policy: string;
  readonly memory: CityMemory;
  /** Number of threads. */
  readonly members: number;
}

/** What a Worker is sent. */
export interface CityHelperSetup extends CitySetup {
  /** Its number among the Workers, from 0. */
  readonly helper: number;
}

/** What thread number `member` does in a slot. */
export function createAdvance(
  { composition, config, policy, memory, members }: CitySetup,
  member: number,
): (slot: number) => void {
  const { archetypes, archetype } = composition;
  const { grid, importPricePerKwh } = archetypes.profiles;
  const source = {
    composition,
    config,
    memory,
    archetypeLoads: loadsBySlot(archetypes.profiles),
    archetypeBatteries: slotBatteries(archetypes),
    published: createPublished(archetypes, grid.slots),
    highestPricePerKwh: importPricePerKwh.reduce((a, b) => Math.max(a, b), -Infinity),
    act: actByRule(policy, config.batteryAction),
  };
  const shards: CityShard[] = [];
  for (let shard = member; shard < shardCount(archetype.length); shard += members) {
    shards.push(createCityShard(source, shard));
  }
  return (slot) => {
    for (const shard of shards) {
      if (slot > 0) shard.settle(slot - 1);
      if (slot < grid.slots) shard.order(slot);
    }
  };
}
