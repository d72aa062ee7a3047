/**
 * Tables of figures: a column per policy, laid out anew only where columns or labels have changed.
 *
 * @module
 */

/// <reference lib="dom" />

import { html, setText } from "./dom.ts";

/** One row. */
export interface FigureRow<Now> {
  /** Names the row in the document; absent where nobody asks for it. */
  readonly name?: string;
  /** What the figures are, with their unit. */
  label(now: Now): string;
  /** The figures, column by column; what is missing is left empty. */
  values(now: Now): readonly string[];
  /** Whether anything above zero is an alarm. */
  readonly alarm?: boolean;
}

/** A table in the document. */
export class FigureTable<Now> {
  readonly #rows: readonly FigureRow<Now>[];
  #key = "";
  #cells: HTMLTableCellElement[][] = [];

  /** A table of these rows. */
  constructor(rows: readonly FigureRow<Now>[]) {
    this.#rows = rows;
  }

  /** Writes the figures of now into `table`. */
  write(table: HTMLElement, columns: readonly string[], now: Now): void {
    const labels = this.#rows.map((row) => row.label(now));
    const key = JSON.stringify([columns, labels]);
    if (key !== this.#key || table.childElementCount === 0) {
      this.#key = key;
      this.#build(table, columns, labels);
    }
    this.#rows.forEach((row, r) => {
      const texts = row.values(now);
      this.#cells[r].forEach((cell, k) => {
        setText(cell, texts[k] ?? "");
        cell.classList.toggle("alarm", row.alarm === true && Number.parseFloat(texts[k]) > 0);
      });
    });
  }

  #build(table: HTMLElement, columns: readonly string[], labels: readonly string[]): void {
    const head = html("tr"), thead = html("thead"), tbody = html("tbody");
    // A long name, such as of a folder, may go on in the next line after a colon or a slash.
    const titles = ["", ...columns].map((name) => name.replaceAll(/[:/]/g, "$&\u200b"));
    head.append(...titles.map((title) => html("th", { scope: "col" }, title)));
    thead.append(head);
    this.#cells = this.#rows.map(({ name }, r) => {
      const row = html("tr", name === undefined ? {} : { id: `row-${name}` });
      const cells = columns.map(() => html("td"));
      row.append(html("th", { scope: "row" }, labels[r]), ...cells);
      tbody.append(row);
      return cells;
    });
    table.replaceChildren(thead, tbody);
  }
}
