/**
 * `deno task benchmark`: policies on one ladder from doing nothing to perfect foresight, on reference
 * set-ups, and set-ups that each answer one question more.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { ending } from "../lib/cli/ending.ts";
import { startProgress } from "../lib/cli/progress.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import { main } from "../lib/cli/task.ts";
import { deviceOptions } from "../lib/experiments/dataset_source.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { ablations } from "../lib/experiments/ablations.ts";
import { benchmarkSetups, exploitSetups, requireTaken } from "../lib/experiments/benchmark.ts";
import type { BenchmarkChart } from "../lib/experiments/benchmark_setup.ts";
import { LADDER_POLICIES, SEEDS } from "../lib/experiments/ladder_benchmark.ts";
import { PROVENANCE_FILE, thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { writeResults } from "../lib/experiments/run_folder.ts";
import { R2_FOLDER } from "../lib/experiments/setup_data.ts";
import { mechanisms } from "../lib/market/mechanisms/mod.ts";
import { rulePolicyNames } from "../lib/policies/rule_based.ts";
import { figureFiles } from "../lib/report/render.ts";
import { captured } from "../lib/report/figures/captured.ts";
import { exploitation } from "../lib/report/figures/exploitation.ts";
import { mechanismGains } from "../lib/report/figures/mechanisms.ts";
import { pareto } from "../lib/report/figures/pareto.ts";
import { oneOf } from "../lib/text/nearest.ts";
import { shellPath } from "../lib/text/shell.ts";

const NAMES = Object.keys(benchmarkSetups);

await main({
  name: "benchmark",
  summary:
    "Puts every policy on one ladder, from doing nothing to perfect foresight, or answers\n" +
    "another question about the reference:\n" +
    NAMES.map((name) => `  ${name.padEnd(15)}${benchmarkSetups[name].title}`).join("\n"),
  options: {
    setup: {
      type: "string",
      placeholder: "NAME",
      help: "one of the above (default R1, or mechanisms where --mechanisms is given)",
    },
    exploit: {
      type: "boolean",
      help:
        "what homes of a ladder's set-up gain by working the market: each by a response that is " +
        "trained against truthful neighbours, and all at once, in communities of several sizes and " +
        "under each mechanism",
    },
    homes: {
      type: "string",
      placeholder: "2,10",
      help: "--exploit: sizes of the communities in which all learn at once (default 2,5,10,30)",
    },
    mechanisms: {
      type: "string",
      placeholder: "a,b",
      help: `some of ${mechanisms.map(({ name }) => name).join(", ")} (default: all)`,
    },
    policies: {
      type: "string",
      placeholder: "a,b",
      help:
        `ladders, mechanisms, pareto: some of ${
          LADDER_POLICIES.join(", ")
        }, or files such as ./mine.ts whose ` +
        "default export is a policy (default: all that are named)",
    },
    seeds: {
      type: "integer",
      min: 1,
      help: `training seeds, from 42 on (default ${SEEDS}; ablation 3, --exploit 2)`,
    },
    days: {
      type: "integer",
      min: 1,
      help:
        "so many test days, rounded up to whole episodes, spread evenly (default: all; pareto 28); " +
        "city: from 1 January on",
    },
    timesteps: {
      type: "integer",
      min: 1,
      help: "length of a training (default: that of the set-up; ablation 300000, --exploit 20000)",
    },
    data: {
      type: "string",
      placeholder: "DIR|URL",
      help: `R2: where the homes are, imported or as CityLearn has them (default ${R2_FOLDER}); ` +
        "mechanisms, pareto: a data set folder",
    },
    prosumers: {
      type: "integer",
      min: 1,
      help: "mechanisms, pareto: households of the embedded community; city: of the city " +
        "(default 100000)",
    },
    ...deviceOptions,
    model: {
      type: "string",
      placeholder: "DIR",
      help: "mechanisms, pareto: a folder that training wrote, to show where its agents stand; " +
        "transfer: where seed-<N>/ of R1 are, such as runs/benchmark-R1; --exploit: the truthful agents",
    },
    only: {
      type: "string",
      placeholder: "a,b",
      help: `ablation: some of ${ablations.map(({ name }) => name).join(", ")} (default: all)`,
    },
    policy: {
      type: "string",
      placeholder: "NAME",
      help: `city: one of ${rulePolicyNames.join(", ")} (default self-consumption)`,
    },
    seed: { type: "integer", help: "city: seed of the composition (default 42)" },
    workers: {
      type: "integer",
      min: 1,
      help: "threads; they change no result (default: a thread per core; city 2)",
    },
    out: {
      type: "string",
      placeholder: "DIR",
      help: "results, and models to be used again (default runs/benchmark-<setup>)",
    },
    wide: { type: "boolean", help: "show every indicator; the files have them in any case" },
    json: { type: "boolean", help: "print the results as JSON and nothing else" },
  },
  async run({ setup: asked, exploit, out: folder, wide, json, ...flags }) {
    const known = exploit ? exploitSetups : benchmarkSetups;
    const name = asked ?? (flags.mechanisms === undefined || exploit ? "R1" : "mechanisms");
    const setup = known[oneOf("--setup", name, Object.keys(known))];
    const title = exploit ? `${name} --exploit` : name;
    requireTaken(title, setup, flags);
    const out = folder ?? `runs/benchmark-${title.replace(" --", "-")}`;
    catchStop("the slot or the iteration in work");
    using _lock = await lockFolder(out);
    const result = await setup.run(flags, {
      out,
      wide,
      say: (text) => say(text, json ? "stderr" : "stdout"),
      endIfAsked,
      startProgress: (total, unit) => json ? null : startProgress(total, unit),
    });
    const files = { ...result.files, ...await chartFiles(result.chart) };
    await writeResults(out, files, [PROVENANCE_FILE]);
    await writeProvenance(out, { commands: [thisCommand("benchmark")], ...result.origin });
    if (json) return console.log(JSON.stringify(result.json, null, 2));
    console.log(`\n${result.text}`);
    console.log(ending("Results", out, {
      ..."evaluation_results.csv" in files
        ? { "Look at a day": `deno task plot ${shellPath(out)}` }
        : {},
      "Make it again": `deno task reproduce ${shellPath(out)}`,
    }));
  },
});

async function chartFiles(
  chart: BenchmarkChart | undefined,
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  switch (chart?.kind) {
    case undefined:
      return {};
    case "captured":
      return await figureFiles({ captured: captured(chart.rows, { subject: chart.subject }) });
    case "mechanisms":
      return await figureFiles({ mechanisms: mechanismGains(chart.bills, chart) });
    case "exploit":
      return await figureFiles({ exploit: exploitation(chart) });
    case "pareto":
      return await figureFiles({ pareto: pareto(chart.points, chart) });
  }
}
