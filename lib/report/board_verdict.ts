/**
 * The verdict of a board's page: what a home saves, to whom trade is worth it, and how sure that is.
 *
 * @module
 */

import type { Prosumer } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import type { BoardRow, BoardYear } from "../experiments/board_year.ts";
import { ALONE, TODAY } from "../experiments/board_year.ts";
import { mean } from "../evaluation/statistics.ts";
import {
  DAYS_PER_YEAR,
  gainers,
  hasInterval,
  losers,
  meanSaving,
  perYear,
  savingsPerYear,
} from "../evaluation/yearly_savings.ts";
import {
  baseOf,
  baseWords,
  communityBill,
  hasDevices,
  hasStores,
  idleCase,
  ownNamed,
  ownWord,
  percentOf,
  rowNamed,
  signedWhole,
  sizeName,
  whole,
} from "./board_words.ts";
import { markdownHtml, markdownText } from "./html.ts";

/** Fewer days than this are said in the first sentence to be scaled to a year. [d] */
const LEAST_DAYS = 90;
/** Most homes named in a sentence. */
const MOST_NAMED = 5;

/** The first box of the page and what follows from it. */
export function verdict(year: BoardYear): string {
  const { dataset: { community } } = year;
  const { currency, prosumers, name } = community;
  const [today, alone, market] = [TODAY, ALONE, "uniform-price"].map((each) =>
    rowNamed(year, each)
  );
  const base = baseOf(year), hasOwn = hasStores(year.dataset);
  const all = prosumers.map((_, i) => i);
  const over = (against: BoardRow) => {
    const { estimate, low, high } = meanSaving(market.bills, against.bills, all);
    return {
      estimate,
      interval: hasInterval(market.bills) ? ` (95 % interval ${whole(low)} to ${whole(high)})` : "",
    };
  };
  const { estimate, interval } = over(base), idle = over(today);
  const [before, after] = [base, market].map((row) => mean(perYear(row.bills)));
  const { days } = today.bills;
  const home = days < LEAST_DAYS
    ? `Scaled to a year from ${whole(days)} ${days === 1 ? "day" : "days"}, a home`
    : "A home";
  const verb = (saving: number) => saving >= 0 ? "saves" : "loses";
  const tonnes = (row: BoardRow) => (row.emissionsKgPerYear / 1000).toFixed(1);
  const change = market.emissionsKgPerYear - base.emissionsKgPerYear;
  const ownPart = mean(savingsPerYear(alone.bills, today.bills));
  return markdownHtml(`# What sharing energy comes to: ${markdownText(name)}

> **${home} ${verb(estimate)} ${
    whole(Math.abs(estimate))
  } ${currency} a year on average**${interval} by trade
> with its neighbours: it pays ${
    whole(after)
  } ${currency} where the ${prosumers.length} homes trade with
> each other${usingOwn(year.dataset)}, in place of ${whole(before)} ${currency} ${
    baseWords(year)
  }.${hasOwn ? tradeWarning(year, market, alone) : ""}${
    hasOwn
      ? `\n> Against ${idleCase(year.dataset)} it ${verb(idle.estimate)} ${
        whole(Math.abs(idle.estimate))
      } ${currency}${idle.interval}; ${whole(ownPart)} ${currency} of that need no neighbour.`
      : ""
  }

- **Who gains by trade:** ${whoGains(year, market, base)}
- **Network fee:** ${networkFee(year)}
${ownLines(year)}
- **CO2:** ${tonnes(market)} t a year in place of ${tonnes(base)} t${
    base.emissionsKgPerYear > 0
      ? ` (${change <= 0 ? "−" : "+"}${percentOf(Math.abs(change), base.emissionsKgPerYear)})`
      : ""
  }, by what the community takes from the grid.
- **What the grid sees:** ${whole(market.importKwhPerYear)} kWh a year in place of ${
    whole(base.importKwhPerYear)
  }, and a highest import of ${market.peakKw.toFixed(1)} kW in place of ${
    base.peakKw.toFixed(1)
  } kW.
${notServed(year)}- **How sure:** ${howSure(year)}
`);
}

/** Who goes without power has a low bill. */
function notServed(year: BoardYear): string {
  const [today, market] = [TODAY, "uniform-price"].map((name) => rowNamed(year, name).unservedKwh);
  return Math.max(today, market) < 1
    ? ""
    : `- **Not served** behind the connection: ${whole(market)} kWh, in place of ${whole(today)} ` +
      "kWh; a bill is low where power lacks.\n";
}

function whoGains(year: BoardYear, market: BoardRow, base: BoardRow): string {
  const { currency, prosumers } = year.dataset.community;
  const savings = savingsPerYear(market.bills, base.bills);
  const count = gainers(savings);
  const best = savings.indexOf(Math.max(...savings));
  const worst = savings.indexOf(Math.min(...savings));
  const named = (i: number) =>
    `${markdownText(prosumers[i].id)} (${signedWhole(savings[i])} ${currency})`;
  const than = hasStores(year.dataset) ? "without trade" : "today";
  const bad = losers(savings) > 0
    ? `${losers(savings)} pay more than ${than}, most of all ${named(worst)}`
    : `none pays more than ${than}`;
  return `${count} of ${savings.length} homes (${percentOf(count, savings.length)}); ${bad}. ` +
    `${named(best)} gains most, ${named(worst)} least.`;
}

