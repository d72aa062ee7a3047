/**
 * A budget of CO2 beside a price: the price of CO2 at which a policy that answers to prices keeps the
 * budget. It is the budget's shadow price, and nothing but a price is needed to keep it.
 *
 * @module
 */

import type { TradeOff } from "./trade_offs.ts";

/** Budgets, as shares of what is emitted where CO2 costs nothing. */
const BUDGET_SHARES: readonly number[] = [0.95, 0.9, 0.85, 0.8];

/** Highest price that is tried. [currency/kg] */
export const HIGHEST_PRICE_PER_KG = 3.2;

/** Halvings of the interval in which the price lies. */
const HALVINGS = 10;

/** A budget and what it takes to keep it; a row of `carbon_budgets.csv`. */
export interface CarbonBudget {
  /** Budget ÷ emissions where CO2 costs nothing. */
  readonly share: number;
  /** Most that may be emitted. [kg/d] */
  readonly budgetKgPerDay: number;
  /** Least price that keeps it; `null` if none up to {@linkcode HIGHEST_PRICE_PER_KG} does. [currency/kg] */
  readonly carbonPricePerKg: number | null;
  /** What is emitted at that price. [kg/d] */
  readonly emissionsKgPerDay: number | null;
  /** What energy costs more than without a budget. [currency/d] */
  readonly extraCostPerDay: number | null;
}

/**
 * Budgets with the prices that keep them.
 *
 * @param at Plays at a price of CO2. [currency/kg]
 */
export async function carbonBudgets(
  at: (carbonPricePerKg: number) => Promise<TradeOff>,
): Promise<CarbonBudget[]> {
  const free = await at(0), dearest = await at(HIGHEST_PRICE_PER_KG);
  const budgets: CarbonBudget[] = [];
  for (const share of BUDGET_SHARES) {
    const budgetKgPerDay = share * free.emissionsKgPerDay;
    let low = 0, kept: TradeOff | null = null;
    if (dearest.emissionsKgPerDay <= budgetKgPerDay) {
      kept = dearest;
      for (let k = 0; k < HALVINGS; k++) {
        const middle = (low + kept.carbonPricePerKg) / 2;
        const tried = await at(middle);
        if (tried.emissionsKgPerDay <= budgetKgPerDay) kept = tried;
        else low = middle;
      }
    }
    budgets.push({
      share,
      budgetKgPerDay,
      carbonPricePerKg: kept?.carbonPricePerKg ?? null,
      emissionsKgPerDay: kept?.emissionsKgPerDay ?? null,
      extraCostPerDay: kept === null ? null : kept.energyCostPerDay - free.energyCostPerDay,
    });
  }
  return budgets;
}
