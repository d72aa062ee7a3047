/**
 * `deno task data`: makes, imports and describes data sets.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { say } from "../lib/cli/terminal.ts";
import { oneOf } from "../lib/text/nearest.ts";
import { visible } from "../lib/text/shown.ts";
import { shellPath } from "../lib/text/shell.ts";
import { basename, dirname, resolve } from "node:path";
import { CARBON_KG_PER_KWH, importData } from "../lib/data/importers/import_data.ts";
import {
  gapsText,
  importOptions,
  importRequest,
  settingsText,
} from "../lib/data/importers/import_command.ts";
import { importCityLearn } from "../lib/data/citylearn.ts";
import { SCHEMA_FILE } from "../lib/data/citylearn_schema.ts";
import {
  type BesideName,
  folderFiles,
  readDataset,
  simBenchFolder,
  tariffsIn,
  writeDataset,
} from "../lib/data/dataset.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { importSimBench } from "../lib/data/simbench/import.ts";
import { synthesize, syntheticTariffs } from "../lib/data/synthetic.ts";
import { importPrice } from "../lib/data/synthetic/tariff.ts";
import { type UrlFiles, urlFiles } from "../lib/data/url_files.ts";
import { HOURS_PER_DAY, slotLength } from "../lib/units.ts";
import { main, type Values } from "../lib/cli/task.ts";
import { splitDays } from "../lib/data/split.ts";
import { describe, remarks } from "../lib/data/data_tables.ts";
import { describeDataset } from "../lib/data/describe.ts";
import type { Location } from "../lib/data/synthetic/sun.ts";
import { decimal } from "../lib/text/decimal.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import {
  datasetOptions,
  datasetSource,
  deviceFlags,
  deviceOptions,
  devicesOf,
  madeUp,
} from "../lib/experiments/dataset_source.ts";
import { profilesGb, requireMemory } from "../lib/experiments/memory_needed.ts";

const DEFAULTS = {
  prosumers: 10,
  days: 365,
  "dt-hours": 1,
  seed: 1,
  out: "data/synthetic",
  "feed-in-tariff": 0.08,
  carbon: CARBON_KG_PER_KWH,
  format: "csv",
};

/** Without defaults, so that a flag which does not belong to the command is noticed. */
const options = {
  prosumers: { type: "integer", min: 1, help: "synthesize: households (default 10)" },
  days: { type: "integer", min: 1, help: "synthesize: whole days (default 365)" },
  "dt-hours": {
    type: "number",
    placeholder: "1|0.5|0.25",
    help: "synthesize: length of a slot (default 1)",
  },
  ...deviceOptions,
  feeder: datasetOptions.feeder,
  tariff: {
    type: "string",
    placeholder: "NAME",
    help: `synthesize: one of ${syntheticTariffs.join(", ")} (default time-of-use)`,
  },
  seed: {
    type: "integer",
    help: "synthesize, import: decides everything that is drawn (default 1)",
  },
  start: {
    type: "string",
    placeholder: "TIMESTAMP",
    help: "synthesize: local midnight of the first day; import-citylearn: of the first row",
  },
  out: { type: "string", placeholder: "DIR", help: "synthesize: folder (default data/synthetic)" },
  "feed-in-tariff": {
    type: "number",
    help: "import-…: price paid for exports, where the source does not state it (default 0.08)",
  },
  "import-price": {
    type: "number",
    help: "import, import-simbench: flat price of imports [currency/kWh]",
  },
  carbon: {
    type: "number",
    help: "import, import-simbench: CO2 of imports in kg/kWh (default 0.36)",
  },
  flexible: {
    type: "boolean",
    help: "import-simbench: make stores of heat pumps and chargers",
  },
  tap: {
    type: "boolean",
    help: "import-simbench: apply the transformer's tap position",
  },
  sha256: {
    type: "string",
    placeholder: "HEX",
    help: "import-citylearn: refuse what an address serves unless this is its fingerprint",
  },
  format: {
    type: "string",
    placeholder: "csv|parquet",
    help: "all but describe: of the profiles (default csv)",
  },
  place: {
    type: "string",
    placeholder: "LAT,LON",
    help: "describe: where the homes are, to judge the sun [°]",
  },
  json: { type: "boolean", help: "describe: figures and doubts as JSON" },
  ...importOptions,
} as const;

type Flags = Values<typeof options>;

