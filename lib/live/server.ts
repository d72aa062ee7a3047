/**
 * The server of the real-time dashboard: the page, streams of pictures, commands and exports.
 *
 * Commands need the token that the page was served with and an Origin of the server itself, so that
 * no other web page can give them. The Host must be one that the server was reached by on purpose,
 * so that a name that is made to point here (DNS rebinding) is no way in. The page may load nothing
 * from elsewhere.
 *
 * @module
 */

import type { Page } from "./bundle.ts";
import { check, checkCommand, requests } from "./checks.ts";
import { exportOf } from "./exports.ts";
import type { Offers } from "./offers.ts";
import type { Runs } from "./runs.ts";
import { framesOf } from "./viewer.ts";

/** What the server needs. */
export interface ServerOptions {
  /** The page's files. */
  readonly page: Page;
  /** What there is to choose from. */
  readonly offers: Offers;
  /** What is played. */
  readonly runs: Runs;
  /** Secret of the page. */
  readonly token: string;
  /** Names by which the server may be called; `null` where it is open to the network. */
  readonly hosts: readonly string[] | null;
}

const LARGEST_REQUEST = 16_384;

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
      requireHost(request, options.hosts);
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
  { page, token, runs }: ServerOptions,
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
  const run = () => runs.get(search.get("run") ?? "");
  if (path === "/api/events") {
    const home = search.get("home");
    return answer(framesOf(run(), home === null ? null : wholeNumber(home)), "text/event-stream");
  }
  if (path.startsWith("/api/export/")) {
    const { body, type, name } = await exportOf(run(), path.slice("/api/export/".length));
    return answer(body, type, { "content-disposition": `attachment; filename="${name}"` });
  }
  throw new Refusal(404, `there is nothing at ${path}`);
}

async function command(
  request: Request,
  path: string,
  { offers, token, runs }: ServerOptions,
): Promise<Response> {
  requirePage(request, token);
  const body = await readBody(request);
  switch (path) {
    case "/api/open": {
      const run = await runs.open(check(requests.open, body, "open"));
      return json({ run: run.id, choices: await offers.choices() });
    }
    case "/api/command": {
      const { run, command } = check(requests.command, body, "request");
      await runs.get(run).do(checkCommand(command));
      return json({ done: true });
    }
    default:
      throw new Refusal(404, `there is nothing to command at ${path}`);
  }
}

/** Whether the request is addressed to a name of this server. */
function requireHost(request: Request, hosts: readonly string[] | null): void {
  const host = request.headers.get("host") ?? "";
  if (hosts === null || hosts.includes(host)) return;
  throw new Refusal(421, `this server is not called "${host}"; use http://${hosts[0]}/`);
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

async function readBody(request: Request): Promise<unknown> {
  if (!(request.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new Refusal(415, "a command is JSON; send it as application/json");
  }
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of request.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_REQUEST) {
      throw new Refusal(413, `a command has at most ${LARGEST_REQUEST} characters`);
    }
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "the command is not JSON");
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Refusal(400, `home must be a number, got "${text}"`);
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
