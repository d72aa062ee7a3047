/**
 * The smallest environments that tell a broken learner from a sound one, each with a known answer.
 *
 * @module
 */

import { restoreStream, type Stream, stream, type StreamState } from "../../lib/random.ts";
import type {
  StepResult,
  VectorEnvironment,
  VectorObservation,
} from "../../lib/ppo/vector_environment.ts";

/** An environment of a few states, one number to see and one to decide. */
export interface Probe {
  /** What is seen in each state. */
  readonly observations: readonly number[];
  /** Whether an episode is one state drawn at random, instead of all in order. */
  readonly drawn?: boolean;
  /** Whether the end of an episode is an interruption, in the state that it ends in. */
  readonly interrupted?: boolean;
  /** What only a community critic sees in each state. */
  readonly hidden?: readonly number[];
  /** Reward of a clamped action in a state. */
  reward(action: number, state: number): number;
}

/** Stands for the feasibility filter: what a probe makes of a raw action. */
export const clampAction = (action: number): number => Math.min(Math.max(action, -1), 1);

/** What is seen where there is no common block. */
export const ownOnly = (own: Float64Array): VectorObservation => ({
  common: new Float64Array(0),
  own,
});

/** `rows` copies of a probe, each with its own state, as a vector environment. */
export function probeEnvironment(probe: Probe, rows = 32): VectorEnvironment {
  const { observations, drawn = false, interrupted = false } = probe;
  const states = new Int32Array(rows);
  const see = (values: readonly number[]) =>
    ownOnly(Float64Array.from(states, (state) => values[state]));
  let random: Stream = stream(0);
  const begin = (row: number) => {
    states[row] = drawn ? random.below(observations.length) : 0;
  };
  return {
    rows,
    agentsPerCommunity: 2,
    observationSize: { common: 0, own: 1 },
    actionSize: 1,
    reset(seed) {
      random = stream(seed, "probe");
      states.forEach((_, row) => begin(row));
      return see(observations);
    },
    step(actions): StepResult {
      const reward = Float64Array.from(
        states,
        (state, row) => probe.reward(clampAction(actions[row]), state),
      );
      const finalObservation = see(observations);
      const ended = Uint8Array.from(
        states,
        (state) => drawn || state === observations.length - 1 ? 1 : 0,
      );
      states.forEach((state, row) => ended[row] ? begin(row) : states[row] = state + 1);
      const never = new Uint8Array(rows);
      return {
        observation: see(observations),
        reward,
        terminated: interrupted ? never : ended,
        truncated: interrupted ? ended : never,
        finalObservation,
      };
    },
    ...(probe.hidden && {
      criticObservationSize: { common: 0, own: 1 },
      criticObservation: () => see(probe.hidden!),
    }),
    state: () => ({ states: states.slice(), random: random.state() }),
    restore(state) {
      const saved = state as { states: Int32Array; random: StreamState };
      states.set(saved.states);
      random = restoreStream(saved.random);
      return see(observations);
    },
  };
}
