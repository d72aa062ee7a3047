/**
 * `deno task worker`: works on the jobs of a queue, on any number of machines.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { ownCode } from "../lib/sweep/identity.ts";
import { queueFlags, queuePlace } from "../lib/sweep/place.ts";
import { Queue } from "../lib/sweep/queue.ts";
import { hearStop, workOnQueue } from "../lib/sweep/run.ts";

await main({
  name: "worker",
  summary: "Works on the jobs of a queue that sweeps have filled, each in a process of its\n" +
    "own; the signal to terminate gives them back.",
  options: {
    ...queueFlags,
    slots: { type: "integer", min: 1, max: 1024, help: "jobs at a time (default: one per core)" },
    models: {
      type: "string",
      placeholder: "DIR",
      help: "large models, in a folder that all workers share (default FOLDER/models)",
    },
    drain: { type: "boolean", help: "end when no job waits or is at work" },
  },
  async run({ queue: address, folder, slots, models, drain }) {
    const place = await queuePlace(address, folder);
    const signal = hearStop();
    await using queue = await Queue.open(place, { supervise: true, signal });
    const hands = {
      slots: slots ?? navigator.hardwareConcurrency,
      models: models ?? `${folder}/models`,
    };
    const { completed, failed } = await workOnQueue(queue, await ownCode(), drain, hands);
    console.log(`\n${completed} jobs done, ${failed} attempts failed; nothing is left to do`);
  },
});
