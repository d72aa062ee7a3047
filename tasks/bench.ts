/**
 * `deno task bench`: how fast the environment, the auction and learning are on this machine, as
 * medians over runs after a warm-up. Finer grains: `deno bench`.
 *
 * @module
 */

import { synthesize } from "../lib/data/synthetic.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { clearBook, createOrderBook } from "../lib/market/auction.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../lib/ppo/market_environment.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { stream } from "../lib/random.ts";
import { main } from "./cli.ts";
import { table } from "./table.ts";

/** One line of the result. */
interface Row {
  readonly what: string;
  /** Median over runs. */
  readonly median: number;
  /** Slowest and fastest run. */
  readonly worst: number;
  readonly best: number;
  readonly unit: string;
}

await main({
  name: "bench",
  summary: "Measures environment, auction and learning: medians over runs after a warm-up.",
  options: {
    runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ runs, json }) {
    const rows = [
      ...[1, 16, 256].map((communities) => environment(communities, runs)),
      ...[10, 1_000, 10_000, 100_000, 1_000_000].map((orders) => auction(orders, runs)),
      await training(runs),
    ];
    const memoryMb = Deno.memoryUsage().rss / 1e6;
    const machine = {
      cpus: navigator.hardwareConcurrency,
      architecture: `${Deno.build.os} ${Deno.build.arch}`,
      deno: Deno.version.deno,
    };
    if (json) return console.log(JSON.stringify({ machine, memoryMb, rows }, null, 2));
    const { cpus, architecture, deno } = machine;
    console.log(`Deno ${deno}, ${architecture}, ${cpus} cores, one thread, ${runs} runs\n`);
    const cells = rows.map(({ what, median, worst, best, unit }) => [
      what,
      rounded(median),
      rounded(worst),
      rounded(best),
      unit,
    ]);
    console.log(table(["what", "median", "slowest", "fastest", "unit"], cells));
    console.log(`\nresident memory at the end: ${memoryMb.toFixed(0)} MB`);
  },
});

/** Whole slots: filter, limit, auction, settlement, reward and observation. */
function environment(communities: number, runs: number): Row {
  const dataset = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 });
  const env = new EnergyMarketEnv(dataset, undefined, communities);
  const random = stream(1, "bench", "environment");
  const actions = new Float64Array(env.rows * 3).map(() => 0.5 * random.normal());
  const firstSlots = Array.from({ length: communities }, () => 24 * random.below(365));
  const days = Math.ceil(2560 / communities);
  const seconds = measure(runs, () => {
    for (let seed = 0; seed < days; seed++) {
      env.reset({ seed, firstSlots });
      for (let slot = 0; slot < env.slotsPerEpisode; slot++) env.step(actions);
    }
  });
  const millions = (days * env.rows * env.slotsPerEpisode) / 1e6;
  const what = `environment, ${communities} × 10 prosumers`;
  return row(what, seconds.map((s) => millions / s), "million agent-steps/s", "more");
}

/** Random books, half bids and half asks; small ones take turns. */
function auction(orders: number, runs: number): Row {
  const books = Array.from({ length: Math.ceil(2_500 / orders) }, (_, k) => {
    const random = stream(1, "bench", "auction", orders, k);
    const book = createOrderBook(orders / 2);
    book.bidCount = book.askCount = orders / 2;
    for (let i = 0; i < orders / 2; i++) {
      book.bidPricePerKwh[i] = 0.1 + 0.2 * random.uniform();
      book.bidQuantityKwh[i] = 3 * random.uniform();
      book.askPricePerKwh[i] = 0.1 + 0.2 * random.uniform();
      book.askQuantityKwh[i] = 3 * random.uniform();
    }
    return book;
  });
  const rounds = Math.ceil(200_000 / orders / books.length);
  const seconds = measure(runs, () => {
    for (let round = 0; round < rounds; round++) {
      for (const book of books) clearBook(book, 0.5);
    }
  });
  const what = `auction, ${orders.toLocaleString("en")} orders`;
  return row(what, seconds.map((s) => (s * 1e3) / (rounds * books.length)), "ms", "less");
}

/** Whole iterations of the reference set-up: rollout and update. */
async function training(runs: number): Promise<Row> {
  const config = parseExperiment({}, "defaults");
  const dataset = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 });
  const firstSlots = Array.from({ length: 365 }, (_, day) => 24 * day);
  const options = { ...config.training, firstSlots };
  const market = new MarketTrainingEnvironment(dataset, config.environment, options);
  const trainer = await createTrainer(market, config.ppo, 1);
  const seconds = measure(runs, () => trainer.iterate());
  const timesteps = config.ppo.rolloutSteps * config.training.communities;
  const per100k = seconds.map((s) => (s * 100_000) / timesteps);
  return row("training, 10 prosumers, per 100,000 timesteps", per100k, "s", "less");
}

/** Seconds of each run, after two that do not count. */
function measure(runs: number, work: () => void): number[] {
  const seconds: number[] = [];
  for (let k = -2; k < runs; k++) {
    const began = performance.now();
    work();
    if (k >= 0) seconds.push((performance.now() - began) / 1000);
  }
  return seconds;
}

function row(what: string, values: number[], unit: string, better: "more" | "less"): Row {
  const sorted = values.toSorted((a, b) => better === "more" ? a - b : b - a);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { what, median, worst: sorted[0], best: sorted[sorted.length - 1], unit };
}

function rounded(value: number): string {
  return value.toPrecision(3).includes("e") ? value.toFixed(0) : value.toPrecision(3);
}
