/**
 * A document outside a browser, in which figures are drawn.
 *
 * @module
 */

import { parseHTML } from "linkedom";
import type { SvgDocument } from "./draw.ts";

/** A new, empty document. */
export function newDocument(): SvgDocument {
  return (parseHTML("<html></html>") as unknown as { document: SvgDocument }).document;
}
