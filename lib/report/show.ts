/**
 * Shows figures, tables and text in a notebook.
 *
 * A kernel may report a cell as finished before what it displays has been sent, and then it is lost;
 * so every visible result goes through one awaited call, which waits until the message is out.
 *
 * @module
 */

import { type Figure, NARROW_FIGURE_WIDTH } from "./figure.ts";
import { tableHtml, type TextTable } from "./html.ts";
import { LIVE_PAGE, LIVE_PAGE_TYPE, PIECE_TYPE } from "./pieces/embedded.ts";
import { answerOf, firstValues } from "./pieces/piece.ts";
import { pieceNamed } from "./pieces/pieces.ts";
import { renderSvg } from "./render.ts";

/** What can be shown; a string is Markdown. */
export type Content = Figure | TextTable | string;

/** One result in several forms, by media type. */
export type MediaBundle = Readonly<Record<string, string>>;

/** Media type of a figure as it is drawn for a phone; notebooks pass it on to reports. */
export const NARROW_SVG = "application/vnd.narrow.svg+xml";

/** How long a message takes to be on its way. [ms] */
const SENDING_MS = 30;

/**
 * Shows a figure, a table or a text below the cell.
 *
 * @throws {Error} Outside a notebook.
 */
export async function show(content: Content): Promise<void> {
  await send("display_data", mediaBundle(content), {});
}

/**
 * Shows a live piece: here as a figure of the numbers that stand there at first, in the published
 * chapter with its controls.
 *
 * @throws {RangeError} If there is none of this name.
 */
export async function showPiece(name: string): Promise<void> {
  const piece = pieceNamed(name), values = firstValues(piece);
  const figure = piece.figure(await answerOf(piece, values), values);
  await send("display_data", { ...mediaBundle(figure), [PIECE_TYPE]: name }, {});
}

/**
 * Shows the page in which a community trades live: here how to open it, in the published chapter the
 * page itself.
 */
export async function showLivePage(): Promise<void> {
  const how = "Open it with `deno task realtime`; in the published chapter it stands here.";
  await send("display_data", { ...mediaBundle(how), [LIVE_PAGE_TYPE]: LIVE_PAGE }, {});
}

/**
 * A place below the cell whose content is replaced with every call, for what changes as one watches.
 *
 * @param name Unique in the notebook.
 */
export function livePlace(name: string): (content: Content) => Promise<void> {
  let message: "display_data" | "update_display_data" = "display_data";
  return async (content) => {
    await send(message, mediaBundle(content), { display_id: name });
    message = "update_display_data";
  };
}

/**
 * The forms of a content that a notebook stores.
 *
 * @example
 * ```ts
 * import { mediaBundle } from "./show.ts";
 * const bundle = mediaBundle("It costs **3 EUR**.");
 * if (bundle["text/markdown"] !== "It costs **3 EUR**.") throw new Error("Markdown stays Markdown");
 * ```
 */
export function mediaBundle(content: Content): MediaBundle {
  if (typeof content === "string") return { "text/markdown": content, "text/plain": content };
  if ("rows" in content) {
    const lines = [content.header, ...content.rows].map((row) => row.join("\t"));
    return { "text/html": tableHtml(content), "text/plain": lines.join("\n") };
  }
  return {
    "image/svg+xml": renderSvg(content),
    [NARROW_SVG]: renderSvg(content, { width: NARROW_FIGURE_WIDTH }),
    "text/plain": content.title,
  };
}

async function send(
  message: "display_data" | "update_display_data",
  data: MediaBundle,
  transient: Readonly<Record<string, string>>,
): Promise<void> {
  const kernel = notebookKernel();
  await kernel.broadcast(message, { data, metadata: {}, transient });
  await new Promise((resolve) => setTimeout(resolve, SENDING_MS));
}

function notebookKernel(): typeof Deno.jupyter {
  try {
    return Deno.jupyter;
  } catch {
    throw new Error("show() works in a notebook; start one with: deno task jupyter");
  }
}
