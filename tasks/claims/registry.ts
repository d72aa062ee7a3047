/**
 * All claims. To add one: find the sentence with a pattern whose groups are its figures, and say
 * where they come from, in the file of the page.
 *
 * @module
 */

import type { Claim } from "./claim.ts";
import { dataClaims } from "./registry/data.ts";
import { kpiClaims } from "./registry/kpis.ts";
import { learningClaims } from "./registry/learning.ts";
import { performanceClaims } from "./registry/performance.ts";
import { readmeClaims } from "./registry/readme.ts";

/** The claims, page by page. */
export const claims: readonly Claim[] = [
  ...readmeClaims,
  ...dataClaims,
  ...kpiClaims,
  ...learningClaims,
  ...performanceClaims,
];
