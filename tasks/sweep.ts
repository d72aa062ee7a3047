/**
 * `deno task sweep`: set-ups × parameters × seeds as jobs, on this machine or in the queue of a group.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { main } from "../lib/cli/task.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { sweepMeans } from "../lib/report/figures/sweep_means.ts";
import { figureFiles } from "../lib/report/render.ts";
import {
  cancelSweep,
  deadJobs,
  oneStatus,
  retryDead,
  runningJobs,
  statusOf,
} from "../lib/sweep/ask.ts";
import { ownCode } from "../lib/sweep/identity.ts";
import { writeModels } from "../lib/sweep/models.ts";
import {
  DEFAULT_FOLDER,
  queueFlags,
  type QueuePlace,
  queuePlace,
  requireQueue,
} from "../lib/sweep/place.ts";
import { Queue } from "../lib/sweep/queue.ts";
import { meansOf, metricOf, resultFiles, resultsOf } from "../lib/sweep/results.ts";
import { hearStop, workOffSweep } from "../lib/sweep/run.ts";
import { shippedSpecs } from "../lib/sweep/shipped.ts";
import {
  deadTable,
  meansTable,
  ofMetric,
  runningTable,
  statusTable,
} from "../lib/sweep/shown_results.ts";
import { readSweep } from "../lib/sweep/spec.ts";
import { submit } from "../lib/sweep/submit.ts";
import { oneOf } from "../lib/text/nearest.ts";
import { shellPath, shellWord } from "../lib/text/shell.ts";

const COMMANDS = ["status", "results", "dead", "retry", "cancel"] as const;

await main({
  name: "sweep",
  summary: "Runs set-ups × parameters × seeds as jobs, on all cores of this machine, or\n" +
    "in the queue of a group, on which deno task worker works. SPEC is a file, or\n" +
    `one that comes along: ${Object.keys(shippedSpecs).join(", ")}. With a command and the\n` +
    "name of a sweep:\n" +
    "  status    how far it is and what is at work; of all sweeps without a name\n" +
    "  results   mean and interval by configuration, as a table, CSV and chart\n" +
    "  dead      what failed for good, and why\n" +
    "  retry     lets that be tried again\n" +
    "  cancel    ends it; sweeping again goes on",
  positionals: "SPEC|COMMAND [NAME]",
  options: {
    ...queueFlags,
    slots: { type: "integer", min: 1, max: 1024, help: "jobs at a time (default: one per core)" },
    models: {
      type: "string",
      placeholder: "DIR",
      help: "large models; all workers share it (default FOLDER/models)",
    },
    metric: { type: "string", placeholder: "NAME", help: "what results shows and draws" },
    out: { type: "string", placeholder: "DIR", help: "results (default FOLDER/<name>)" },
    "with-models": { type: "boolean", help: "results: write the models as well" },
  },
  async run(flags, [what, name]) {
    const place = await queuePlace(flags.queue, flags.folder);
    const command = COMMANDS.find((command) => command === what);
    if (command === undefined) {
      if (name !== undefined) oneOf("the command", what, COMMANDS);
      return await start(place, what, flags);
    }
    if (name === undefined && command !== "status") {
      throw new Error(`${command} needs the name of a sweep: deno task sweep ${command} NAME`);
    }
    await requireQueue(place);
    await using queue = await Queue.open(place, { supervise: false });
    if (name === undefined) {
      const all = await statusOf(queue);
      return console.log(all.length === 0 ? "There is no sweep yet." : statusTable(all));
    }
    const status = await oneStatus(queue, name);
    switch (command) {
      case "status": {
        const running = await runningJobs(queue, name);
        console.log([
          statusTable([status]),
          ...(running.length > 0 ? [runningTable(running)] : []),
        ].join("\n\n"));
        return;
      }
      case "results":
        return await showResults(queue, name, flags);
      case "dead": {
        const dead = await deadJobs(queue, name);
        return console.log(dead.length === 0 ? `Nothing of ${name} is dead.` : deadTable(dead));
      }
      case "retry":
        return console.log(`${await retryDead(queue, name)} jobs of ${name} are tried again`);
      case "cancel":
        return console.log(`${await cancelSweep(queue, name)} jobs of ${name} were cancelled`);
    }
  },
});

interface Flags {
  readonly queue: string | undefined;
  readonly folder: string;
  readonly slots: number | undefined;
  readonly models: string | undefined;
  readonly metric: string | undefined;
  readonly out: string | undefined;
  readonly "with-models": boolean;
}

/** Submits a sweep; without the queue of a group, works it off here. */
async function start(place: QueuePlace, spec: string, flags: Flags): Promise<void> {
  if (place.kind === "server" && flags.slots !== undefined) {
    throw new Error("--slots goes with a queue of this machine; those of a group are its workers'");
  }
  const sweep = await readSweep(spec);
  const code = await ownCode();
  const signal = hearStop();
  await using queue = await Queue.open(place, { supervise: place.kind === "folder", signal });
  const { jobs, added, resumed } = await submit(queue, sweep, code);
  const there = jobs - added - resumed;
  console.log(
    `Sweep ${sweep.name}: ${jobs} jobs, ${added} added` +
      `${resumed > 0 ? `, ${resumed} resumed` : ""}${there > 0 ? `, ${there} there already` : ""}`,
  );
  if (place.kind === "server") {
    const queue = placeFlags(flags);
    console.log(
      `Work on it, on any machine:  deno task worker${queue}\n` +
        `How far it is:               deno task sweep status ${sweep.name}${queue}\n` +
        `What came of it:             deno task sweep results ${sweep.name}${queue}`,
    );
    return;
  }
  await workOffSweep(queue, code, sweep.name, {
    slots: flags.slots ?? navigator.hardwareConcurrency,
    models: modelsOf(flags),
  });
  await showResults(queue, sweep.name, flags);
  const { dead } = await oneStatus(queue, sweep.name);
  if (dead === 0) return;
  throw new Error(
    `${dead} of ${jobs} jobs are dead; deno task sweep dead ${sweep.name} says why, and retry tries ` +
      "them again",
  );
}

