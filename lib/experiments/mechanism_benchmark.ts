/**
 * All market mechanisms side by side: the same weeks, forecasts and policies, and another rule by
 * which energy is shared and paid for. Who gains, what it costs, CO2 and peak.
 *
 * @module
 */

import { priced } from "../data/priced.ts";
import { laidOut } from "../cli/terminal.ts";
import { percent, table } from "../cli/table.ts";
import { splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import type { ProsumerBill } from "../evaluation/prosumer_bills.ts";
import { mechanisms } from "../market/mechanisms/mod.ts";
import { createPolicy, everyPolicyName } from "../policies/catalog.ts";
import { planOptimum } from "../policies/optimum.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { rowsCsv } from "../text/csv.ts";
import { oneOf } from "../text/nearest.ts";
import { shown, visible } from "../text/shown.ts";
import type { BenchmarkSetup } from "./benchmark_setup.ts";
import { datasetSource, deviceFlags, loadDataset } from "./dataset_source.ts";
import { episodesOf, spread } from "./episodes.ts";
import { filesOf, policyWords, readPolicyFiles } from "./policy_file.ts";
import { FIRST_SEED } from "./seeds.ts";
import { setups } from "./setups.ts";
import { loadForModel, policyOf, readModel } from "./trained_model.ts";

/** Policies that are played unless others are asked for: a rule, and one that answers to prices. */
const POLICIES = ["self-consumption", "dynamic-programming"];
/** In currency per day: less is no change. */
const NEGLIGIBLE = 1e-6;

/** A policy under a mechanism, a row of `mechanisms.csv`. */
export type MechanismRow = Kpis & {
  /** The mechanism. */
  readonly mechanism: string;
  /** Homes that pay less than alone on the grid. */
  readonly prosumersBetterOff: number;
  /** What money is. */
  readonly currency: string;
};

/** What a home pays under a mechanism, a row of `mechanism_bills.csv`. */
export type MechanismBill = ProsumerBill & {
  /** The mechanism. */
  readonly mechanism: string;
  /** What money is. */
  readonly currency: string;
};

/** Every mechanism on the same weeks. */
export const mechanismSetup: BenchmarkSetup = {
  title: "market mechanisms side by side on the same weeks: what they cost, and who gains",
  flags: ["mechanisms", "policies", "model", "data", "prosumers", ...deviceFlags, "days"],
  async run(flags, { out, say, endIfAsked, startProgress }) {
    const { model: folder } = flags;
    const chosen = mechanismNames(flags.mechanisms);
    const names = flags.policies === undefined
      ? POLICIES
      : policyWords("--policies", flags.policies, everyPolicyName);
    const own = await readPolicyFiles(names, everyPolicyName);
    const model = folder === undefined ? null : await readModel(folder);
    const configuration = model?.config ?? parseExperiment(setups.R1.experiment, setups.R1.name);
    const { environment: config } = configuration;
    const source = datasetSource(flags, model?.source);
    const dataset = model === null
      ? await loadDataset(source)
      : await loadForModel(source, model, folder!);
    const { name, currency } = dataset.community;
    const firstSlots = spread(splitDays(dataset, config).test, config, flags.days);
    const afterSlot = () =>
      endIfAsked(`${visible(out)} is as it was; the same command begins again`);
    const played = {
      dataset: priced(dataset, config.tariffs),
      config,
      firstSlots,
      seed: FIRST_SEED,
      afterSlot,
    };
    using solver = createSolver();
    const policies: readonly Policy[] = [
      ...names.map((each) => own.get(each) ?? createPolicy(each, { seed: FIRST_SEED, solver })),
      ...model === null ? [] : [policyOf(model, model.actor)],
    ];
    const what = episodesOf(config, firstSlots.length);
    say(`Playing ${what} under ${chosen.join(", ")}`);
    const bound = await planOptimum(played, solver);
    const rows: MechanismRow[] = [], bills: MechanismBill[] = [];
    {
      using progress = startProgress(chosen.length, "mechanisms");
      for (const [k, mechanism] of chosen.entries()) {
        const rules = { ...config, market: { ...config.market, mechanism } };
        const evaluation = await evaluate({ ...played, config: rules }, policies, bound);
        bills.push(...evaluation.bills.map((bill) => ({ mechanism, ...bill, currency })));
        rows.push(...evaluation.summary.map((row) => ({
          mechanism,
          ...row,
          prosumersBetterOff: evaluation.bills.filter(({ policy, costChangePerDay }) =>
            policy === row.policy && costChangePerDay < -NEGLIGIBLE
          ).length,
          currency,
        })));
        progress?.update(k + 1, mechanism);
      }
    }
    const subject = `${shown(name)}, ${what}`;
    return {
      text: mechanismText(subject, rows, bills, currency),
      json: { currency, mechanisms: rows, bills },
      files: { "mechanisms.csv": rowsCsv(rows), "mechanism_bills.csv": rowsCsv(bills) },
      chart: { kind: "mechanisms", subject, currency, bills },
      origin: {
        module: import.meta.url,
        configuration,
        seeds: [FIRST_SEED],
        source,
        dataset,
        inputs: [
          ...filesOf(own),
          ...folder === undefined ? [] : [`${folder}/model.json`],
        ],
        files: ["mechanisms.csv", "mechanism_bills.csv"],
      },
    };
  },
};

/** Mechanisms by name: those of a list, or all. */
export function mechanismNames(list: string | undefined): readonly string[] {
  const known = mechanisms.map(({ name }) => name);
  return list === undefined
    ? known
    : [...new Set(list.split(",").map((word) => oneOf("--mechanisms", word.trim(), known)))];
}

/** A table of what each mechanism comes to, and for each policy one of what homes pay more or less. */
export function mechanismText(
  subject: string,
  rows: readonly MechanismRow[],
  bills: readonly MechanismBill[],
  currency: string,
): string {
  const chosen = [...new Set(rows.map(({ mechanism }) => mechanism))];
  const policies = [...new Set(rows.map(({ policy }) => policy))];
  const homes = [...new Set(bills.map(({ prosumer }) => prosumer))];
  const change = (policy: string, prosumer: string, mechanism: string) =>
    bills.find((bill) =>
      bill.policy === policy && bill.prosumer === prosumer && bill.mechanism === mechanism
    )!.costChangePerDay;
  return [
    laidOut(subject),
    table(
      ["mechanism", "policy", `cost ${currency}/d`, "captured %", "better", "worse off", "CO2 kg/d"]
        .concat("peak kW"),
      policies.flatMap((policy) =>
        rows.filter((row) => row.policy === policy).map((row) => [
          row.mechanism,
          row.policy,
          row.costPerDay.toFixed(2),
          percent(row.captured),
          row.prosumersBetterOff,
          row.prosumersWorseOff,
          row.physicalEmissionsKgPerDay.toFixed(2),
          row.meanPeakKw.toFixed(1),
        ])
      ),
    ),
    ...policies.flatMap((policy) => [
      laidOut(`What homes pay more than alone on the grid under ${policy}, in ${currency}/d:`),
      table(
        ["home", ...chosen],
        homes.map((prosumer) => [
          prosumer,
          ...chosen.map((mechanism) =>
            change(policy, prosumer, mechanism).toFixed(2).replace("-0.00", "0.00")
          ),
        ]),
      ),
    ]),
    laidOut(
      "captured: share of the saving that perfect foresight makes possible; better and worse off: " +
        "homes that pay less and more than alone on the grid (docs/kpis.md).",
    ),
  ].join("\n\n");
}
