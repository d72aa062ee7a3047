/**
 * A policy on several threads: each decides for some of the rows, block by block as one thread would,
 * so that their number changes no bit. What Workers see and decide passes through shared memory.
 *
 * @module
 */

import type { ActorWeights } from "../actor_weights.ts";
import { createKernels } from "./kernels.ts";
import { BLOCK_ROWS } from "./block_mlp.ts";
import { createPolicyNetwork } from "./policy_network.ts";
import { allocateSignals, awaitHelpers, COMMANDS, publish } from "./signals.ts";
import { PLACE_LENGTH, type PolicyHelperSetup } from "./policy_team_setup.ts";
import { startWorkers } from "./start_workers.ts";
import { moduleBeside } from "../../module_beside.ts";
// A package holds what is imported.
import type {} from "./policy_worker.ts";

/** A policy's network on several threads. */
export interface PolicyTeam {
  /** Writes the mean actions of observations [rows × observationSize]. */
  means(observations: Float64Array, actions: Float64Array): void;
  /** Ends the Workers. */
  close(): void;
}

/** With fewer rows for each member this thread alone is as fast. */
const LEAST_ROWS = 4 * BLOCK_ROWS;
/** How long a helper may give no sign of life. [ms] */
const PATIENCE_MS = 60_000;

/** Starts `members` threads, this one included. */
export async function startPolicyTeam(
  weights: ActorWeights,
  members: number,
): Promise<PolicyTeam> {
  const own = createPolicyNetwork(weights);
  const { memory, ...arrays } = createKernels();
  const signals = allocateSignals(arrays, members - 1);
  const places = arrays.uint32(PLACE_LENGTH * (members - 1));
  const workers = await startWorkers(
    moduleBeside("./policy_worker.ts", import.meta.url),
    members - 1,
    (helper) => ({ helper, weights, memory, signals, places }) satisfies PolicyHelperSetup,
  );
  const [seen, decided] = [weights.sizes[0], weights.sizes[weights.sizes.length - 1]];
  let room = { observations: arrays.float64(0), actions: arrays.float64(0) };

  function makeRoom(rows: number): void {
    if (room.actions.length >= rows * decided) return;
    room = { observations: arrays.float64(rows * seen), actions: arrays.float64(rows * decided) };
  }

  return {
    means(observations, actions) {
      const rows = observations.length / seen;
      if (members === 1 || rows < LEAST_ROWS * members) return own(observations, actions);
      const bounds = boundsOf(rows, members);
      const first = bounds[1];
      makeRoom(rows - first);
      room.observations.set(observations.subarray(first * seen));
      for (let k = 1; k < members; k++) {
        places.set([
          room.observations.byteOffset + 8 * seen * (bounds[k] - first),
          room.actions.byteOffset + 8 * decided * (bounds[k] - first),
          bounds[k + 1] - bounds[k],
        ], PLACE_LENGTH * (k - 1));
      }
      publish(signals, COMMANDS.play, 0);
      own(observations.subarray(0, first * seen), actions);
      awaitHelpers(signals, PATIENCE_MS);
      actions.set(room.actions.subarray(0, (rows - first) * decided), first * decided);
    },
    close() {
      publish(signals, COMMANDS.stop, 0);
      for (const worker of workers) worker.terminate();
    },
  };
}

/** Where the rows of each member begin, in whole blocks, and where the last ones end. */
function boundsOf(rows: number, members: number): number[] {
  const blocks = Math.ceil(rows / BLOCK_ROWS);
  return Array.from({ length: members + 1 }, (_, k) => {
    return Math.min(rows, Math.round(k * blocks / members) * BLOCK_ROWS);
  });
}
