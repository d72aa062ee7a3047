import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createNormalizer } from "../lib/ppo/normalizer.ts";
import { collectRollout, type Player } from "../lib/ppo/rollout.ts";
import type { VectorEnvironment } from "../lib/ppo/vector_environment.ts";
import { stream } from "../lib/random.ts";

/**
 * Two rows that see a running number: row 0 is interrupted in step 1, row 1 terminates in step 2.
 * What follows an interruption is seen as 1,000 more; what a community critic sees is the negative.
 */
function scripted(): VectorEnvironment & { readonly actions: number[] } {
  let step = 0;
  const actions: number[] = [];
  const see = (offset: number) => Float64Array.of(step + offset, step + offset + 100);
  return {
    rows: 2,
    agentsPerCommunity: 1,
    observationSize: 1,
    actionSize: 1,
    criticObservationSize: 1,
    actions,
    reset: () => see(0),
    criticObservation: () => see(0).map((value) => -value),
    step(raw) {
      actions.push(...raw);
      step++;
      return {
        observation: see(0),
        reward: Float64Array.of(step, 10 * step),
        terminated: Uint8Array.of(0, step === 2 ? 1 : 0),
        truncated: Uint8Array.of(step === 1 ? 1 : 0, 0),
        finalObservation: see(1_000),
        finalCriticObservation: see(1_000).map((value) => -value),
      };
    },
  };
}

function play(environment: VectorEnvironment, steps: number, changes: Partial<Player> = {}) {
  const player: Player = {
    environment,
    policy: { forward: (input) => input.map((value) => 2 * value) },
    logStd: new Float32Array(1),
    observationNormalizer: createNormalizer(1),
    criticNormalizer: null,
    random: stream(1),
    episodeReturns: Float64Array.of(0.5, 0),
    ...changes,
  };
  return { player, rollout: collectRollout(player, steps, environment.reset(1)) };
}

Deno.test("rollout: steps are written down as they were seen, done and rewarded", () => {
  const environment = scripted();
  const { rollout } = play(environment, 3);
  assertEquals([...rollout.policyViews.raw], [0, 100, 1, 101, 2, 102]);
  assertEquals([...rollout.rewards], [1, 10, 2, 20, 3, 30]);
  assertEquals([...rollout.terminated], [0, 0, 0, 1, 0, 0]);
  assertEquals([...rollout.truncated], [1, 0, 0, 0, 0, 0]);
  assertEquals([...rollout.actions], environment.actions);
  rollout.actions.forEach((action, i) => {
    const deviation = action - 2 * rollout.policyViews.raw[i];
    const density = -0.5 * deviation ** 2 - 0.5 * Math.log(2 * Math.PI);
    assertAlmostEquals(rollout.logProbabilities[i], density, 1e-9);
  });
});

Deno.test("rollout: returns run on from before and start anew after each end", () => {
  const { player, rollout } = play(scripted(), 3);
  assertEquals(rollout.finishedReturns, [0.5 + 1, 10 + 20]);
  assertEquals([...player.episodeReturns], [2 + 3, 30]);
});

Deno.test("rollout: what follows an interruption or the last step is kept for the critic", () => {
  // Step 1 interrupts row 0, step 2 terminates row 1, and step 3 is the last.
  const { rollout } = play(scripted(), 3);
  assertEquals(rollout.openEnds, [0, 4, 5]);
  assertEquals([...rollout.openViews], [1_001, 3, 103]);
  assertEquals([...rollout.observation], [3, 103]);
  // Nothing follows a termination in the last step.
  const short = play(scripted(), 2).rollout;
  assertEquals(short.openEnds, [0, 2]);
  assertEquals([...short.openViews], [1_001, 2]);
});

Deno.test("rollout: a community critic has its own views, on its own scale", () => {
  const criticNormalizer = createNormalizer(1);
  criticNormalizer.update([-2, 2]);
  const { rollout } = play(scripted(), 2, { criticNormalizer });
  assertEquals([...rollout.criticViews.raw], [-0, -100, -1, -101]);
  assertEquals([...rollout.criticViews.normalized], [-0, -50, -0.5, -50.5]);
  assertEquals([...rollout.openViews], [-500.5, -1]);
  assertEquals([...rollout.policyViews.normalized], [0, 100, 1, 101]);
});
