/**
 * The page for a board: what trading among neighbours comes to for every home in a year, the verdict
 * first and how it was computed last.
 *
 * @module
 */

import type { BoardRow, BoardYear } from "../experiments/board_year.ts";
import { ALONE, SHARED_BY, TODAY } from "../experiments/board_year.ts";
import { homesWithBattery } from "../data/battery_sizes.ts";
import { gini } from "../evaluation/prosumer_bills.ts";
import { mean } from "../evaluation/statistics.ts";
import {
  DAYS_PER_YEAR,
  gainers,
  hasInterval,
  jain,
  losers,
  meanSaving,
  perYear,
  savingsPerYear,
} from "../evaluation/yearly_savings.ts";
import { shown } from "../text/shown.ts";
import { timestamp } from "../units.ts";
import { savingFigure, sizeFigure } from "./board_figures.ts";
import { meaningOf, percentOf, signedWhole, sizeName, whole } from "./board_words.ts";
import { codeHtml, figureHtml, markdownHtml, markdownText, tableHtml } from "./html.ts";

/** The row of a name. */
export function rowNamed({ rows }: Pick<BoardYear, "rows">, name: string): BoardRow {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new RangeError(`nobody played ${name}`);
  return row;
}

/** What stands on the page, from top to bottom. */
export function boardSections(year: BoardYear): string[] {
  return [
    verdict(year),
    homesSection(year),
    batterySection(year),
    rulesSection(year),
    monthsSection(year),
    methodSection(year),
  ];
}

