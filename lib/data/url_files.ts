/**
 * The files below a web address, to import a CityLearn data set from: within limits of size and time,
 * from the server that was named and from below the folder that was named.
 *
 * @module
 */

import { byteText, readStreamWithin } from "./bounded_file.ts";
import type { CityLearnFiles } from "./citylearn.ts";
import { SCHEMA_FILE } from "./citylearn_schema.ts";
import { parseCsv } from "./read_table.ts";
import { shown } from "../text/shown.ts";
import { sha256Hex } from "../sha256.ts";

/** How much of a server is put up with. */
export interface UrlLimits {
  /** Largest size of a file; 64 MiB if absent. [bytes] */
  readonly maxBytes?: number;
  /** Longest time until a server begins to answer; 15 s if absent. [ms] */
  readonly connectMs?: number;
  /** Longest time for a file; 60 s if absent. [ms] */
  readonly timeoutMs?: number;
  /** Largest size of all files together; 1 GiB if absent. [bytes] */
  readonly maxTotalBytes?: number;
  /** Longest time for all files together; 10 min if absent. [ms] */
  readonly totalMs?: number;
}

/** Files of a server, and a fingerprint of those that were asked for. */
export interface UrlFiles extends CityLearnFiles {
  /** SHA-256 over names and contents of all files so far, whatever their order. [hex] */
  sha256(): Promise<string>;
}

const MOST_REDIRECTS = 5;

/**
 * Files at `url`, an http(s) address of a folder or of its `schema.json`.
 *
 * @throws {RangeError} If `url` is no such address; reading throws `Error` naming the address.
 */
export function urlFiles(url: string, limits: UrlLimits = {}): UrlFiles {
  const { maxTotalBytes = 2 ** 30, totalMs = 600_000 } = limits;
  const base = folderAddress(url);
  const contents = new Map<string, string>();
  const end = performance.now() + totalMs;
  let bytesLeft = maxTotalBytes;
  const text = async (file: string) => {
    const known = contents.get(file);
    if (known !== undefined) return known;
    const msLeft = end - performance.now();
    if (msLeft <= 0) throw new Error(`${base}: the files take longer than ${totalMs / 1000} s`);
    const content = await download(new URL(file, base), base, {
      maxBytes: Math.min(limits.maxBytes ?? 64 * 2 ** 20, bytesLeft),
      connectMs: limits.connectMs ?? 15_000,
      timeoutMs: Math.min(limits.timeoutMs ?? 60_000, msLeft),
    });
    bytesLeft -= new TextEncoder().encode(content).length;
    contents.set(file, content);
    return content;
  };
  const table = async (file: string) => await parseCsv(await text(file), file);
  return { text, table, sha256: () => fingerprint(contents) };
}

function folderAddress(url: string): URL {
  const base = URL.parse(url);
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    throw new RangeError(
      `must be an http(s) address of a folder or a ${SCHEMA_FILE}, got "${url}"`,
    );
  }
  if (base.pathname.endsWith(`/${SCHEMA_FILE}`)) return new URL(".", base);
  return new URL(base.pathname.endsWith("/") ? "." : `${base.pathname}/`, base);
}

type FileLimits = Required<Pick<UrlLimits, "maxBytes" | "connectMs" | "timeoutMs">>;

async function download(
  url: URL,
  base: URL,
  { maxBytes, connectMs, timeoutMs }: FileLimits,
): Promise<string> {
  const connecting = new AbortController();
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(timeoutMs)]);
  const timer = setTimeout(() => connecting.abort(), connectMs);
  try {
    if (!url.href.startsWith(base.href)) throw new Error("it leads out of the folder");
    const response = await follow(url, signal);
    clearTimeout(timer);
    return await content(response, maxBytes);
  } catch (error) {
    const reason = connecting.signal.aborted
      ? `no answer within ${connectMs / 1000} s`
      : signal.aborted
      ? `no complete answer within ${timeoutMs / 1000} s`
      : shown((error as Error).message, 200);
    throw new Error(`${url}: ${reason}; check the address and the server`);
  } finally {
    clearTimeout(timer);
  }
}

/** Follows redirects, but neither to another server nor to another protocol. */
async function follow(url: URL, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(at, { signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, at);
    if (next?.origin !== url.origin) {
      throw new Error(`the server sends on to ${next?.origin ?? "no address"}; name that address`);
    }
    at = next;
  }
  throw new Error(`the server sends on more than ${MOST_REDIRECTS} times`);
}

async function content(response: Response, maxBytes: number): Promise<string> {
  const { ok, status, statusText, body, headers } = response;
  if (!ok || body === null) {
    await body?.cancel();
    throw new Error(`the server answers ${status} ${statusText}`);
  }
  if (headers.get("content-type")?.startsWith("text/html")) {
    await body.cancel();
    throw new Error("the server answers with a page, not with a file");
  }
  const stated = Number(headers.get("content-length") ?? 0);
  if (stated > maxBytes) {
    await body.cancel();
    throw new Error(`the file is larger than ${byteText(maxBytes)}`);
  }
  return await readStreamWithin(body, maxBytes, "the file");
}

async function fingerprint(contents: ReadonlyMap<string, string>): Promise<string> {
  const sorted = [...contents].sort(([a], [b]) => a < b ? -1 : 1);
  return await sha256Hex(JSON.stringify(sorted));
}
