/**
 * What `docs/learning.md` states.
 *
 * @module
 */

import { ACTION_SIZE } from "../../../lib/env/action.ts";
import { observationNames } from "../../../lib/env/observation.ts";
import { setups } from "../../../lib/experiments/setups.ts";
import { parseExperiment } from "../../../lib/ppo/experiment.ts";
import { TRANSFER_SIZES } from "../../../lib/experiments/transfer.ts";
import type { Claim, Figure } from "../claim.ts";
import { summaryOf } from "../runs.ts";
import {
  csvRows,
  inCode,
  ladderR1,
  RESULTS,
  rowR2,
  rungR1,
  splitSizes,
  textOf,
} from "../sources.ts";

const file = "docs/learning.md";

function figures(
  pattern: RegExp,
  by: string,
  measure: () => Promise<readonly Figure[]> | readonly Figure[],
): Claim {
  return { kind: "figures", file, pattern, by, effort: "read", measure };
}

/** Points that a variant captures more than the reference. */
async function points(variant: string): Promise<number> {
  const row = (await csvRows(RESULTS.ablationRows)).find((row) => row.variant === variant)!;
  return 100 * Number(row.difference);
}

/** Captured shares of R1's trainings, the least first. [%] */
async function capturedBySeed(): Promise<number[]> {
  return (await csvRows(RESULTS.seeds)).filter(({ policy }) => policy.startsWith("learned"))
    .map(({ captured }) => 100 * Number(captured)).sort((a, b) => a - b);
}

/** Captured shares in communities of other sizes than R1's. [%] */
async function transferred(policy: string): Promise<number[]> {
  return (await ladderR1()).transfer
    .filter((row) => row.policy === policy && row.prosumers !== setups.R1.syntheticProsumers)
    .map(({ captured }) => 100 * captured!);
}

/** Share of a controller's time that decisions of the learned agents take, as a fraction. */
async function timeShare(setup: "R1" | "R2"): Promise<string> {
  const [learned, mpc] = setup === "R1"
    ? [
      (await rungR1("learned")).microsecondsPerDecision,
      (await rungR1("mpc"))
        .microsecondsPerDecision,
    ]
    : [Number((await rowR2("learned")).at(-1)), Number((await rowR2("mpc")).at(-1))];
  return `1/${Math.round(mpc / learned)}`;
}

/** Operations of a decision, without those that a community needs but once. */
function decisionOperations(): number {
  const { hiddenSizes: [first, second] } = parseExperiment(setups.R1.experiment, "R1").ppo;
  const eights = (width: number) => 8 * Math.ceil(width / 8);
  const shared = 8 * Math.floor(observationNames.indexOf("pvCapacityKw") / 8);
  const own = eights(observationNames.length) - shared;
  return 2 * (own * first + first * second + second * eights(ACTION_SIZE));
}

const choices: readonly Claim[] = [
  {
    kind: "figures",
    file,
    pattern: /captures (\d+) % of the possible saving of R1's test days/,
    by: "deno task train --timesteps 3000",
    effort: "long",
    measure: async () => {
      const { policies: [learned] } = await summaryOf("train", ["--timesteps", "3000"]);
      return [100 * learned.captured!];
    },
  },
  figures(/them on the (\d+) validation days/, "splitDays", () => [splitSizes().validation]),
  {
    kind: "block",
    file,
    pattern: /^(\| variant [\s\S]*?\n)\n/,
    by: RESULTS.ablation,
    effort: "read",
    measure: () => textOf(RESULTS.ablation),
  },
  {
    kind: "block",
    file,
    pattern: /^(\*\*synthetic community of 10[^\n]*)/,
    by: RESULTS.ablation,
    effort: "read",
    measure: () => textOf(RESULTS.ablation),
  },
  figures(
    /The set-ups train (\w+) to (\w+) times as long/,
    "lib/experiments/setups.ts ÷ the title of the table",
    async () => {
      const [length] = (await inCode(RESULTS.ablation, /hourly: (\d+)\s+timesteps/)).map(Number);
      return ["R1", "R2"].map((name) =>
        parseExperiment(setups[name].experiment, name).ppo.totalTimesteps / length
      );
    },
  ),
  figures(
    /Raw actions lose (\d+) points/,
    RESULTS.ablationRows,
    async () => [-await points("raw-actions")],
  ),
  figures(
    /without the baseline (\d+) are lost/,
    RESULTS.ablationRows,
    async () => [-await points("no-baseline")],
  ),
  figures(
    /win a short race\*\*, by (\d+) points/,
    RESULTS.ablationRows,
    async () => [await points("small-batches")],
  ),
];

const JUDGE = "deno task evaluate --model data/models/R1 --policies mpc,learned --forecast-error";

/** The committed model and the controller under another error of the forecasts. */
const judged = (error: string) => summaryOf("evaluate", [...JUDGE.split(" ").slice(3), error]);

