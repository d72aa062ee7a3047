/**
 * Pages that need nothing but themselves: no script, no font and no picture from elsewhere. A policy
 * in the page forbids every request, so that a page that is passed on stays as it was made.
 *
 * @module
 */

import { Marked } from "marked";
import { highlight } from "sugar-high";
import { shown } from "../text/shown.ts";
import { type Figure, NARROW_FIGURE_WIDTH } from "./figure.ts";
import { ENGINE_ID, type PieceScripts } from "./pieces/embedded.ts";
import { renderSvg } from "./render.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** A table for reading. */
export interface TextTable {
  /** Titles of the columns, with units. */
  readonly header: readonly string[];
  /** Cells, row by row; a column of numbers is set to the right. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A page to be written. */
export interface Page {
  /** Title of the window, and of what a search finds. */
  readonly title: string;
  /** A sentence or two for searches and previews; absent for none. */
  readonly description?: string;
  /** Where the page will be found, and the picture of its preview; absent for a page by itself. */
  readonly preview?: PagePreview;
  /** Scripts of the live pieces in it; absent for none. */
  readonly scripts?: PieceScripts;
  /** Whether it shows pages beside it in frames; not if absent. */
  readonly frames?: boolean;
  /** HTML between header and footer. */
  readonly body: string;
  /** Links above the text, from left to right; the one without address is this page. */
  readonly links: readonly PageLink[];
}

/** How a page is shown where somebody passes its address on. */
export interface PagePreview {
  /** File name of the page. */
  readonly page: string;
  /** File name of the picture, in the same folder. */
  readonly picture: string;
  /** Address of the folder, with a slash at its end; `null` where it is not known. */
  readonly site: string | null;
}

/** A link to a page in the same folder. */
export interface PageLink {
  /** What to click on. */
  readonly label: string;
  /** What it leads to, where the label alone does not say it. */
  readonly hint?: string;
  /** File name; absent for the page itself. */
  readonly href?: string;
}

/** What a page may load and send: nothing. Its own style, pictures and scripts are in it. */
function policyOf({ scripts, frames = false }: Pick<Page, "scripts" | "frames">): string {
  const own = scripts === undefined
    ? ""
    : `script-src 'sha256-${scripts.loaderHash}' 'wasm-unsafe-eval' blob:; worker-src blob:; `;
  const beside = frames ? "frame-src 'self'; " : "";
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; ${own}${beside}` +
    "base-uri 'none'; form-action 'none'";
}

/** Addresses that a link may have: http(s), a file beside the page, or a place in it. */
const LINK = /^(?:https?:\/\/|(?!\/\/)[^:/?#]*(?:[/?#]|$))/i;

/** Markdown without markup of its own: HTML in it is text, and a picture is its description. */
const markdown = new Marked({
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const label = this.parser.parseInline(tokens);
      return LINK.test(href) ? `<a href="${escapeHtml(href)}">${label}</a>` : label;
    },
  },
});

/**
 * A page as the text of an HTML file.
 *
 * @example
 * ```ts
 * import { pageHtml } from "./html.ts";
 * const html = pageHtml({ title: "A & B", body: "<h1>A</h1>", links: [] });
 * if (!html.includes("<title>A &amp; B</title>")) throw new Error("titles are escaped");
 * ```
 */
export function pageHtml(page: Page): string {
  const { title, body, links, scripts } = page;
  const items = links.map(({ label, href, hint }) => {
    const words = hint === undefined ? "" : ` title="${escapeHtml(hint)}"`;
    return href === undefined
      ? `<span aria-current="page"${words}>${escapeHtml(label)}</span>`
      : `<a href="${escapeHtml(href)}"${words}>${escapeHtml(label)}</a>`;
  });
  const nav = items.length === 0 ? "" : `<nav aria-label="Chapters">${items.join("\n")}</nav>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyOf(page)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
${metadata(page).join("\n")}
<style>${PAGE_STYLE}</style>
</head>
<body>
${nav}<main>
${body}
</main>${scripts === undefined ? "" : `\n${scriptTags(scripts)}`}
</body>
</html>
`;
}

function scriptTags({ loader, engine }: PieceScripts): string {
  return `<script type="text/plain" id="${ENGINE_ID}">${engine}</script>\n` +
    `<script type="module">${loader}</script>`;
}

/** What searches and previews are told of a page. */
function metadata({ title, description, preview }: Page): string[] {
  const tags: [kind: "name" | "property", key: string, value: string][] = [];
  if (description !== undefined) tags.push(["name", "description", description]);
  if (preview !== undefined) {
    const { page, picture, site } = preview;
    tags.push(
      ["property", "og:type", "article"],
      ["property", "og:title", title],
      ["property", "og:description", description ?? title],
      ["property", "og:image", `${site ?? ""}${picture}`],
      ["name", "twitter:card", "summary_large_image"],
    );
    if (site !== null) tags.push(["property", "og:url", `${site}${page}`]);
  }
  const lines = tags.map(([kind, key, value]) =>
    `<meta ${kind}="${key}" content="${escapeHtml(value)}">`
  );
  if (preview === undefined || preview.site === null) return lines;
  return [...lines, `<link rel="canonical" href="${escapeHtml(preview.site + preview.page)}">`];
}

/** A figure as it is drawn for a screen and for a phone; the page shows the one that fits. */
export function figureHtml(figure: Figure): string {
  return drawnFigureHtml(renderSvg(figure), renderSvg(figure, { width: NARROW_FIGURE_WIDTH }));
}

/** The two drawings of a figure; `narrow` is absent where there is only one. */
export function drawnFigureHtml(wide: string, narrow?: string): string {
  const drawings = narrow === undefined
    ? [`<div>${wide}</div>`]
    : [`<div class="wide">${wide}</div>`, `<div class="narrow">${narrow}</div>`];
  return `<figure>${drawings.join("")}</figure>`;
}

/** Columns that have room on a page. */
const MOST_ROOMY = 7;

/** A table; it scrolls by itself where it is wider than the page. */
export function tableHtml({ header, rows }: TextTable): string {
  const numeric = header.map((_, k) => rows.every((row) => isNumber(row[k])));
  const cell = (tag: string, text: string | number, k: number) =>
    `<${tag}${numeric[k] ? ' class="number"' : ""}>${escapeHtml(String(text))}</${tag}>`;
  const line = (tag: string, cells: readonly (string | number)[]) =>
    `<tr>${cells.map((text, k) => cell(tag, text, k)).join("")}</tr>`;
  const isWide = header.length > MOST_ROOMY;
  return `<div class="table${isWide ? " dense" : ""}"><table><thead>${
    line("th", header)
  }</thead><tbody>` +
    `${rows.map((row) => line("td", row)).join("")}</tbody></table></div>`;
}

/**
 * Markdown as HTML. Markup in it becomes text, and links lead to http(s), to files beside the page and
 * to places in it only. Text that is not the author's goes in by {@linkcode markdownText}.
 */
export function markdownHtml(text: string): string {
  return markdown.parse(text, { async: false })
    .replaceAll("<table>", '<div class="table"><table>')
    .replaceAll("</table>", "</table></div>");
}

/**
 * A text from a file or a folder's name, to stand inside a line of Markdown: whatever it holds, it is
 * shown as it is.
 *
 * @param most Characters that are shown of it; those of a name if absent.
 * @example
 * ```ts
 * import { markdownHtml, markdownText } from "./html.ts";
 * const html = markdownHtml(`Homes of ${markdownText("<b>*A*")}.`);
 * if (html.trim() !== "<p>Homes of &lt;b&gt;*A*.</p>") throw new Error(html);
 * ```
 */
export function markdownText(text: string, most?: number): string {
  return shown(text, most).replaceAll(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** Program text, folded away under a label until it is asked for. */
export function codeHtml(source: string, label: string): string {
  return `<details><summary>${escapeHtml(label)}</summary><pre><code>${
    highlight(source)
  }</code></pre></details>`;
}

/** Lines to copy, such as commands. */
export function linesHtml(lines: readonly string[]): string {
  return `<pre><code>${escapeHtml(lines.join("\n"))}</code></pre>`;
}

/** A text in which nothing is markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A number, a share, a range such as `1.5 to 2.5`, or a dash where there is none. */
const NUMBER = /^(?:[-−+]?[\d.,]+(?: ?%)?(?: to [-−+]?[\d.,]+)?|[–-]?)$/;

function isNumber(cell: string | number): boolean {
  return typeof cell === "number" || NUMBER.test(cell);
}
