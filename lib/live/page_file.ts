/**
 * One HTML file that plays by itself: the page, the engine for its Worker, and what it plays with. It
 * asks for nothing from anywhere, and may not.
 *
 * @module
 */

import { sha256Hex } from "../sha256.ts";
import { bundlePage, bundleScript } from "./bundle.ts";
import { contentsText, type PageContents } from "./page_contents.ts";

/**
 * The file's text.
 *
 * @throws {Error} If a script cannot be bundled; the message says why.
 */
export async function pageFile(contents: PageContents): Promise<string> {
  const page = await bundlePage();
  const [html, style, icon, script] = ["/", "/page.css", "/icon.svg", "/page.js"]
    .map((path) => page.get(path)!.body);
  const engine = await bundleScript("../page_worker.ts", "iife");
  const hash = Uint8Array.fromHex(await sha256Hex(script)).toBase64();
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; " +
    `script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:; worker-src blob:; ` +
    "base-uri 'none'; form-action 'none'";
  const carried = async (id: string, text: string) =>
    `<script type="text/plain" id="${id}">${await gzipBase64(text)}</script>`;
  const head = [
    `<meta http-equiv="content-security-policy" content="${policy}">`,
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">`,
    `<style>${style}</style>`,
  ];
  const body = [
    await carried("engine", engine),
    await carried("contents", contentsText(contents)),
    `<script type="module">${script}</script>`,
  ];
  return html
    .replace(/<meta name="token".*>\n/, "")
    .replace(
      /<link rel="icon".*>\n\s*<link rel="stylesheet".*>\n\s*<script.*<\/script>/,
      () => head.join("\n"),
    )
    .replace("</body>", () => `${body.join("\n")}\n</body>`);
}

async function gzipBase64(text: string): Promise<string> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(packed).bytes()).toBase64();
}
