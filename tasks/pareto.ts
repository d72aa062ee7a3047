/**
 * `deno task pareto`: what less CO2, or a lower peak, costs.
 *
 * @module
 */

import { splitDays } from "../lib/data/split.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { ending } from "../lib/cli/ending.ts";
import { laidOut } from "../lib/cli/terminal.ts";
import { rowsCsv } from "../lib/text/csv.ts";
import { shellPath } from "../lib/text/shell.ts";
import { shown } from "../lib/text/shown.ts";
import {
  type Sweep,
  sweepConfigs,
  type TradeOff,
  tradeOff,
} from "../lib/experiments/trade_offs.ts";
import { createPolicy } from "../lib/policies/catalog.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { createSolver } from "../lib/policies/solver.ts";
import { parseExperiment } from "../lib/ppo/experiment.ts";
import { pareto } from "../lib/report/figures/pareto.ts";
import { main } from "../lib/cli/task.ts";
import { datasetOptions, datasetSource, loadDataset } from "../lib/experiments/dataset_source.ts";
import { spread } from "../lib/experiments/episodes.ts";
import { figureFiles } from "../lib/report/figure_files.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { loadForModel, policyOf, readModel } from "../lib/experiments/trained_model.ts";
import { PROVENANCE_FILE, thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { startProgress } from "../lib/cli/progress.ts";
import { catchStop, endIfAsked } from "../lib/cli/stop.ts";
import { table } from "../lib/cli/table.ts";
import { FIRST_SEED } from "../lib/experiments/seeds.ts";

const SWEEPS: readonly Sweep[] = ["carbon", "peak"];
/** Policies that answer to prices. */
const PLANNERS = ["optimum", "mpc"];

await main({
  name: "pareto",
  summary: "Sweeps the prices of CO2 and of the daily peak and draws cost against both.",
  options: {
    ...datasetOptions,
    model: {
      type: "string",
      placeholder: "DIR",
      help: "a folder that training wrote: shows where its agents stand",
    },
    days: {
      type: "integer",
      default: 24,
      min: 1,
      help: "test days, spread evenly over the year",
    },
    out: { type: "string", default: "runs/pareto", placeholder: "DIR", help: "results" },
    json: { type: "boolean", help: "print the points as JSON and nothing else" },
  },
  async run({ model: folder, days, out, json, ...flags }) {
    const model = folder === undefined ? null : await readModel(folder);
    const { environment: config } = model?.config ?? parseExperiment({}, "defaults");
    const source = datasetSource(flags, model?.source);
    const dataset = model === null
      ? await loadDataset(source)
      : await loadForModel(source, model, folder!);
    const firstSlots = spread(splitDays(dataset, config).test, days);
    const making = {
      commands: [thisCommand("pareto")],
      module: new URL("../lib/evaluation/evaluate.ts", import.meta.url).href,
      configuration: model?.config ?? { environment: config },
      seeds: [FIRST_SEED],
      source,
      dataset,
      inputs: folder === undefined ? [] : [`${folder}/model.json`],
      files: ["pareto.csv"],
    };
    catchStop("the slot in work");
    using _lock = await lockFolder(out);
    const afterSlot = () => endIfAsked(`${out} is as it was; the same command begins again`);
    using solver = createSolver();
    const points: TradeOff[] = [];
    const steps = SWEEPS.flatMap((sweep) =>
      sweepConfigs(config, sweep).map((swept) => ({ sweep, swept }))
    );
    using progress = json ? null : startProgress(steps.length, "prices");
    for (const [k, { sweep, swept }] of steps.entries()) {
      const policies: Policy[] = PLANNERS.map((name) =>
        createPolicy(name, { seed: FIRST_SEED, solver })
      );
      if (model !== null) policies.push(policyOf(model, model.actor));
      const played = { dataset, config: swept, firstSlots, seed: FIRST_SEED, afterSlot };
      const { summary } = await evaluate(played, policies);
      points.push(...summary.map((row) => tradeOff(sweep, row, swept)));
      progress?.update(k + 1, `price of ${sweep === "carbon" ? "CO2" : "the peak"}`);
    }
    progress?.stop();

    const { name, currency } = dataset.community;
    const subject = `${shown(name)}, ${firstSlots.length} test days`;
    const files = {
      "pareto.csv": rowsCsv(points.map((point) => ({ ...point, currency }))),
      ...figureFiles({ pareto: pareto(points, { subject, currency }) }),
    };
    await writeTogether(out, files, [PROVENANCE_FILE]);
    await writeProvenance(out, making);
    if (json) return console.log(JSON.stringify({ currency, points }, null, 2));
    console.log(`\n${laidOut(subject)}\n\n${pointsTable(points, currency)}`);
    console.log(ending("Front (pareto.png) and points (pareto.csv)", out, {
      "Make it again": `deno task reproduce ${shellPath(out)}`,
    }));
  },
});

function pointsTable(points: readonly TradeOff[], currency: string): string {
  return table(
    [
      "sweep",
      "policy",
      `${currency}/kg CO2`,
      `${currency}/kW peak`,
      `energy ${currency}/d`,
      "CO2 kg/d",
      "peak kW",
    ],
    points.map((point) => [
      point.sweep,
      point.policy,
      point.carbonPricePerKg,
      point.peakPricePerKw,
      point.energyCostPerDay.toFixed(2),
      point.emissionsKgPerDay.toFixed(2),
      point.meanPeakKw.toFixed(2),
    ]),
  );
}