const against: readonly Claim[] = [
  figures(
    /Single trainings of R1 reach above (\d+) %/,
    RESULTS.seeds,
    async () => [Math.floor((await capturedBySeed()).at(-1)!)],
  ),
  figures(/in % on the (\d+) test days/, "splitDays", () => [splitSizes().test]),
  figures(
    /trained at ([\d.]+) \|/,
    "lib/experiments/setups.ts",
    () => [parseExperiment(setups.R1.experiment, "R1").environment.forecast.error],
  ),
  figures(
    /have learned at an error of ([\d.]+) what/,
    "lib/experiments/setups.ts",
    () => [parseExperiment(setups.R1.experiment, "R1").environment.forecast.error],
  ),
  ...["0", "0.1", "0.2", "0.5", "1"].map((error): Claim => ({
    kind: "figures",
    file,
    pattern: new RegExp(`^\\| (${error}) \\| ([\\d.]+) \\| ([\\d.]+) \\|$`),
    by: `${JUDGE} ${error}`,
    effort: "long",
    measure: async () => {
      const { policies } = await judged(error);
      return [error, ...policies.map(({ captured }) => 100 * captured!)];
    },
  })),
];

const limits: readonly Claim[] = [
  {
    kind: "figures",
    file,
    pattern: /about (\w+) points are lost to a network/,
    by: `${JUDGE} 0`,
    effort: "long",
    measure: async () => {
      const [, learned] = (await judged("0")).policies;
      return [100 * (1 - learned.captured!)];
    },
  },
  figures(
    /(\w+) of (\w+) trainings of R1 end between (\d+) and (\d+) %, one at (\d+) %/,
    RESULTS.seeds,
    async () => {
      const [least, ...others] = await capturedBySeed();
      return [others.length, others.length + 1, others[0], others.at(-1)!, least];
    },
  ),
  figures(
    /communities of (\d+), (\d+) and (\d+) homes without retraining/,
    "lib/experiments/transfer.ts",
    () => TRANSFER_SIZES.filter((size) => size !== setups.R1.syntheticProsumers),
  ),
  figures(/where `mpc` captures (\d+) to (\d+) %/, RESULTS.R1, async () => {
    const shares = await transferred("mpc");
    return [Math.min(...shares), Math.max(...shares)];
  }),
  figures(
    /The target, (1\/\d+) of the controller's time/,
    "lib/experiments/setups.ts",
    () => [`1/${1 / setups.R1.targets.timeShareOfMpc}`],
  ),
  figures(
    /is missed: (1\/\d+) on R1 \(([\d.]+) against (\d+) µs for (\w+) homes\)/,
    RESULTS.R1,
    async () => [
      await timeShare("R1"),
      (await rungR1("learned")).microsecondsPerDecision,
      (await rungR1("mpc")).microsecondsPerDecision,
      setups.R1.syntheticProsumers!,
    ],
  ),
  figures(
    /and (1\/\d+) on R2 \(([\d.]+) against ([\d,]+) µs for (\d+)\)/,
    RESULTS.R2,
    async () => [
      await timeShare("R2"),
      Number((await rowR2("learned")).at(-1)),
      Number((await rowR2("mpc")).at(-1)),
      17,
    ],
  ),
  figures(
    /needs (\d+) thousand operations for a prosumer, hence at the (\d+) GFLOP\/s of its kernels \(\[performance\.md\]\(performance\.md\)\) (\d+) µs for (\w+), and (1\/\d+) at best/,
    "sizes of the network ÷ the rate in docs/performance.md",
    async () => {
      const [rate] = (await inCode("docs/performance.md", /(\d+) GFLOP\/s; kept\. Deno/)).map(
        Number,
      );
      const operations = decisionOperations();
      const micros = setups.R1.syntheticProsumers! * operations / (1000 * rate);
      const mpc = (await rungR1("mpc")).microsecondsPerDecision;
      return [
        operations / 1000,
        rate,
        micros,
        setups.R1.syntheticProsumers!,
        `1/${10 * Math.round(mpc / micros / 10)}`,
      ];
    },
  ),
  figures(/in a batch of (\d+) days/, RESULTS.R1, async () => [(await rungR1("mpc")).days]),
  figures(
    /is lost: ([\d.]+) EUR\/kWh and ([\d.]+) EUR\/d on R1, where truthful orders under the optimum itself lie ([\d.]+) EUR/,
    RESULTS.R1,
    async () => {
      const [learned, optimum] = [await rungR1("learned"), await rungR1("optimum")];
      return [
        learned.competitivePriceGapPerKwh!,
        learned.welfareLostPerDay!,
        optimum.competitivePriceGapPerKwh!,
      ];
    },
  ),
];

/** The claims. */
export const learningClaims: readonly Claim[] = [...choices, ...against, ...limits];
