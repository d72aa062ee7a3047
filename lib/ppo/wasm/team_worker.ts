/**
 * A helper in a team, see {@link ./team.ts}: a Worker that plays its shards of the environment and
 * computes those of minibatches.
 *
 * @module
 */

import { serialize } from "node:v8";
import { startEnvRunners } from "../worker_pool.ts";
import type { Network } from "../network.ts";
import { parameterViews } from "../parameters.ts";
import { createKernels } from "./kernels.ts";
import { asNetwork } from "./kernel_learner.ts";
import { blockCount } from "./cut.ts";
import { createShardWorker } from "./minibatch_shards.ts";
import { COMMANDS, serve } from "./signals.ts";
import { type HelperSetup, readStatistics, shardsOf } from "./team_setup.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<HelperSetup>) => void;
  /** `null` when it is ready, or what is wrong. */
  postMessage(answer: string | null): void;
};

scope.onmessage = async ({ data }) => {
  let carryOut;
  try {
    carryOut = await prepare(data);
  } catch (error) {
    scope.postMessage((error as Error).message);
    return;
  }
  scope.postMessage(null);
  serve(data.shared.signals, data.helper, carryOut);
};

async function prepare(
  { helper, members, recipe, communities, begin, config, sizes, shared }: HelperSetup,
): Promise<(command: number, argument: number) => void> {
  const { memory, signals, rollout, batch, episodeCosts } = shared;
  const parameters = parameterViews(sizes, shared.parameters);
  const kernels = createKernels(memory);
  const shards = createShardWorker(kernels, parameters);
  const { createShard } = await import(recipe.module);
  const source = { communities, create: (shard: number) => createShard(recipe.data, shard) };
  const chosen = shardsOf(helper + 1, members, communities.length);
  const runners = startEnvRunners({ shards: source, begin }, chosen);
  const beat = () => void Atomics.add(signals.heartbeat, helper, 1);
  const networks = {
    actor: beating(asNetwork(shards.actor), beat),
    critic: asNetwork(shards.critic),
    logStd: parameters.logStd,
  };
  let saved: Uint8Array = new Uint8Array(0);

  return (command, argument) => {
    beat();
    switch (command) {
      case COMMANDS.play: {
        shards.load();
        const statistics = readStatistics(shared.statistics);
        runners.forEach((runner, i) => {
          runner.play(rollout, networks, statistics, config.observationClip, argument === 1);
          episodeCosts[chosen[i]] = runner.takeEpisodeCost() ?? NaN;
        });
        return;
      }
      case COMMANDS.differentiate:
      case COMMANDS.imitate: {
        const loss = { ...config, imitates: command === COMMANDS.imitate };
        shards.load();
        const count = blockCount(argument, batch.agents);
        for (let k = helper + 1; k < count; k += members) {
          shards.run(batch, rollout, argument, k, loss);
        }
        return;
      }
      case COMMANDS.state:
        saved = serialize(runners.map((runner) => runner.state()));
        signals.length[helper] = saved.length;
        return;
      case COMMANDS.fetch: {
        const room = Math.max(...signals.length);
        new Uint8Array(memory.buffer, argument + helper * room, saved.length).set(saved);
        return;
      }
    }
  };
}

function beating(network: Network, beat: () => void): Network {
  return {
    forward(seen) {
      beat();
      return network.forward(seen);
    },
  };
}
