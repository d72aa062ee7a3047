/** Results and learning curves as CSV text, made up by formula: for tests of what reads them. */

import { LEARNING_CURVE_COLUMNS } from "../../lib/evaluation/learning_curve.ts";
import { RESULT_COLUMNS } from "../../lib/evaluation/result_columns.ts";
import { timestamp } from "../../lib/units.ts";

/** What to make up. */
export interface ResultsOptions {
  readonly policies: readonly string[];
  readonly days: number;
  readonly dtHours: number;
  /** An even number: every second one has PV and sells to the next. */
  readonly prosumers: number;
  /** Whether those with PV have a battery; `true` if absent. */
  readonly batteries?: boolean;
}

type Row = Readonly<Record<string, string | number | null>>;

/**
 * `evaluation_results.csv`: sunny afternoons, hungry evenings; every policy but `grid-only` shifts a
 * fifth of the evening to noon and trades while the sun shines.
 */
export function resultsText(
  { policies, days, dtHours, prosumers, batteries = true }: ResultsOptions,
): string {
  const grid = { startMs: Date.UTC(2025, 5, 1), utcOffsetMinutes: 0, dtHours, slots: 0 };
  const slotsPerDay = 24 / dtHours;
  const rows: Row[] = [];
  for (const policy of policies) {
    for (let slot = 0; slot < days * slotsPerDay; slot++) {
      for (let i = 0; i < prosumers; i++) {
        const at = timestamp(grid, slot);
        const hour = (slot % slotsPerDay) * dtHours;
        rows.push({
          policy,
          episode: Math.floor(slot / slotsPerDay),
          date: at.slice(0, 10),
          slot: slot % slotsPerDay,
          timestamp: at,
          prosumer: `home-${i}`,
          ...dispatch(policy, hour, Math.floor(slot / slotsPerDay), i, dtHours, batteries),
          currency: "CHF",
        });
      }
    }
  }
  return csvText(RESULT_COLUMNS, rows);
}

function dispatch(
  policy: string,
  hour: number,
  day: number,
  i: number,
  dtHours: number,
  batteries: boolean,
): Row {
  const active = policy !== "grid-only";
  const sun = Math.max(0, Math.sin((Math.PI * (hour - 6)) / 12)) * (0.6 + 0.1 * (day % 5));
  const evening = Math.exp(-(((hour - 19) / 2.5) ** 2)) * (1 + 0.1 * (day % 3));
  const loadKw = 0.3 + 2 * evening;
  const pvKw = i % 2 === 0 ? 4 * sun : 0;
  const storesKw = active && batteries && i % 2 === 0 ? 0.9 * sun - 0.8 * evening : 0;
  const trades = active && sun > 0.2;
  const tradedKwh = trades ? (i % 2 === 0 ? -1 : 1) * 0.2 * sun * dtHours : 0;
  const netKwh = (loadKw - pvKw + storesKw) * dtHours;
  const swing = { "grid-only": 0, "self-consumption": 0.2 }[policy] ?? 0.3 + 0.02 * (day % 4);
  const socFraction = 0.5 - swing * Math.cos((Math.PI * (hour + dtHours - 5)) / 12);
  return {
    loadKw,
    pvKw,
    storesKw,
    storedKwh: batteries && i % 2 === 0 ? 8 * socFraction : null,
    socFraction: batteries && i % 2 === 0 ? socFraction : null,
    netKwh,
    orderKwh: tradedKwh,
    orderPricePerKwh: trades ? 0.2 : null,
    tradedKwh,
    gridKwh: netKwh - tradedKwh,
    clearingPricePerKwh: trades ? 0.14 + 0.05 * (1 - sun) + 0.01 * (day % 3) : null,
    importPricePerKwh: hour >= 17 && hour < 21 ? 0.38 : 0.28,
    ceilingPerKwh: hour >= 17 && hour < 21 ? 0.4 : 0.3,
    feedInTariffPerKwh: 0.08,
    carbonKgPerKwh: 0.3,
    bill: 0.28 * Math.max(netKwh, 0),
    emissionsKg: 0.3 * Math.max(netKwh, 0),
    cost: 0.3 * Math.max(netKwh, 0),
  };
}

/** `learning_curve.csv`: a cost that falls from 20 towards 12, validated at every fourth update. */
export function learningCurveText(updates: number, timesteps = 2048): string {
  const rows = Array.from({ length: updates }, (_, k) => {
    const cost = 12 + 8 * Math.exp(-k / 8) + 0.3 * Math.sin(5 * k);
    return {
      timesteps: timesteps * (k + 1),
      agentSteps: 20480 * (k + 1),
      episodes: k,
      seconds: k,
      meanEpisodeCost: cost,
      validationCost: k % 4 === 3 ? cost - 0.8 : null,
      learningRate: 3e-4,
      currency: "CHF",
    };
  });
  return csvText(LEARNING_CURVE_COLUMNS, rows);
}

function csvText(columns: Readonly<Record<string, unknown>>, rows: readonly Row[]): string {
  const names = Object.keys(columns);
  const none = (name: string) => columns[name] === "number" ? 0 : "";
  const lines = rows.map((row) => names.map((name) => row[name] ?? none(name)).join(","));
  return [names.join(","), ...lines, ""].join("\n");
}

/** The learning curve of a run: its header and rows, without the time that it took. */
export async function learningCurve(folder: string): Promise<string[][]> {
  const text = await Deno.readTextFile(`${folder}/learning_curve.csv`);
  const rows = text.trimEnd().split("\n").map((line) => line.split(","));
  const seconds = rows[0].indexOf("seconds");
  return rows.map((row) => row.toSpliced(seconds, 1));
}

/** A column of that curve. */
export async function curveColumn(folder: string, name: string): Promise<string[]> {
  const [header, ...rows] = await learningCurve(folder);
  return rows.map((row) => row[header.indexOf(name)]);
}