function verdict(year: BoardYear): string {
  const { dataset: { community } } = year;
  const { currency, prosumers, name } = community;
  const [today, alone, market] = [TODAY, ALONE, "uniform-price"].map((each) =>
    rowNamed(year, each)
  );
  const all = prosumers.map((_, i) => i);
  const { estimate, low, high } = meanSaving(market.bills, today.bills, all);
  const interval = hasInterval(market.bills)
    ? ` (95 % interval ${whole(low)} to ${whole(high)})`
    : "";
  const ownPart = mean(savingsPerYear(alone.bills, today.bills));
  const [before, after] = [today, market].map((row) => mean(perYear(row.bills)));
  const verb = estimate >= 0 ? "saves" : "loses";
  const tonnes = (row: BoardRow) => (row.emissionsKgPerYear / 1000).toFixed(1);
  const change = market.emissionsKgPerYear - today.emissionsKgPerYear;
  return markdownHtml(`# What sharing energy comes to: ${markdownText(name)}

> **A home ${verb} ${whole(Math.abs(estimate))} ${currency} a year on average**${interval}: it pays
> ${whole(after)} ${currency} in place of ${whole(before)} ${currency} where the ${prosumers.length}
> homes trade with each other and use their batteries well.

- **Who gains:** ${whoGains(year, market, today)}
- **What neighbours add:** ${neighbours(estimate, ownPart, currency)}
${batteryLines(year)}
- **CO2:** ${tonnes(market)} t a year in place of ${tonnes(today)} t${
    today.emissionsKgPerYear > 0
      ? ` (${change <= 0 ? "−" : "+"}${percentOf(Math.abs(change), today.emissionsKgPerYear)})`
      : ""
  }, by what the community takes from the grid.
- **What the grid sees:** ${whole(market.importKwhPerYear)} kWh a year in place of ${
    whole(today.importKwhPerYear)
  }, and a highest import of ${market.peakKw.toFixed(1)} kW in place of ${
    today.peakKw.toFixed(1)
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

function whoGains(year: BoardYear, market: BoardRow, today: BoardRow): string {
  const { currency, prosumers } = year.dataset.community;
  const savings = savingsPerYear(market.bills, today.bills);
  const count = gainers(savings);
  const best = savings.indexOf(Math.max(...savings));
  const worst = savings.indexOf(Math.min(...savings));
  const named = (i: number) =>
    `${markdownText(prosumers[i].id)} (${signedWhole(savings[i])} ${currency})`;
  const bad = losers(savings) > 0
    ? `${losers(savings)} pay more than today, most of all ${named(worst)}`
    : "none pays more than today";
  return `${count} of ${savings.length} homes (${percentOf(count, savings.length)}); ${bad}. ` +
    `${named(best)} saves most, ${named(worst)} least.`;
}

function neighbours(saving: number, ownPart: number, currency: string): string {
  return `Of ${whole(saving)} ${currency}, ${whole(ownPart)} ${currency} would come from own ` +
    `batteries without any neighbour; ${whole(saving - ownPart)} ${currency} comes from trade.`;
}

function batteryLines(year: BoardYear): string {
  const { currency } = year.dataset.community;
  const owners = ownersOf(year);
  if (owners.length === 0) {
    return "- **Batteries:** no home has one; with some in community.json this page says what they " +
      "are worth.";
  }
  const [today, alone] = [TODAY, ALONE].map((each) => rowNamed(year, each));
  const own = mean(owners.map((i) => savingsPerYear(alone.bills, today.bills)[i]));
  const lines = [
    `- **What a battery is worth:** ${whole(own)} ${currency} a year to its owner without any ` +
    `neighbour${shared(year)}.`,
  ];
  const present = year.sizes.findIndex(({ size }) => "factor" in size && size.factor === 1);
  const larger = year.sizes[present < 0 ? -1 : present + 1];
  if (larger !== undefined) {
    const more = community(year.sizes[present].row) - community(larger.row);
    const kwh = larger.communityKwh - year.sizes[present].communityKwh;
    lines.push(
      `- **What a larger one would bring:** ${sizeName(larger.size)}, a further ` +
        `${whole(more)} ${currency} a year for all homes together, ${(more / kwh).toFixed(2)} ` +
        `${currency} for each further kWh of capacity and year.`,
    );
  }
  return lines.join("\n");
}

/** What all batteries are worth to the community, where sizes were varied from none. */
function shared(year: BoardYear): string {
  const { currency } = year.dataset.community;
  const none = year.sizes.find(({ communityKwh }) => communityKwh === 0);
  if (none === undefined) return "";
  const worth = community(none.row) - community(rowNamed(year, "uniform-price"));
  return `; all batteries together ${whole(worth)} ${currency} a year to the community`;
}

/** What the community pays in a year. */
function community({ bills }: BoardRow): number {
  return perYear(bills).reduce((sum, bill) => sum + bill, 0);
}

function ownersOf({ dataset }: BoardYear): number[] {
  const owners = homesWithBattery(dataset);
  return dataset.community.prosumers.flatMap((home, i) => owners.includes(home) ? [i] : []);
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

function homesSection(year: BoardYear): string {
  const { dataset: { community: { currency, prosumers } } } = year;
  const [today, alone, market] = [TODAY, ALONE, "uniform-price"].map((each) =>
    rowNamed(year, each)
  );
  const bills = [today, alone, market].map((row) => perYear(row.bills));
  return markdownHtml(`## Every home

Bills of a year in ${currency}; one below zero is paid out. **Saving** is against today. **Trade** is the part
of it that comes from the neighbours, over being alone with the own battery used well; who loses there
would do better alone.`) +
    figureHtml(savingFigure(year, market, today)) +
    tableHtml({
      header: [
        "home",
        "saving",
        "today",
        "own battery",
        "market",
        "trade",
        "panels [kW]",
        "battery [kWh]",
      ],
      rows: prosumers.map(({ id, pvCapacityKw, battery }, i) => [
        shown(id),
        signedWhole(bills[0][i] - bills[2][i]),
        ...bills.map((each) => whole(each[i])),
        signedWhole(bills[1][i] - bills[2][i]),
        pvCapacityKw === 0 ? "–" : String(Number(pvCapacityKw.toFixed(2))),
        battery === null ? "–" : String(Number(battery.capacityKwh.toFixed(2))),
      ]),
    });
}

function batterySection(year: BoardYear): string {
  const { dataset: { community: { currency } }, sizes } = year;
  if (sizes.length === 0) return "";
  const first = community(sizes[0].row);
  return markdownHtml(`## Larger batteries

Every battery of the community with another capacity at the same power, in the market. What a battery
costs is not in these figures. Money in ${currency} a year.`) +
    figureHtml(sizeFigure(year)) +
    tableHtml({
      header: [
        "batteries",
        "all [kWh]",
        "mean bill",
        "saved by all",
        "per further kWh",
        "CO2 [t/a]",
        "peak [kW]",
      ],
      rows: sizes.map(({ size, communityKwh, row }, k) => {
        const kwh = k === 0 ? 0 : communityKwh - sizes[k - 1].communityKwh;
        const gain = k === 0 ? 0 : community(sizes[k - 1].row) - community(row);
        return [
          sizeName(size),
          whole(communityKwh),
          whole(mean(perYear(row.bills))),
          k === 0 ? "–" : whole(first - community(row)),
          kwh > 0 ? (gain / kwh).toFixed(2).replace("-", "−") : "–",
          (row.emissionsKgPerYear / 1000).toFixed(1),
          row.peakKw.toFixed(1),
        ];
      }),
    });
}

function rulesSection(year: BoardYear): string {
  const { dataset: { community: { currency, prosumers } }, rows } = year;
  const [today, alone] = [TODAY, ALONE].map((each) => rowNamed(year, each));
  const all = prosumers.map((_, i) => i);
  return markdownHtml(`## Which rule of sharing

The same homes and the same year under every rule, in ${currency} a year for the mean home. **Gain** are homes
that pay less than today, **join** those that pay no more than alone with their own battery: who would
stay of their own accord.`) +
    tableHtml({
      header: ["rule", "bill", "saving", "95 % interval", "gain", "join", "least saving"],
      rows: rows.map((row) => {
        const savings = savingsPerYear(row.bills, today.bills);
        const join = savings.length - losers(savingsPerYear(row.bills, alone.bills));
        const { low, high } = meanSaving(row.bills, today.bills, all);
        const bill = whole(mean(perYear(row.bills)));
        if (row === today) return [row.name, bill, "–", "–", "–", "–", "–"];
        return [
          row.name,
          bill,
          signedWhole(mean(savings)),
          hasInterval(row.bills) ? `${whole(low)} to ${whole(high)}` : "–",
          percentOf(gainers(savings), savings.length),
          percentOf(join, savings.length),
          signedWhole(Math.min(...savings)),
        ];
      }),
    }) +
    markdownHtml(
      rows.map(({ name }) => `- **${markdownText(name)}:** ${meaningOf(name)}`).join("\n") +
        `

What the same rules mean for fairness and for the grid. Gini and Jain say how evenly savings are spread
(0 and 1 where all save alike; a dash where somebody loses).`,
    ) +
    tableHtml({
      header: ["rule", "Gini", "Jain", "CO2 [t/a]", "import [kWh/a]", "peak [kW]"],
      rows: rows.map((row) => {
        const savings = savingsPerYear(row.bills, today.bills);
        const [spread, even] = [gini(savings), jain(savings)];
        const known = spread !== null && even !== null && row !== today;
        return [
          row.name,
          known ? spread.toFixed(2) : "–",
          known ? even.toFixed(2) : "–",
          (row.emissionsKgPerYear / 1000).toFixed(1),
          whole(row.importKwhPerYear),
          row.peakKw.toFixed(1),
        ];
      }),
    });
}

function monthsSection(year: BoardYear): string {
  const { dataset: { community: { currency } } } = year;
  const columns = [TODAY, ALONE, "uniform-price"].map((each) => rowNamed(year, each).monthly);
  const months = [...new Set(columns[0].map(({ month }) => month))];
  const sum = (
    monthly: BoardRow["monthly"],
    month: string,
    of: "total" | "boughtFromNeighboursKwh",
  ) => monthly.reduce((total, row) => total + (row.month === month ? row[of] : 0), 0);
  return markdownHtml(`## Month by month

What all homes pay together, in ${currency}; every home's months are in \`bills.csv\`.`) +
    tableHtml({
      header: ["month", "today", "own battery", "market", "between neighbours [kWh]"],
      rows: months.map((month) => [
        month,
        ...columns.map((monthly) => whole(sum(monthly, month, "total"))),
        whole(sum(columns[2], month, "boughtFromNeighboursKwh")),
      ]),
    });
}

/** What is not the same in every community: devices that wait, and charges for peaks. */
function whatElseWords({ dataset, rows }: BoardYear): string {
  const lines: string[] = [];
  if (dataset.community.prosumers.some(({ devices = [] }) => devices.length > 0)) {
    const unmet = rows.filter(({ unmetKwh }) => unmetKwh > 0.05)
      .map(({ name, unmetKwh }) => `${unmetKwh.toFixed(1)} kWh (${markdownText(name)})`);
    lines.push(
      "- **Cars, heat pumps and appliances** charge at once today, and when it is worth most " +
        `elsewhere. ${
          unmet.length === 0
            ? "None of them lacked any energy."
            : `What they lacked came from elsewhere, such as a public charger, and is in bills at its price: ${
              unmet.join(", ")
            }.`
        }`,
    );
  }
  const { charges } = dataset;
  if (charges !== undefined) {
    const peaks = charges.communityCapacityPerKwMonth > 0 ||
      charges.capacityPerKwMonth.some((price) => price > 0);
    lines.push(
      "- **Tariffs** are those of the configuration below, by home and with VAT; charges by the " +
        "month are in bills." +
        (peaks
          ? " Batteries are kept for new peaks; cars and heat pumps are not planned around them, which " +
            "would save more."
          : ""),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

function forecastWords({ forecast: { model, error } }: BoardYear["config"]): string {
  const load = {
    historical: "loads as the past weeks had them",
    martingale: "loads as they come, with an error that evolves",
    independent: "loads as they come, with an error drawn anew in each slot",
  }[model];
  return `${load}, sun as it comes with an error of ${Math.round(100 * error)} %`;
}

function methodSection(year: BoardYear): string {
  const { dataset, config, firstSlot, seed, rows, sizes } = year;
  const { grid } = dataset.profiles;
  const violations = [...rows, ...sizes.map(({ row }) => row)]
    .reduce((sum, row) => sum + row.violations, 0);
  const unserved = Math.max(...rows.map(({ unservedKwh }) => unservedKwh));
  const { cost } = config;
  const notes = dataset.notes ?? [];
  return markdownHtml(`## How it was computed

- **Data:** ${config.episodeDays} days from ${timestamp(grid, firstSlot)} in slots of ${
    60 * grid.dtHours
  } minutes, played in one piece: what a battery holds at midnight it
  holds the next morning. Stores begin empty, so that nothing is given that was not paid for.
- **Bills** are energy from the grid at the home's own tariff, less what it pays for energy, plus what
  neighbours and the network between are paid, plus charges. Devices' cost and wear are not in them.${
    cost.carbonPricePerKg > 0
      ? ` Decisions also count ${cost.carbonPricePerKg} ${dataset.community.currency} for each kg of
  CO2, which no bill holds; the market's price may then lie above the grid's.`
      : ""
  }
- **Today** (\`grid-only\`) leaves batteries idle. **Own battery** is dynamic programming by each home for
  itself, on its own forecast of load and sun, with the grid alone, anew every half hour. The **market** is dynamic programming
  on what the community publishes, cleared at one price for all; \`pay-as-bid\` does the same and pays
  otherwise. Under the other rules batteries act as they do alone, and what meters then give and take is
  shared: ${SHARED_BY.slice(2).join(", ")}.
${whatElseWords(year)}- **Forecasts:** ${
    forecastWords(config)
  }, seed ${seed}. Better decisions than these would save more: this
  is no upper bound.
- **Interval:** whole weeks drawn anew within each season, ${"2,000"} times, 95 %.
- **Fairness:** Gini's coefficient of savings, and Jain's index (Jain, Chiu, Hawe 1984).
- **CO2** of what the community takes from the grid, net of what homes give each other in the same slot.
- **Audit:** ${violations} violations in all books, found by code that shares none with the simulation.${
    unserved > 0 ? ` Up to ${unserved.toFixed(1)} kWh were not served behind the connection.` : ""
  }
${notes.map((note) => `- **Data set:** ${markdownText(note)}`).join("\n")}
`) + codeHtml(JSON.stringify(config, null, 2), "All rules of the game");
}
