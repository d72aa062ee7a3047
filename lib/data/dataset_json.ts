/**
 * A data set as one JSON text, to be handed on and dropped onto a page:
 * `{"format": "energy market data set", "formatVersion": 1, "content": …}`, in which a typed array is
 * `{"array": "float64", "base64": "…"}` of its little-endian bytes.
 *
 * @module
 */

import { packArrays, unpackArrays } from "../text/array_json.ts";
import { parseBounded } from "./json.ts";
import { type Dataset, validateDataset } from "./profiles.ts";

/** What such a text says that it is. */
export const DATASET_FORMAT = "energy market data set";
const FORMAT_VERSION = 1;

/** A data set as text. */
export function datasetText(content: Dataset): string {
  const header = { format: DATASET_FORMAT, formatVersion: FORMAT_VERSION };
  return `${JSON.stringify({ ...header, content }, packArrays)}\n`;
}

/**
 * The data set of a text.
 *
 * @param file Where the text is from, for messages.
 * @throws {RangeError} If it is none, or one that cannot be; the message names the file.
 *
 * @example
 * ```ts
 * import { datasetOfText, datasetText } from "./dataset_json.ts";
 * import { synthesize } from "./synthetic.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const { profiles } = datasetOfText(datasetText(dataset), "two.json");
 * if (profiles.loadKw[5] !== dataset.profiles.loadKw[5]) throw new Error("the same bits");
 * ```
 */
export function datasetOfText(text: string, file: string): Dataset {
  const { format, formatVersion } = Object(parseBounded(text, file));
  if (format !== DATASET_FORMAT || formatVersion !== FORMAT_VERSION) {
    throw new RangeError(`${file} is no data set of version ${FORMAT_VERSION}; take one away anew`);
  }
  try {
    const dataset = JSON.parse(text, unpackArrays).content as Dataset;
    requireShape(dataset);
    validateDataset(dataset);
    return dataset;
  } catch (error) {
    throw new RangeError(`${file} is a data set with a fault: ${(error as Error).message}`);
  }
}

/** What validation takes for granted of a data set that was made here. */
function requireShape({ community, profiles }: Dataset): void {
  const { startMs, utcOffsetMinutes, dtHours, slots } = profiles.grid;
  for (const [name, value] of Object.entries({ startMs, utcOffsetMinutes, dtHours, slots })) {
    if (!Number.isFinite(value)) throw new RangeError(`grid.${name} must be a number`);
  }
  for (const [name, column] of Object.entries(profiles)) {
    if (name !== "grid" && !(column instanceof Float64Array)) {
      throw new RangeError(`${name} must be a column of numbers`);
    }
  }
  if (typeof community.name !== "string") throw new RangeError("community.name must be a text");
  for (const { id, pvCapacityKw, battery } of community.prosumers) {
    if (typeof id !== "string") throw new RangeError("every prosumer needs an id");
    if (!Number.isFinite(pvCapacityKw)) {
      throw new RangeError(`pvCapacityKw of ${id} must be a number`);
    }
    if (battery === null || typeof battery === "object") continue;
    throw new RangeError(`battery of ${id} must be an object, or null`);
  }
}
