/**
 * Those who play and learn: the parts of the communities, the networks, and the rollout between
 * them. One thread does all, or a team of Workers shares the parts and the minibatches.
 *
 * @module
 */

import type { AdamState } from "./adam.ts";
import { createLearner } from "./backend.ts";
import type { PpoConfig } from "./config.ts";
import type { Learner } from "./learner.ts";
import { type NetworkSizes, parameterViews } from "./parameters.ts";
import { createPart, type Part, type PartState, type Statistics } from "./part.ts";
import { allocateRollout, type Rollout, type RolloutShape } from "./rollout.ts";
import type { EnvironmentParts, VectorEnvironment } from "./vector_environment.ts";

/** A crew at work. */
export interface Crew {
  /** The networks in training. */
  readonly learner: Learner;
  /** The last rollout; overwritten by the next. */
  readonly rollout: Rollout;
  /** Plays a rollout with the networks as they stand. */
  play(statistics: Statistics): void;
  /** Copies of what the parts remember. */
  states(): PartState[];
  /** Mean cost of a community's episode that ended since this was last asked for, if any did. */
  takeEpisodeCost(): number | null;
  /** Ends the Workers, if there are any. */
  close(): void;
}

/** What a crew starts from. */
export interface CrewStart {
  /** The parts. */
  readonly parts: EnvironmentParts;
  /** The first part, made already. */
  readonly first: VectorEnvironment;
  /** The configuration. */
  readonly config: PpoConfig;
  /** Widths of the networks. */
  readonly sizes: NetworkSizes;
  /** Actor, log-std and critic. */
  readonly parameters: Float32Array;
  /** The optimiser's memory. */
  readonly adam: AdamState;
  /** Where the parts begin: anew, or where they were. */
  readonly begin: PartsBegin;
}

/** A seed, or the states of all parts. */
export type PartsBegin = { readonly seed: number } | { readonly states: readonly PartState[] };

/** Several threads if asked for, or this one alone. */
export async function assembleCrew(start: CrewStart, workers: number): Promise<Crew> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers must be a whole number of at least 1, got ${workers}`);
  }
  const { parts, config } = start;
  const members = Math.min(workers, parts.communities.length);
  if (members === 1) return soloCrew(start);
  if (parts.recipe === undefined) {
    throw new Error("the environment has no recipe for Workers; set workers to 1");
  }
  if (config.backend !== "wasm") {
    throw new Error(`backend ${config.backend} works on one thread; set workers to 1`);
  }
  const { assembleTeam } = await import("./wasm/team.ts");
  return await assembleTeam(start, members);
}

/** How much a crew's rollouts hold. */
export function rolloutShape({ parts, first, config }: CrewStart): RolloutShape {
  const communities = parts.communities.reduce((sum, count) => sum + count, 0);
  return {
    steps: config.rolloutSteps,
    rows: communities * first.agentsPerCommunity,
    observationSize: first.observationSize,
    criticSize: config.critic === "community" ? first.criticObservationSize! : null,
    actionSize: first.actionSize,
  };
}

/** Starts the chosen parts; the first is made already in the thread that asks for it. */
export function startParts(
  { parts, first, begin }: Pick<CrewStart, "parts" | "begin"> & {
    readonly first?: VectorEnvironment;
  },
  chosen: readonly number[],
): Part[] {
  return chosen.map((part) => {
    const environment = part === 0 && first !== undefined ? first : parts.create(part);
    const firstCommunity = parts.communities.slice(0, part).reduce((sum, count) => sum + count, 0);
    const place = {
      part,
      parts: parts.communities.length,
      firstCommunity,
      firstRow: firstCommunity * environment.agentsPerCommunity,
    };
    return createPart(
      environment,
      place,
      "states" in begin ? { state: begin.states[part] } : { seed: begin.seed },
    );
  });
}

/** Mean over the parts of which each says its own, weighted by communities. */
export function meanEpisodeCost(
  { communities }: EnvironmentParts,
  costs: readonly (number | null)[],
): number | null {
  let sum = 0, count = 0;
  costs.forEach((cost, part) => {
    if (cost === null) return;
    sum += cost * communities[part];
    count += communities[part];
  });
  return count === 0 ? null : sum / count;
}

async function soloCrew(start: CrewStart): Promise<Crew> {
  const { parts, config, sizes, parameters, adam } = start;
  const learner = await createLearner(config.backend, parameterViews(sizes, parameters), adam);
  const rollout = allocateRollout(learner.arrays, rolloutShape(start));
  const all = startParts(start, [...parts.communities.keys()]);
  const networks = {
    actor: learner.actor,
    critic: learner.critic,
    logStd: learner.parameters.logStd,
  };
  return {
    learner,
    rollout,
    play(statistics) {
      for (const part of all) part.play(rollout, networks, statistics, config.observationClip);
    },
    states: () => all.map((part) => part.state()),
    takeEpisodeCost: () => meanEpisodeCost(parts, all.map((part) => part.takeEpisodeCost())),
    close: () => {},
  };
}
