/**
 * The page's files, made ready when the server starts: modules and Plot become one script, so that a
 * browser asks for nothing else and for nothing from elsewhere.
 *
 * @module
 */

import { bundleScript } from "../programs/bundle.ts";

/** A file as it is served. */
export interface PageFile {
  readonly body: string;
  readonly type: string;
}

/** Files by path. */
export type Page = ReadonlyMap<string, PageFile>;

const FOLDER = new URL("./page/", import.meta.url);

/**
 * Reads and bundles the page.
 *
 * @throws {Error} If the script cannot be bundled; the message says why.
 */
export async function bundlePage(): Promise<Page> {
  const text = (name: string) => Deno.readTextFile(new URL(name, FOLDER));
  return new Map([
    ["/", { body: await text("index.html"), type: "text/html; charset=utf-8" }],
    ["/page.css", { body: await text("page.css"), type: "text/css; charset=utf-8" }],
    ["/icon.svg", { body: await text("icon.svg"), type: "image/svg+xml" }],
    ["/page.js", {
      body: await bundleScript(new URL("main.ts", FOLDER), "esm"),
      type: "text/javascript; charset=utf-8",
    }],
  ]);
}
