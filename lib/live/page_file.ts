/**
 * One HTML file that plays by itself: the page, the engine for its Worker, and what it plays with. It
 * asks for nothing from anywhere, and may not.
 *
 * @module
 */

import { formatMoment } from "./address.ts";
import type { Moment } from "./session.ts";
import { sha256Hex } from "../sha256.ts";
import { fetchSolver } from "../policies/solver.ts";
import { bundleScript } from "../programs/bundle.ts";
import { pack } from "../text/packed.ts";
import { bundlePage } from "./bundle.ts";
import { contentsText, type PageContents } from "./page_contents.ts";

/** What a file carries beside its contents. */
export interface PageFileOptions {
  /** Whether it plans: with the solver, which is two thirds of such a file. */
  readonly planners?: boolean;
  /** The moment that it opens at; the beginning of the day of its contents if absent. */
  readonly moment?: Moment;
}

/**
 * The file's text.
 *
 * @throws {Error} If a script cannot be bundled, or the solver cannot be fetched.
 */
export async function pageFile(
  contents: PageContents,
  { planners = false, moment }: PageFileOptions = {},
): Promise<string> {
  const binary = planners ? await solverBinary() : null;
  const page = await bundlePage();
  const [html, style, icon, script] = ["/", "/page.css", "/icon.svg", "/page.js"]
    .map((path) => page.get(path)!.body);
  const worker = planners ? "page_worker_planners.ts" : "page_worker.ts";
  const engine = await bundleScript(new URL(worker, import.meta.url), "iife");
  const hash = Uint8Array.fromHex(await sha256Hex(script)).toBase64();
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; " +
    `script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:; worker-src blob:; ` +
    "base-uri 'none'; form-action 'none'";
  const carried = async (id: string, part: BlobPart) =>
    `<script type="text/plain" id="${id}">${await pack(part)}</script>`;
  const query = moment && formatMoment(moment).replaceAll("&", "&amp;");
  const head = [
    ...(query === undefined ? [] : [`<meta name="moment" content="${query}">`]),
    `<meta http-equiv="content-security-policy" content="${policy}">`,
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">`,
    `<style>${style}</style>`,
  ];
  const body = [
    await carried("engine", engine),
    await carried("contents", contentsText(contents)),
    ...(binary === null ? [] : [await carried("solver", binary)]),
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

async function solverBinary(): Promise<Uint8Array<ArrayBuffer>> {
  await fetchSolver();
  return await Deno.readFile(new URL(import.meta.resolve("highs/runtime")));
}
