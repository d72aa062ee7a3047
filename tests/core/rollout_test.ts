import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plainArrays } from "../../lib/ppo/arrays.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { allocateRollout, type Player, playRollout } from "../../lib/ppo/rollout.ts";
import type { VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { stream } from "../../lib/random.ts";

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
    firstRow: 0,
    policy: { forward: (input) => input.map((value) => 2 * value) },
    critic: { forward: (input) => input.map((value) => value / 2) },
    logStd: new Float32Array(1),
    observationNormalizer: createNormalizer(1),
    criticNormalizer: null,
    returnNormalizer: createNormalizer(1),
    explorations: [stream(1, 0), stream(1, 1)],
    episodeReturns: Float64Array.of(0.5, 0),
    ...changes,
  };
  const criticSize = player.criticNormalizer === null ? null : 1;
  const shape = { steps, rows: 2, observationSize: 1, criticSize, actionSize: 1 };
  const rollout = allocateRollout(plainArrays, shape);
  const observation = playRollout(player, rollout, environment.reset(1));
  return { player, rollout, observation };
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
  assertEquals([...rollout.finishedReturns], [0.5 + 1, NaN, NaN, 10 + 20, NaN, NaN]);
  assertEquals([...player.episodeReturns], [2 + 3, 30]);
});

Deno.test("rollout: the critic values each state, and what follows an interruption or the last step", () => {
  // Step 1 interrupts row 0, step 2 terminates row 1, and step 3 is the last.
  const { rollout, observation } = play(scripted(), 3);
  assertEquals([...rollout.values], [0, 100, 1, 101, 2, 102].map((seen) => seen / 2));
  const followed = [1_001, 101, 2, 102, 3, 103].map((seen) => seen / 2);
  assertEquals([...rollout.nextValues], followed);
  assertEquals([...observation], [3, 103]);
});

Deno.test("rollout: values are in units of the return", () => {
  const returnNormalizer = createNormalizer(1);
  returnNormalizer.update([10, 30]);
  const { rollout } = play(scripted(), 1, { returnNormalizer });
  // 0 and 100 are valued 0 and 50 on a scale around 20 of 10 each.
  assertEquals([...rollout.values].map(Math.round), [20, 520]);
});

Deno.test("rollout: two players fill their own rows with what one would", () => {
  const whole = play(scripted(), 3, { episodeReturns: new Float64Array(2) }).rollout;
  const shape = { steps: 3, rows: 4, observationSize: 1, criticSize: null, actionSize: 1 };
  const shared = allocateRollout(plainArrays, shape);
  for (const firstRow of [2, 0]) {
    const environment = scripted();
    const { player } = play(scripted(), 0);
    const explorations = [stream(1, 0), stream(1, 1)];
    const episodeReturns = new Float64Array(2);
    const part = { ...player, environment, firstRow, explorations, episodeReturns };
    playRollout(part, shared, environment.reset(1));
  }
  for (const name of ["actions", "values", "nextValues", "rewards", "finishedReturns"] as const) {
    const rows = [0, 1, 2].flatMap((step) => {
      const [a, b] = whole[name].subarray(2 * step, 2 * step + 2);
      return [a, b, a, b];
    });
    assertEquals([...shared[name]], rows, name);
  }
});

Deno.test("rollout: a community critic has its own views, on its own scale", () => {
  const criticNormalizer = createNormalizer(1);
  criticNormalizer.update([-2, 2]);
  const { rollout } = play(scripted(), 2, { criticNormalizer });
  assertEquals([...rollout.criticViews.raw], [-0, -100, -1, -101]);
  assertEquals([...rollout.criticViews.normalized], [-0, -50, -0.5, -50.5]);
  assertEquals([...rollout.values], [-0, -50, -0.5, -50.5].map((seen) => seen / 2));
  assertEquals([...rollout.nextValues], [-500.5, -50.5, -1, 0].map((seen) => seen / 2));
  assertEquals([...rollout.policyViews.normalized], [0, 100, 1, 101]);
});
