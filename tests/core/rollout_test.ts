import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plainArrays } from "../../lib/ppo/arrays.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { allocateRollout, type Player, playRollout } from "../../lib/ppo/rollout.ts";
import type { VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { stream } from "../../lib/random.ts";
import { ownOnly } from "../helpers/probe_environments.ts";

const OWN = { common: 0, own: 1 };
const SHAPE = { agentsPerCommunity: 1, observationSize: OWN, actionSize: 1 };

/**
 * Two rows that see a running number: row 0 is interrupted in step 1, row 1 terminates in step 2.
 * What follows an interruption is seen as 1,000 more; what a community critic sees is the negative.
 */
function scripted(): VectorEnvironment & { readonly actions: number[] } {
  let step = 0;
  const actions: number[] = [];
  const see = (offset: number, sign = 1) =>
    ownOnly(Float64Array.of(sign * (step + offset), sign * (step + offset + 100)));
  return {
    rows: 2,
    agentsPerCommunity: 1,
    observationSize: OWN,
    actionSize: 1,
    criticObservationSize: OWN,
    actions,
    reset: () => see(0),
    criticObservation: () => see(0, -1),
    step(raw) {
      actions.push(...raw);
      step++;
      return {
        observation: see(0),
        reward: Float64Array.of(step, 10 * step),
        terminated: Uint8Array.of(0, step === 2 ? 1 : 0),
        truncated: Uint8Array.of(step === 1 ? 1 : 0, 0),
        finalObservation: see(1_000),
        finalCriticObservation: see(1_000, -1),
      };
    },
  };
}

function play(environment: VectorEnvironment, steps: number, changes: Partial<Player> = {}) {
  const player: Player = {
    environment,
    firstRow: 0,
    taught: false,
    policy: { forward: ({ own }) => own.map((value) => 2 * value) },
    critic: { forward: ({ own }) => own.map((value) => value / 2) },
    logStd: new Float32Array(1),
    observationNormalizer: { common: createNormalizer(0), own: createNormalizer(1) },
    criticNormalizer: null,
    returnNormalizer: createNormalizer(1),
    explorations: [stream(1, 0), stream(1, 1)],
    episodeReturns: Float64Array.of(0.5, 0),
    ...changes,
  };
  const criticSize = player.criticNormalizer === null ? null : OWN;
  const shape = { ...SHAPE, steps, rows: 2, criticSize, taught: player.taught };
  const rollout = allocateRollout(plainArrays, shape);
  const observation = playRollout(player, rollout, environment.reset(1));
  return { player, rollout, observation };
}

Deno.test("rollout: steps are written down as they were seen, done and rewarded", () => {
  const environment = scripted();
  const { rollout } = play(environment, 3);
  assertEquals([...rollout.policyViews.raw.own], [0, 100, 1, 101, 2, 102]);
  assertEquals([...rollout.rewards], [1, 10, 2, 20, 3, 30]);
  assertEquals([...rollout.terminated], [0, 0, 0, 1, 0, 0]);
  assertEquals([...rollout.truncated], [1, 0, 0, 0, 0, 0]);
  assertEquals([...rollout.actions], environment.actions);
  rollout.actions.forEach((action, i) => {
    const deviation = action - 2 * rollout.policyViews.raw.own[i];
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
  assertEquals([...observation.own], [3, 103]);
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
  const shape = { ...SHAPE, steps: 3, rows: 4, criticSize: null, taught: false };
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
  const criticNormalizer = { common: createNormalizer(0), own: createNormalizer(1) };
  criticNormalizer.own.update([-2, 2]);
  const { rollout } = play(scripted(), 2, { criticNormalizer });
  assertEquals([...rollout.criticViews.raw.own], [-0, -100, -1, -101]);
  assertEquals([...rollout.criticViews.normalized.own], [-0, -50, -0.5, -50.5]);
  assertEquals([...rollout.values], [-0, -50, -0.5, -50.5].map((seen) => seen / 2));
  assertEquals([...rollout.nextValues], [-500.5, -50.5, -1, 0].map((seen) => seen / 2));
  assertEquals([...rollout.policyViews.normalized.own], [0, 100, 1, 101]);
});

Deno.test("rollout: the common block is written down once per community, beside its agents' own", () => {
  // Two communities of two agents; the second is played alone, as a shard of its own would be.
  let step = 0;
  const see = () => ({
    common: Float64Array.of(1_000 + step),
    own: Float64Array.of(step, 10 + step),
  });
  const environment: VectorEnvironment = {
    rows: 2,
    agentsPerCommunity: 2,
    observationSize: { common: 1, own: 1 },
    actionSize: 1,
    reset: see,
    step: () => {
      step++;
      const flags = new Uint8Array(2);
      return {
        observation: see(),
        reward: new Float64Array(2),
        terminated: flags,
        truncated: flags,
      };
    },
  };
  const { player } = play(scripted(), 0);
  const forward = ({ common, own }: { common: Float32Array; own: Float32Array }) =>
    own.map((value, row) => value + common[Math.floor(row * common.length / own.length)]);
  const shape = {
    ...SHAPE,
    steps: 2,
    rows: 4,
    agentsPerCommunity: 2,
    observationSize: { common: 1, own: 1 },
    criticSize: null,
    taught: false,
  };
  const rollout = allocateRollout(plainArrays, shape);
  const observationNormalizer = { common: createNormalizer(1), own: createNormalizer(1) };
  const networks = { policy: { forward }, critic: { forward } };
  const explorations = [stream(1, 0)];
  playRollout(
    { ...player, ...networks, environment, firstRow: 2, observationNormalizer, explorations },
    rollout,
    environment.reset(1),
  );
  assertEquals([...rollout.policyViews.raw.common], [0, 1_000, 0, 1_001]);
  assertEquals([...rollout.policyViews.raw.own], [0, 0, 0, 10, 0, 0, 1, 11]);
  assertEquals([...rollout.values], [0, 0, 1_000, 1_010, 0, 0, 1_002, 1_012]);
  assertEquals([...rollout.nextValues], [0, 0, 1_002, 1_012, 0, 0, 1_004, 1_014]);
});
