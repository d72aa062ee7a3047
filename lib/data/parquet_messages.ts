/**
 * What the process that reads Parquet says to the one that waits for it.
 *
 * @module
 */

import type { ColumnType } from "./columns.ts";

/** What the process says before it sends the columns, or what is wrong with the file. */
export type ParquetHead =
  | { readonly rows: number; readonly columns: readonly SentColumn[] }
  | { readonly fault: string };

/**
 * A column as it is sent: the length in bytes, as a float, and then so many bytes of floats, of times
 * in ms as floats, or of texts as JSON. Nothing is sent of columns of other types.
 */
export interface SentColumn extends ColumnType {
  /** Its name. */
  readonly column: string;
  /** Time zone of time stamps; absent if they have none. */
  readonly zone?: string;
  /** Whether a byte per row follows that says which cells are empty. */
  readonly hasNulls: boolean;
}

/** Exit codes of the process. */
export const EXIT = { tooLong: 81, tooLarge: 82, faulty: 83 } as const;
