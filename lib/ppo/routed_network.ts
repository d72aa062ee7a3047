/**
 * Several networks as one: each answers for rows of its own.
 *
 * @module
 */

import type { Blocks } from "./blocks.ts";
import type { Network } from "./network.ts";

/**
 * The networks as one; every row counts as a community by itself.
 *
 * @param rowsOf The rows of each network, which together are all rows.
 * @param sizes What a row sees.
 */
export function routedNetwork(
  networks: readonly Network[],
  rowsOf: readonly Int32Array[],
  sizes: Blocks<number>,
): Network {
  const rows = rowsOf.reduce((sum, own) => sum + own.length, 0);
  const parts = rowsOf.map((own) => ({
    common: new Float32Array(own.length * sizes.common),
    own: new Float32Array(own.length * sizes.own),
  }));
  return {
    forward({ common, own }) {
      if (own.length !== rows * sizes.own) {
        throw new RangeError(`networks answer for ${rows} rows, got ${own.length / sizes.own}`);
      }
      const communities = common.length / sizes.common;
      const agents = rows / communities;
      let all = new Float32Array();
      networks.forEach((network, k) => {
        const community = rowsOf[k].map((row) => Math.floor(row / agents));
        takeRowsOf(common, communities, sizes.common, community, parts[k].common);
        takeRowsOf(own, rows, sizes.own, rowsOf[k], parts[k].own);
        const answer = network.forward(parts[k]);
        const width = answer.length / rowsOf[k].length;
        if (k === 0) all = new Float32Array(rows * width);
        rowsOf[k].forEach((row, i) =>
          all.set(answer.subarray(i * width, (i + 1) * width), row * width)
        );
      });
      return all;
    },
  };
}

/** Copies chosen rows of every step: `from` is [steps × rows × width], `to` [steps × chosen × width]. */
export function takeRowsOf<T extends Float32Array | Float64Array>(
  from: T,
  rows: number,
  width: number,
  chosen: Int32Array,
  to: T,
): T {
  const steps = from.length / (rows * width);
  for (let step = 0, at = 0; step < steps; step++) {
    for (const row of chosen) {
      const first = (step * rows + row) * width;
      for (let i = first; i < first + width; i++) to[at++] = from[i];
    }
  }
  return to;
}
