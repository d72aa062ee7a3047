/**
 * What `docs/kpis.md` states.
 *
 * @module
 */

import type { Claim } from "../claim.ts";
import { inCode } from "../sources.ts";

/** The claims. */
export const kpiClaims: readonly Claim[] = [
  {
    kind: "figures",
    file: "docs/kpis.md",
    pattern: /the middle (\d+) % of ([\d,]+) resamples/,
    by: "lib/evaluation/statistics.ts",
    effort: "read",
    measure: async () => {
      const source = "lib/evaluation/statistics.ts";
      const [resamples, confidence] = await inCode(
        source,
        /resamples = (\d+), confidence = ([\d.]+)/,
      );
      return [100 * Number(confidence), resamples];
    },
  },
];
