/**
 * Modules as one script for a browser, which then asks for nothing else.
 *
 * @module
 */

/**
 * Modules as one script.
 *
 * @param entry Address of the module that begins.
 * @param format `iife` for a classic Worker, `esm` for a page.
 * @throws {Error} If they cannot be bundled; the message says why.
 */
export async function bundleScript(entry: URL, format: "esm" | "iife"): Promise<string> {
  const result = await Deno.bundle({
    entrypoints: [entry.href],
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
