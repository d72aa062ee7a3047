import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { TaskName } from "../helpers/task_command.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { cases, longTest } from "../helpers/cases.ts";
import {
  CTRL_C,
  hasPython,
  onTerminal,
  terminalFaults,
  type TerminalJob,
  type TerminalOutcome,
} from "../helpers/pseudo_terminal.ts";
import { writeDataset } from "../../lib/data/dataset.ts";
import { synthesize } from "../../lib/data/synthetic.ts";

const ignore = !hasPython;
const COLUMNS = cases([80], [80, 120]);
/** Tasks with arguments of their own; the others run Deno's tools. */
const tasks = (Object.keys(denoJson.tasks) as TaskName[])
  .filter((name) => name !== "test" && name !== "check");

/** Runs at every width; the outcomes in the order of the jobs. */
async function atAllWidths(
  jobs: readonly Omit<TerminalJob, "columns">[],
  check: (outcome: TerminalOutcome, job: TerminalJob) => void,
): Promise<void> {
  const all = jobs.flatMap((job) => COLUMNS.map((columns) => ({ ...job, columns })));
  const outcomes = await onTerminal(all);
  outcomes.forEach((outcome, k) => {
    const name = `${all[k].task} ${all[k].args.join(" ")} at ${all[k].columns}`;
    assertEquals(terminalFaults(outcome, all[k].columns), [], name);
    check(outcome, all[k]);
  });
}

Deno.test({
  name: "terminal: --help of every task fits",
  ignore,
  async fn() {
    await atAllWidths(tasks.map((task) => ({ task, args: ["--help"] })), ({ code, lines }, job) => {
      assertEquals(code, 0);
      assert(lines.some((line) => line.startsWith("Usage: deno task ")), job.task);
      assert(lines.some((line) => line.trim().startsWith("--verbose")), job.task);
    });
  },
});

Deno.test({
  name: "terminal: an error of every task is the remedy in red, without a stack trace",
  ignore,
  async fn() {
    await atAllWidths(
      tasks.map((task) => ({ task, args: ["--verbos3"] })),
      ({ code, output, lines }) => {
        assertEquals(code, 1);
        assertStringIncludes(
          output,
          "\u001b[31merror\u001b[39m: unknown option --verbos3; did you mean",
        );
        assertMatch(
          lines.join(" ").replaceAll(/ +/g, " "),
          /did you mean --verbose\? "deno task \S+ --help" shows what there is/,
        );
      },
    );
  },
});

Deno.test({
  name: "terminal: --verbose adds the stack trace, NO_COLOR takes the colour",
  ignore,
  async fn() {
    const [verbose, plain] = await onTerminal([
      { task: "clear", args: ["no/such.csv", "--verbose"], columns: 80 },
      { task: "clear", args: ["no/such.csv"], columns: 80, env: { NO_COLOR: "1" } },
    ]);
    assertMatch(verbose.output, /\n\s+at .*:\d+:\d+/);
    assertEquals([plain.code, terminalFaults(plain, 80)], [1, []]);
    assertEquals(plain.output.includes("\u001b[31m"), false);
  },
});

/** A name that would move the cursor, turn the line around and fill the screen. */
const NAME = "Straße \u001b[31m東京\u202e\n" + "homes ".repeat(40);

