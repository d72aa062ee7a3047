/**
 * `deno task evaluate`: runs policies over the same days with the same forecasts.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import { main } from "../lib/cli/task.ts";
import { laidOut } from "../lib/cli/terminal.ts";
import { parseBatterySizes } from "../lib/data/battery_sizes.ts";
import { scenarioNames } from "../lib/data/scenarios.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import {
  SWEEP_FILE,
  sweepBatteries,
  sweepFiles,
  sweepText,
} from "../lib/experiments/battery_sweep.ts";
import { datasetOptions } from "../lib/experiments/dataset_source.ts";
import { SPLITS } from "../lib/experiments/episodes.ts";
import { COMPARED, planEvaluation, runEvaluation } from "../lib/experiments/evaluation_run.ts";
import { ladderText } from "../lib/experiments/ladder_files.ts";
import { PROVENANCE_FILE, thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { networkRows, networkTable } from "../lib/experiments/network_report.ts";
import { flexibilityTable, summaryTable } from "../lib/experiments/result_tables.ts";
import { summaryJson, writeResults } from "../lib/experiments/run_folder.ts";
import { rulePolicyNames } from "../lib/policies/rule_based.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { shellPath } from "../lib/text/shell.ts";

await main({
  name: "evaluate",
  summary: "Runs policies over the same days with the same forecasts and compares them.",
  options: {
    model: {
      type: "string",
      placeholder: "DIR",
      help: "a folder that training wrote; with --seeds what its name is before -seed<N>",
    },
    policies: {
      type: "string",
      placeholder: "a,b",
      help: `some of ${COMPARED.join(", ")}, files such as ./mine.ts whose default export is a ` +
        `policy, or python:MODULE:FUNCTION (default: ${
          rulePolicyNames.join(", ")
        }, and learned where there is a model)`,
    },
    ...datasetOptions,
    split: {
      type: "string",
      default: "test",
      placeholder: SPLITS.join("|"),
      help: "which days; all: every day in one episode, what is stored carried on",
    },
    days: {
      type: "integer",
      min: 1,
      help: "so many of them, rounded up to whole episodes, spread evenly (default: all)",
    },
    scenario: {
      type: "string",
      default: "none",
      placeholder: "NAME",
      help: `what befalls the community: ${scenarioNames.join(", ")}`,
    },
    "forecast-error": {
      type: "number",
      min: 0,
      max: 2,
      help: "how far forecasts err, in the place of what the agents were trained with",
    },
    seed: { type: "integer", help: "seed of the forecasts (default: the model's, else 42)" },
    seeds: {
      type: "integer",
      min: 1,
      help: "learned agents of so many training seeds from 42 on: loads runs/<data>-seed<N>, or " +
        "trains it, and compares means with intervals",
    },
    timesteps: { type: "integer", min: 1, help: "with --seeds: length of the trainings" },
    config: {
      type: "string",
      placeholder: "FILE",
      help: "JSON with the rules of the game; with --seeds the whole configuration of trainings",
    },
    flexibility: {
      type: "boolean",
      help: "also say what it is worth in a year that cars, heat pumps and appliances wait",
    },
    vary: {
      type: "string",
      placeholder: "battery=0,5,10",
      help: "play the days once for each capacity of every home's battery, at the same power [kWh]",
    },
    out: { type: "string", default: "runs/evaluation", placeholder: "DIR", help: "results" },
    wide: { type: "boolean", help: "show every indicator; summary.csv has them in any case" },
    json: { type: "boolean", help: "print the summary as JSON and nothing else" },
  },
  async run({ out, wide, json, vary, ...flags }) {
    catchStop("the slot or the iteration in work");
    const sizes = vary === undefined ? null : parseBatterySizes(vary);
    using solver = createSolver();
    const plan = await planEvaluation(flags, solver, json ? console.error : console.log);
    using _lock = await lockFolder(out);
    const afterSlot = () => endIfAsked(`${out} is as it was; the same command begins again`);
    if (sizes !== null) {
      const rows = await sweepBatteries(plan, sizes, afterSlot);
      await writeResults(out, sweepFiles(rows), [PROVENANCE_FILE]);
      await writeProvenance(out, {
        commands: [thisCommand("evaluate")],
        ...plan.origin,
        files: [SWEEP_FILE],
      });
      if (json) return console.log(JSON.stringify(rows, null, 2));
      console.log(sweepText(plan.title, rows));
      return console.log(ending("Results", out, {
        "Make them again": `deno task reproduce ${shellPath(out)}`,
      }));
    }
    const { evaluation: { summary, records }, ladder, flexibility, files, origin } =
      await runEvaluation(
        plan,
        solver,
        afterSlot,
      );
    await writeResults(out, files, [PROVENANCE_FILE]);
    await writeProvenance(out, { commands: [thisCommand("evaluate")], ...origin });
    const { currency } = plan.days.dataset.community;
    if (json) return console.log(summaryJson(summary, { currency }, ladder));
    console.log(
      ladder === null
        ? `${laidOut(plan.title)}\n\n${summaryTable(summary, { currency, wide })}`
        : `\n${ladderText(ladder, wide)}`,
    );
    const network = networkTable(networkRows(records, plan.days.dataset));
    if (network !== "") console.log(`\n${network}`);
    if (flexibility.length > 0) console.log(`\n${flexibilityTable(flexibility, { currency })}`);
    console.log(ending("Results", out, {
      "Draw them": `deno task plot ${shellPath(out)}`,
      "Make them again": `deno task reproduce ${shellPath(out)}`,
    }));
  },
});
