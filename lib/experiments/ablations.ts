/**
 * What makes the agents learn: the experiment of R1, and experiments that each change one thing.
 *
 * @module
 */

import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";
import { setups } from "./setups.ts";

/** An experiment that differs from the reference in one respect. */
export interface Ablation {
  /** Names its models and its row. */
  readonly name: string;
  /** What is different, in a line. */
  readonly what: string;
  /** Who learns, a word of `deno task train --algorithm`; PPO if absent. */
  readonly algorithm?: "sac";
  /** Parts of the configuration that replace those of the reference. */
  readonly change: {
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly training?: Readonly<Record<string, unknown>>;
    readonly ppo?: Readonly<Record<string, unknown>>;
  };
}

/** The reference first. */
export const ablations: readonly Ablation[] = [
  { name: "reference", what: "the set-up R1", change: {} },
  {
    name: "imitation-alone",
    what: "the planner imitated to the end, no PPO",
    change: { ppo: { imitationShare: 1 } },
  },
  {
    name: "ppo-alone",
    what: "PPO from the first step on, with its own defaults",
    change: { ppo: { imitationShare: 0, learningRate: 2e-3, initialStd: 0.25 } },
  },
  {
    name: "sac",
    what: "soft actor-critic in the place of PPO, the same imitation first",
    algorithm: "sac",
    change: {},
  },
  {
    name: "weeks-as-rollouts",
    what: "eight communities that play whole weeks between updates",
    change: { training: { communities: 8 }, ppo: { rolloutSteps: 168 } },
  },
  {
    name: "no-baseline",
    what: "the cost itself as reward, in place of what was saved",
    change: { training: { rewardBaseline: "none" } },
  },
  {
    name: "mixed",
    what: "every agent is rewarded with the community's mean",
    change: { training: { rewardMixing: 1 } },
  },
  {
    name: "half-mixed",
    what: "half own reward, half the community's mean",
    change: { training: { rewardMixing: 0.5 } },
  },
  {
    name: "large-batches",
    what: "128 communities and minibatches of 4,096",
    change: { training: { communities: 128 }, ppo: { minibatchSize: 4096 } },
  },
  {
    name: "community-critic",
    what: "the critic sees the community (MAPPO)",
    change: { ppo: { critic: "community" } },
  },
  { name: "narrow", what: "two hidden layers of 32", change: { ppo: { hiddenSizes: [32, 32] } } },
  { name: "wide", what: "two hidden layers of 128", change: { ppo: { hiddenSizes: [128, 128] } } },
  { name: "discount", what: "discount 0.97", change: { ppo: { discount: 0.97 } } },
  {
    name: "more-noise",
    what: "exploration begins at 0.5",
    change: { ppo: { initialStd: 0.5 } },
  },
];

/** The experiment of R1 with the change, of another length. */
export function ablationExperiment(
  { change, name }: Ablation,
  totalTimesteps: number,
): ExperimentConfig {
  const { environment, training, ppo } = parseExperiment(setups.R1.experiment, setups.R1.name);
  return parseExperiment({
    environment: { ...environment, ...change.environment },
    training: { ...training, ...change.training },
    ppo: { ...ppo, ...change.ppo, totalTimesteps },
  }, name);
}
