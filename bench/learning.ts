/**
 * Speed of training and of trained policies, at the reference set-up.
 *
 * @module
 */

import { type Dataset, wholeDays } from "../lib/data/profiles.ts";
import { synthesize } from "../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../lib/env/config.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { createActorTeam } from "../lib/ppo/actor.ts";
import type { BackendName, PpoConfig } from "../lib/ppo/ppo_config.ts";
import { type ExperimentConfig, parseExperiment } from "../lib/ppo/experiment.ts";
import { marketShards } from "../lib/ppo/market_shards.ts";
import { createTrainer, type TrainingPhase } from "../lib/ppo/ppo.ts";
import { actorWeights } from "../lib/ppo/trainer_state.ts";
import type { EnvironmentShards } from "../lib/ppo/vector_environment.ts";
import { slotsPerDay } from "../lib/units.ts";
import { measure, median, type Row, row } from "./measure.ts";

/** Training of one kind, and where its time went. */
export interface TrainingResult {
  /** Time of 100,000 timesteps: a million agent-steps. */
  readonly row: Row;
  /** Share of each phase, medians over the runs. */
  readonly shares: Readonly<Record<TrainingPhase, number>>;
}

/** The reference set-up. */
export const config: ExperimentConfig = parseExperiment({}, "defaults");

/** The reference community, or another, on any day of its data set. */
function market(
  dataset: Dataset = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 }),
): EnvironmentShards {
  const perDay = slotsPerDay(dataset.profiles.grid.dtHours);
  const last = wholeDays(dataset) - config.environment.episodeDays;
  const firstSlots = Array.from({ length: last + 1 }, (_, day) => perDay * day);
  return marketShards(dataset, config.environment, { ...config.training, firstSlots });
}

/** Iterations of a run, a tenth of a default training: collections of garbage then come in all. */
const ITERATIONS = 13;
/** Runs that do not count: code is still being compiled. */
const WARM_UPS = 1;

/** Seconds of an iteration, rollout and update, and the share of each phase, by run. */
export async function timeIterations(
  ppo: PpoConfig,
  workers: number,
  runs: number,
  dataset?: Dataset,
): Promise<{ readonly seconds: number[]; readonly spent: Record<TrainingPhase, number>[] }> {
  const clock = phaseClock();
  const iterations = (WARM_UPS + runs) * ITERATIONS;
  const totalTimesteps = iterations * ppo.rolloutSteps * config.training.communities;
  const options = { workers, onPhase: clock.begin };
  using trainer = await createTrainer(market(dataset), { ...ppo, totalTimesteps }, 1, options);
  const spent: Record<TrainingPhase, number>[] = [];
  const seconds = await measure(runs, () => {
    clock.start();
    for (let k = 0; k < ITERATIONS; k++) trainer.iterate();
    spent.push(clock.shares());
  }, WARM_UPS);
  return { seconds: seconds.map((s) => s / ITERATIONS), spent: spent.slice(-runs) };
}

/** Whole iterations: rollout and update. */
export async function trainingRow(
  backend: BackendName,
  workers: number,
  runs: number,
  target?: number,
): Promise<TrainingResult> {
  const { seconds, spent } = await timeIterations({ ...config.ppo, backend }, workers, runs);
  const timesteps = config.ppo.rolloutSteps * config.training.communities;
  const per100k = seconds.map((s) => (s * 100_000) / timesteps);
  const what = `training, 10 prosumers, 100,000 timesteps, ${backend}, ${threadsOf(workers)}`;
  const share = (phase: TrainingPhase) => median(spent.map((each) => each[phase]));
  return {
    row: row(what, per100k, "s", "less", target),
    shares: { rollout: share("rollout"), update: share("update"), rest: share("rest") },
  };
}

function phaseClock() {
  let phase: TrainingPhase = "rest", since = 0;
  let spent = { rollout: 0, update: 0, rest: 0 };
  const begin = (next: TrainingPhase) => {
    const now = performance.now();
    spent[phase] += now - since;
    [phase, since] = [next, now];
  };
  return {
    begin,
    start() {
      spent = { rollout: 0, update: 0, rest: 0 };
      since = performance.now();
    },
    shares() {
      begin("rest");
      const total = spent.rollout + spent.update + spent.rest;
      return {
        rollout: spent.rollout / total,
        update: spent.update / total,
        rest: spent.rest / total,
      };
    },
  };
}

/** Time in which a trained policy decides for all prosumers of one community. */
export async function decisionRow(
  prosumers: number,
  workers: number,
  runs: number,
  target?: number,
): Promise<Row> {
  using trainer = await createTrainer(market(), config.ppo, 1);
  trainer.iterate();
  using policy = await createActorTeam(actorWeights(trainer.state()), workers);
  const dataset = synthesize({ seed: 1, prosumers, days: 1, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset, { ...defaultEnvironmentConfig, episodeDays: 1 });
  const { numbers } = env.decision;
  const observation = env.reset({ seed: 1, firstSlots: [0] });
  const rounds = Math.ceil(10_000 / prosumers);
  const seconds = await measure(runs, () => {
    for (let round = 0; round < rounds; round++) policy.mean(observation, numbers);
  });
  const what = `decision of a trained policy, ${prosumers.toLocaleString("en")} prosumers, ` +
    threadsOf(workers);
  return row(what, seconds.map((s) => (s * 1e3) / rounds), "ms", "less", target);
}

function threadsOf(workers: number): string {
  return workers === 1 ? "1 thread" : `${workers} threads`;
}
