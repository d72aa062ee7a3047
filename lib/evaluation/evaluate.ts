/**
 * Judges policies on the same days with the same forecasts.
 *
 * @module
 */

import type { Policy } from "../policies/policy.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { type ProsumerBill, prosumerBills } from "./prosumer_bills.ts";
import type { Bound } from "./bound.ts";
import { type Kpis, kpis } from "./kpis.ts";
import { type CostRecords, play, playCosts, type PlayOptions, type Records } from "./records.ts";

/** What an evaluation comes to, in the order of the policies. */
export interface Evaluation {
  /** The books of each policy. */
  readonly records: readonly Records[];
  /** The indicators of each policy. */
  readonly summary: readonly Kpis[];
  /** What every prosumer pays under each policy. */
  readonly bills: readonly ProsumerBill[];
  /** What `grid-only` costs on the same days, the reference of all savings. */
  readonly reference: CostRecords;
}

/** The policy that every other is compared with: no battery, no trade. */
export const REFERENCE_POLICY = "grid-only";

/**
 * Plays every policy on every episode.
 *
 * @param bound The optimum of the same episodes, if it is known: what `captured` is measured by.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { rulePolicy } from "../policies/rule_based.ts";
 * import { evaluate } from "./evaluate.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 4, days: 3, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1 });
 * const { summary } = await evaluate(
 *   { dataset, config, firstSlots: [0, 24, 48], seed: 7 },
 *   [rulePolicy("grid-only"), rulePolicy("trade-only")],
 * );
 * if (summary[1].costPerDay > summary[0].costPerDay) throw new Error("trade costs nobody anything");
 * ```
 */
export async function evaluate(
  options: PlayOptions,
  policies: readonly Policy[],
  bound: Bound | null = null,
): Promise<Evaluation> {
  const { dataset } = options;
  const records: Records[] = [];
  for (const policy of policies) records.push(await play(options, policy));
  const reference = records.find(({ policy }) => policy === REFERENCE_POLICY) ??
    await playCosts(options, rulePolicy(REFERENCE_POLICY));
  return {
    records,
    summary: records.map((each) => kpis(each, reference, dataset, bound)),
    bills: records.flatMap((each) => prosumerBills(each, reference, dataset)),
    reference,
  };
}
