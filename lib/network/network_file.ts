/**
 * `network.json` of a data set folder: the feeder that the homes are on.
 *
 * ```json
 * {
 *   "nominalVoltageV": 400,
 *   "slackVoltagePu": 1.025,
 *   "band": { "leastPu": 0.9, "mostPu": 1.1 },
 *   "transformer": {
 *     "ratingKva": 160, "resistanceOhm": 0.0147, "reactanceOhm": 0.0372,
 *     "tapPosition": 0, "tapStepPercent": 2.5
 *   },
 *   "nodes": [
 *     { "id": "busbar", "parent": null },
 *     {
 *       "id": "bus-1", "parent": "busbar",
 *       "resistanceOhm": 0.0274, "reactanceOhm": 0.0107, "ratingA": 270
 *     }
 *   ],
 *   "homes": { "house-01": "bus-1" }
 * }
 * ```
 *
 * `marginPu`, `tapPosition` and `tapStepPercent` may be left out.
 *
 * @module
 */

import { z } from "zod";
import { parseJson, type Schema } from "../data/json.ts";
import { DEFAULT_MARGIN_PU, type Network } from "./network.ts";

const schema: Schema<Network> = z.strictObject({
  nominalVoltageV: z.number(),
  slackVoltagePu: z.number(),
  band: z.strictObject({ leastPu: z.number(), mostPu: z.number() }),
  marginPu: z.number().default(DEFAULT_MARGIN_PU),
  transformer: z.strictObject({
    ratingKva: z.number(),
    resistanceOhm: z.number(),
    reactanceOhm: z.number(),
    tapPosition: z.number().default(0),
    tapStepPercent: z.number().default(0),
  }),
  nodes: z.array(z.strictObject({
    id: z.string(),
    parent: z.string().nullable(),
    resistanceOhm: z.number().exactOptional(),
    reactanceOhm: z.number().exactOptional(),
    ratingA: z.number().exactOptional(),
  })),
  homes: z.record(z.string(), z.string()),
});

/**
 * Reads the text of a `network.json`; whether the network is possible is checked with the data set.
 *
 * @param file The file's name, for messages.
 * @throws {RangeError} Naming the file and the field.
 */
export function parseNetworkFile(text: string, file: string): Network {
  const network = parseJson(text, schema, file);
  const homes = Object.entries(network.homes).map(([id, node]) => [id.normalize("NFC"), node]);
  return { ...network, homes: Object.fromEntries(homes) };
}

/** The text of a `network.json`. */
export function networkFileText(network: Network): string {
  return JSON.stringify(network, null, 2) + "\n";
}
