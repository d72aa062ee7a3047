/**
 * The engine in a page's own Worker: it answers, one by one, what {@link ./page/worker_session.ts}
 * asks. What begins a Worker calls {@linkcode answerPage}.
 *
 * @module
 */

import { checkCommand } from "./checks.ts";
import { dayCsv } from "./day_csv.ts";
import { Engine } from "./engine.ts";
import { readContents } from "./page_contents.ts";
import { pageSources, type PlannersOf } from "./page_sources.ts";
import type { Frame } from "./session.ts";
import type { PageReply, PageRequest } from "./page_messages.ts";

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<PageRequest>) => void) | null;
  postMessage(reply: PageReply): void;
};

const listening = new Map<number, ReadableStreamDefaultReader<Frame>>();
let engine: Engine | null = null;
let runs = 0;

/** Answers a page from now on; `plannersOf` makes what needs the solver's binary, if there is one. */
export function answerPage(plannersOf?: PlannersOf): void {
  scope.onmessage = async ({ data }) => {
    try {
      scope.postMessage({ id: data.id, value: await answer(data, plannersOf) });
    } catch (error) {
      scope.postMessage({
        id: data.id,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  };
}

async function answer(request: PageRequest, plannersOf?: PlannersOf): Promise<unknown> {
  if (request.kind === "contents") {
    const planners = request.solver && plannersOf && (plannersOf(request.solver) ?? "cannot run");
    const sources = pageSources(readContents(request.text), planners ?? null);
    engine = new Engine(sources, () => `run-${++runs}`, (run, file) => {
      if (file !== "day.csv") throw new RangeError(`a page without a server makes no ${file}`);
      return run.read(() => dayCsv(run.day));
    });
    return null;
  }
  if (engine === null) throw new Error("the page has not given its contents yet");
  switch (request.kind) {
    case "open":
      return await engine.open(request.opening);
    case "command":
      return await engine.command(request.run, checkCommand(request.command));
    case "look":
      return await engine.look(request.run, request.step);
    case "offer":
      return await engine.offer(request.file, request.text);
    case "take":
      return await engine.takeAway(request.run, request.file);
    case "listen":
      listening.set(request.stream, engine.listen(request.run, request.home).getReader());
      return null;
    case "next":
      return await listening.get(request.stream)?.read();
    case "cancel":
      await listening.get(request.stream)?.cancel();
      listening.delete(request.stream);
      return null;
  }
}