async function showResults(queue: Queue, name: string, flags: Flags): Promise<void> {
  const means = await meansOf(queue, name);
  const { done, jobs } = await oneStatus(queue, name);
  if (means.length === 0) return console.log(`Nothing of ${name} is done yet, of ${jobs} jobs.`);
  const rows = ofMetric(means, flags.metric ?? await metricOf(queue, name));
  const results = await resultsOf(queue, name);
  const out = flags.out ?? `${flags.folder}/${name}`;
  await writeTogether(out, {
    ...resultFiles(means, results),
    ...await figureFiles({ results: sweepMeans(rows, name) }),
  });
  if (flags["with-models"]) await writeModels(queue, results, modelsOf(flags), out);
  console.log(`\n${meansTable(rows)}`);
  if (done < jobs) console.log(`\n${done} of ${jobs} jobs are done.`);
  const others = [...new Set(means.map(({ metric }) => metric))]
    .filter((metric) => metric !== rows[0].metric);
  const again = `deno task sweep results ${name}${placeFlags(flags)}`;
  const hasModels = results.some(({ hasModel, folder }) => hasModel || folder !== null);
  console.log(ending("Results", out, {
    ...(others.length > 0 ? { "Another metric": `${again} --metric ${others[0]}` } : {}),
    ...(hasModels && !flags["with-models"] ? { "The models": `${again} --with-models` } : {}),
    "How far it is": `deno task sweep status ${name}${placeFlags(flags)}`,
  }));
}

/** Flags by which the same queue is found again; an address is not repeated, as it may hold a password. */
function placeFlags({ queue, folder }: Flags): string {
  if (queue !== undefined) return ` --queue ${queue.startsWith("@") ? shellWord(queue) : "URL"}`;
  return folder === DEFAULT_FOLDER ? "" : ` --folder ${shellPath(folder)}`;
}

function modelsOf({ models, folder }: Flags): string {
  return models ?? `${folder}/models`;
}
