/**
 * What a training does when: first it may imitate, then it is PPO, each with steps that fall to 0.
 *
 * @module
 */

import type { PpoConfig } from "./ppo_config.ts";

/** Whether a teacher is imitated now, and how large Adam's steps are. */
export function phaseAt(
  { totalTimesteps, imitationShare, imitationLearningRate, learningRate }: PpoConfig,
  timesteps: number,
): { readonly imitates: boolean; readonly learningRate: number } {
  const imitation = imitationShare * totalTimesteps;
  return timesteps < imitation
    ? { imitates: true, learningRate: imitationLearningRate * (1 - timesteps / imitation) }
    : {
      imitates: false,
      learningRate: learningRate * (totalTimesteps - timesteps) / (totalTimesteps - imitation),
    };
}
