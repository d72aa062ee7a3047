/**
 * Valid examples of every kind of file, small enough to be read thousands of times.
 *
 * @module
 */

import { writeDataset } from "../../../lib/data/dataset.ts";
import { datasetHash } from "../../../lib/data/hash.ts";
import { splitDays } from "../../../lib/data/split.ts";
import { synthesize } from "../../../lib/data/synthetic.ts";
import { observationNames } from "../../../lib/env/agent_rows.ts";
import { parseExperiment } from "../../../lib/ppo/experiment.ts";
import { marketShards } from "../../../lib/ppo/market_shards.ts";
import { createTrainer } from "../../../lib/ppo/ppo.ts";
import { loadDataset } from "../../../lib/experiments/dataset_source.ts";
import { modelFiles } from "../../../lib/experiments/trained_model.ts";
import { sha256Hex } from "../../../lib/sha256.ts";
import { learningCurveText, resultsText } from "../../helpers/result_files.ts";
import { inFolder } from "../../helpers/two_homes.ts";

/** Files by name. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const encode = (text: string) => new TextEncoder().encode(text);
const textFiles = (texts: Record<string, string>): Files =>
  new Map(Object.entries(texts).map(([name, text]) => [name, encode(text)]));

/** What the examples of models and configurations ask for: little. */
const SMALL_EXPERIMENT = {
  environment: { episodeDays: 1, forecast: { error: 0.1 } },
  training: { communities: 2, validationInterval: 100 },
  ppo: { totalTimesteps: 480, rolloutSteps: 12, hiddenSizes: [4] },
};

/** Where the data of the example model come from. */
export const MODEL_SOURCE = { data: "synthetic", prosumers: 2 };

/** A data set folder. */
export function datasetFiles(format: "csv" | "parquet"): Promise<Files> {
  return inFolder(async (folder) => {
    const devices = { cars: 2, heatPumps: 1, appliances: 1 };
    const dataset = synthesize({ seed: 3, prosumers: 3, days: 6, dtHours: 1, ...devices });
    dataset.profiles.gridImportLimitKw.fill(9, 0, 24);
    await writeDataset(dataset, `${folder}/set`, { format });
    return await filesIn(`${folder}/set`);
  });
}

