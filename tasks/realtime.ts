/**
 * `deno task realtime`: a page in which a community trades live.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { bundlePage } from "../lib/live/bundle.ts";
import { listen } from "../lib/live/listen.ts";
import { Offers } from "../lib/live/offers.ts";
import { Runs } from "../lib/live/runs.ts";
import { createHandler } from "../lib/live/server.ts";
import { catchStop, endIfAsked, stopSignal } from "../lib/cli/stop.ts";

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
    data: {
      type: "string",
      placeholder: "synthetic|DIR",
      help: "a data set folder that is not in data/ (those are found by themselves)",
    },
  },
  async run({ port, host, model, data }) {
    const page = await bundlePage();
    const offers = new Offers({
      ...(model === undefined ? {} : { model }),
      ...(data === undefined ? {} : { data }),
    });
    const runs = new Runs(offers);
    // The first page is then there at once, and what cannot be played is said before it is opened.
    await runs.open({ query: "", run: null, reload: false });
    const { hint } = await offers.choices();
    const token = crypto.randomUUID();
    const server = listen(
      { host, port, firstPort: FIRST_PORT },
      (hosts) => createHandler({ page, offers, runs, token, hosts }),
    );
    if (hint !== null) console.log(hint.replace(" and reload the page", ""));
    console.log(`Open ${server.url} in a browser; Ctrl+C ends it.`);
    catchStop("the slot in work");
    const stop = Promise.withResolvers<void>();
    stopSignal().addEventListener("abort", () => stop.resolve());
    await Promise.race([server.finished, stop.promise]);
    await endIfAsked("a page's address plays what it showed again once this task runs");
  },
});
