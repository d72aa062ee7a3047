/**
 * The files below a web address, to import a CityLearn data set from.
 *
 * @module
 */

import type { CityLearnFiles } from "./citylearn.ts";
import { SCHEMA_FILE } from "./citylearn_schema.ts";
import { parseCsv } from "./read_table.ts";

/** How much of a server is put up with. */
export interface UrlLimits {
  /** Largest size of a file; 64 MiB if absent. [bytes] */
  readonly maxBytes?: number;
  /** Longest time for a file; 60 s if absent. [ms] */
  readonly timeoutMs?: number;
}

/**
 * Files at `url`, an http(s) address of a folder or of its `schema.json`.
 *
 * @throws {RangeError} If `url` is no such address; reading throws `Error` naming the address.
 */
export function urlFiles(url: string, limits: UrlLimits = {}): CityLearnFiles {
  const { maxBytes = 64 * 2 ** 20, timeoutMs = 60_000 } = limits;
  const base = folderAddress(url);
  const text = (file: string) => download(new URL(file, base), maxBytes, timeoutMs);
  const table = async (file: string) => await parseCsv(await text(file), file);
  return { text, table };
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

async function download(url: URL, maxBytes: number, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`the server answers ${response.status} ${response.statusText}`);
    }
    let text = "";
    let bytes = 0;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`the file is larger than ${maxBytes} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
    const reason = isTimeout
      ? `no complete answer within ${timeoutMs / 1000} s`
      : (error as Error).message;
    throw new Error(`${url}: ${reason}; check the address and the server`);
  }
}
