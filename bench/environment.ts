/**
 * Speed of whole slots: filter, limit, auction, settlement, reward and observation.
 *
 * @module
 */

import { synthesize } from "../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../lib/env/config.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { stream } from "../lib/random.ts";
import { measure, type Row, row } from "./measure.ts";

/** Agent-steps of a run, about. */
const RUN = 600_000;

/** Communities that step together; a run plays whole episodes. */
export interface SlotPlayer {
  /** Agent-steps of a run. */
  readonly agentSteps: number;
  /** Plays a run. */
  play(): void;
}

/** Communities of a size, on episodes of one data set; a run is of at least `atLeast` agent-steps. */
export function slotPlayer(prosumers: number, communities: number, atLeast = RUN): SlotPlayer {
  // A large community needs few slots to fill a run.
  const { episodeDays } = defaultEnvironmentConfig;
  const dataDays = prosumers > 100 ? 2 * episodeDays : 365;
  const dataset = synthesize({ seed: 1, prosumers, days: dataDays, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset, undefined, communities);
  const random = stream(1, "bench", "environment");
  const actions = env.decision.numbers.map(() => 0.5 * random.normal());
  const begins = dataDays - episodeDays + 1;
  const firstSlots = Array.from({ length: communities }, () => 24 * random.below(begins));
  const episodes = Math.ceil(atLeast / (env.rows * env.slotsPerEpisode));
  return {
    agentSteps: episodes * env.rows * env.slotsPerEpisode,
    play() {
      for (let seed = 0; seed < episodes; seed++) {
        env.reset({ seed, firstSlots });
        for (let slot = 0; slot < env.slotsPerEpisode; slot++) env.step(actions);
      }
    },
  };
}

/** One thread. */
export async function environmentRow(
  prosumers: number,
  communities: number,
  runs: number,
  target?: number,
): Promise<Row> {
  const { agentSteps, play } = slotPlayer(prosumers, communities);
  const seconds = await measure(runs, play);
  const what = `environment, ${communities.toLocaleString("en")} × ${
    prosumers.toLocaleString("en")
  } prosumers`;
  const rates = seconds.map((s) => agentSteps / s / 1e6);
  return row(what, rates, "million agent-steps/s", "more", target);
}

/** The same work in each of several Workers at once. */
export async function environmentInWorkers(
  prosumers: number,
  communities: number,
  workers: number,
  runs: number,
): Promise<Row> {
  const url = new URL("./environment_worker.ts", import.meta.url);
  const crew = Array.from({ length: workers }, () => new Worker(url, { type: "module" }));
  const ask = (message: unknown) =>
    Promise.all(crew.map((worker) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
      return promise;
    }));
  try {
    const [agentSteps] = await ask({ prosumers, communities });
    const seconds = await measure(runs, async () => void await ask("play"));
    const what =
      `environment, ${communities} × ${prosumers} prosumers in each of ${workers} Workers`;
    const rates = seconds.map((s) => workers * agentSteps / s / 1e6);
    return row(what, rates, "million agent-steps/s", "more");
  } finally {
    for (const worker of crew) worker.terminate();
  }
}
