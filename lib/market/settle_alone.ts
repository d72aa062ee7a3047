/**
 * Bills of homes that act with the grid's prices alone, without any trade between them.
 *
 * @module
 */

import { writeBills } from "./bills.ts";
import type { MarketBook } from "./market_book.ts";
import { dispatchAlone } from "./self_dispatch.ts";
import type { Workspace } from "./workspace.ts";

/** Dispatches and settles community `c`, whose terms and curves are read, with the grid alone. */
export function settleAlone(book: MarketBook, c: number, workspace: Workspace): void {
  dispatchAlone(book, c, workspace);
  for (let row = c * book.homes; row < (c + 1) * book.homes; row++) {
    book.gridKwh[row] = book.meterKwh[row];
    book.tradedKwh[row] = 0;
  }
  const { ceiling, feedIn } = workspace.terms;
  writeBills(book, c, workspace, (ceiling + feedIn) / 2, 0);
}
