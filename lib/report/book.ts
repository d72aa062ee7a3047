/**
 * The chapters as a book of pages: one page each, and an index that leads to them.
 *
 * @module
 */

import { escapeHtml, markdownHtml, pageHtml, type PageLink, type PagePreview } from "./html.ts";
import type { PieceScripts } from "./pieces/embedded.ts";
import {
  type Notebook,
  notebookClaim,
  notebookHtml,
  notebookPicture,
  notebookPieces,
  notebookSubject,
  notebookTitle,
  showsLivePage,
} from "./notebook.ts";

/** A chapter of the book. */
export interface Chapter {
  /** Name of its file without ending. */
  readonly name: string;
  /** Its cells; with outputs if it was executed. */
  readonly notebook: Notebook;
  /** Whether its page is there: made now, from an earlier run, or not at all. */
  readonly page: "new" | "earlier" | "none";
}

/** File name of the index. */
export const INDEX_FILE = "index.html";

/** What the book is called. */
const BOOK_TITLE = "Peer-to-peer energy trading laboratory";

/** A chapter as a page, with ways to its neighbours. */
export function chapterPage(
  chapters: readonly Chapter[],
  at: number,
  site: string | null = null,
  scripts?: PieceScripts,
): string {
  const { name, notebook } = chapters[at];
  const links: PageLink[] = [
    { label: "All chapters", href: INDEX_FILE },
    ...chapters.map(({ name, notebook }, k) => {
      const link = { label: String(Number(name.slice(0, 2))), hint: notebookTitle(notebook) };
      return k === at ? link : { ...link, href: `${name}.html` };
    }),
  ];
  const turn = [at - 1, at + 1].map((k) => chapters[k]).map((chapter, side) => {
    if (chapter === undefined) return "<span></span>";
    const title = escapeHtml(notebookTitle(chapter.notebook));
    const label = side === 0 ? `← ${title}` : `${title} →`;
    const rel = side === 0 ? "prev" : "next";
    return `<a rel="${rel}" href="${escapeHtml(chapter.name)}.html">${label}</a>`;
  });
  return pageHtml({
    title: `${notebookSubject(notebook)} · ${BOOK_TITLE}`,
    description: notebookClaim(notebook),
    preview: previewOf(name, site),
    ...(scripts !== undefined && notebookPieces(notebook).length > 0 && { scripts }),
    frames: showsLivePage(notebook),
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
  site: string | null = null,
): string {
  return pageHtml({
    title: `${BOOK_TITLE}: multi-agent reinforcement learning on a local energy market`,
    description: "Households with solar panels and batteries trade energy with each other and " +
      "learn to do it well: eight chapters from a single home to a verified community.",
    preview: previewOf("index", site),
    links: [],
    body: `${markdownHtml(introduction)}\n<ol class="cards">${
      chapters.map(cardOf).join("\n")
    }</ol>\n${closing}`,
  });
}

/** A chapter on the index: its picture, its name, and what it claims. */
function cardOf({ name, notebook, page }: Chapter): string {
  const text = `<strong>${escapeHtml(notebookTitle(notebook))}</strong>` +
    `<p>${escapeHtml(notebookClaim(notebook))}</p>`;
  if (page === "none") return `<li>${text}<p>This chapter has not been executed here.</p></li>`;
  const old = page === "earlier" ? "<p>From an earlier run; the latest one failed.</p>" : "";
  return `<li><a href="${escapeHtml(name)}.html">${pictureOf({ name, notebook, page })}${text}` +
    `${old}</a></li>`;
}

function pictureOf(chapter: Chapter): string {
  if (chapter.page === "earlier") return "";
  return chapterPicture(chapter).replace(
    "<svg ",
    '<svg aria-hidden="true" preserveAspectRatio="xMinYMin slice" ',
  );
}

/**
 * The figure that stands for a chapter, as SVG.
 *
 * @throws {RangeError} If it has none.
 */
export function chapterPicture({ name, notebook }: Pick<Chapter, "name" | "notebook">): string {
  const figure = notebookPicture(notebook);
  if (figure === undefined) throw new RangeError(`chapter ${name} has no figure to show`);
  return figure;
}

function previewOf(name: string, site: string | null): PagePreview {
  return { page: `${name}.html`, picture: `${name}.png`, site };
}