/** A word after `deno task data`. */
interface Command {
  /** Names of its arguments; one that ends in `...` may come again. */
  readonly takes: readonly string[];
  /** Flags that belong to it. */
  readonly flags: readonly (keyof Flags)[];
  run(flags: Flags, args: readonly string[]): Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  "synthesize": {
    takes: [],
    flags: [
      ...[
        "prosumers",
        "days",
        "dt-hours",
        "tariff",
        "feeder",
        "seed",
        "start",
        "out",
        "format",
      ] as const,
      ...deviceFlags,
    ],
    async run(flags) {
      const source = datasetSource({ ...flags, prosumers: flags.prosumers ?? DEFAULTS.prosumers });
      const { prosumers } = madeUp(source);
      const days = flags.days ?? DEFAULTS.days;
      const dtHours = flags["dt-hours"] ?? DEFAULTS["dt-hours"];
      requireMemory(
        profilesGb(prosumers + devicesOf(source), (days * HOURS_PER_DAY) / dtHours),
        `the profiles of ${prosumers} households over ${days} days`,
        "take fewer with --prosumers or --days",
      );
      const dataset = synthesize({
        seed: flags.seed ?? DEFAULTS.seed,
        ...madeUp(source),
        days,
        dtHours,
        ...(flags.start === undefined ? {} : { start: flags.start }),
      });
      await write(dataset, flags.out ?? DEFAULTS.out, flags);
    },
  },
  "import": {
    takes: ["FILE...", "DIR"],
    flags: [
      ...Object.keys(importOptions) as (keyof Flags)[],
      ...["feed-in-tariff", "import-price", "carbon", "format", "seed"] as const,
    ],
    async run(flags, args) {
      const directory = args.at(-1)!;
      const { files, rules } = await importRequest(args.slice(0, -1), flags);
      const imported = await importData(files, rules, rules.name ?? basename(resolve(directory)));
      const kept = await keptTariffs(imported.dataset, directory);
      for (const [path, notes] of imported.found) say(visible(`${path}: ${notes.join("; ")}`));
      for (const text of remarks([], imported.notes.map(visible))) say(text);
      if (kept !== imported.dataset) {
        say(
          `Note: ${directory}/tariffs.json differs from what would be made, and is kept; remove it for that`,
        );
      }
      await write(kept, directory, flags, {
        "import.json": settingsText(imported, directory),
        ...(imported.gaps.length > 0 && { "gaps.csv": gapsText(imported) }),
      });
    },
  },
  "import-citylearn": {
    takes: ["FROM", "DIR"],
    flags: ["start", "feed-in-tariff", "sha256", "format"],
    async run(flags, [from, directory]) {
      const web = /^https?:/.test(from) ? urlFiles(from) : null;
      const folder = basename(from) === SCHEMA_FILE ? dirname(from) : from;
      if (web === null && flags.sha256 !== undefined) {
        throw new Error("--sha256 goes with an http(s) address; leave it out");
      }
      const feedInTariffPerKwh = flags["feed-in-tariff"] ?? DEFAULTS["feed-in-tariff"];
      const dataset = await importCityLearn(web ?? folderFiles(folder), {
        name: basename(resolve(directory)),
        feedInTariffPerKwh,
        ...(flags.start === undefined ? {} : { start: flags.start }),
      });
      if (web !== null) await requireFingerprint(web, flags.sha256);
      say(
        `CityLearn states no feed-in tariff; ${feedInTariffPerKwh} ` +
          `${dataset.community.currency}/kWh is used (--feed-in-tariff)`,
      );
      for (const text of remarks([], dataset.notes)) say(text);
      await write(dataset, directory, flags);
    },
  },
  "import-simbench": {
    takes: ["FROM", "DIR"],
    flags: ["feed-in-tariff", "import-price", "carbon", "tap", "flexible", "format"],
    async run(flags, [from, directory]) {
      const feedInTariffPerKwh = flags["feed-in-tariff"] ?? DEFAULTS["feed-in-tariff"];
      const flat = flags["import-price"];
      const carbonKgPerKwh = flags.carbon ?? DEFAULTS.carbon;
      const dataset = await importSimBench(await simBenchFolder(from), {
        name: basename(resolve(from)),
        importPricePerKwh: flat === undefined ? importPrice : () => flat,
        feedInTariffPerKwh,
        carbonKgPerKwh,
        tap: flags.tap ?? false,
        flexible: flags.flexible ?? false,
      });
      say(
        `SimBench states no prices; imports cost ${
          flat === undefined ? "0.20 to 0.42 EUR/kWh by the hour" : `${flat} EUR/kWh`
        } (--import-price), exports earn ${feedInTariffPerKwh} EUR/kWh (--feed-in-tariff), with ` +
          `${carbonKgPerKwh} kg of CO2 per kWh (--carbon)`,
      );
      for (const text of remarks([], dataset.notes)) say(text);
      say(
        "Data: SimBench (University of Kassel, Fraunhofer IEE, RWTH Aachen, TU Dortmund), ODbL 1.0",
      );
      await write(dataset, directory, flags);
    },
  },
  "describe": {
    takes: ["DIR"],
    flags: ["json", "place"],
    async run(flags, [directory]) {
      const dataset = await readDataset(directory);
      const summary = describeDataset(dataset, placeOf(flags.place));
      if (flags.json) {
        const { doubts, ...figures } = summary;
        const { notes = [] } = dataset;
        console.log(JSON.stringify({ ...figures, doubts, notes }, null, 2));
      } else console.log(await describe(dataset, summary));
      if (summary.doubts.some(({ kind }) => kind === "nothing")) {
        throw new Error(
          `${directory} holds neither load nor sun: nothing can be simulated; check what was imported`,
        );
      }
      if (!flags.json) sayNextStep(dataset, directory);
    },
  },
};

