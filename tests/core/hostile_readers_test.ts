import { assertEquals, assertRejects } from "@std/assert";
import { importCityLearn } from "../../lib/data/citylearn.ts";
import { folderFiles } from "../../lib/data/dataset.ts";
import { readLadder } from "../../lib/report/ladder_file.ts";
import {
  cityLearnFiles,
  resultFiles,
  sealModel,
  stoppedTraining,
} from "../harness/files/examples.ts";
import { resumable } from "../harness/files/trainable.ts";
import { LearningCurve } from "../../lib/experiments/curve_file.ts";
import { inFolder } from "../helpers/two_homes.ts";

type Json = Record<string, unknown>;

const model = JSON.parse(new TextDecoder().decode((await stoppedTraining()).get("model.json")));

/** A change of the content of a model, whose checksum is made right again. */
const edits: Record<string, [edit: (content: Json) => void, message: string]> = {
  "an array of a kind that every object has": [
    ({ training }) => (training as Json).parameters = { array: "toString", base64: "" },
    "model.json: training.parameters: ",
  ],
  "an array in damaged base64": [
    ({ training }) => (training as Json).parameters = { array: "float32", base64: "?" },
    "model.json holds an array that cannot be read",
  ],
  "an array cut inside of a number": [
    ({ training }) => (training as Json).parameters = { array: "float32", base64: "AAA=" },
    "model.json holds an array that cannot be read",
  ],
  "weights that are no numbers": [
    ({ training }) => {
      const own = (training as Json).parameters as { base64: string };
      const bytes = Uint8Array.fromBase64(own.base64);
      new DataView(bytes.buffer).setFloat32(0, NaN, true);
      own.base64 = bytes.toBase64();
    },
    "model.json: training.parameters: must be finite numbers",
  ],
  "no word on where its data come from": [
    (content) => delete (content.configuration as Json).source,
    "model.json: source: expected object, but it is missing",
  ],
  "a state of the market with a field lost": [
    ({ training }) => {
      const [part] = (training as { parts: { environment: { market: Json } }[] }).parts;
      delete part.environment.market.energyKwh;
    },
    "the state of the market.market must be an object with ",
  ],
  "no state of the market": [
    ({ training }) => delete (training as { parts: Json[] }).parts[0].environment,
    "the state of a shard lacks its environment; train again",
  ],
  "a step that no episode has": [
    ({ training }) => {
      const [part] = (training as { parts: { environment: { market: Json } }[] }).parts;
      part.environment.market.step = 1e9;
    },
    "the state of the market is on other days than these",
  ],
  "returns of another number of agents": [
    ({ training }) => {
      const [part] = (training as { parts: { episodeReturns: Json }[] }).parts;
      part.episodeReturns = { array: "float64", base64: "" };
    },
    "the state of a shard must have 2 episodeReturns, got 0",
  ],
};
for (const [name, [edit, message]] of Object.entries(edits)) {
  Deno.test(`hostile model: ${name} is refused in words, whatever its checksum says`, () =>
    inFolder(async (folder) => {
      const changed = structuredClone(model);
      edit(changed.content);
      const bytes = await sealModel(new TextEncoder().encode(JSON.stringify(changed)));
      await Deno.writeFile(`${folder}/model.json`, bytes);
      await assertRejects(() => resumable(folder), Error, message);
    }));
}

Deno.test("hostile learning curve: training goes on from numbers under its header only", () =>
  inFolder(async (folder) => {
    const path = `${folder}/learning_curve.csv`;
    const text = new TextDecoder().decode(resultFiles().get("learning_curve.csv"));
    const bad: [string, string][] = [
      [text.replace("timesteps", "steps"), "the first row must be timesteps,"],
      [
        text.replace("2048,20480,", "2048,NaN,"),
        "learning_curve.csv row 2: must be 14 numbers and a currency",
      ],
      [
        text.replace("4096,40960,", "4096,"),
        "learning_curve.csv row 3: must be 14 numbers and a currency",
      ],
    ];
    for (const [content, message] of bad) {
      await Deno.writeTextFile(path, content);
      await assertRejects(() => LearningCurve.resume(path, 1e9), RangeError, message);
    }
    await Deno.writeTextFile(path, text);
    assertEquals((await LearningCurve.resume(path, 1e9)).secondsBefore, 5);
  }));

Deno.test("hostile ladder: what is no JSON is named, with the remedy", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/ladder.json`, "{");
    await assertRejects(
      () => readLadder([`${folder}/none.json`, `${folder}/ladder.json`]),
      RangeError,
      "ladder.json: not valid JSON",
    );
  }));

/** Changes of one CityLearn file each. */
const homes: [file: string, from: string, to: string, message: string][] = [
  ["schema.json", ": 71", ": 9007199254740990", "b.csv: 9007199254740991 rows are needed, got 72"],
  ["p.csv", "0.3\n0.3", "0.3\n1e400", "p.csv row 3, column electricity_pricing: must be a number"],
  ["c.csv", "0.2\n0.2", "0.2\n-1", "got -1 (row 3 of c.csv, "],
  ["b.csv", ",0.5,0,", ",-1,0,", "got -1 (Home_1, row 2 of b.csv, "],
  ["schema.json", "0.9", "-1", "schema.json: battery.chargeEfficiency must be in (0, 1], got NaN"],
];
for (const [file, from, to, message] of homes) {
  Deno.test(`hostile CityLearn: ${to.trim()} in ${file} is refused by the file's name`, () =>
    inFolder(async (folder) => {
      for (const [name, bytes] of cityLearnFiles()) {
        const text = new TextDecoder().decode(bytes);
        await Deno.writeTextFile(
          `${folder}/${name}`,
          name === file ? text.replace(from, to) : text,
        );
      }
      const options = { name: "homes", feedInTariffPerKwh: 0 };
      await assertRejects(
        () => importCityLearn(folderFiles(folder), options),
        RangeError,
        message,
      );
    }));
}
