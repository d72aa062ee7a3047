/**
 * One price for all: the market's default, see {@link ../clearing.ts}.
 *
 * @module
 */

import { certifyUniformPrice } from "../market_certificate.ts";
import type { Mechanism } from "../mechanism.ts";
import { clearAtOneTariff } from "../clearing.ts";
import { buildStoreCurves } from "../curves.ts";
import { type MarketBook, SLOT_FLAGS } from "../market_book.ts";
import { clearAtOwnTariffs } from "../own_tariffs.ts";
import { cutToMeters } from "../meter_limits.ts";
import { settleAlone } from "../settle_alone.ts";
import { readTerms, type Workspace, workspaceOf } from "../workspace.ts";

/** Clears communities `from` to `to` (exclusive) at one price. */
export function clearUniformPrice(
  book: MarketBook,
  from: number = 0,
  to: number = book.communities,
): void {
  const workspace = workspaceOf(book);
  for (let c = from; c < to; c++) {
    readTerms(book, c, workspace);
    buildStoreCurves(book, c, workspace.curves, workspace.terms.cap);
    cutToMeters(book, c, workspace);
    clearCurves(book, c, workspace);
  }
}

/** Clears a community whose terms and curves are read. */
export function clearCurves(book: MarketBook, c: number, workspace: Workspace): void {
  if (book.ownTariffs) clearAtOwnTariffs(book, c, workspace);
  else if (workspace.terms.ceiling < workspace.terms.feedIn) {
    book.slotFlags[c] |= SLOT_FLAGS.inverted;
    settleAlone(book, c, workspace);
  } else clearAtOneTariff(book, c, workspace);
}

/** One price for all. */
export const uniformPrice: Mechanism = {
  name: "uniform-price",
  description: "one price for all, at which nobody would rather do something else",
  clear: clearUniformPrice,
  certify: certifyUniformPrice,
};
