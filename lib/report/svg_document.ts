/**
 * A document outside a browser, in which figures are drawn.
 *
 * @module
 */

import { DOMParser } from "linkedom";
import type { SvgDocument } from "./draw.ts";

/** A new document; of XML, because one of HTML would leave `<` and `&` in attributes as they are. */
export function newDocument(): SvgDocument {
  const xml = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  return xml as unknown as SvgDocument;
}
