/**
 * The threads of a city: this one leads and owns every n-th part, Workers own the others. All go
 * through a slot together and meet once, before the auction.
 *
 * @module
 */

import type { Composition } from "../data/composed.ts";
import { loadsBySlot } from "../data/loads_by_slot.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { createPublished } from "../env/published.ts";
import { slotBatteries } from "../env/state.ts";
import { actByRule } from "../policies/rule_based.ts";
import { startWorkers } from "../ppo/wasm/start_workers.ts";
import { awaitHelpers, COMMANDS, publish } from "../ppo/wasm/signals.ts";
import { type CityMemory, partCount } from "./memory.ts";
import { type CityPart, createCityPart } from "./part.ts";

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

/** Threads at work. */
export interface CityCrew {
  /** Settles the slot before, if there is one, and orders for this one, if there is one. */
  advance(slot: number): void;
  /** Ends the Workers. */
  close(): void;
}

/** How long a Worker may give no sign of life. [ms] */
const PATIENCE_MS = 60_000;

/** Starts `setup.members` threads, this one included. */
export async function assembleCityCrew(setup: CitySetup): Promise<CityCrew> {
  const { signals } = setup.memory;
  const workers = await startWorkers(
    new URL("./worker.ts", import.meta.url),
    setup.members - 1,
    (helper) => ({ ...setup, helper }) satisfies CityHelperSetup,
  );
  const advanceOwn = createAdvance(setup, 0);
  return {
    advance(slot) {
      publish(signals, COMMANDS.play, slot);
      advanceOwn(slot);
      awaitHelpers(signals, PATIENCE_MS);
    },
    close() {
      publish(signals, COMMANDS.stop, 0);
      for (const worker of workers) worker.terminate();
    },
  };
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
  const parts: CityPart[] = [];
  for (let part = member; part < partCount(archetype.length); part += members) {
    parts.push(createCityPart(source, part));
  }
  return (slot) => {
    for (const part of parts) {
      if (slot > 0) part.settle(slot - 1);
      if (slot < grid.slots) part.order(slot);
    }
  };
}
