/**
 * The page for a board: what trading among neighbours comes to for every home in a year, the verdict
 * first and how it was computed last.
 *
 * @module
 */

import type { BoardRow, BoardYear } from "../experiments/board_year.ts";
import { ALONE, SHARED_BY, TODAY } from "../experiments/board_year.ts";
import { billsFile } from "../experiments/board_files.ts";
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
import { slotLength, timestamp } from "../units.ts";
import { savingFigure, sizeFigure } from "./board_figures.ts";
import { verdict } from "./board_verdict.ts";
import {
  baseOf,
  baseWords,
  communityBill,
  hasStores,
  idleCase,
  idleWords,
  meaningOf,
  ownWord,
  percentOf,
  rowNamed,
  rowWords,
  signedWhole,
  sizeName,
  whole,
} from "./board_words.ts";
import { codeHtml, figureHtml, markdownHtml, markdownText, tableHtml } from "./html.ts";

/**
 * What stands on the page, from top to bottom.
 *
 * @param page Names the tables beside it.
 * @param assumed What an import took, filled and assumed, and what may be a mistake, in words.
 */
export function boardSections(
  year: BoardYear,
  page: string,
  assumed: readonly string[] = [],
): string[] {
  return [
    verdict(year),
    homesSection(year),
    batterySection(year),
    rulesSection(year),
    monthsSection(year, page),
    assumedSection([...year.dataset.notes ?? [], ...assumed]),
    methodSection(year),
  ];
}