await main({
  name: "data",
  summary: "Makes, imports and describes data sets:\n" +
    "  synthesize                  makes up a community from a seed\n" +
    "  import FILE... DIR          imports meters, prices and devices from files of any shape\n" +
    "  import-citylearn FROM DIR   imports a CityLearn data set from a folder or an http(s) address\n" +
    "  import-simbench FROM DIR    imports a SimBench low-voltage grid from a folder\n" +
    "  describe DIR                prints what is in a data set",
  positionals: "COMMAND [ARG...]",
  options,
  async run(flags, [name, ...args]) {
    const command = commandOf(name);
    const repeats = command.takes.some((name) => name.endsWith("..."));
    if (repeats ? args.length < command.takes.length : args.length !== command.takes.length) {
      throw new Error(
        `"${name}" takes ${command.takes.join(" ") || "no arguments"}, got ${args.length}: ` +
          `deno task data ${[name, ...command.takes].join(" ")}`,
      );
    }
    const given = (Object.keys(options) as (keyof Flags)[])
      .find((flag) =>
        flags[flag] !== undefined && flags[flag] !== false && !command.flags.includes(flag)
      );
    if (given !== undefined) {
      throw new Error(`--${given} does not belong to "${name}"; leave it out`);
    }
    await command.run(flags, args);
  },
});

async function requireFingerprint(files: UrlFiles, expected: string | undefined): Promise<void> {
  const sha256 = await files.sha256();
  if (expected === undefined) {
    say(`Fingerprint of the files: ${sha256} (compare next time with --sha256)`);
  } else if (sha256 !== expected.toLowerCase()) {
    throw new Error(
      `the files have the fingerprint ${sha256}, not ${expected}; they have changed, or the ` +
        "server is not the one it was",
    );
  }
}

/** An import at the tariffs that its folder already has, as people write their contracts into them. */
async function keptTariffs(dataset: Dataset, directory: string): Promise<Dataset> {
  const own = await tariffsIn(directory, dataset);
  return JSON.stringify(own.charges?.tariffs) === JSON.stringify(dataset.charges?.tariffs)
    ? dataset
    : own;
}

/** A place such as `51.3,9.5`. */
function placeOf(text: string | undefined): Location | undefined {
  if (text === undefined) return undefined;
  const [latitudeDeg, longitudeDeg, ...rest] = text.split(",").map(decimal);
  if (rest.length === 0 && Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180) {
    return { latitudeDeg, longitudeDeg };
  }
  throw new Error(`--place must be latitude and longitude such as 51.3,9.5, got "${text}"`);
}

/** Bills, and training if there are days enough to learn from and to judge on. */
function sayNextStep(dataset: Dataset, directory: string): void {
  const bills = `deno task report --data ${shellPath(directory)}`;
  try {
    splitDays(dataset, { episodeDays: 1 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.log(`\nNext: ${bills}`);
    return say(`\nToo few days to train on: ${error.message}`);
  }
  console.log(`\nNext: ${bills}\nThen: deno task train --data ${shellPath(directory)}`);
}

function commandOf(name: string): Command {
  return commands[oneOf("command", name, Object.keys(commands))];
}

async function write(
  dataset: Dataset,
  directory: string,
  flags: Flags,
  beside: Readonly<Partial<Record<BesideName, string>>> = {},
): Promise<void> {
  const format = flags.format ?? DEFAULTS.format;
  if (format !== "csv" && format !== "parquet") {
    throw new Error(`--format must be csv or parquet, got "${format}"`);
  }
  using _lock = await lockFolder(directory);
  await writeDataset(dataset, directory, { format, beside });
  const { community, profiles } = dataset;
  say(
    `${community.prosumers.length} prosumers, ${profiles.grid.slots} slots of ` +
      slotLength(profiles.grid.dtHours),
  );
  console.log(ending("Profiles and community", directory, {
    "Look at them": `deno task data describe ${shellPath(directory)}`,
  }));
}
