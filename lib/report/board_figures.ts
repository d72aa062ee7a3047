/**
 * Figures of a board's page: what each home saves, and what larger batteries bring.
 *
 * @module
 */

import type { BoardYear } from "../experiments/board_year.ts";
import { gainers, perYear, savingsPerYear } from "../evaluation/yearly_savings.ts";
import { mean } from "../evaluation/statistics.ts";
import { shown } from "../text/shown.ts";
import {
  baseOf,
  hasStores,
  ownWord,
  rowNamed,
  signedWhole,
  sizeName,
  whole,
} from "./board_words.ts";
import type { Figure } from "./figure.ts";
import { bars } from "./figures/bars.ts";
import { COLOURS } from "./palette.ts";

/** Characters of a home's name beside its bar. */
const LONGEST_LABEL = 18;
/** Most homes that are drawn one by one; of more the ends. */
const MOST_BARS = 24;

const style = (colour: string) => ({ colour, width: 2 });

/** What each home saves in a year by trade, over what trade is compared with first. */
export function savingFigure(year: BoardYear): Figure {
  const { dataset } = year;
  const { currency, prosumers } = dataset.community;
  const savings = savingsPerYear(rowNamed(year, "uniform-price").bills, baseOf(year).bills);
  const order = savings.map((_, i) => i).toSorted((a, b) => savings[b] - savings[a]);
  const half = MOST_BARS / 2;
  const drawn = order.length <= MOST_BARS
    ? order
    : [...order.slice(0, half), ...order.slice(-half)];
  const count = gainers(savings);
  const left = order.length - drawn.length;
  return bars([{
    bars: drawn.map((i) => ({
      label: uniqueLabel(prosumers.map(({ id }) => id), i),
      value: savings[i],
      style: style(savings[i] < 0 ? COLOURS.gridImport : COLOURS.battery),
    })),
    label: `saved by trade [${currency} a year]`,
    format: signedWhole,
  }], {
    title: count === savings.length
      ? "Every home gains by trade with its neighbours"
      : `${count} of ${savings.length} homes gain by trade with their neighbours`,
    subtitle: left > 0
      ? `The ${half} homes that save most and least; ${left} between them are in the table.`
      : hasStores(dataset)
      ? `Bills in the market against those alone with the own ${ownWord(dataset)} used well.`
      : "Bills in the market against today's.",
    description: "Saving of each home in a year as bars.",
  });
}

/** Bills by size of batteries. */
export function sizeFigure({ dataset, sizes }: BoardYear): Figure {
  const { currency } = dataset.community;
  const bills = sizes.map(({ row }) => mean(perYear(row.bills)));
  const gains = sizes.slice(1).map(({ communityKwh }, k) =>
    (bills[k] - bills[k + 1]) / (communityKwh - sizes[k].communityKwh)
  );
  const fall = gains.every((gain, k) => gain > 0 && (k === 0 || gain < gains[k - 1]));
  const lower = bills[bills.length - 1] < bills[0];
  return bars([{
    bars: sizes.map(({ size }, k) => ({
      label: sizeName(size),
      value: bills[k],
      style: style(COLOURS.trade),
    })),
    label: `mean bill of a home [${currency} a year]`,
    format: whole,
  }], {
    title: fall && gains.length > 1
      ? "Larger batteries lower the bill, each further kWh by less"
      : lower
      ? "Larger batteries lower the bill"
      : "Larger batteries do not lower the bill here",
    subtitle: "Market among neighbours, same power of the batteries.",
    description: "Mean bill of a home by size of the batteries as bars.",
  });
}

/** Names as long as there is room for; what is cut the same is numbered. */
function uniqueLabel(ids: readonly string[], i: number): string {
  const label = shown(ids[i], LONGEST_LABEL);
  const same = ids.filter((id) => shown(id, LONGEST_LABEL) === label).length > 1;
  return same ? `${shown(ids[i], LONGEST_LABEL - 5)} (${i + 1})` : label;
}
