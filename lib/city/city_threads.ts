/**
 * The threads of a city: this one leads and owns every n-th shard, Workers own the others. All go
 * through a slot together and meet once, before the auction.
 *
 * @module
 */

import { startWorkers } from "../ppo/wasm/start_workers.ts";
import { awaitHelpers, COMMANDS, publish } from "../ppo/wasm/signals.ts";
import { type CityHelperSetup, type CitySetup, createAdvance } from "./advance.ts";
import { moduleBeside } from "../module_beside.ts";
// A package holds what is imported.
import type {} from "./city_worker.ts";

/** Threads at work. */
export interface CityThreads {
  /** Settles the slot before, if there is one, and orders for this one, if there is one. */
  advance(slot: number): void;
  /** Ends the Workers. */
  close(): void;
}

/** How long a Worker may give no sign of life. [ms] */
const PATIENCE_MS = 60_000;

/** Starts `setup.members` threads, this one included. */
export async function startCityThreads(setup: CitySetup): Promise<CityThreads> {
  const { signals } = setup.memory;
  const workers = await startWorkers(
    moduleBeside("./city_worker.ts", import.meta.url),
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
