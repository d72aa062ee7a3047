/**
 * The page for a board: what trading among neighbours comes to for every home in a year, the verdict
 * first and how it was computed last.
 *
 * @module
 */

import type { BoardRow, BoardYear } from "../experiments/board_year.ts";
import { ALONE, SHARED_BY, TODAY } from "../experiments/board_year.ts";
import { billsFile } from "../experiments/board_files.ts";
import { gini } from "../evaluation/prosumer_bills.ts";
import { mean } from "../evaluation/statistics.ts";
import {
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
import { verdict } from "./board_verdict.ts";
import {
  communityBill,
  meaningOf,
  ownWord,
  percentOf,
  rowNamed,
  signedWhole,
  sizeName,
  whole,
} from "./board_words.ts";
import { codeHtml, figureHtml, markdownHtml, markdownText, tableHtml } from "./html.ts";

/** What stands on the page, from top to bottom; `page` names the tables beside it. */
export function boardSections(year: BoardYear, page: string): string[] {
  return [
    verdict(year),
    homesSection(year),
    batterySection(year),
    rulesSection(year),
    monthsSection(year, page),
    methodSection(year),
  ];
}

function homesSection(year: BoardYear): string {
  const { dataset: { community: { currency, prosumers } } } = year;
  const [today, alone, market] = [TODAY, ALONE, "uniform-price"].map((each) =>
    rowNamed(year, each)
  );
  const bills = [today, alone, market].map((row) => perYear(row.bills));
  return markdownHtml(`## Every home

Bills of a year in ${currency}; one below zero is paid out. **Saving** is against today. **Trade** is the part
of it that comes from the neighbours, over being alone with the own ${
    ownWord(year.dataset)
  } used well; who loses there
would do better alone.`) +
    figureHtml(savingFigure(year, market, today)) +
    tableHtml({
      header: [
        "home",
        "saving",
        "today",
        `own ${ownWord(year.dataset)}`,
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
  const first = communityBill(sizes[0].row);
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
        const gain = k === 0 ? 0 : communityBill(sizes[k - 1].row) - communityBill(row);
        return [
          sizeName(size),
          whole(communityKwh),
          whole(mean(perYear(row.bills))),
          k === 0 ? "–" : whole(first - communityBill(row)),
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
that pay less than today, **join** those that pay no more than alone with their own ${
    ownWord(year.dataset)
  }: who would
stay of their own accord.`) +
    tableHtml({
      header: ["rule", "bill", "saving", "95 % interval", "gain", "join", "least saving"],
      rows: rows.map((row) => {
        const savings = savingsPerYear(row.bills, today.bills);
        const join = savings.length - losers(savingsPerYear(row.bills, alone.bills));
        const { low, high } = meanSaving(row.bills, today.bills, all);
        const bill = whole(mean(perYear(row.bills)));
        const name = row === alone ? `own ${ownWord(year.dataset)}` : row.name;
        if (row === today) return [name, bill, "–", "–", "–", "–", "–"];
        return [
          name,
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
      rows.map(({ name }) =>
        `- **${name === ALONE ? `own ${ownWord(year.dataset)}` : markdownText(name)}:** ${
          meaningOf(name)
        }`
      ).join("\n") +
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
          row === alone ? `own ${ownWord(year.dataset)}` : row.name,
          known ? spread.toFixed(2) : "–",
          known ? even.toFixed(2) : "–",
          (row.emissionsKgPerYear / 1000).toFixed(1),
          whole(row.importKwhPerYear),
          row.peakKw.toFixed(1),
        ];
      }),
    });
}

function monthsSection(year: BoardYear, page: string): string {
  const { dataset: { community: { currency } } } = year;
  const columns = [TODAY, ALONE, "uniform-price"].map((each) => rowNamed(year, each).monthly);
  const months = [...new Set(columns[0].map(({ month }) => month))];
  const sum = (
    monthly: BoardRow["monthly"],
    month: string,
    of: "total" | "boughtFromNeighboursKwh",
  ) => monthly.reduce((total, row) => total + (row.month === month ? row[of] : 0), 0);
  return markdownHtml(`## Month by month

What all homes pay together, in ${currency}; every home's months are in \`${billsFile(page)}\`.`) +
    tableHtml({
      header: [
        "month",
        "today",
        `own ${ownWord(year.dataset)}`,
        "market",
        "between neighbours [kWh]",
      ],
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
- **Today** (\`grid-only\`) leaves batteries idle. **Own ${
    ownWord(dataset)
  }** is dynamic programming by each home for
  itself, on its own forecast of load and sun, with the grid alone, anew every half hour. The **market** is dynamic programming
  on what the community publishes, cleared at one price for all; \`pay-as-bid\` does the same and pays
  otherwise. Under the other rules batteries act as they do alone, and what meters then give and take is
  shared: ${SHARED_BY.slice(2).join(", ")}.
${whatElseWords(year)}- **Forecasts:** ${
    forecastWords(config)
  }, seed ${seed}. Better decisions than these would save more: this
  is no upper bound.
${
    hasInterval(rows[0].bills)
      ? "- **Interval:** whole weeks drawn anew within each season, 2,000 times, 95 %.\n"
      : ""
  }- **Fairness:** Gini's coefficient of savings, and Jain's index (Jain, Chiu, Hawe 1984).
- **CO2** of what the community takes from the grid, net of what homes give each other in the same slot.
- **Audit:** ${violations} violations in all books, found by code that shares none with the simulation.${
    unserved >= 0.05
      ? ` Up to ${unserved.toFixed(1)} kWh were not served behind the connection.`
      : ""
  }
${notes.map((note) => `- **Data set:** ${markdownText(note)}`).join("\n")}
`) + codeHtml(JSON.stringify(config, null, 2), "All rules of the game");
}
