/**
 * The page's files, made ready when the server starts: modules and Plot become one script, so that a
 * browser asks for nothing else and for nothing from elsewhere.
 *
 * @module
 */

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
      body: await bundleScript("main.ts", "esm"),
      type: "text/javascript; charset=utf-8",
    }],
  ]);
}

/**
 * Modules as one script.
 *
 * @param name The module that begins, from the page's folder.
 * @throws {Error} If they cannot be bundled; the message says why.
 */
export async function bundleScript(name: string, format: "esm" | "iife"): Promise<string> {
  const result = await Deno.bundle({
    entrypoints: [new URL(name, FOLDER).href],
    platform: "browser",
    format,
    minify: true,
    write: false,
  });
  const script = result.outputFiles?.[0];
  if (!result.success || script === undefined) {
    const [first] = result.errors;
    throw new Error(`the page cannot be bundled: ${first?.text ?? "no output"}`);
  }
  return script.text();
}
