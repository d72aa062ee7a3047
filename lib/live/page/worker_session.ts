/**
 * The session in this page's own Worker: engine, data and agents are in the page itself, as compressed
 * text, and nothing is asked of any server.
 *
 * @module
 */

/// <reference lib="dom" />

import { unpack } from "../../text/packed.ts";
import type { PageQuestion, PageReply } from "../page_messages.ts";
import type { DayFile, Frame, HomesNow, OfferedFile, Opened, Session } from "../session.ts";

/** Ids of the elements that hold the engine's script and what it plays with. */
export const ENGINE = "engine";
const CONTENTS = "contents";
const SOLVER = "solver";

/** Starts the engine of this page. */
export function workerSession(): Session {
  const started = start();
  let streams = 0;
  const ask = async (question: PageQuestion) => (await started)(question);
  return {
    open: async (opening) => await ask({ kind: "open", opening }) as Opened,
    command: async (run, command) => void await ask({ kind: "command", run, command }),
    listen(run, home) {
      const stream = ++streams;
      const listening = ask({ kind: "listen", stream, run, home });
      return new ReadableStream<Frame>({
        async pull(controller) {
          await listening;
          const { done, value } = await ask({ kind: "next", stream }) as ReadableStreamReadResult<
            Frame
          >;
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void await ask({ kind: "cancel", stream }),
      }, { highWaterMark: 0 });
    },
    look: async (run, step) => await ask({ kind: "look", run, step }) as HomesNow[],
    offer: async (file, text) => await ask({ kind: "offer", file, text }) as OfferedFile,
    takeAway: async (run, file) => await ask({ kind: "take", run, file }) as DayFile,
  };
}

async function start(): Promise<(question: PageQuestion) => Promise<unknown>> {
  const script = new Blob([await bytesOf(ENGINE).text()], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  worker.onmessage = ({ data }: MessageEvent<PageReply>) => {
    const answer = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) answer?.reject(new Error(data.error));
    else answer?.resolve(data.value);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`the engine failed: ${message}`));
    waiting.clear();
  };
  const ask = (question: PageQuestion) => {
    const answer = Promise.withResolvers<unknown>();
    const id = ++asked;
    waiting.set(id, answer);
    worker.postMessage({ id, ...question });
    return answer.promise;
  };
  const solver = document.getElementById(SOLVER) === null
    ? null
    : new Uint8Array(await bytesOf(SOLVER).arrayBuffer());
  await ask({ kind: "contents", text: await bytesOf(CONTENTS).text(), solver });
  return ask;
}

/** What the page carries compressed. */
function bytesOf(id: string): Response {
  return unpack(document.getElementById(id)!.textContent!);
}
