/**
 * `deno task bench`: how fast environment, market, learning, trained policies and a city are on this
 * machine, as medians over runs after a warm-up, beside what is to be reached. Finer grains:
 * `deno bench`.
 *
 * @module
 */

import { laidOut } from "../lib/cli/terminal.ts";
import { ratiosAgainst } from "../bench/against.ts";
import { cityRows } from "../bench/city.ts";
import { environmentInWorkers, environmentRow } from "../bench/environment.ts";
import { deviceRows } from "../bench/devices.ts";
import { decisionRow, trainingRow } from "../bench/learning.ts";
import { liveRows } from "../bench/live.ts";
import { communityRow, ordersRow } from "../bench/market.ts";
import { rounded, type Row, timesRow, toReach } from "../bench/measure.ts";
import { distributionRow, qualityRow } from "../bench/quality.ts";
import { startRow } from "../bench/start.ts";
import { main } from "../lib/cli/task.ts";
import { type Machine, machine, machineLine } from "../bench/machine.ts";
import { table } from "../lib/cli/table.ts";

const ORDERS = [10, 1_000, 10_000, 100_000, 1_000_000];

await main({
  name: "bench",
  summary: "Measures environment, market, learning and a city: medians over runs after a warm-up.",
  options: {
    runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" },
    long: {
      type: "boolean",
      help: "simulate the city's whole year in every run, some minutes each; else two days",
    },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
    against: {
      type: "string",
      placeholder: "DIR",
      help: "measure another checkout of this project in turn with this one, and print ratios",
    },
    rounds: { type: "integer", min: 1, default: 3, help: "rounds of --against" },
  },
  async run({ runs, long, json, against, rounds }) {
    const say = (text: string) => {
      if (!json) console.error(`measuring ${text}…`);
    };
    if (against !== undefined) {
      const flags = ["--runs", String(runs), ...(long ? ["--long"] : [])];
      const rows = await ratiosAgainst(against, rounds, flags, say);
      console.log(
        json
          ? JSON.stringify({ machine: machine(), against, rounds, rows }, null, 2)
          : `${machineLine(machine())}, ${rounds} rounds\n\n${
            rowsTable(`this checkout against ${against}`, rows)
          }`,
      );
      return;
    }
    const here = machine();
    say("the start of training");
    const start = await startRow(runs, 1.5);
    say("training");
    const training = [
      await trainingRow("wasm", 1, runs),
      await trainingRow("wasm", 2, runs, 10),
      await trainingRow("tfjs", 1, runs),
    ];
    say("training until it is good");
    const quality = [
      await qualityRow(training[1].row.median, 2),
      await distributionRow(2, runs),
    ];
    say("decisions");
    const decisions = [
      await decisionRow(10, 1, runs),
      await decisionRow(1_000, 1, runs),
      await decisionRow(100_000, 1, runs),
      await decisionRow(100_000, 2, runs, 50),
    ];
    say("the environment");
    const communities: Row[] = [];
    for (const count of [1, 16, 256, 1_024]) {
      communities.push(await environmentRow(10, count, runs, count === 256 ? 8 : undefined));
    }
    const prosumers: Row[] = [];
    for (const count of [100, 1_000, 10_000, 100_000]) {
      prosumers.push(await environmentRow(count, 1, runs));
    }
    const inWorkers = [
      await environmentInWorkers(10, 256, 1, runs),
      await environmentInWorkers(10, 256, 2, runs),
    ];
    const [one, two] = inWorkers;
    say("cars and heat pumps");
    const devices = await deviceRows(runs);
    say("the page");
    const live = await liveRows(runs);
    say("the market");
    const market = [await communityRow(0, runs), await communityRow(0.02, runs)];
    for (const orders of ORDERS) {
      market.push(await ordersRow(orders, runs));
    }
    say(long ? "a year of the city" : "two days of the city");
    const city = await cityRows(long ? 365 : 2, 2, runs);
    const result: Result = {
      machine: here,
      runs,
      rows: [
        ...training.map(({ row }) => row),
        ...quality,
        ...decisions,
        start,
        timesRow("environment, two Workers over one", two, one, 1.8),
        ...devices,
        ...city,
        ...live,
        ...market,
      ],
      scaling: [...communities, ...prosumers, ...inWorkers],
      trainingShares: training.map(({ row, shares }) => ({ what: row.what, ...shares })),
      trainingSpeedUpOfTwoThreads: training[0].row.median / training[1].row.median,
      memoryMb: Deno.memoryUsage().rss / 1e6,
      notMeasured: long ? [] : ["the city's whole year (≤ 180 s, ≤ 2000 MB): add --long"],
    };
    console.log(json ? JSON.stringify(result, null, 2) : report(result));
  },
});

/** Everything that was measured. */
interface Result {
  readonly machine: Machine;
  readonly runs: number;
  readonly rows: readonly Row[];
  /** The environment by communities, by prosumers and by Workers. */
  readonly scaling: readonly Row[];
  readonly trainingShares: readonly {
    readonly what: string;
    readonly rollout: number;
    readonly update: number;
    readonly rest: number;
  }[];
  readonly trainingSpeedUpOfTwoThreads: number;
  readonly memoryMb: number;
  readonly notMeasured: readonly string[];
}

function report(result: Result): string {
  const { runs, rows, scaling, trainingShares, notMeasured } = result;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${machineLine(result.machine)}, ${runs} runs`,
    "",
    rowsTable("what", rows),
    "",
    rowsTable("how the environment scales", scaling),
    "",
    table(
      ["where training spends its time", "rollout", "update", "rest"],
      trainingShares.map(({ what, rollout, update, rest }) => [
        what,
        ...[rollout, update, rest].map(percent),
      ]),
    ),
    "",
    `two threads speed training up by ${rounded(result.trainingSpeedUpOfTwoThreads)}`,
    `resident memory at the end: ${result.memoryMb.toFixed(0)} MB`,
    ...notMeasured.map((what) => laidOut(`not measured: ${what}`)),
  ].join("\n");
}

function rowsTable(title: string, rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    ...[row.median, row.worst, row.best].map(rounded),
    row.unit,
    toReach(row),
    row.met === undefined ? "" : row.met ? "met" : "missed",
  ]);
  return table([title, "median", "worst", "best", "unit", "to reach", ""], cells);
}
