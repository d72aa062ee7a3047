/**
 * Configuration of PPO: one field per knob, with the reference value as its default.
 *
 * Source of the defaults: Huang et al., The 37 Implementation Details of Proximal Policy
 * Optimization, 2022; minibatches are larger, because small ones waste the runtime, and nothing is
 * discounted, because an episode ends with a settlement.
 *
 * @module
 */

import { z } from "zod";

/** Where networks are computed: by fused kernels, or by TensorFlow.js, the reference. */
export type BackendName = "wasm" | "tfjs";

/** Names of the backends, the default first; see {@link ./backend.ts}. */
export const backendNames: readonly BackendName[] = ["wasm", "tfjs"];

/** Every knob of the learner. */
export interface PpoConfig {
  /** Slots of one community in the whole training. */
  readonly totalTimesteps: number;
  /** Share of the timesteps, from the first on, in which a teacher is imitated; PPO has the rest. */
  readonly imitationShare: number;
  /** Adam's step size at the start of imitation; it falls to 0 over it. */
  readonly imitationLearningRate: number;
  /** Slots that each community plays between two updates. */
  readonly rolloutSteps: number;
  /** Passes over a rollout in an update. */
  readonly epochs: number;
  /** Agent-steps in a gradient step, about: a rollout is cut into equal parts, by communities. */
  readonly minibatchSize: number;
  /** Adam's step size at the start of PPO; it falls to 0 until the end. */
  readonly learningRate: number;
  /** Adam's ε, which bounds the step where gradients vanish. */
  readonly adamEpsilon: number;
  /** Longest gradient, over all parameters together. */
  readonly maxGradientNorm: number;
  /** Weight γ of the next slot's value. */
  readonly discount: number;
  /** Weight λ of longer returns in the advantage: 0 trusts the critic, 1 trusts the rollout. */
  readonly gaeLambda: number;
  /** How far the probability ratio may leave 1 before it stops to count. */
  readonly clipRange: number;
  /** Weight of the value loss. */
  readonly valueCoefficient: number;
  /** Weight of the entropy bonus. */
  readonly entropyCoefficient: number;
  /** An update ends after the first epoch with a mean KL divergence above this; null never. [nat] */
  readonly targetKl: number | null;
  /** Widths of the hidden layers, the same for actor and critic. */
  readonly hiddenSizes: readonly number[];
  /** Standard deviation of every action at the start. */
  readonly initialStd: number;
  /** Normalised observations are cut to ± this. */
  readonly observationClip: number;
  /** Whether the critic sees what the agent sees (IPPO) or the whole community (MAPPO). */
  readonly critic: "independent" | "community";
  /** Where networks are computed; `tfjs` is the reference, and slow. */
  readonly backend: BackendName;
}

const fraction = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.int().min(1);

/** Schema of a {@linkcode PpoConfig}; parsing fills in the defaults. */
export const ppoConfigSchema: z.ZodType<PpoConfig> = z.strictObject({
  totalTimesteps: count.default(100_000),
  imitationShare: fraction.default(0),
  imitationLearningRate: positive.default(2e-3),
  rolloutSteps: count.max(1_000_000).default(24),
  epochs: count.max(10_000).default(4),
  minibatchSize: count.default(1024),
  learningRate: positive.default(2e-3),
  adamEpsilon: positive.default(1e-5),
  maxGradientNorm: positive.default(0.5),
  discount: fraction.default(1),
  gaeLambda: fraction.default(0.95),
  clipRange: positive.default(0.2),
  valueCoefficient: z.number().min(0).default(0.5),
  entropyCoefficient: z.number().min(0).default(0),
  targetKl: positive.nullable().default(0.03),
  hiddenSizes: z.array(count.max(4096)).max(16).default([64, 64]),
  initialStd: positive.default(0.25),
  observationClip: positive.default(10),
  critic: z.enum(["independent", "community"]).default("independent"),
  backend: z.enum(backendNames).default("wasm"),
});

/** The reference set-up. */
export const defaultPpoConfig: PpoConfig = ppoConfigSchema.parse({});