function usingOwn({ community: { prosumers } }: Dataset): string {
  const devices = prosumers.some(hasDevices);
  if (devices) return " and use their devices well";
  return prosumers.some(({ battery }) => battery !== null) ? " and use their batteries well" : "";
}

/** To whom trade costs more than it brings. */
function tradeWarning(year: BoardYear, market: BoardRow, alone: BoardRow): string {
  const { dataset } = year;
  const { prosumers } = dataset.community;
  const gains = savingsPerYear(market.bills, alone.bills);
  const lost = prosumers.map((_, i) => i).filter((i) => Math.round(gains[i]) < 0)
    .toSorted((a, b) => gains[a] - gains[b]);
  const words: string[] = [];
  if (lost.length > 0) {
    const named = lost.slice(0, MOST_NAMED).map((i) => markdownText(prosumers[i].id)).join(", ");
    const more = lost.length > MOST_NAMED ? ` and ${lost.length - MOST_NAMED} more` : "";
    words.push(
      `Alone with their own ${ownWord(dataset)}, without trade, ${lost.length} of ` +
        `${prosumers.length} homes would do better: ${named}${more}.`,
    );
  }
  return words.map((each) => `\n> ${each}`).join("");
}

function networkFee(
  { config: { market, tariffs }, dataset: { community: { currency } } }: BoardYear,
): string {
  const fee = market.networkFeePerKwh;
  return fee === 0
    ? "none is assumed on trade among neighbours; " +
      (tariffs === undefined
        ? "set it with `--config` (`environment.market.networkFeePerKwh`)."
        : "state it under `local` of `tariffs.json`.")
    : `${
      Number(fee.toFixed(4))
    } ${currency}/kWh on trade among neighbours, for the buyer and for ` +
      "the seller each.";
}

function ownLines(year: BoardYear): string {
  const { currency, prosumers } = year.dataset.community;
  const [today, alone] = [TODAY, ALONE].map((each) => rowNamed(year, each));
  const savings = savingsPerYear(alone.bills, today.bills);
  const meanOf = (which: (home: Prosumer) => boolean) => {
    const homes = savings.filter((_, i) => which(prosumers[i]));
    return homes.length === 0 ? null : whole(mean(homes));
  };
  // Beside a car the saving of a home is not its battery's alone.
  const battery = meanOf((home) => home.battery !== null && !hasDevices(home));
  const devices = meanOf(hasDevices);
  const lines: string[] = [];
  if (devices !== null) {
    lines.push(
      `- **What own ${
        ownNamed(year.dataset)
      } are worth, used well:** ${devices} ${currency} a year ` +
        "to a home with more than a battery, without any neighbour.",
    );
  }
  if (battery !== null) {
    const where = devices === null ? "" : " in a home with nothing else";
    lines.push(
      `- **What a battery is worth:** ${battery} ${currency} a year to its owner${where} without any ` +
        `neighbour${shared(year, "; all batteries together")}.`,
    );
  }
  if (prosumers.every((home) => home.battery === null)) {
    lines.push(
      "- **Batteries:** no home has one; with some in community.json this page says what they are " +
        "worth.",
    );
    return lines.join("\n");
  }
  const all = battery === null ? shared(year, "") : "";
  if (all !== "") lines.push(`- **What all batteries together are worth:**${all}.`);
  const present = year.sizes.findIndex(({ size }) => "factor" in size && size.factor === 1);
  const larger = year.sizes[present < 0 ? -1 : present + 1];
  if (larger !== undefined) {
    const more = communityBill(year.sizes[present].row) - communityBill(larger.row);
    const kwh = larger.communityKwh - year.sizes[present].communityKwh;
    lines.push(
      `- **What a larger one would bring:** ${sizeName(larger.size)}, ` +
        (more >= 0
          ? `a further ${whole(more)} ${currency} a year for all homes together, ${
            (more / kwh).toFixed(2)
          } ${currency} for each further kWh of capacity and year.`
          : `nothing: bills of all homes together would be ${
            whole(-more)
          } ${currency} a year higher, as ` +
            "decisions on forecasts that err make no use of the room."),
    );
  }
  return lines.join("\n");
}

/** What all batteries are worth to the community, where sizes were varied from none. */
function shared(year: BoardYear, begin: string): string {
  const { currency } = year.dataset.community;
  const none = year.sizes.find(({ communityKwh }) => communityKwh === 0);
  if (none === undefined) return "";
  const worth = communityBill(none.row) - communityBill(rowNamed(year, "uniform-price"));
  return `${begin} ${whole(worth)} ${currency} a year to the community`;
}

function howSure(year: BoardYear): string {
  const { days, weeks } = rowNamed(year, TODAY).bills;
  const span = `${whole(days)} days`;
  const scaled = days < DAYS_PER_YEAR - 1
    ? `computed over ${span} and scaled to a year: **seasons that are not in the data are not in ` +
      "the result**"
    : `computed over ${span} in one piece`;
  return `${scaled}, with forecasts that err, and no training. ` +
    (weeks.length >= 4
      ? "The interval says what other weeks of the same seasons may bring; it knows nothing of " +
        "other prices or another year."
      : "There are too few weeks for an interval.");
}
