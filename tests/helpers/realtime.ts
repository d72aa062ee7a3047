/** A dashboard's server in this process, with a page that is not bundled. */

import { takeAwayFile } from "../../lib/live/day_files.ts";
import { Engine } from "../../lib/live/engine.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import { createHandler } from "../../lib/live/server.ts";
import type { Command, DayDescription, Frame, Setup, Sources } from "../../lib/live/session.ts";

/** A server to ask. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly engine: Engine;
  /** A POST request as the page makes it, with whatever is to differ. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Opens an address and answers the run's name. */
  open(query: string, run?: string | null, reload?: boolean): Promise<string>;
  /** Gives a command, and answers the error or `null`. */
  command(run: string, command: Command): Promise<string | null>;
}

/** What is played unless a test says otherwise. */
export const SETUP: Setup = {
  data: "synthetic",
  prosumers: 4,
  day: "2025-01-15",
  scenario: "none",
  policy: "self-consumption",
  compare: null,
  seed: 42,
  atEnd: "stop",
};

/** The address of {@linkcode SETUP} after some slots. */
export function addressOf(step: number, more = ""): string {
  return `?data=synthetic&prosumers=4&day=2025-01-15&policy=self-consumption&seed=42&step=${step}${more}`;
}

/** Names of runs: the first is `run-1`. */
export function counted(): () => string {
  let runs = 0;
  return () => `run-${++runs}`;
}

/** Starts a server that was told to listen at `name`; `wrap` may look at what it plays. */
export function serve(
  name = "127.0.0.1",
  wrap: (sources: Sources) => Sources = (sources) => sources,
): TestServer {
  const sources = new MachineSources({});
  const engine = new Engine(wrap(sources), counted(), takeAwayFile);
  const token = "the-token";
  const page = new Map([["/", { body: "token {{token}}", type: "text/html" }]]);
  let handler: ReturnType<typeof createHandler> | null = null;
  const closing = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: closing.signal },
    (request) => handler!(request),
  );
  const host = `127.0.0.1:${server.addr.port}`;
  handler = createHandler({ page, session: engine, token, host: name });
  const url = `http://${host}`;
  const post: TestServer["post"] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "origin": url,
        "x-page-token": token,
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return {
    url,
    token,
    engine,
    post,
    async open(query, run = null, reload = false) {
      const answer = await (await post(`/api/open${query}`, { run, reload })).json();
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.run;
    },
    async command(run, command) {
      const answer = await (await post("/api/command", { run, command })).json();
      return answer.error ?? null;
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      // A viewer may still be reading, where a test has failed.
      closing.abort();
      await server.finished;
      sources.close();
    },
  };
}

/** Reads frames of a run one by one. */
export interface FrameReader {
  next(): Promise<Frame>;
  close(): Promise<void>;
}

/** Watches a run as a page does. */
export async function watch(url: string, run: string, home?: number): Promise<FrameReader> {
  const query = home === undefined ? "" : `&home=${home}`;
  const response = await fetch(`${url}/api/events?run=${run}${query}`);
  if (!response.ok) throw new Error((await response.json()).error);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error("the stream has ended");
          text += decoder.decode(value, { stream: true });
          continue;
        }
        const message = text.slice(0, end);
        text = text.slice(end + 2);
        if (message.startsWith("data: ")) return JSON.parse(message.slice(6));
      }
    },
    close: () => reader.cancel(),
  };
}

/** Reads until a frame is as wanted. */
export async function frameWhere(
  reader: FrameReader,
  wanted: (frame: Frame) => boolean,
): Promise<Frame> {
  for (;;) {
    const frame = await reader.next();
    if (wanted(frame)) return frame;
  }
}

/** What does not change of a run from slot to slot. */
export async function descriptionOf(url: string, run: string): Promise<DayDescription> {
  const reader = await watch(url, run);
  const { day } = await reader.next();
  await reader.close();
  return day!;
}
