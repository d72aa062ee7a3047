/**
 * What makes the agents learn: the reference experiment, and experiments that each change one thing.
 *
 * @module
 */

/** An experiment that differs from the reference in one respect. */
export interface Ablation {
  /** Names its models and its row. */
  readonly name: string;
  /** What is different, in a line. */
  readonly what: string;
  /** Parts of the configuration that replace those of the reference. */
  readonly change: {
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly training?: Readonly<Record<string, unknown>>;
    readonly ppo?: Readonly<Record<string, unknown>>;
  };
}

/** The reference first. */
export const ablations: readonly Ablation[] = [
  { name: "reference", what: "the defaults", change: {} },
  {
    name: "raw-actions",
    what: "raw actions in place of the merit order",
    change: { training: { actions: "raw" } },
  },
  {
    name: "no-baseline",
    what: "the cost itself as reward, in place of what was saved",
    change: { training: { rewardBaseline: "none" } },
  },
  {
    name: "selfish",
    what: "every agent is rewarded for its own bill alone",
    change: { training: { rewardMixing: 0 } },
  },
  {
    name: "half-mixed",
    what: "half own reward, half the community's mean",
    change: { training: { rewardMixing: 0.5 } },
  },
  {
    name: "small-batches",
    what: "32 communities, minibatches of 1,024, learning rate 0.001",
    change: { training: { communities: 32 }, ppo: { minibatchSize: 1024, learningRate: 1e-3 } },
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
    name: "little-noise",
    what: "exploration begins at 0.25",
    change: { ppo: { initialStd: 0.25 } },
  },
];
