/**
 * `deno task bench`: how fast environment, auction, learning and trained policies are on this machine,
 * as medians over runs after a warm-up, beside what is to be reached. Finer grains: `deno bench`.
 *
 * @module
 */

import { auctionRow, growth } from "../bench/auction.ts";
import { environmentInWorkers, environmentRow } from "../bench/environment.ts";
import { decisionRow, trainingRow } from "../bench/learning.ts";
import { rounded, type Row } from "../bench/measure.ts";
import { startRow } from "../bench/start.ts";
import { main } from "./cli.ts";
import { type Machine, machine, machineLine } from "./machine.ts";
import { table } from "./table.ts";

const ORDERS = [10, 1_000, 10_000, 100_000, 1_000_000];

await main({
  name: "bench",
  summary: "Measures environment, auction and learning: medians over runs after a warm-up.",
  options: {
    runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ runs, json }) {
    const say = (text: string) => {
      if (!json) console.error(`measuring ${text}…`);
    };
    say("training");
    const training = [
      await trainingRow("wasm", 1, runs),
      await trainingRow("wasm", 2, runs, 10),
      await trainingRow("tfjs", 1, Math.min(runs, 3)),
    ];
    say("decisions");
    const decisions = [
      await decisionRow(10, 1, runs),
      await decisionRow(1_000, 1, runs),
      await decisionRow(100_000, 1, runs),
      await decisionRow(100_000, 2, runs, 50),
    ];
    say("the start of training");
    const start = await startRow(runs, 1.5);
    say("the environment");
    const communities = [
      await environmentRow(10, 1, runs),
      await environmentRow(10, 16, runs),
      await environmentRow(10, 256, runs, 8),
      await environmentRow(10, 1_024, runs),
    ];
    const inWorkers = [
      await environmentInWorkers(10, 256, 1, runs),
      await environmentInWorkers(10, 256, 2, runs),
    ];
    const prosumers: Row[] = [];
    for (const count of [100, 1_000, 10_000, 100_000]) {
      prosumers.push(await environmentRow(count, 1, runs));
    }
    say("the auction");
    const auctions: Row[] = [];
    for (const orders of ORDERS) {
      auctions.push(await auctionRow(orders, runs, orders === 1_000_000 ? 400 : undefined));
    }
    const rows = [
      ...training.map(({ row }) => row),
      ...decisions,
      start,
      ...communities,
      ...inWorkers,
      ...prosumers,
      ...auctions,
    ];
    const result = {
      machine: machine(),
      runs,
      rows,
      trainingShares: training.map(({ row, shares }) => ({ what: row.what, ...shares })),
      trainingSpeedUpOfTwoThreads: training[0].row.median / training[1].row.median,
      environmentSpeedUpOfTwoWorkers: inWorkers[1].median / inWorkers[0].median,
      auctionGrowth: growth(auctions.map(({ median }, i) => ({ orders: ORDERS[i], ms: median }))),
      memoryMb: Deno.memoryUsage().rss / 1e6,
    };
    console.log(json ? JSON.stringify(result, null, 2) : report(result));
  },
});

/** Everything that was measured. */
interface Result {
  readonly machine: Machine;
  readonly runs: number;
  readonly rows: readonly Row[];
  readonly trainingShares: readonly {
    readonly what: string;
    readonly rollout: number;
    readonly update: number;
    readonly rest: number;
  }[];
  readonly trainingSpeedUpOfTwoThreads: number;
  readonly environmentSpeedUpOfTwoWorkers: number;
  readonly auctionGrowth: number;
  readonly memoryMb: number;
}

function report(result: Result): string {
  const { runs, rows, trainingShares } = result;
  const cells = rows.map(({ what, median, worst, best, unit, target }) => [
    what,
    rounded(median),
    rounded(worst),
    rounded(best),
    target === undefined ? "" : String(target),
    unit,
  ]);
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${machineLine(result.machine)}, ${runs} runs`,
    "",
    table(["what", "median", "slowest", "fastest", "to reach", "unit"], cells),
    "",
    table(
      ["where training spends its time", "rollout", "update", "rest"],
      trainingShares.map(({ what, rollout, update, rest }) => [
        what,
        ...[rollout, update, rest].map(percent),
      ]),
    ),
    "",
    `two threads speed training up by ${rounded(result.trainingSpeedUpOfTwoThreads)}, and two ` +
    `Workers the environment by ${rounded(result.environmentSpeedUpOfTwoWorkers)}`,
    `time of the auction grows as (n log n)^${rounded(result.auctionGrowth)}`,
    `resident memory at the end: ${result.memoryMb.toFixed(0)} MB`,
  ].join("\n");
}
