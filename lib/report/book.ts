/**
 * The chapters as a book of pages: one page each, and an index that leads to them.
 *
 * @module
 */

import { escapeHtml, markdownHtml, pageHtml, type PageLink } from "./html.ts";
import {
  type Notebook,
  notebookClaim,
  notebookFigures,
  notebookHtml,
  notebookTitle,
} from "./notebook.ts";

/** A chapter that was executed. */
export interface Chapter {
  /** Name of its file without ending. */
  readonly name: string;
  /** Cells with outputs. */
  readonly notebook: Notebook;
}

/** File name of the index. */
export const INDEX_FILE = "index.html";

/** A chapter as a page, with ways to its neighbours. */
export function chapterPage(chapters: readonly Chapter[], at: number): string {
  const { notebook } = chapters[at];
  const links: PageLink[] = [
    { label: "All chapters", href: INDEX_FILE },
    ...chapters.map(({ name }, k) => {
      const label = String(Number(name.slice(0, 2)));
      return k === at ? { label } : { label, href: `${name}.html` };
    }),
  ];
  const turn = [at - 1, at + 1].map((k) => chapters[k]).map((chapter, side) => {
    if (chapter === undefined) return "<span></span>";
    const title = escapeHtml(notebookTitle(chapter.notebook));
    const label = side === 0 ? `← ${title}` : `${title} →`;
    return `<a href="${escapeHtml(chapter.name)}.html">${label}</a>`;
  });
  return pageHtml({
    title: notebookTitle(notebook),
    links,
    body: `${notebookHtml(notebook)}\n<div class="turn">${turn.join("")}</div>`,
  });
}

/**
 * The index: what the laboratory is, the chapters with a picture of each, and the ladder.
 *
 * @param introduction Markdown above the chapters.
 * @param closing HTML below them.
 */
export function indexPage(
  chapters: readonly Chapter[],
  introduction: string,
  closing: string,
): string {
  const cards = chapters.map(({ name, notebook }) => {
    const [figure] = notebookFigures(notebook);
    if (figure === undefined) throw new RangeError(`chapter ${name} has no figure to show`);
    const picture = `data:image/svg+xml,${encodeURIComponent(figure)}`;
    return `<li><a href="${escapeHtml(name)}.html"><img src="${picture}" alt="">` +
      `<strong>${escapeHtml(notebookTitle(notebook))}</strong>` +
      `<p>${escapeHtml(notebookClaim(notebook))}</p></a></li>`;
  });
  return pageHtml({
    title: "Peer-to-peer energy trading laboratory",
    links: [],
    body: `${markdownHtml(introduction)}\n<ol class="cards">${cards.join("\n")}</ol>\n${closing}`,
  });
}
