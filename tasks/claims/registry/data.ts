/**
 * What `data/README.md` states about the embedded community.
 *
 * @module
 */

import { synthesize } from "../../../lib/data/synthetic.ts";
import { SYNTHETIC } from "../../../lib/experiments/dataset_source.ts";
import type { Claim, Figure } from "../claim.ts";
import { inCode, textOf } from "../sources.ts";

const file = "data/README.md";
const folder = "lib/data/synthetic";

/** A claim whose figures stand in code. */
function fromCode(
  pattern: RegExp,
  source: string,
  code: RegExp,
  convert: (figures: number[]) => Figure[] = (figures) => figures,
): Claim {
  return {
    kind: "figures",
    file,
    pattern,
    by: source,
    effort: "read",
    measure: async () => convert((await inCode(source, code)).map(Number)),
  };
}

/** The claims. */
export const dataClaims: readonly Claim[] = [
  {
    kind: "figures",
    file,
    pattern: /(\w+) made-up households over (\w+) days/,
    by: "data/sample",
    effort: "read",
    measure: async () => {
      const { prosumers } = JSON.parse(await textOf("data/sample/community.json"));
      const rows = (await textOf("data/sample/profiles.csv")).trimEnd().split("\n").length - 1;
      return [prosumers.length, rows / 24];
    },
  },
  fromCode(/isotropic sky, albedo ([\d.]+)/, `${folder}/photovoltaics.ts`, /ALBEDO = ([\d.]+)/),
  fromCode(
    /(\d+) % losses, inverter (\d+) %/,
    `${folder}/photovoltaics.ts`,
    /SYSTEM_EFFICIENCY = ([\d.]+) \* ([\d.]+)/,
    ([rest, inverter]) => [100 * (1 - rest), 100 * inverter],
  ),
  fromCode(
    /(−[\d.]+) %\/K/,
    `${folder}/photovoltaics.ts`,
    /TEMPERATURE_COEFFICIENT = (-[\d.]+)/,
    ([perKelvin]) => [100 * perKelvin],
  ),
  fromCode(/cells (\d+) °C nominal/, `${folder}/photovoltaics.ts`, /CELL_WARMING = \((\d+)/),
  fromCode(
    /(\d+) % of the energy in appliance runs/,
    `${folder}/household_load.ts`,
    /SPIKE_SHARE = ([\d.]+)/,
    ([share]) => [100 * share],
  ),
  fromCode(
    /([\d.]+) to (\d+) MWh a year/,
    `${folder}/devices.ts`,
    /yearlyKwh: between\((\d+), (\d+)\)/,
    (kwh) => kwh.map((value) => value / 1000),
  ),
  fromCode(
    /(\d+) to (\d+) kW, (\d+) to (\d+)° tilt/,
    `${folder}/devices.ts`,
    /capacityKw: rounded\(between\((\d+), (\d+)\)[\s\S]*?between\((\d+), (\d+)\)/,
  ),
  fromCode(
    /batteries \| (\d+) to (\d+) kWh/,
    `${folder}/devices.ts`,
    /batteryOf\(rounded\(between\((\d+), (\d+)\)/,
  ),
  fromCode(/two hours, ([\d.]+) each way/, `${folder}/devices.ts`, /chargeEfficiency: ([\d.]+)/),
  fromCode(
    /import price \| ([\d.]+) to 6:00, ([\d.]+) from 17:00 to 21:00, ([\d.]+) otherwise/,
    `${folder}/tariff.ts`,
    /NIGHT_PRICE = ([\d.]+);\s+const DAY_PRICE = ([\d.]+);\s+const EVENING_PRICE = ([\d.]+)/,
    ([night, day, evening]) => [night, evening, day],
  ),
  fromCode(/feed-in tariff \| ([\d.]+) EUR/, `${folder}/tariff.ts`, /FEED_IN_TARIFF = ([\d.]+)/),
  {
    kind: "figures",
    file,
    pattern: /about ([\d.]+) kg\/kWh, lower with sun/,
    by: "mean of the embedded community's carbon intensity",
    effort: "read",
    measure: () => {
      const { carbonKgPerKwh: values } = synthesize({ ...SYNTHETIC, prosumers: 1 }).profiles;
      return [values.reduce((sum, value) => sum + value, 0) / values.length];
    },
  },
  fromCode(
    /\(([\d.]+)° N, ([\d.]+)° E\)/,
    "lib/data/synthetic.ts",
    /latitudeDeg = ([\d.]+), longitudeDeg = ([\d.]+)/,
  ),
  fromCode(/, ([\d.]+) unless told otherwise/, "tasks/data.ts", /"feed-in-tariff": ([\d.]+)/),
];