/** A folder whose own name takes little of a line. */
async function inShortFolder(work: (parent: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await work(parent);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

/** A small community of that name, in a folder whose name a shell would read more into. */
async function withHomes(work: (parent: string, homes: string) => Promise<void>): Promise<void> {
  await inShortFolder(async (parent) => {
    const { community, profiles } = synthesize({ seed: 3, prosumers: 3, days: 28, dtHours: 1 });
    const homes = `${parent}/my "homes" $HOME`;
    const named = { ...community, name: NAME, currency: "CHF" };
    await writeDataset({ community: named, profiles }, homes);
    // What a user is asked to check is longer than a line.
    const inWatts = { ...profiles, loadKw: profiles.loadKw.map((kw) => 1000 * kw) };
    await writeDataset({ community, profiles: inWatts }, `${parent}/watts`);
    await work(parent, homes);
  });
}

/** Jobs at every width, with what came of each. */
async function outcomesOf(
  jobs: (columns: number) => readonly Omit<TerminalJob, "columns">[],
): Promise<(TerminalJob & TerminalOutcome)[]> {
  const all = COLUMNS.flatMap((columns) => jobs(columns).map((job) => ({ ...job, columns })));
  const outcomes = await onTerminal(all);
  return outcomes.map((outcome, k) => {
    assertEquals([outcome.code, terminalFaults(outcome, all[k].columns)], [0, []], outcome.output);
    return { ...all[k], ...outcome };
  });
}

Deno.test({
  name: "terminal: tables, names and next steps of a data set's tasks fit and are safe",
  ignore,
  async fn() {
    await withHomes(async (parent, homes) => {
      const books = `${parent}/books.csv`;
      const long = "long-".repeat(30);
      await Deno.writeTextFile(
        books,
        `side,id,quantityKwh,pricePerKwh\nbid,${long},1,0.3\nask,東京,1,0.1\n`,
      );
      const outcomes = await outcomesOf((columns) => [
        {
          task: "data",
          args: ["synthesize", "--days", "14", "--out", `${parent}/made ${columns}`],
        },
        { task: "data", args: ["describe", homes] },
        { task: "data", args: ["describe", `${parent}/watts`] },
        { task: "clear", args: [books] },
        { task: "evaluate", args: ["--data", homes, "--out", `${parent}/a ${columns}`, "--wide"] },
      ]);
      for (const { task, args, columns, output, lines } of outcomes) {
        if (task === "clear") assertStringIncludes(output, "…");
        if (args[1]?.endsWith("watts")) {
          assertStringIncludes(lines.join(" "), "are these watts?");
        } else if (args[0] === "describe") {
          assertStringIncludes(output, `deno task train --data '${homes}'`);
        }
        if (args[0] === "synthesize") {
          assertStringIncludes(output, `deno task data describe '${parent}/made ${columns}'`);
        }
        if (task !== "evaluate") continue;
        assertStringIncludes(output, "cost CHF/d");
        assertStringIncludes(lines.join(""), "Straße \\u001b[31m東京\\u202e\\n");
        assertStringIncludes(output, `deno task plot '${parent}/a ${columns}'`);
      }
    });
  },
});

Deno.test({
  name:
    "terminal: a training shows how far it is, its table with the best in bold, and quotes paths",
  ignore,
  async fn() {
    await withHomes(async (parent, homes) => {
      const run = (columns: number) => `${parent}/run ${columns}`;
      const small = ["--data", homes, "--timesteps", "700", "--workers", "1"];
      const trained = await outcomesOf((columns) => [
        { task: "train", args: [...small, "--out", run(columns)] },
      ]);
      for (const { columns, output, lines } of trained) {
        const last = lines.findLast((line) => line.startsWith("█"));
        assertMatch(last ?? "", /^█{6,24} 100 % of \d+ timesteps \| \d+ steps\/s/);
        assertEquals(output.split("\u001b[1m").length, 2, "one row in bold");
        assertStringIncludes(output, `deno task plot '${run(columns)}'`);
      }
      await outcomesOf((columns) => [
        { task: "plot", args: [run(columns)] },
        { task: "reproduce", args: [run(columns)] },
        { task: "report", args: ["--run", run(columns), "--out", `${parent}/page ${columns}`] },
      ]);
    });
  },
});

longTest("terminal: the tables of benchmark fit", async () => {
  await inShortFolder(async (parent) => {
    const setups: readonly string[][] = [
      [
        "--setup",
        "R1",
        "--seeds",
        "2",
        "--timesteps",
        "700",
        "--policies",
        "grid-only,dynamic-programming,learned",
      ],
      ["--setup", "R1", "--policies", "grid-only,optimum-no-trade,zero-intelligence", "--wide"],
      ["--setup", "city", "--prosumers", "500"],
    ];
    const outcomes = await outcomesOf((columns) =>
      setups.map((args, k) => ({
        task: "benchmark",
        args: [...args, "--days", "1", "--out", `${parent}/${columns}-${k}`],
      }))
    );
    for (const { args, lines } of outcomes.filter(({ args }) => args[1] === "R1")) {
      const isWide = args.includes("--wide");
      assertEquals(lines.some((line) => line.includes("µs/decision")), isWide);
      assert(lines.join(" ").includes("95 % interval"), lines.join("\n"));
    }
  });
}, ignore);

Deno.test({
  name: "terminal: Ctrl-C ends a training after what is at work, and says how to go on",
  ignore,
  async fn() {
    await inShortFolder(async (parent) => {
      const args = ["--timesteps", "10000000", "--workers", "1", "--out", `${parent}/a b`];
      const [stopped, served] = await onTerminal([
        { task: "train", args, columns: 80, keys: [["steps/s", CTRL_C]] },
        { task: "realtime", args: [], columns: 80, keys: [["Open http", CTRL_C]] },
      ]);
      assertEquals([stopped.code, terminalFaults(stopped, 80)], [130, []], stopped.output);
      assertEquals(stopped.lines.slice(-2), [
        "Stopped and saved; go on with:",
        `deno task train --resume '${parent}/a b'`,
      ]);
      const notice = "Stopping after the iteration in work; Ctrl-C again stops at once.";
      assert(stopped.lines.includes(notice), stopped.output);
      assertEquals([served.code, terminalFaults(served, 80)], [130, []], served.output);
    });
  },
});
