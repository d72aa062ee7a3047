/**
 * `deno task export`: a trained policy for other programs.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { main } from "../lib/cli/task.ts";
import { writeWhole } from "../lib/disk/whole_files.ts";
import { kindsAmong, numberNames } from "../lib/env/agent_rows.ts";
import { readModel } from "../lib/experiments/trained_model.ts";
import { onnxModel } from "../lib/export/onnx.ts";
import { visible } from "../lib/text/shown.ts";

await main({
  name: "export",
  summary: "Writes a trained policy as a file that other programs load.",
  positionals: "MODEL",
  options: {
    onnx: {
      type: "string",
      placeholder: "FILE",
      help: "ONNX: from an observation in natural units to the action of the environment",
    },
  },
  async run({ onnx }, [folder]) {
    if (onnx === undefined) throw new Error("say what to write, with --onnx policy.onnx");
    const { weights, observationNames, config, source, seed, datasetHash } = await readModel(
      folder,
    );
    const file = await onnxModel(weights, {
      observationNames,
      actionNames: numberNames(config.environment.market.orders, kindsAmong(observationNames)),
      metadata: {
        "environment": JSON.stringify(config.environment),
        "data": JSON.stringify(source),
        "dataHash": datasetHash,
        "seed": String(seed),
      },
    });
    await writeWhole(onnx, file);
    say(`${visible(onnx)}: ${observationNames.length} features to an action, ${file.length} bytes`);
  },
});