/** Files that an import is made of: meters as a table, registers and Green Button, and what is beside. */
export function importFiles(): Files {
  const hours = Array.from({ length: 72 }, (_, k) => k);
  const start = Date.UTC(2025, 9, 24, 22),
    iso = (k: number) => new Date(start + k * 36e5).toISOString();
  const german = (k: number) => {
    const [day, time] = iso(k).split("T");
    return `${day.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
  };
  const price = (k: number) =>
    `"${german(k)} - ${german(k + 1)}";"DE";"${k % 24 === 3 ? -5 : 40 + k}"`;
  const reading = (k: number) =>
    `<IntervalReading><timePeriod><duration>3600</duration><start>${
      start / 1000 + k * 3600
    }</start>` +
    `</timePeriod><value>${100 + k}</value></IntervalReading>`;
  const type = "<accumulationBehaviour>4</accumulationBehaviour><flowDirection>1</flowDirection>" +
    "<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom>";
  const light = (k: number) => Math.max(0, 500 - 100 * Math.abs(k % 24 - 11));
  return textFiles({
    "meters.csv": [
      "time,a_kWh,b_import_kWh,b_export_kWh",
      ...hours.map((k) => `${iso(k)},0.${k % 10 + 1},0.3,${k % 2 / 10}`),
    ].join("\n"),
    "registers.csv": [
      "meter;obis;zeit;reading_kWh;status",
      ...hours.map((k) => `c;1.8.0;${german(k)};${1000 + k / 2};W`),
    ].join("\r\n"),
    "d.xml":
      `<feed><entry><content><ReadingType>${type}</ReadingType></content></entry><entry><content>` +
      `<IntervalBlock>${hours.map(reading).join("\n")}</IntervalBlock></content></entry></feed>`,
    "devices.csv":
      "home;pv_kWp;battery_kWh;battery_kW;tariff;car\na;3,5;5;2;dynamic;yes\nd;0;0;0;flat;no\n",
    "prices.csv": ["MTU (UTC);Area;Price [EUR/MWh]", ...hours.map(price)].join("\n"),
    "sessions.csv": `home,arrival,departure,charged_kWh\na,${iso(2)},${iso(9)},5\na,${iso(26)},${
      iso(33)
    },7\n`,
    "weather.csv": [
      "Latitude (decimal degrees):\t51.3",
      "Longitude (decimal degrees):\t9.5",
      "time,G(i),H_sun,T2m",
      ...hours.map((k) =>
        `${iso(k).replaceAll(/[-:]/g, "").replace("T", ":").slice(0, 11)}10,${light(k)},0,9`
      ),
    ].join("\n"),
  });
}

/** Weather of the same time in the form of EnergyPlus. */
export function epwFiles(): Files {
  const head = [
    "LOCATION,x,-,DEU,x,0,51.3,9.5,1,200",
    ..."234567".split("").map((k) => `LINE ${k}`),
  ];
  const rows = Array.from({ length: 73 }, (_, k) => {
    const light = Math.max(0, 500 - 100 * Math.abs(k % 24 - 11));
    const day = 24 + Math.floor((k + 23) / 24);
    return `2025,10,${day},${(k + 23) % 24 + 1},0,?,9,5,50,99000,0,0,300,${light},${light},${
      light / 2
    },0`;
  });
  const files = new Map(importFiles());
  files.delete("weather.csv");
  const text = [...head, "DATA PERIODS,1,1,Data,Sunday,1/1,12/31", ...rows].join("\n");
  return new Map([...files, ...textFiles({ "weather.epw": text })]);
}

/** A CityLearn data set of two homes. */
export function cityLearnFiles(): Files {
  const rows = Array.from(
    { length: 72 },
    (_, row) => `1,${row % 24 + 1},${1 + Math.floor(row / 24)},0.5,${row * 10},0`,
  );
  const files = { energy_simulation: "b.csv", pricing: "p.csv", carbon_intensity: "c.csv" };
  const attributes = {
    capacity: 6.4,
    nominal_power: 5,
    efficiency: 0.9,
    loss_coefficient: 0,
    capacity_power_curve: [[0, 1], [0.8, 1], [1, 0.2]],
  };
  const schema = {
    seconds_per_time_step: 3600,
    simulation_start_time_step: 0,
    simulation_end_time_step: 71,
    buildings: {
      Home_1: { ...files, pv: { attributes: { nominal_power: 4 } } },
      Home_2: { ...files, include: true, electrical_storage: { autosize: false, attributes } },
    },
  };
  const header = "month,hour,day_type,non_shiftable_load,solar_generation,cooling_demand";
  return textFiles({
    "schema.json": JSON.stringify(schema, null, 1),
    "b.csv": [header, ...rows].join("\n"),
    "p.csv": "electricity_pricing\n" + "0.3\n".repeat(72),
    "c.csv": "carbon_intensity\n" + "0.2\n".repeat(72),
  });
}

/** Order books in both formats. */
export function orderFiles(): Files {
  const order = (id: string, quantityKwh: number, pricePerKwh: number) => ({
    id,
    quantityKwh,
    pricePerKwh,
  });
  const books = [
    { bids: [order("a", 1, 0.3), order("b", 2, 0.2)], asks: [order("c", 1.5, 0.1)] },
    { bids: [], asks: [order("c", 1, 0.1)] },
  ];
  const rows = books.flatMap(({ bids, asks }, book) => [
    ...bids.map((bid) => [book, "bid", ...Object.values(bid)]),
    ...asks.map((ask) => [book, "ask", ...Object.values(ask)]),
  ]);
  const header = "book,side,id,quantityKwh,pricePerKwh";
  return textFiles({
    "orders.json": JSON.stringify(books, null, 1),
    "orders.csv": [header, ...rows.map((row) => row.join(","))].join("\n") + "\n",
  });
}

/** A configuration in which every field is written out. */
export function configFiles(): Files {
  const config = parseExperiment(SMALL_EXPERIMENT, "example");
  return textFiles({ "config.json": JSON.stringify(config, null, 1) });
}

/** The folder of a training that was stopped half-way. */
export async function stoppedTraining(): Promise<Files> {
  const config = parseExperiment(SMALL_EXPERIMENT, "example");
  const dataset = await loadDataset(MODEL_SOURCE);
  const { train } = splitDays(dataset, config.environment);
  const options = { ...config.training, firstSlots: train };
  const market = marketShards(dataset, config.environment, options);
  using trainer = await createTrainer(market, config.ppo, 42, { workers: 1 });
  trainer.iterate();
  const description = {
    config,
    source: MODEL_SOURCE,
    seed: 42,
    datasetHash: await datasetHash(dataset),
    observationNames: observationNames(dataset, config.environment),
  };
  const model = await modelFiles(description, trainer.state());
  return textFiles({ ...model, "learning_curve.csv": learningCurveText(1, 12) });
}

/** Makes the checksum of a model right again, if it is still a model. */
export async function sealModel(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const model = JSON.parse(new TextDecoder().decode(bytes));
    const content = JSON.stringify(model.content);
    return encode(JSON.stringify({ ...model, sha256: await sha256Hex(content) }));
  } catch {
    return bytes;
  }
}

/** What an evaluation and a training leave. */
export function resultFiles(): Files {
  const policies = ["grid-only", "self-consumption"];
  return textFiles({
    "evaluation_results.csv": resultsText({ policies, days: 2, dtHours: 1, prosumers: 4 }),
    "learning_curve.csv": learningCurveText(6),
  });
}

/** The committed ladder. */
export async function ladderFiles(): Promise<Files> {
  const path = new URL("../../../docs/results/ladder_R1.json", import.meta.url);
  return new Map([["ladder.json", await Deno.readFile(path)]]);
}

async function filesIn(folder: string): Promise<Files> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { name } of Deno.readDir(folder)) {
    files.set(name, await Deno.readFile(`${folder}/${name}`));
  }
  return files;
}

/** What an evaluation says about its making, with one of its results. */
export async function provenanceFiles(): Promise<Files> {
  const name = "evaluation_results.csv";
  const results = resultFiles().get(name)!;
  const provenance = {
    whole: true,
    commands: [{ task: "evaluate", arguments: ["--days", "1"] }],
    configuration: { environment: SMALL_EXPERIMENT.environment },
    seeds: [42],
    data: { source: MODEL_SOURCE, synthetic: { seed: 1, days: 365, dtHours: 1 }, hash: "" },
    inputs: {},
    versions: { deno: Deno.version.deno },
    code: { sources: "", commit: "unknown" },
    results: { [name]: await sha256Hex(results) },
  };
  return new Map([[name, results], [
    "provenance.json",
    encode(JSON.stringify(provenance, null, 1)),
  ]]);
}
