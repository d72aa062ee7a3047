/**
 * The kinds of files that the program reads: a valid example of each, what reads it in this process,
 * and which tasks read it. Whatever a reader accepts is used as the tasks use it, so that nothing is
 * called valid that fails later.
 *
 * @module
 */

import { importData } from "../../../lib/data/importers/import_data.ts";
import {
  gapsText,
  importRequest,
  settingsText,
} from "../../../lib/data/importers/import_command.ts";
import { importCityLearn } from "../../../lib/data/citylearn.ts";
import { folderFiles, readDataset } from "../../../lib/data/dataset.ts";
import { describe } from "../../../lib/data/data_tables.ts";
import { LARGEST_BYTES, readTextWithin } from "../../../lib/data/bounded_file.ts";
import { readLearningCurve } from "../../../lib/evaluation/learning_curve.ts";
import { readResults } from "../../../lib/evaluation/results.ts";
import { clearOrders } from "../../../lib/market/auction.ts";
import { certify } from "../../../lib/market/certificate.ts";
import { captured } from "../../../lib/report/figures/captured.ts";
import { batterySoc } from "../../../lib/report/figures/battery_soc.ts";
import { gridFlow } from "../../../lib/report/figures/grid_flow.ts";
import { learningCurve } from "../../../lib/report/figures/learning_curve.ts";
import { marketPrices } from "../../../lib/report/figures/market_prices.ts";
import { figureHtml, tableHtml } from "../../../lib/report/html.ts";
import { ladderTable, readLadder } from "../../../lib/report/ladder_file.ts";
import {
  cityLearnFiles,
  configFiles,
  datasetFiles,
  epwFiles,
  type Files,
  importFiles,
  ladderFiles,
  orderFiles,
  provenanceFiles,
  resultFiles,
  sealModel,
  stoppedTraining,
} from "./examples.ts";
import { LearningCurve } from "../../../lib/experiments/curve_file.ts";
import { parseOrderBooks } from "../../../lib/market/order_books.ts";
import { resumable, trainable } from "./trainable.ts";
import { readProvenance } from "../../../lib/experiments/provenance.ts";
import { compareResults, replayCommands } from "../../../lib/experiments/reproduction.ts";

