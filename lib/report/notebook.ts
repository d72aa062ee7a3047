/**
 * Notebooks as files: what is in them, and the report that an executed one becomes.
 *
 * @module
 */

import { z } from "zod";
import { parseJson } from "../data/json.ts";
import { codeHtml, drawnFigureHtml, escapeHtml, markdownHtml } from "./html.ts";
import { LIVE_PAGE, LIVE_PAGE_TYPE, PIECE_TYPE } from "./pieces/embedded.ts";
import { NARROW_SVG } from "./show.ts";

/** Jupyter stores a text as one string or as its lines. */
const text = z.union([z.string(), z.array(z.string())]).transform((lines) =>
  typeof lines === "string" ? lines : lines.join("")
);

const output = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.string(), text }),
  z.object({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
  z.object({ output_type: z.literal("display_data"), data: z.record(z.string(), z.unknown()) }),
  z.object({ output_type: z.literal("execute_result"), data: z.record(z.string(), z.unknown()) }),
]);

const cell = z.discriminatedUnion("cell_type", [
  z.object({ cell_type: z.literal("markdown"), source: text }),
  z.object({
    cell_type: z.literal("code"),
    source: text,
    outputs: z.array(output),
    execution_count: z.number().nullable(),
  }),
]);

const notebook = z.object({
  cells: z.array(cell).min(1),
  metadata: z.object({ title: z.string().optional(), figure: z.int().min(0).optional() })
    .optional(),
});

/** What a cell displayed, printed or threw. */
export type Output = z.infer<typeof output>;
/** A cell. */
export type Cell = z.infer<typeof cell>;
/** A notebook. */
export type Notebook = z.infer<typeof notebook>;

/**
 * Reads the text of an `.ipynb` file.
 *
 * @param source Named in errors.
 * @throws {RangeError} If it is no notebook.
 */
export function parseNotebook(json: string, source: string): Notebook {
  return parseJson(json, notebook, source);
}

/** The first heading of a notebook. */
export function notebookTitle({ cells }: Notebook): string {
  const [first] = cells;
  const heading = /^# (.+)$/m.exec(first.source)?.[1];
  if (heading === undefined) throw new RangeError("a notebook begins with a heading: # Title");
  return heading;
}

/** What a notebook is about, in the words of its field: its metadata's title, or else its heading. */
export function notebookSubject(notebook: Notebook): string {
  return notebook.metadata?.title ?? notebookTitle(notebook);
}

/** The claim of a chapter: the quotation under its heading. */
export function notebookClaim({ cells }: Notebook): string {
  const lines = /^(?:> .*\n?)+/m.exec(cells[0].source)?.[0];
  if (lines === undefined) throw new RangeError("a notebook states its claim: > under the title");
  return lines.replaceAll(/^> /gm, "").replaceAll(/\s+/g, " ").trim();
}

/** The program of a notebook: its code cells one after the other. */
export function notebookCode({ cells }: Notebook): string {
  return cells.filter((cell) => cell.cell_type === "code").map(({ source }) => source).join("\n\n");
}

/**
 * The figure that stands for an executed notebook, as SVG: the one of its metadata's number, from 0, or
 * else its first; `undefined` if it has none.
 */
export function notebookPicture(notebook: Notebook): string | undefined {
  return notebookFigures(notebook)[notebook.metadata?.figure ?? 0];
}

/** Every figure of an executed notebook as SVG, wide. */
function notebookFigures(notebook: Notebook): string[] {
  return shownAs("image/svg+xml", notebook);
}

/** Everything of a media type that an executed notebook shows. */
function shownAs(type: string, { cells }: Notebook): string[] {
  return cells.flatMap((cell) => cell.cell_type === "code" ? cell.outputs : [])
    .flatMap((output) => "data" in output ? [output.data[type]] : [])
    .filter((shown) => shown !== undefined).map(textOf);
}

/** Names of the live pieces of an executed notebook. */
export function notebookPieces(notebook: Notebook): string[] {
  return shownAs(PIECE_TYPE, notebook);
}

/** Whether an executed notebook shows the page in which a community trades live. */
export function showsLivePage(notebook: Notebook): boolean {
  return shownAs(LIVE_PAGE_TYPE, notebook).length > 0;
}

/** An executed notebook as the body of a page. */
export function notebookHtml({ cells }: Notebook): string {
  return cells.map((cell) => {
    if (cell.cell_type === "markdown") {
      return markdownHtml(cell.source).replaceAll(/href="(\w+)\.ipynb"/g, 'href="$1.html"');
    }
    const silent = cell.outputs.length === 0 && /\bassert\w*\(/.test(cell.source);
    const code = codeHtml(cell.source, silent ? "Checked by assertions" : "Code");
    return `${cell.outputs.map(outputHtml).join("\n")}\n${code}`;
  }).join("\n");
}

/** Beside text it is small: the link shows it in a window of its own. */
const LIVE_PAGE_HTML = `<section class="piece"><iframe src="${LIVE_PAGE}" loading="lazy" ` +
  `title="A community that trades live"></iframe><p><a href="${LIVE_PAGE}">Open it in a window of ` +
  "its own</a></p></section>";

function outputHtml(output: Output): string {
  if (output.output_type === "stream") return `<pre>${escapeHtml(output.text)}</pre>`;
  if (output.output_type === "error") {
    return `<pre>${escapeHtml(`${output.ename}: ${output.evalue}`)}</pre>`;
  }
  const { data } = output;
  if (data["image/svg+xml"] !== undefined) {
    const narrow = data[NARROW_SVG], piece = data[PIECE_TYPE];
    const figure = drawnFigureHtml(
      textOf(data["image/svg+xml"]),
      narrow === undefined ? undefined : textOf(narrow),
    );
    if (piece === undefined) return figure;
    return `<section class="piece" data-piece="${escapeHtml(textOf(piece))}">${figure}</section>`;
  }
  if (data[LIVE_PAGE_TYPE] !== undefined) return LIVE_PAGE_HTML;
  if (data["text/html"] !== undefined) return textOf(data["text/html"]);
  if (data["text/markdown"] !== undefined) return markdownHtml(textOf(data["text/markdown"]));
  return `<pre>${escapeHtml(textOf(data["text/plain"] ?? ""))}</pre>`;
}

function textOf(stored: unknown): string {
  return Array.isArray(stored) ? stored.join("") : String(stored);
}
