/**
 * `deno task realtime`: a page in which a community trades live.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { catchStop, endIfAsked, stopSignal } from "../lib/cli/stop.ts";
import { main } from "../lib/cli/task.ts";
import { bundlePage } from "../lib/live/bundle.ts";
import { takeAwayFile } from "../lib/live/day_files.ts";
import { Engine } from "../lib/live/engine.ts";
import { listen } from "../lib/live/listen.ts";
import { MachineSources, MODEL } from "../lib/live/machine_sources.ts";
import { pageFile } from "../lib/live/page_file.ts";
import { createHandler } from "../lib/live/server.ts";
import type { Moment } from "../lib/live/session.ts";
import {
  datasetOptions,
  datasetSource,
  deviceOptions,
  madeUp,
} from "../lib/experiments/dataset_source.ts";
import { MOST_PROSUMERS } from "../lib/live/checks.ts";
import { policyWords, readPolicyFiles } from "../lib/experiments/policy_file.ts";
import { writeWhole } from "../lib/disk/whole_files.ts";
import { plainPolicies } from "../lib/policies/plain_policies.ts";
import { everyPolicyName } from "../lib/policies/catalog.ts";
import { shown } from "../lib/text/shown.ts";

const FIRST_PORT = 8000;

await main({
  name: "realtime",
  summary: "Opens a page in which a community trades live, accelerated, slot by slot.",
  options: {
    port: {
      type: "integer",
      min: 1,
      max: 65_535,
      help: `this port and no other (default: ${FIRST_PORT}, or the next that is free)`,
    },
    host: {
      type: "string",
      default: "127.0.0.1",
      placeholder: "ADDRESS",
      help: "address to listen at; 0.0.0.0 opens the page to the whole network",
    },
    model: {
      type: "string",
      placeholder: "DIR",
      help: "a model folder that is not in runs/ (those are found by themselves)",
    },
    policies: {
      type: "string",
      placeholder: "a[,b]",
      help:
        "who plays at first, and who beside: the page's names, or files such as ./mine.ts whose " +
        "default export is a policy",
    },
    page: {
      type: "string",
      placeholder: "FILE",
      help: "write one HTML file that plays by itself, without a server, instead of serving",
    },
    planners: {
      type: "boolean",
      help: "let the page of --page plan as well: mpc, the optimum, and what is captured of it",
    },
    data: {
      type: "string",
      placeholder: "synthetic|DIR",
      help: "a data set folder that is not in data/ (those are found by themselves)",
    },
    prosumers: {
      type: "integer",
      min: 1,
      max: MOST_PROSUMERS,
      help: "households of the embedded community at first (default 10)",
    },
    ...deviceOptions,
    tariff: datasetOptions.tariff,
    feeder: datasetOptions.feeder,
  },
  async run({ port, host, model, policies, page: file, planners, data, ...homes }) {
    if (planners && file === undefined) {
      throw new RangeError("--planners is of a page that is written; name it with --page FILE");
    }
    // What a folder cannot be asked for is said before anything is opened.
    const source = datasetSource({ data, ...homes });
    const known = [MODEL, ...everyPolicyName];
    const words = policies === undefined ? [] : policyWords("--policies", policies, known);
    if (words.length > 2) {
      throw new RangeError(`--policies must be one or two, side by side, got ${words.length}`);
    }
    const own = await readPolicyFiles(words, known);
    const sources = new MachineSources({
      policies: [...own.values()],
      ...(words.length > 0 && { players: words.map((word) => own.get(word)?.name ?? word) }),
      ...(model === undefined ? {} : { model }),
      ...(data === undefined ? {} : { data }),
      ...(source.data === "synthetic" && { homes: madeUp(source) }),
    });
    if (file !== undefined) {
      // Who names a planner wants a page that plans.
      return await writePage(file, sources, planners || words.some(isPlanner));
    }
    // Who serves writes nothing.
    await Deno.permissions.revoke({ name: "write" });
    const page = await bundlePage();
    const makePage = async (moment: Moment) => {
      const contents = await sources.contents(everyPolicyName, moment.setup);
      return await pageFile(contents, { planners: true, moment });
    };
    const session = new Engine(
      sources,
      () => crypto.randomUUID().slice(0, 8),
      (run, file) => takeAwayFile(run, file, makePage),
    );
    // The first page is then there at once, and what cannot be played is said before it is opened.
    const { choices } = await session.open({ query: "", run: null, reload: false });
    const handler = createHandler({ page, session, token: crypto.randomUUID(), host });
    const { url, notes, finished } = listen({ host, port, firstPort: FIRST_PORT }, handler);
    if (choices.hint !== null) say(choices.hint.replace(" and reload the page", ""));
    for (const note of notes) say(note);
    catchStop("the slot in work");
    say(`Open ${url} in a browser; Ctrl-C ends it.`);
    const stop = Promise.withResolvers<void>();
    stopSignal().addEventListener("abort", () => stop.resolve());
    await Promise.race([finished, stop.promise]);
    await endIfAsked("a page's address plays what it showed again once this task runs");
  },
});

function isPlanner(name: string): boolean {
  return everyPolicyName.includes(name) && !Object.hasOwn(plainPolicies, name);
}

async function writePage(file: string, sources: MachineSources, planners: boolean): Promise<void> {
  const names = planners ? everyPolicyName : Object.keys(plainPolicies);
  const text = await pageFile(await sources.contents(names), { planners });
  await writeWhole(file, text);
  say(
    `${shown(file)} plays by itself (${(text.length / 1e6).toFixed(1)} MB): open it in a browser.`,
  );
}
