/**
 * A policy on several threads: each decides for some of the rows, block by block as one thread would,
 * so that their number changes no bit. What Workers see and decide passes through shared memory.
 *
 * @module
 */

import type { ActorWeights } from "../actor_weights.ts";
import { type Blocks, communitiesOf, eachBlock } from "../blocks.ts";
import { BLOCK_ROWS, blockCount, blockOf } from "./cut.ts";
import { createKernels } from "./kernels.ts";
import { createPolicyNetwork } from "./policy_network.ts";
import { allocateSignals, awaitHelpers, COMMANDS, publish } from "./signals.ts";
import { PLACE_LENGTH, type PolicyHelperSetup } from "./policy_team_setup.ts";
import { startWorkers } from "./start_workers.ts";
import { moduleBeside } from "../../module_beside.ts";
// A package holds what is imported.
import type {} from "./policy_worker.ts";

/** A policy's network on several threads. */
export interface PolicyTeam {
  /** Writes the mean actions of what is seen. */
  means(seen: Blocks<Float64Array>, actions: Float64Array): void;
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
  const inputs = eachBlock((block) => weights.normalizer[block].mean.length);
  const decided = weights.sizes[weights.sizes.length - 1];
  const nothing = () => arrays.float64(0);
  let room = { common: nothing(), own: nothing(), actions: nothing() };

  function makeRoom(common: number, own: number, actions: number): void {
    if (room.common.length < common || room.own.length < own) {
      const [commonRoom, ownRoom] = [arrays.float64(common), arrays.float64(own)];
      room = { common: commonRoom, own: ownRoom, actions: arrays.float64(actions) };
    }
  }

  return {
    means(seen, actions) {
      const rows = seen.own.length / inputs.own;
      if (members === 1 || rows < LEAST_ROWS * members) return own(seen, actions);
      const communities = communitiesOf(seen, inputs);
      const blocks = blockCount(communities, rows / communities);
      const bounds = Array.from(
        { length: members + 1 },
        (_, k) => Math.round(k * blocks / members),
      );
      // Rows before those of the helpers are left out, but keep their places.
      const first = blockOf(bounds[1], communities, rows / communities).row;
      makeRoom(seen.common.length, seen.own.length, actions.length);
      room.common.set(seen.common);
      room.own.set(seen.own.subarray(first * inputs.own), first * inputs.own);
      for (let k = 1; k < members; k++) {
        places.set([
          room.common.byteOffset,
          seen.common.length,
          room.own.byteOffset,
          seen.own.length,
          room.actions.byteOffset,
          bounds[k],
          bounds[k + 1],
        ], PLACE_LENGTH * (k - 1));
      }
      publish(signals, COMMANDS.play, 0);
      own(seen, actions, [0, bounds[1]]);
      awaitHelpers(signals, PATIENCE_MS);
      actions.set(room.actions.subarray(first * decided, rows * decided), first * decided);
    },
    close() {
      publish(signals, COMMANDS.stop, 0);
      for (const worker of workers) worker.terminate();
    },
  };
}
