/**
 * Choosing rows of a matrix.
 *
 * @module
 */

/** The chosen rows of a matrix of the given width, in the order chosen. */
export function takeRows<T extends Float32Array | Float64Array>(
  matrix: T,
  chosen: Uint32Array,
  width: number,
  ArrayOf: new (length: number) => T,
): T {
  const rows = new ArrayOf(chosen.length * width);
  for (let k = 0, to = 0; k < chosen.length; k++) {
    const from = chosen[k] * width;
    for (let j = 0; j < width; j++) rows[to++] = matrix[from + j];
  }
  return rows;
}
