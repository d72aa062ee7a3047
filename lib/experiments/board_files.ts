/**
 * A board's year as tables: `bills.csv`, a row per way of sharing, home and month, and `savings.csv`, a
 * row per way and home, both with all digits.
 *
 * @module
 */

import { perYear, savingsPerYear } from "../evaluation/yearly_savings.ts";
import { rowsCsv } from "../text/csv.ts";
import { ALONE, type BoardYear, TODAY } from "./board_year.ts";

/** Names of the tables. */
export const BOARD_FILES = ["bills.csv", "savings.csv"] as const;

/** The tables by name. */
export function boardFiles({ rows, dataset }: BoardYear): Record<string, string> {
  const { currency, prosumers } = dataset.community;
  const against = [TODAY, ALONE].map((name) => rows.find((row) => row.name === name)!.bills);
  return {
    "bills.csv": rowsCsv(
      rows.flatMap(({ name, monthly }) =>
        monthly.map((row) => ({ sharing: name, ...row, currency }))
      ),
    ),
    "savings.csv": rowsCsv(rows.flatMap(({ name, bills }) => {
      const [ofToday, ofAlone] = against.map((each) => savingsPerYear(bills, each));
      return prosumers.map(({ id }, i) => ({
        sharing: name,
        prosumer: id,
        days: bills.days,
        billPerYear: perYear(bills)[i],
        savingAgainstTodayPerYear: ofToday[i],
        savingAgainstOwnBatteryPerYear: ofAlone[i],
        currency,
      }));
    })),
  };
}
