/**
 * The session of a page behind HTTP: the page itself, streams of pictures, commands and files.
 *
 * Commands need the token that the page was served with and an Origin of the server itself, so that
 * no other web page can give them. The Host must be an address or a name that the server was started
 * with, so that a name that is made to point here (DNS rebinding) is no way in. The page may load
 * nothing from elsewhere.
 *
 * @module
 */

import type { Page } from "./bundle.ts";
import { checked } from "../data/json.ts";
import { checkCommand, requests } from "./checks.ts";
import { quoted } from "../text/shown.ts";
import { LARGEST_OFFER } from "./offered.ts";
import { isOwnName } from "./host_name.ts";
import type { Frame, Session } from "./session.ts";

/** What the server needs. */
export interface ServerOptions {
  /** The page's files. */
  readonly page: Page;
  /** What plays. */
  readonly session: Session;
  /** Secret of the page. */
  readonly token: string;
  /** Name or address that the server was told to listen at. */
  readonly host: string;
}

const LARGEST_REQUEST = 16_384;

const LONGEST_ADDRESS = 4000;

/** After so long without news a comment shows that the connection is alive. [ms] */
const HEARTBEAT_MS = 15_000;

const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** An answer that is no success. */
class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Answers requests. */
export function createHandler(options: ServerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      requireHost(request, options.host);
      const { pathname } = new URL(request.url);
      return request.method === "POST"
        ? await command(request, pathname, options)
        : await show(request, pathname, options);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const status = error instanceof Refusal ? error.status : 400;
      return json({ error: message }, status);
    }
  };
}

async function show(
  request: Request,
  path: string,
  { page, token, session }: ServerOptions,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new Refusal(405, `${request.method} is not understood; use GET or POST`);
  }
  const search = new URL(request.url).searchParams;
  const file = page.get(path);
  if (file !== undefined) {
    const body = path === "/" ? String(file.body).replace("{{token}}", token) : file.body;
    return answer(body, file.type);
  }
  const run = search.get("run") ?? "";
  if (path === "/api/events") {
    const home = search.get("home");
    const frames = session.listen(run, home === null ? null : wholeNumber("home", home));
    return answer(eventStream(frames), "text/event-stream");
  }
  if (path === "/api/homes") {
    return json(await session.look(run, wholeNumber("step", search.get("step") ?? "")));
  }
  if (path.startsWith("/api/export/")) {
    const { body, type } = await session.takeAway(run, path.slice("/api/export/".length));
    return answer(body, type, { "content-disposition": "attachment" });
  }
  throw new Refusal(404, `there is nothing at ${path}`);
}

async function command(
  request: Request,
  path: string,
  { token, session }: ServerOptions,
): Promise<Response> {
  requirePage(request, token);
  // A file is longer in JSON than it is: every quotation mark takes two characters.
  const body = await readBody(request, path === "/api/offer" ? 2 * LARGEST_OFFER : LARGEST_REQUEST);
  switch (path) {
    case "/api/open": {
      // The address to open is that of the request: with a long body it would not be noticed when
      // the page goes.
      const query = new URL(request.url).search;
      if (query.length > LONGEST_ADDRESS) {
        throw new Refusal(414, `an address has at most ${LONGEST_ADDRESS} characters`);
      }
      const opening = { query, ...checked(body, requests.open, "open") };
      return json(await session.open(opening, request.signal));
    }
    case "/api/command": {
      const { run, command } = checked(body, requests.command, "request");
      await session.command(run, checkCommand(command));
      return json({ done: true });
    }
    case "/api/offer": {
      const { file, text } = checked(body, requests.offer, "request");
      return json(await session.offer(file, text));
    }
    default:
      throw new Refusal(404, `there is nothing to command at ${path}`);
  }
}

/** Whether the request is addressed to a name of this server. */
function requireHost(request: Request, host: string): void {
  const name = request.headers.get("host");
  if (isOwnName(name, host)) return;
  throw new Refusal(
    421,
    `this server is not called ${
      quoted(name ?? "")
    }; use its address, or start it with --host NAME`,
  );
}

/** Whether the request comes from the server's own page. */
function requirePage(request: Request, token: string): void {
  const origin = request.headers.get("origin");
  const own = `http://${request.headers.get("host")}`;
  if (origin !== own) {
    throw new Refusal(403, `commands are taken from ${own} only, got origin ${origin ?? "none"}`);
  }
  if (request.headers.get("x-page-token") !== token) {
    throw new Refusal(403, "this page is from an earlier start of the server; reload it");
  }
}

async function readBody(request: Request, largest: number): Promise<unknown> {
  if (!(request.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new Refusal(415, "a command is JSON; send it as application/json");
  }
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of request.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largest) {
      throw new Refusal(413, `a command has at most ${largest} characters`);
    }
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "the command is not JSON");
  }
}

/** Frames as server-sent events. */
function eventStream(frames: ReadableStream<Frame>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const reader = frames.getReader();
  let next: ReturnType<typeof reader.read> | null = null;
  return new ReadableStream({
    async pull(controller) {
      next ??= reader.read();
      const read = await within(HEARTBEAT_MS, next);
      if (read === null) return controller.enqueue(encoder.encode(": alive\n\n"));
      next = null;
      if (read.done) return controller.close();
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(read.value)}\n\n`));
    },
    cancel: () => reader.cancel(),
  }, { highWaterMark: 0 });
}

/** What `promise` comes to within `ms`, or `null`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Refusal(400, `${name} must be a number, got "${text}"`);
  return Number(text);
}

function json(value: unknown, status = 200): Response {
  return answer(JSON.stringify(value), "application/json", {}, status);
}

function answer(body: BodyInit, type: string, headers: HeadersInit = {}, status = 200): Response {
  return new Response(body, {
    status,
    headers: { ...SECURITY_HEADERS, "content-type": type, ...headers },
  });
}
