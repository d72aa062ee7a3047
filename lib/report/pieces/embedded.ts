/**
 * What a page carries of its live pieces; kept apart from what makes it, so that the page's own script
 * can name it.
 *
 * @module
 */

/** Id of the element that holds the script of page and Worker, compressed. */
export const ENGINE_ID = "piece-engine";

/** Scripts of a page with live pieces. */
export interface PieceScripts {
  /** The one of page and Worker, as gzip in base64. */
  readonly engine: string;
  /** What unpacks and starts it. */
  readonly loader: string;
  /** Fingerprint of the loader for the page's policy: SHA-256 in base64. */
  readonly loaderHash: string;
}

/** File of the page in which a community trades live, beside the chapters. */
export const LIVE_PAGE = "live.html";

/** Media type by which a notebook asks the report for that page. */
export const LIVE_PAGE_TYPE = "application/vnd.live-page";

/** Media type by which a notebook names a live piece to the report. */
export const PIECE_TYPE = "application/vnd.live-piece";
