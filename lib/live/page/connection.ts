/**
 * How the page talks to the server: it opens a run, listens to its frames, and gives commands.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Choices, Command, Frame } from "../protocol.ts";

/** What the server answers when a run is opened. */
export interface Opened {
  readonly run: string;
  readonly choices: Choices;
}

/** A stream of frames. */
export interface Stream {
  close(): void;
}

const token = document.querySelector<HTMLMetaElement>('meta[name="token"]')?.content ?? "";

/** Opens the run that the address names. */
export async function open(query: string, reload: boolean): Promise<Opened> {
  const search = new URLSearchParams(query);
  const run = search.get("run");
  return await post("/api/open", { query: search.toString(), run, reload }) as Opened;
}

/** Gives a command; the error says why it was refused. */
export async function command(run: string, command: Command): Promise<void> {
  await post("/api/command", { run, command });
}

/**
 * Listens to a run.
 *
 * @param home The home whose day is wanted as well, or `null`.
 */
export function listen(
  run: string,
  home: number | null,
  { frame, lost }: { frame(frame: Frame): void; lost(forGood: boolean): void },
): Stream {
  const query = new URLSearchParams({ run });
  if (home !== null) query.set("home", String(home));
  const source = new EventSource(`/api/events?${query}`);
  source.onmessage = ({ data }) => frame(JSON.parse(data));
  source.onerror = () => lost(source.readyState === EventSource.CLOSED);
  return source;
}

async function post(path: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-page-token": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("the server does not answer; is it still running?");
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