/** A kind of file. */
export interface FileKind {
  /** How the file is written down. */
  readonly syntax: "json" | "csv" | "binary";
  /** Name of the file that is mutated. */
  readonly target: string;
  /** A valid set of files. */
  files(): Promise<Files>;
  /** Reads the files in a folder and uses what they hold; throws one line if that is not possible. */
  read(folder: string): Promise<void>;
  /** What an error may be about instead of the file. */
  readonly alsoNames?: readonly string[];
  /** Repairs a checksum. */
  seal?(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Tasks that read the folder, with their arguments. */
  commands(folder: string, out: string): readonly (readonly string[])[];
}

const homes = (format: "csv" | "parquet", target: string, syntax: FileKind["syntax"]) => ({
  syntax,
  target,
  files: () => datasetFiles(format),
  read: async (folder: string) => void await describe(await readDataset(folder)),
  commands: (folder: string, out: string) => [
    ["data", "describe", folder],
    ["evaluate", "--data", folder, "--policies", "grid-only", "--days", "1", "--out", out],
  ],
});

const cityLearn = {
  files: () => Promise.resolve(cityLearnFiles()),
  async read(folder: string) {
    const options = { name: "homes", feedInTariffPerKwh: 0 };
    await describe(await importCityLearn(folderFiles(folder), options));
  },
  commands: (folder: string, out: string) => [["data", "import-citylearn", folder, out]],
};

/** A file among those of an import. */
const imported = (
  target: string,
  syntax: FileKind["syntax"],
  files: () => Files = importFiles,
): FileKind => {
  const names = [...files().keys()];
  return {
    syntax,
    target,
    // What one file lacks may show in another.
    alsoNames: names,
    files: () => Promise.resolve(files()),
    async read(folder) {
      const request = await importRequest(names.map((name) => `${folder}/${name}`), {
        "time-zone": "UTC",
      });
      const made = await importData(request.files, request.rules, "homes");
      settingsText(made, folder);
      gapsText(made);
      await describe(made.dataset);
    },
    commands: (folder, out) => [
      ["data", "import", ...names.map((name) => `${folder}/${name}`), "--time-zone", "UTC", out],
    ],
  };
};

const orders = (file: string): FileKind => ({
  syntax: file.endsWith("json") ? "json" : "csv",
  target: file,
  files: () => Promise.resolve(orderFiles()),
  async read(folder) {
    const path = `${folder}/${file}`;
    const options = { maxBytes: LARGEST_BYTES.orders, remedy: "name a file" };
    const { books } = await parseOrderBooks(await readTextWithin(path, options), path);
    for (const book of books) {
      const { valid } = certify(book, clearOrders(book, { priceWeight: 0.5 }), {
        priceWeight: 0.5,
      });
      if (!valid) throw new TypeError("a certificate is not valid");
    }
  },
  commands: (folder) => [["clear", `${folder}/${file}`, "--json"]],
});

/** Kinds by name. */
export const kinds: Readonly<Record<string, FileKind>> = {
  "community": homes("csv", "community.json", "json"),
  "profiles-csv": homes("csv", "profiles.csv", "csv"),
  "sessions": homes("csv", "sessions.csv", "csv"),
  "runs": homes("csv", "runs.csv", "csv"),
  "profiles-parquet": homes("parquet", "profiles.parquet", "binary"),
  "citylearn-schema": { ...cityLearn, syntax: "json", target: "schema.json" },
  "citylearn-building": { ...cityLearn, syntax: "csv", target: "b.csv" },
  "citylearn-prices": { ...cityLearn, syntax: "csv", target: "p.csv" },
  "import-meters": imported("meters.csv", "csv"),
  "import-registers": imported("registers.csv", "csv"),
  "import-green-button": imported("d.xml", "csv"),
  "import-devices": imported("devices.csv", "csv"),
  "import-day-ahead": imported("prices.csv", "csv"),
  "import-sessions": imported("sessions.csv", "csv"),
  "import-pvgis": imported("weather.csv", "csv"),
  "import-epw": imported("weather.epw", "csv", epwFiles),
  "orders-json": orders("orders.json"),
  "orders-csv": orders("orders.csv"),
  "config": {
    syntax: "json",
    target: "config.json",
    // How long an episode may be depends on the data; a step may be too large to learn.
    alsoNames: ["a split needs", "the gradient is not finite"],
    files: () => Promise.resolve(configFiles()),
    read: (folder) => trainable(`${folder}/config.json`),
    commands: (folder, out) => [[
      "train",
      ...["--config", `${folder}/config.json`, "--timesteps", "24", "--prosumers", "2"],
      ...["--workers", "1", "--out", out],
    ]],
  },
  "model": {
    syntax: "json",
    target: "model.json",
    // What goes on is a training; its messages are about that.
    alsoNames: [
      "train again",
      "training stopped with",
      "was trained",
      "resume with",
      "the gradient is not finite",
    ],
    files: stoppedTraining,
    read: resumable,
    seal: sealModel,
    commands: (folder, out) => [
      ["evaluate", "--model", folder, "--policies", "learned", "--days", "1", "--out", out],
      ["train", "--resume", folder, "--timesteps", "48", "--workers", "1"],
      ["report", "--run", folder, "--out", out],
    ],
  },
  "results": {
    syntax: "csv",
    target: "evaluation_results.csv",
    files: () => Promise.resolve(resultFiles()),
    async read(folder) {
      const results = await readResults(`${folder}/evaluation_results.csv`);
      const options = { currency: "EUR" };
      figureHtml(marketPrices(results, options));
      figureHtml(gridFlow(results, options));
      if (results.slots.some(({ socFraction }) => socFraction !== null)) {
        figureHtml(batterySoc(results, options));
      }
    },
    commands: (folder) => [["plot", folder]],
  },
  "learning-curve": {
    syntax: "csv",
    target: "learning_curve.csv",
    files: () => Promise.resolve(resultFiles()),
    async read(folder) {
      const path = `${folder}/learning_curve.csv`;
      const points = await readLearningCurve(path);
      if (points.some(({ meanEpisodeCost }) => meanEpisodeCost !== null)) {
        figureHtml(learningCurve(points));
      }
      await LearningCurve.resume(path, 4096);
    },
    commands: (folder) => [["plot", folder]],
  },
  "ladder": {
    syntax: "json",
    target: "ladder.json",
    files: () => ladderFiles(),
    async read(folder) {
      const ladder = await readLadder([`${folder}/ladder.json`]);
      figureHtml(captured(ladder.rows, { subject: ladder.title }));
      tableHtml(ladderTable(ladder));
    },
    commands: () => [],
  },
  "provenance": {
    syntax: "json",
    target: "provenance.json",
    files: provenanceFiles,
    async read(folder) {
      const recorded = await readProvenance(folder);
      replayCommands(recorded, `${folder}/again`, `${folder}/config.json`);
      await compareResults(folder, recorded, folder);
    },
    commands: () => [],
  },
};
