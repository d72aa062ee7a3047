/**
 * A whole experiment as one configuration: the rules of the market, how it is presented to the
 * learner, and the learner.
 *
 * @module
 */

import { z } from "zod";
import { checked } from "../data/json.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../env/config.ts";
import { type PpoConfig, ppoConfigSchema } from "./ppo_config.ts";

/** How the market is presented to the learner. */
export interface TrainingConfig {
  /** Communities that play side by side. */
  readonly communities: number;
  /** Factor on rewards, to bring them to order 1. */
  readonly rewardScale: number;
  /** Share of the community's mean reward in a prosumer's, 0 (selfish) to 1 (common). */
  readonly rewardMixing: number;
  /** Whether the cost without battery and trade is given back ({@link ./training_reward.ts}). */
  readonly rewardBaseline: "none" | "grid-only";
  /** Iterations between two validations, each followed by a checkpoint. */
  readonly validationInterval: number;
}

/** Everything about an experiment but data set and seed. */
export interface ExperimentConfig {
  /** Rules of the game. */
  readonly environment: EnvironmentConfig;
  /** How the market is presented to the learner. */
  readonly training: TrainingConfig;
  /** The learner. */
  readonly ppo: PpoConfig;
}

/**
 * What differs in the market from PPO's own defaults: half of the training imitates a planner, and PPO
 * goes on from there in smaller steps and with less noise.
 */
const REFERENCE = { imitationShare: 0.5, learningRate: 5e-4, initialStd: 0.1 };

function withReference(ppo: unknown): unknown {
  const isObject = typeof ppo === "object" && ppo !== null && !Array.isArray(ppo);
  return isObject ? { ...REFERENCE, ...ppo } : ppo;
}

const schema: z.ZodType<ExperimentConfig> = z.strictObject({
  environment: environmentConfigSchema.prefault({}),
  training: z.strictObject({
    communities: z.int().min(1).max(65_536).default(32),
    rewardScale: z.number().positive().default(1),
    rewardMixing: z.number().min(0).max(1).default(0),
    rewardBaseline: z.enum(["none", "grid-only"]).default("grid-only"),
    validationInterval: z.int().min(1).default(10),
  }).prefault({}),
  ppo: z.preprocess(withReference, ppoConfigSchema).prefault({}),
});

/**
 * Reads an experiment and fills in the reference set-up where it says nothing.
 *
 * @param source Named in errors, such as the path of a file.
 * @throws {RangeError} Naming the source, the field that is wrong and what it holds.
 *
 * @example
 * ```ts
 * import { parseExperiment } from "./experiment.ts";
 * const { environment } = parseExperiment({ environment: { forecast: { error: 0.1 } } }, "example");
 * if (environment.forecast.error !== 0.1 || environment.episodeDays !== 7) throw new Error("parsed");
 * ```
 */
export function parseExperiment(input: unknown, source: string): ExperimentConfig {
  return checked(input, schema, source);
}
