/**
 * A board's year as tables: `bills-PAGE.csv`, a row per way of sharing, home and month, and
 * `savings-PAGE.csv`, a row per way and home, both with all digits. Pages of several data sets lie in
 * one folder, so that each has tables of its own.
 *
 * @module
 */

import { perYear, savingsPerYear } from "../evaluation/yearly_savings.ts";
import { rowsCsv } from "../text/csv.ts";
import { ALONE, type BoardYear, TODAY } from "./board_year.ts";

/** Name of the table of bills beside a page. */
export function billsFile(page: string): string {
  return `bills-${page}.csv`;
}

/** The tables of a page by name. */
export function boardFiles({ rows, dataset }: BoardYear, page: string): Record<string, string> {
  const { currency, prosumers } = dataset.community;
  const against = [TODAY, ALONE].map((name) => rows.find((row) => row.name === name)!.bills);
  return {
    [billsFile(page)]: rowsCsv(
      rows.flatMap(({ name, monthly }) =>
        monthly.map((row) => ({ sharing: name, ...row, currency }))
      ),
    ),
    [`savings-${page}.csv`]: rowsCsv(rows.flatMap(({ name, bills }) => {
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
