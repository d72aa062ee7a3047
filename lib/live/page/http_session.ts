/**
 * The session behind this page's server.
 *
 * @module
 */

/// <reference lib="dom" />

import type {
  Command,
  DayFile,
  Frame,
  HomesNow,
  OfferedFile,
  Opened,
  Opening,
  Session,
} from "../session.ts";

const token = document.querySelector<HTMLMetaElement>('meta[name="token"]')?.content ?? "";

/** Talks to the server that the page came from. */
export const httpSession: Session = {
  async open({ query, run, reload }: Opening) {
    return await post(`/api/open?${query}`, { run, reload }) as Opened;
  },
  async command(run: string, command: Command) {
    await post("/api/command", { run, command });
  },
  listen(run: string, home: number | null) {
    const query = new URLSearchParams({ run });
    if (home !== null) query.set("home", String(home));
    const source = new EventSource(`/api/events?${query}`);
    return new ReadableStream<Frame>({
      start(controller) {
        source.onmessage = ({ data }) => controller.enqueue(JSON.parse(data));
        source.onerror = () => {
          source.close();
          controller.error(new Error("the connection is lost"));
        };
      },
      cancel: () => source.close(),
    });
  },
  async look(run: string, step: number) {
    const query = new URLSearchParams({ run, step: String(step) });
    return await (await request(`/api/homes?${query}`)).json() as HomesNow[];
  },
  async offer(file: string, text: string) {
    return await post("/api/offer", { file, text }) as OfferedFile;
  },
  async takeAway(run: string, file: string): Promise<DayFile> {
    const response = await request(`/api/export/${file}?${new URLSearchParams({ run })}`);
    const type = response.headers.get("content-type") ?? "";
    return { body: new Uint8Array(await response.arrayBuffer()), type };
  },
};

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await request(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-page-token": token },
    body: JSON.stringify(body),
  });
  return await response.json();
}

async function request(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("the server does not answer; is it still running?");
  }
  if (!response.ok) throw new Error((await response.json()).error);
  return response;
}
