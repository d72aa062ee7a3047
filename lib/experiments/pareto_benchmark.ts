/**
 * What less CO2, or a lower peak, costs.
 *
 * @module
 */

import { priced } from "../data/priced.ts";
import { laidOut } from "../cli/terminal.ts";
import { table } from "../cli/table.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { createPolicy } from "../policies/catalog.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { shown, visible } from "../text/shown.ts";
import type { BenchmarkSetup } from "./benchmark_setup.ts";
import { datasetSource, deviceFlags, loadDataset } from "./dataset_source.ts";
import { spread } from "./episodes.ts";
import { FIRST_SEED } from "./seeds.ts";
import { type Sweep, sweepConfigs, type TradeOff, tradeOff } from "./trade_offs.ts";
import { loadForModel, policyOf, readModel } from "./trained_model.ts";

const SWEEPS: readonly Sweep[] = ["carbon", "peak"];
/** Policies that answer to prices. */
const PLANNERS = ["optimum", "mpc"];
/** Test days, unless another number is asked for. */
const DAYS = 28;

/** Prices of CO2 and of the daily peak, swept. */
export const paretoSetup: BenchmarkSetup = {
  title: "prices of CO2 and of the daily peak swept: what less of them costs",
  flags: ["data", "prosumers", ...deviceFlags, "model", "days"],
  async run({ model: folder, days = DAYS, ...flags }, { out, endIfAsked, startProgress }) {
    const model = folder === undefined ? null : await readModel(folder);
    const configuration = model?.config ??
      { environment: parseExperiment({}, "defaults").environment };
    const { environment: config } = configuration;
    const source = datasetSource(flags, model?.source);
    const dataset = model === null
      ? await loadDataset(source)
      : await loadForModel(source, model, folder!);
    const firstSlots = spread(splitDays(dataset, config).test, config, days);
    const afterSlot = () =>
      endIfAsked(`${visible(out)} is as it was; the same command begins again`);
    const steps = SWEEPS.flatMap((sweep) =>
      sweepConfigs(config, sweep).map((swept) => ({ sweep, swept }))
    );
    using solver = createSolver();
    using progress = startProgress(steps.length, "prices");
    const points: TradeOff[] = [];
    for (const [k, { sweep, swept }] of steps.entries()) {
      const policies: Policy[] = PLANNERS.map((name) =>
        createPolicy(name, { seed: FIRST_SEED, solver })
      );
      if (model !== null) policies.push(policyOf(model, model.actor));
      const played = {
        dataset: priced(dataset, config.tariffs),
        config: swept,
        firstSlots,
        seed: FIRST_SEED,
        afterSlot,
      };
      const { summary } = await evaluate(played, policies);
      points.push(...summary.map((row) => tradeOff(sweep, row, swept)));
      progress?.update(k + 1, `price of ${sweep === "carbon" ? "CO2" : "the peak"}`);
    }
    const { name, currency } = dataset.community;
    const subject = `${shown(name)}, ${firstSlots.length} test days`;
    return {
      text: `${laidOut(subject)}\n\n${pointsTable(points, currency)}`,
      json: { currency, points },
      files: { "pareto.csv": rowsCsv(points.map((point) => ({ ...point, currency }))) },
      chart: { kind: "pareto", subject, currency, points },
      origin: {
        module: import.meta.url,
        configuration,
        seeds: [FIRST_SEED],
        source,
        dataset,
        inputs: folder === undefined ? [] : [`${folder}/model.json`],
        files: ["pareto.csv"],
      },
    };
  },
};

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