function homesSection(year: BoardYear): string {
  const { dataset } = year;
  const { community: { currency, prosumers }, charges } = dataset;
  const hasOwn = hasStores(dataset);
  const rows = [...hasOwn ? [TODAY, ALONE] : [TODAY], "uniform-price"].map((each) =>
    rowNamed(year, each)
  );
  const bills = rows.map((row) => perYear(row.bills));
  const [idle, market] = [bills[0], bills.at(-1)!], base = bills.at(-2)!;
  const classes = prosumers.map(({ tariffClass }, i) => charges?.classOf[i] ?? tariffClass ?? "");
  const hasClasses = new Set(classes).size > 1;
  return markdownHtml(`## Every home

Bills of a year in ${currency}; one below zero is paid out. **Trade** is what the neighbours bring, over ${
    hasOwn
      ? `being alone with
the own ${
        ownWord(dataset)
      } used well; who loses there would do better alone. **Saving** is against ${
        idleCase(dataset)
      }.`
      : "today's bill."
  }`) +
    figureHtml(savingFigure(year)) +
    tableHtml({
      header: [
        "home",
        ...hasClasses ? ["tariff"] : [],
        "trade",
        ...rows.map(({ name }) => name === "uniform-price" ? "market" : rowWords(dataset, name)),
        ...hasOwn ? ["saving"] : [],
        "panels [kW]",
        "battery [kWh]",
      ],
      rows: prosumers.map(({ id, pvCapacityKw, battery }, i) => [
        shown(id),
        ...hasClasses ? [shown(classes[i])] : [],
        signedWhole(base[i] - market[i]),
        ...bills.map((each) => whole(each[i])),
        ...hasOwn ? [signedWhole(idle[i] - market[i])] : [],
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
  const { dataset, rows } = year;
  const { currency, prosumers } = dataset.community;
  const base = baseOf(year);
  const all = prosumers.map((_, i) => i);
  const compared = rows.map((row) => ({ row, savings: savingsPerYear(row.bills, base.bills) }));
  const named = (row: BoardRow) => rowWords(dataset, row.name);
  return markdownHtml(`## Which rule of sharing

The same homes and the same year under every rule, in ${currency} a year for the mean home. **Saving** is against
${
    hasStores(dataset)
      ? `being ${baseWords(year)}`
      : "today's bill"
  }; **gain** are homes that pay less than that,
**join** those that pay no more: who would stay of their own accord.`) +
    tableHtml({
      header: ["rule", "bill", "saving", "95 % interval", "gain", "join", "least saving"],
      rows: compared.map(({ row, savings }) => {
        const { low, high } = meanSaving(row.bills, base.bills, all);
        const bill = whole(mean(perYear(row.bills)));
        if (row === base) return [named(row), bill, "–", "–", "–", "–", "–"];
        return [
          named(row),
          bill,
          signedWhole(mean(savings)),
          hasInterval(row.bills) ? `${whole(low)} to ${whole(high)}` : "–",
          percentOf(gainers(savings), savings.length),
          percentOf(savings.length - losers(savings), savings.length),
          signedWhole(Math.min(...savings)),
        ];
      }),
    }) +
    markdownHtml(
      rows.map((row) => `- **${markdownText(named(row))}:** ${meaningOf(row.name)}`).join("\n") +
        `

What the same rules mean for fairness and for the grid. **Even** says how evenly savings are spread: 100 % where
all homes save alike, less the fewer have most of it; a dash where somebody loses.`,
    ) +
    tableHtml({
      header: ["rule", "even", "CO2 [t/a]", "import [kWh/a]", "peak [kW]"],
      rows: compared.map(({ row, savings }) => {
        const even = row === base ? null : jain(savings);
        return [
          named(row),
          even === null ? "–" : percentOf(even, 1),
          (row.emissionsKgPerYear / 1000).toFixed(1),
          whole(row.importKwhPerYear),
          row.peakKw.toFixed(1),
        ];
      }),
    });
}

function monthsSection(year: BoardYear, page: string): string {
  const { dataset: { community: { currency } } } = year;
  const kept = [TODAY, ...hasStores(year.dataset) ? [ALONE] : [], "uniform-price"];
  const columns = kept.map((each) => rowNamed(year, each).monthly);
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
        ...kept.map((name) => name === "uniform-price" ? "market" : rowWords(year.dataset, name)),
        "between neighbours [kWh]",
      ],
      rows: months.map((month) => [
        month,
        ...columns.map((monthly) => whole(sum(monthly, month, "total"))),
        whole(sum(columns.at(-1)!, month, "boughtFromNeighboursKwh")),
      ]),
    });
}

/** Most assumptions that are listed one by one, and how much is shown of each. */
const MOST_ASSUMED = 60, MOST_LETTERS = 600;

function assumedSection(assumed: readonly string[]): string {
  if (assumed.length === 0) return "";
  const more = assumed.length - MOST_ASSUMED;
  return markdownHtml(`## What the figures rest on

What was assumed, filled or left out where the data say nothing, and what may be a mistake in them.

${assumed.slice(0, MOST_ASSUMED).map((each) => `- ${markdownText(each, MOST_LETTERS)}`).join("\n")}
${more > 0 ? `- and ${more} more` : ""}
`);
}

/** What is not the same in every community: devices that wait, and charges for peaks. */
function whatElseWords({ dataset, rows }: BoardYear): string {
  const lines: string[] = [];
  if (dataset.community.prosumers.some(({ devices = [] }) => devices.length > 0)) {
    const unmet = rows.filter(({ unmetKwh }) => unmetKwh > 0.05)
      .map(({ name, unmetKwh }) => `${unmetKwh.toFixed(1)} kWh (${markdownText(name)})`);
    lines.push(
      "- **Cars, heat pumps and appliances** take energy at once where nothing is planned, and when it is worth most " +
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
      "- **Tariffs** are those of the data set or of the configuration, listed below, by home and with " +
        "VAT; charges by the month are in bills." +
        (peaks
          ? ` Peaks are means over ${slotLength(dataset.profiles.grid.dtHours)}.` +
            " Batteries are kept for new peaks; cars and heat pumps are not planned around them, which " +
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

function capital(words: string): string {
  return words[0].toUpperCase() + words.slice(1);
}

function methodSection(year: BoardYear): string {
  const { dataset, config, firstSlot, seed, rows, sizes } = year;
  const hasOwn = hasStores(dataset);
  const { grid } = dataset.profiles;
  const violations = [...rows, ...sizes.map(({ row }) => row)]
    .reduce((sum, row) => sum + row.violations, 0);
  const unserved = Math.max(...rows.map(({ unservedKwh }) => unservedKwh));
  const { cost } = config;
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
- ${
    hasOwn
      ? `**${capital(idleWords(dataset))}** leaves batteries as they are. With **own ${
        ownWord(dataset)
      }** every home plans the day ahead for itself with the grid alone, on its own forecast of load and sun, anew
  every half hour.`
      : "**Today** is every home by itself with the grid."
  } In the **market** homes plan on what the community publishes, and trade at one price for all;
  \`pay-as-bid\` does the same and pays otherwise. Under the other rules batteries act as they do alone, and
  what meters then give and take is shared: ${SHARED_BY.slice(2).join(", ")}.
${whatElseWords(year)}- **Forecasts:** ${
    forecastWords(config)
  }. Better decisions than these would save more: this
  is no upper bound.
${
    hasInterval(rows[0].bills)
      ? "- **Interval:** whole weeks drawn anew within each season, 2,000 times, 95 %.\n"
      : ""
  }- **Even:** Jain's index of the homes' savings (Jain, Chiu, Hawe 1984).
- **CO2** of what the community takes from the grid, net of what homes give each other in the same slot.
- **Audit:** ${violations} violations in all books, found by code that shares none with the simulation.${
    unserved >= 0.05
      ? ` Up to ${unserved.toFixed(1)} kWh were not served behind the connection.`
      : ""
  }
`) +
    codeHtml(
      JSON.stringify({ seedOfForecasts: seed, ...config }, null, 2),
      "All rules of the game",
    );
}
