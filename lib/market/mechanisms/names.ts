/**
 * Names of all mechanisms, for configurations.
 *
 * @module
 */

/** Names of all mechanisms, the default first. */
export const mechanismNames = [
  "uniform-price",
  "pay-as-bid",
  "mid-market-rate",
  "sharing-static",
  "sharing-dynamic",
  "grid-only",
] as const;

/** Name of a mechanism. */
export type MechanismName = typeof mechanismNames[number];
